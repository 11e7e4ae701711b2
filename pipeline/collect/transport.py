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
from functools import cached_property, partial

import httpcore
import httpx

from pipeline.collect.envelopes import counted
from pipeline.collect.guard import Guard
from pipeline.collect.switchboard import Line, Switchboard
from pipeline.errors import FetchError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

#: Headers that each tell where a body ends. An answer with both is read as the standard says, and nothing after it is.
_FRAMINGS = frozenset({b"content-length", b"transfer-encoding"})
#: What a server says that was tired of waiting for a request (RFC 9110 section 15.5.9), and maybe did not see this one.
_TIRED = 408
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
    stream: httpcore.AsyncNetworkStream, tls: Callable[[], ssl.SSLContext], host: str, limit: float | None = None
) -> httpcore.AsyncNetworkStream:
    """Return a stream with TLS around it; one whose handshake fails, or is broken off, is closed."""
    try:
        return await stream.start_tls(tls(), host, limit)
    except BaseException:
        await stream.aclose()
        raise


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over a guarded backend.

    Servers close idle connections at moments of their own choosing, so that to ask over one that was held is a race with
    that: whoever loses it asks once more, over a new one, and nobody is told.
    """

    def __init__(
        self, backend: httpcore.AsyncNetworkBackend, tls: Callable[[], ssl.SSLContext],
        board: Switchboard | None = None,
    ) -> None:  # fmt: skip
        """tls: asked for at the first address that needs it, as to read the certificates takes 20 ms; board: holds lines."""
        self._backend = backend
        self._tls = tls
        self._board = board

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises FetchError for whatever the network does."""
        target = str(request.url)
        with _told(target):
            line, answer = await self._answered(_asked(request))
        if not isinstance(answer.stream, AsyncIterable):
            raise TypeError("an asynchronous connection answered with a synchronous stream")
        framed = {name.lower() for name, _ in answer.headers} >= _FRAMINGS
        ended = (
            partial(self._board.hold, self, request.url.raw_host, line) if self._board and not framed else line.aclose
        )
        body = _Body(line, answer.stream, target, ended)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=body, extensions=answer.extensions, request=request
        )

    async def _answered(self, asked: httpcore.Request) -> tuple[Line, httpcore.Response]:
        """Return what a request is answered, and over which line."""
        held = await self._board.line(self, asked.url.origin) if self._board else None
        if self._board and held is not None:
            try:
                answer = await _sent(held, asked)
                if answer.status != _TIRED:
                    return held, answer
                await held.aclose()
            except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:  # RFC 9112 section 9.3.1
                hung_up = isinstance(error, httpcore.NetworkError) or _protocol_kind(str(error)) == "reset"
                if not (hung_up and held.unheard):
                    raise
            except asyncio.CancelledError:  # its time was over, and this page's is; the next one is not asked like this
                if held.unheard:
                    self._board.lost(asked.url.origin.host)
                raise
            self._board.lost(asked.url.origin.host)
        line = await self._connected(asked.url.origin)
        return line, await _sent(line, asked)

    async def _connected(self, origin: httpcore.Origin) -> Line:
        """Return a new connection; a pool around it would look after connections in more ways than there are here."""
        host = origin.host.decode("ascii")
        stream = await self._backend.connect_tcp(host, origin.port)
        if origin.scheme != b"https":
            return Line(origin, stream)
        envelopes = counted(stream)
        # Whom to trust is asked once somebody answers: many a page names another version's host that does not.
        return Line(origin, await secured(stream, lambda: self._trusted, host), envelopes)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        context = self._tls()
        context.set_alpn_protocols(["http/1.1"])  # no other is spoken here
        return context


async def _sent(line: Line, asked: httpcore.Request) -> httpcore.Response:
    """Send a request over a line, and return how its answer begins."""
    try:
        return await line.handle_async_request(asked)
    except BaseException:  # broken off before it began to be sent, it is closed by nobody else
        await line.aclose()
        raise


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
    """What comes over a line, and what becomes of that at its end."""

    def __init__(
        self, line: Line, stream: AsyncIterable[bytes], url: str, ended: Callable[[], Awaitable[None]]
    ) -> None:
        self._line = line
        self._stream = stream
        self._url = url
        self._ended = ended
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _told(self._url):
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        if self._closed:  # by now it may be another request's
            return
        self._closed = True
        close = getattr(self._stream, "aclose", None)
        try:
            if close:
                await close()
        except BaseException:  # even where waiting for that was broken off
            await self._line.aclose()
            raise
        if not self._line.is_closed():
            await self._ended()


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
