"""Sockets as httpcore needs them: nothing that came is lost, failures have httpcore's names."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpcore
import pytest
import trustme

from pipeline.collect.sockets import Sockets

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LARGE = bytes(range(256)) * 8192  # 2 MB, more than waits on either side


@asynccontextmanager
async def connected(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[httpcore.AsyncNetworkStream]:
    """Hold a connection to a server that does this."""
    theirs = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs.append(writer)
        with suppress(OSError):  # whoever asked has gone
            await serve(reader, writer)

    async with await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls) as server:
        stream = await Sockets().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1])
        try:
            yield stream
        finally:
            await stream.aclose()
            for writer in theirs:
                writer.transport.abort()
            await asyncio.sleep(0.01)


async def whole(stream: httpcore.AsyncNetworkStream) -> bytes:
    """Read to the end."""
    parts = []
    while part := await stream.read(65536):
        assert len(part) <= 65536
        parts.append(part)
    return b"".join(parts)


async def send_large(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(LARGE)
    await writer.drain()
    writer.close()


def test_what_is_sent_faster_than_it_is_read_comes_whole() -> None:
    async def scenario() -> bytes:
        async with connected(send_large) as stream:
            first = await stream.read(1)
            await asyncio.sleep(0.05)  # until no more is taken ahead
            return first + await whole(stream)

    assert asyncio.run(scenario()) == LARGE


def test_it_does_so_over_tls() -> None:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("news.test").configure_cert(server)
    authority.configure_trust(client)

    async def scenario() -> tuple[bytes, object]:
        async with connected(send_large, server) as stream:
            secured = await stream.start_tls(client, "news.test")
            return await whole(secured), secured.get_extra_info("ssl_object")

    body, seen = asyncio.run(scenario())
    assert body == LARGE
    assert isinstance(seen, ssl.SSLObject)


def test_a_certificate_nobody_trusts_is_a_failure_to_connect() -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("news.test").configure_cert(server)

    async def scenario() -> None:
        async with connected(send_large, server) as stream:
            await stream.start_tls(ssl.create_default_context(), "news.test")

    with pytest.raises(httpcore.ConnectError) as failure:
        asyncio.run(scenario())
    assert isinstance(failure.value.__cause__, ssl.SSLError)


def test_what_came_before_a_connection_broke_is_read() -> None:
    broken = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"half a page")
        await writer.drain()
        linger = struct.pack("ii", 1, 0)  # close with a reset
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        await broken.wait()
        writer.transport.abort()

    async def scenario() -> bytes:
        async with connected(serve) as stream:
            first = await stream.read(4)
            broken.set()
            await asyncio.sleep(0.05)  # until the reset is here
            rest = await stream.read(65536)
            with pytest.raises(httpcore.ReadError):
                await stream.read(65536)
            return first + rest

    assert asyncio.run(scenario()) == b"half a page"


def test_nobody_answers_in_time() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def scenario() -> None:
        async with connected(serve) as stream:
            await stream.read(1, timeout=0.01)

    with pytest.raises(httpcore.ReadTimeout):
        asyncio.run(scenario())


def test_nobody_takes_what_is_sent_on_a_closed_connection() -> None:
    async def scenario() -> None:
        async with connected(send_large) as stream:
            await stream.aclose()
            await stream.write(b"GET / HTTP/1.1\r\n\r\n")

    with pytest.raises(httpcore.WriteError):
        asyncio.run(scenario())


def test_a_port_where_nobody_listens_refuses() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(httpcore.ConnectError) as failure:
        asyncio.run(Sockets().connect_tcp("127.0.0.1", port))
    assert isinstance(failure.value.__cause__, ConnectionRefusedError)
