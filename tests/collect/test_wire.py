"""Whatever a network does to a socket is told in httpcore's words, and nothing is taken from it unasked."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Awaitable, Callable

import httpcore
import pytest

from pipeline.collect.wire import Wires

from .hostile import run

Scene = Callable[[httpcore.AsyncNetworkStream, asyncio.StreamWriter], Awaitable[None]]


def connected(scene: Scene) -> None:
    """Play a scene on a connection: with our end of it, and the other one."""

    async def scenario() -> None:
        come: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(lambda _, writer: come.set_result(writer), "127.0.0.1", 0)
        async with server:
            wire = await Wires().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
            other = await come
            await scene(wire, other)
            await wire.aclose()
            other.transport.abort()
            await asyncio.sleep(0.01)

    run(scenario())


def waiting(wire: httpcore.AsyncNetworkStream) -> bytes:
    """Return what lies in the socket."""
    own: socket.socket = wire.get_extra_info("socket")
    with socket.socket(fileno=os.dup(own.fileno())) as same:
        try:
            return same.recv(1 << 20, socket.MSG_PEEK)
        except BlockingIOError:
            return b""


def test_what_comes_unasked_stays_in_the_socket() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        other.write(b"asked for")
        assert await wire.read(1 << 18) == b"asked for"
        other.write(b"unasked")
        await asyncio.sleep(0.05)
        assert waiting(wire) == b"unasked"
        assert await wire.read(1 << 18) == b"unasked"

    connected(scene)


def test_a_piece_is_as_small_as_is_asked_for() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        other.write(b"0123456789")
        assert [await wire.read(4), await wire.read(4), await wire.read(4)] == [b"0123", b"4567", b"89"]
        other.write_eof()
        assert [await wire.read(4), await wire.read(4)] == [b"", b""]

    connected(scene)


def test_what_does_not_come_in_time_is_late() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        with pytest.raises(httpcore.ReadTimeout):
            await wire.read(10, timeout=0.01)
        other.write(b"late")
        await asyncio.sleep(0.05)
        assert waiting(wire) == b"late"  # nobody waits any more
        assert await wire.read(10) == b"late"

    connected(scene)


def test_what_is_sent_arrives_and_is_waited_for() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        other.transport.pause_reading()  # type: ignore[attr-defined]
        with pytest.raises(httpcore.WriteTimeout):
            await wire.write(b"x" * (32 << 20), timeout=0.05)

    connected(scene)


def test_a_connection_that_is_torn_off_is_broken_either_way() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        own: socket.socket = other.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        other.transport.abort()
        with pytest.raises(httpcore.ReadError) as caught:
            await wire.read(10)
        causes = [error := caught.value]
        while error := error.__cause__:
            causes.append(error)
        assert any(isinstance(one, ConnectionResetError) for one in causes)
        with pytest.raises(httpcore.WriteError):
            await wire.write(b"anybody there?")

    connected(scene)


def test_a_connection_of_ours_that_is_closed_serves_no_more() -> None:
    async def scene(wire: httpcore.AsyncNetworkStream, other: asyncio.StreamWriter) -> None:
        await wire.aclose()
        await wire.aclose()
        with pytest.raises(httpcore.ReadError):
            await wire.read(10)
        with pytest.raises(httpcore.WriteError):
            await wire.write(b"x")

    connected(scene)


def test_nobody_there_is_told_with_its_reason() -> None:
    async def scenario() -> None:
        with pytest.raises(httpcore.ConnectError) as caught:
            await Wires().connect_tcp("127.0.0.1", 1)
        assert isinstance(caught.value.__cause__, ConnectionRefusedError)

    run(scenario())


def test_a_name_leads_to_whichever_of_its_addresses_answers() -> None:
    async def scenario() -> None:
        def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"here")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            wire = await Wires().connect_tcp("localhost", server.sockets[0].getsockname()[1], socket_options=[
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            ])  # fmt: skip
            assert await wire.read(10) == b"here"
            assert wire.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert wire.get_extra_info("ssl_object") is None
            await wire.aclose()

    run(scenario())
