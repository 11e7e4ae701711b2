"""Sockets for httpcore, made of asyncio alone: its own serve other loops, too, and look after each part that comes.

A third of what a page costs to fetch went there. What came before a connection broke is still read, as whatever
was sent last is often the page. Which addresses are connected to is decided in `transport`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpcore

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

#: Bytes that may wait to be read before the other side is let wait.
_AHEAD = 256 * 1024


class Sockets(httpcore.AsyncNetworkBackend):
    """Opens sockets on the running loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to host; raises httpcore's ConnectTimeout and ConnectError."""
        local = (local_address, 0) if local_address else None
        with _failing(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                _, wire = await asyncio.get_running_loop().create_connection(_Wire, host, port, local_addr=local)
        for option in socket_options or ():
            wire.transport.get_extra_info("socket").setsockopt(*option)
        return _Stream(wire)

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own retries."""
        await asyncio.sleep(seconds)


class _Wire(asyncio.Protocol):
    """What has come over a connection and is not yet read."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._came = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._news = asyncio.Event()  #: something came, or nothing more will
        self._room = asyncio.Event()  #: what is written is taken
        self._room.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        self._news.set()
        if len(self._came) > _AHEAD:
            self.transport.pause_reading()

    def eof_received(self) -> None:
        self._ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        self._news.set()
        self._room.set()

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    @property
    def readable(self) -> bool:
        """Whether `take` would return at once."""
        return bool(self._came) or self._ended

    async def take(self, most: int) -> bytes:
        """Return what came, b"" where nothing more will; raises the OSError that the connection ended with."""
        if not self._came and not self._ended:
            self._news.clear()
            await self._news.wait()
        if not self._came and self._error:
            raise self._error
        part = bytes(memoryview(self._came)[:most])
        del self._came[:most]
        if len(self._came) <= _AHEAD and not self.transport.is_closing():
            self.transport.resume_reading()  # does nothing where it was not paused
        return part

    async def give(self, data: bytes) -> None:
        """Send data, and wait until there is room for more; raises OSError where nobody takes it."""
        if self._error or self.transport.is_closing():
            raise self._error or ConnectionResetError("the connection is closed")
        self.transport.write(data)
        await self._room.wait()


class _Stream(httpcore.AsyncNetworkStream):
    """A connection as httpcore knows it."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        with _failing(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                return await self._wire.take(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        if buffer:
            with _failing(httpcore.WriteTimeout, httpcore.WriteError):
                async with asyncio.timeout(timeout):
                    await self._wire.give(buffer)

    async def aclose(self) -> None:
        self._wire.transport.abort()
        await asyncio.sleep(0)  # it is closed in the loop's next turn

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        wire = self._wire
        try:
            with _failing(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    secured = await asyncio.get_running_loop().start_tls(
                        wire.transport, wire, ssl_context, server_hostname=server_hostname
                    )
        except BaseException:
            await self.aclose()
            raise
        if secured is None:  # the connection went as soon as it was made
            raise httpcore.ConnectError("the connection was closed during the handshake")
        wire.transport = secured
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._wire.readable
        known = {"client_addr": "sockname", "server_addr": "peername"}
        return self._wire.transport.get_extra_info(known.get(info, info))


@contextmanager
def _failing(late: type[Exception], broken: type[Exception]) -> Iterator[None]:
    """Tell failures as httpcore names them; ssl.SSLError is an OSError, TimeoutError is one too."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error
