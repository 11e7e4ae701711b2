"""Sockets as asyncio has them, for httpcore to speak on and for TLS to be put around.

httpcore's own are anyio's, which knows other loops, too: a scope that can be left, a turn of the loop and a guard around each
piece that goes or comes, a fifteenth of what a page takes to be fetched. Nothing is read before it is asked for: what comes unasked
stays in the socket, where the switchboard looks for it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from typing import Any

import httpcore
from anyio import BrokenResourceError, ClosedResourceError, EndOfStream
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSAttribute, TLSStream

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

#: Seconds after which the next of a name's addresses is tried beside the one before it (RFC 8305).
_NEXT = 0.25
#: What a piece may be as large as.
_ALL = 256 * 1024


class _Ear(asyncio.Protocol):
    """What a socket's transport tells: what came, and how it ended."""

    def __init__(self) -> None:
        self.came: deque[bytes] = deque()
        self.told = asyncio.Event()  #: something came, or nothing more will
        self.free = asyncio.Event()  #: what was sent is on its way
        self.free.set()
        self.over = False
        self.error: Exception | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(0)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.came.append(bytes(data))
        self.told.set()
        if self._transport:  # one piece at a time, or what nobody asked for might be taken from where it is looked for
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self.over = True
        self.told.set()
        return True  # the other way may still be open

    def connection_lost(self, error: Exception | None) -> None:
        self.over, self.error = True, error or self.error
        self.told.set()
        self.free.set()

    def pause_writing(self) -> None:
        self.free.clear()

    def resume_writing(self) -> None:
        self.free.set()


class Socket(ByteStream):
    """A socket of asyncio's that is read only while somebody waits for what comes."""

    def __init__(self, transport: asyncio.Transport, ear: _Ear) -> None:
        self._transport = transport
        self._ear = ear
        self._closed = False
        transport.pause_reading()

    async def receive(self, max_bytes: int = _ALL) -> bytes:
        """Return the next piece that comes, at most so much of it."""
        ear = self._ear
        if not ear.came and not ear.over and not self._transport.is_closing():
            ear.told.clear()
            self._transport.resume_reading()
            try:
                await ear.told.wait()
            finally:
                self._transport.pause_reading()
        if not ear.came:
            raise self._end()
        piece = ear.came.popleft()
        if len(piece) > max_bytes:
            piece, rest = piece[:max_bytes], piece[max_bytes:]
            ear.came.appendleft(rest)
        return piece

    async def send(self, item: bytes) -> None:
        """Send it; return when all of it is on its way."""
        self._refuse_broken()
        self._transport.write(item)
        if not self._ear.free.is_set():
            await self._ear.free.wait()
            self._refuse_broken()

    async def send_eof(self) -> None:
        """Tell the other end that no more comes."""
        if self._transport.can_write_eof() and not self._transport.is_closing():
            self._transport.write_eof()

    async def aclose(self) -> None:
        """Close it at once; what was not sent is not."""
        self._closed = True
        self._transport.abort()
        await asyncio.sleep(0)

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """Tell of the socket."""
        return {SocketAttribute.raw_socket: lambda: self._transport.get_extra_info("socket")}

    def _refuse_broken(self) -> None:
        if self._closed or self._transport.is_closing():
            error = self._end()
            raise BrokenResourceError if isinstance(error, EndOfStream) else error

    def _end(self) -> Exception:
        """Return why nothing more comes."""
        if self._closed:
            return ClosedResourceError()
        if self._ear.error is None:
            return EndOfStream()
        broken = BrokenResourceError()
        broken.__cause__ = self._ear.error
        return broken


class Wire(httpcore.AsyncNetworkStream):
    """A stream of bytes as httpcore takes it."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        """Return the next piece, b"" at the end."""
        with _told(httpcore.ReadTimeout, httpcore.ReadError):
            try:
                async with _within(timeout):
                    return await self._stream.receive(max_bytes)
            except EndOfStream:
                return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of it."""
        if buffer:
            with _told(httpcore.WriteTimeout, httpcore.WriteError):
                async with _within(timeout):
                    await self._stream.send(buffer)

    async def aclose(self) -> None:
        """Close it."""
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:  # fmt: skip
        """Return a stream with TLS around it; where its handshake fails, the socket is closed."""
        try:
            with _told(httpcore.ConnectTimeout, httpcore.ConnectError, OSError):
                async with _within(timeout):
                    sealed = await TLSStream.wrap(
                        self._stream, ssl_context=ssl_context, hostname=server_hostname, standard_compatible=False,
                        server_side=False,
                    )  # fmt: skip
        except Exception:
            await self.aclose()
            raise
        return Wire(sealed)

    def get_extra_info(self, info: str) -> Any:
        """Tell of the socket, or of TLS around it; None where there is nothing to tell."""
        asked = {"socket": SocketAttribute.raw_socket, "ssl_object": TLSAttribute.ssl_object}.get(info)
        return self._stream.extra(asked, None) if asked else None  # noqa: S610 - not Django's


class Wires(httpcore.AsyncNetworkBackend):
    """Opens sockets."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to an address, or to the first of a name's that answers."""
        more: dict[str, Any] = {} if _numeric(host) else {"happy_eyeballs_delay": _NEXT}
        own = (local_address, 0) if local_address else None
        with _told(httpcore.ConnectTimeout, httpcore.ConnectError, OSError):
            async with _within(timeout):
                transport, ear = await asyncio.get_running_loop().create_connection(
                    _Ear, host, port, local_addr=own, **more
                )
        stream = Socket(transport, ear)
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return Wire(stream)

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own retries, of which we ask none."""
        await asyncio.sleep(seconds)


def _within(limit: float | None) -> AbstractAsyncContextManager[object]:
    """Limit a time, where there is a limit: as a rule a request has one as a whole, and its pieces none."""
    return nullcontext() if limit is None else asyncio.timeout(limit)


def _numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@contextmanager
def _told(late: type[Exception], broken: type[Exception], *also: type[Exception]) -> Iterator[None]:
    """Tell what a network does in httpcore's words. also: what else breaks a connection that is being made."""
    try:
        yield
    except TimeoutError as error:
        raise late(error) from error
    except Exception as error:
        if isinstance(error, (BrokenResourceError, ClosedResourceError, EndOfStream, *also)):
            raise broken(error) from error
        raise
