"""Connections that only go where the guard lets them; every network failure leaves as a FetchError.

httpx's own transport resolves names itself and takes no network backend, so this one makes
httpcore's connections. The name asked for stays in the Host header and in the TLS handshake; only
the socket goes to the judged address. What is asked, and what an answer means, is not here.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

import httpcore
import httpx

from pipeline.collect.guard import Guard
from pipeline.errors import FetchError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

# Where a name has several addresses, an unanswering one may not use up the whole time.
_ONE_OF_MANY = 5.0
_UNREACHABLE = frozenset(
    {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM}
)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system resolves it; raises FetchError("dns")."""
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("dns", f"{host}:{port}", _said(error)) from error
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets to judged addresses only."""

    def __init__(
        self, guard: Guard, resolver: Resolver = resolve, network: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._guard = guard
        self._resolve = resolver
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to host at an address the guard admits, trying its addresses in order."""
        addresses = self._guard.admit(host, port, await self._addresses(host, port))
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, _ONE_OF_MANY, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the last address's failure is the one to tell
        return await self._network.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's signature
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no page lives behind a file of this machine."""
        raise FetchError("blocked-address", path, "a Unix socket is not a public address")

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own retries, of which we ask none."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            return await self._resolve(host, port)


async def secured(
    stream: httpcore.AsyncNetworkStream, tls: ssl.SSLContext, host: str, limit: float | None = None
) -> httpcore.AsyncNetworkStream:
    """Return a stream with TLS around it; one whose handshake fails, or is broken off, is closed."""
    try:
        return await stream.start_tls(tls, host, limit)
    except BaseException:
        await stream.aclose()
        raise


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over a guarded backend.

    A connection serves one request: servers close idle ones at moments of their own choosing,
    and with seconds of pause between requests every reuse would be a race with that.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: Callable[[], ssl.SSLContext]) -> None:
        """tls: asked for at the first address that needs it, as to read the certificates takes 20 ms."""
        self._backend = backend
        self._tls = tls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises FetchError for whatever the network does."""
        target = str(request.url)
        with _told(target):
            asked = _asked(request)
            connection = await self._connected(asked.url.origin)
            try:
                answer = await connection.handle_async_request(asked)
            except BaseException:  # broken off before it began to be sent, it is closed by nobody else
                await connection.aclose()
                raise
        if not isinstance(answer.stream, AsyncIterable):
            raise TypeError("an asynchronous connection answered with a synchronous stream")
        body = _Body(connection, answer.stream, target)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=body, extensions=answer.extensions, request=request
        )

    async def _connected(self, origin: httpcore.Origin) -> httpcore.AsyncHTTP11Connection:
        """Return a connection for one request; a pool around it would look after connections that nobody keeps."""
        host = origin.host.decode("ascii")
        tls = self._trusted if origin.scheme == b"https" else None
        stream = await self._backend.connect_tcp(host, origin.port)
        return _Connection(origin, await secured(stream, tls, host) if tls else stream)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        context = self._tls()
        context.set_alpn_protocols(["http/1.1"])  # no other is spoken here
        return context


class _Connection(httpcore.AsyncHTTP11Connection):
    """A connection on which a page comes in few pieces: each takes a turn of the loop, however large."""

    READ_NUM_BYTES = 256 * 1024


def _asked(request: httpx.Request) -> httpcore.Request:
    """Return a request as httpcore takes it."""
    url = request.url
    if url.scheme not in ("http", "https"):
        raise httpcore.UnsupportedProtocol(f"{url.scheme or 'no scheme'}: only http and https are asked")
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(
        request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
    )


class _Body(httpx.AsyncByteStream):
    """What comes over a connection, which ends with it."""

    def __init__(self, connection: httpcore.AsyncHTTP11Connection, stream: AsyncIterable[bytes], url: str) -> None:
        self._connection = connection
        self._stream = stream
        self._url = url

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told(self._url):
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        close = getattr(self._stream, "aclose", None)
        try:
            if close:
                await close()
        finally:  # even where waiting for that was broken off
            if not self._connection.is_closed():
                await self._connection.aclose()


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn httpcore's exceptions into FetchErrors that name the outcome."""
    try:
        yield
    except FetchError as error:  # from the backend, which knows no address but host:port
        raise FetchError(error.kind, url, error.detail, retry_after=error.retry_after) from error
    except httpcore.TimeoutException as error:
        raise FetchError("timeout", url, _said(error)) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchError(_protocol_kind(str(error)), url, _said(error)) from error
    except (httpcore.NetworkError, OSError) as error:
        raise FetchError(_network_kind(error), url, _said(_root(error))) from error


def _protocol_kind(message: str) -> str:
    if "without sending complete message body" in message:
        return "truncated"
    if "too long" in message or "too large" in message:  # h11's limit on headers and chunk heads
        return "too-large"
    return "reset" if "disconnected" in message else "protocol"


def _network_kind(error: BaseException) -> str:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "tls"
    if any(isinstance(cause, ConnectionError) and not isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "reset"
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if errno.ETIMEDOUT in numbers:
        return "timeout"
    return "refused" if numbers & _UNREACHABLE else "reset"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _root(error: BaseException) -> BaseException:
    named = [cause for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return named[-1] if named else error


def _said(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
