"""Sockets through a proxy: CONNECT to the very address that was judged here.

The proxy is never told a name, so it cannot lead anywhere else than the guard allowed; TLS and the
Host header are made outside, with the original name. The proxy itself is the operator's choice
and is not judged.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import partial
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from pipeline.collect.transport import secured
from pipeline.errors import FetchError

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_HEAD_BYTES = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?")
#: What a proxy says when it cannot reach a host, not that it will not.
_UNREACHED = frozenset({502, 503, 504})


class Tunnels(httpcore.AsyncNetworkBackend):
    """Opens every connection through one proxy."""

    def __init__(self, proxy: str, network: httpcore.AsyncNetworkBackend | None = None) -> None:
        parts = urlsplit(proxy)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 3128)
        self._network = network or httpcore.AnyIOBackend()
        self._login = _login(parts.username, parts.password)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to host, a numeric address, as the proxy made it."""
        try:
            stream = await self._network.connect_tcp(self._host, self._port, timeout, local_address, socket_options)
            if self._secure:
                stream = await secured(stream, partial(httpx.create_ssl_context, trust_env=False), self._host, timeout)
        except (httpcore.NetworkError, httpcore.TimeoutException, OSError) as error:
            raise FetchError("proxy", f"{host}:{port}", f"{self._name} does not answer: {error}") from error
        try:
            await self._connect(stream, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", timeout)
        except BaseException:
            await stream.aclose()
            raise
        return stream

    @property
    def _name(self) -> str:
        return f"the proxy {self._host}:{self._port}"

    async def _connect(self, stream: httpcore.AsyncNetworkStream, target: str, limit: float | None) -> None:
        request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{self._login}\r\n"
        head = b""
        try:
            await stream.write(request.encode("ascii"), limit)
            while b"\r\n\r\n" not in head and len(head) < _HEAD_BYTES:
                part = await stream.read(4096, limit)
                if not part:
                    break
                head += part
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            raise FetchError("proxy", target, f"{self._name} broke off: {error}") from error
        self._refuse(head, target)

    def _refuse(self, head: bytes, target: str) -> None:
        found = _STATUS.match(head)
        if not found or not head.endswith(
            b"\r\n\r\n"
        ):  # what stands behind the head would be read as the site's answer
            raise FetchError("proxy", target, f"{self._name} does not speak HTTP")
        status = int(found[1])
        if 200 <= status < 300:
            return
        said = (found[2] or b"").decode("latin-1")[:80]
        if status in _UNREACHED:
            raise FetchError("refused", target, f"{self._name} cannot reach it: answered {status} {said}".rstrip())
        raise FetchError("proxy", target, f"{self._name} refuses: answered {status} {said}".rstrip())


def _login(user: str | None, password: str | None) -> str:
    if not user and not password:
        return ""
    pair = f"{unquote(user or '')}:{unquote(password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"
