"""A connection is asked over again only where the next answer can be no other request's, and is closed in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpcore
import pytest

from pipeline.collect import switchboard
from pipeline.collect.switchboard import Line, Switchboard
from pipeline.model import Fetch

from .hostile import PAGE, Names, Recorder, fetcher, run, source
from .speaker import HANG_UP, SECOND, WRONG, Speaker, asked, both, chunked, kept


def test_the_pages_of_a_host_come_over_one_connection() -> None:
    first, second, site = asked(kept(), chunked(SECOND))

    assert (first.page.body, second.page.body) == (PAGE, SECOND)
    assert site.asked == [(1, "/robots.txt"), (1, "/first"), (1, "/second")]


def test_what_comes_while_nobody_asks_is_no_answer() -> None:
    async def scenario() -> tuple[Fetch, Speaker]:
        async with Speaker({"/first": kept(), "/second": kept(SECOND)}) as site, fetcher() as client:
            await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source())
            (held,) = client._board._held.values()
            site.writers[0].write(kept(WRONG))
            while held.line.clean:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
            return await client.fetch(f"http://127.0.0.1:{site.port}/second", source=source()), site

    second, site = run(scenario())

    assert second.page is not None
    assert second.page.body == SECOND
    assert (2, "/second") in site.asked


def test_a_connection_that_is_closed_instead_of_an_answer_is_not_told_of() -> None:
    _, second, site = asked(kept(), [HANG_UP])

    assert second.kind == "reset"  # the new connection, too
    assert site.asked == [(1, "/robots.txt"), (1, "/first"), (1, "/second"), (2, "/second")]


def test_over_a_new_one_the_page_is_asked_for_once_more() -> None:
    async def scenario() -> tuple[Fetch, Fetch, Speaker]:
        async with Speaker({"/first": kept(), "/second": HANG_UP}) as site, fetcher() as client:
            first = await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source())
            task = asyncio.create_task(client.fetch(f"http://127.0.0.1:{site.port}/second", source=source()))
            while len(site.asked) < 3:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)
            site.routes = {"/second": kept(SECOND)}  # what is asked over another connection
            return first, await task, site

    _, second, site = run(scenario())

    assert second.page is not None
    assert second.page.body == SECOND
    assert site.asked[-2:] == [(1, "/second"), (2, "/second")]


def test_a_server_that_hangs_up_each_time_is_asked_twice_for_one_page_only() -> None:
    async def scenario() -> list[str]:
        paths = []

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for answered in (True, False):  # it answers once a connection, and does not say so
                with suppress(asyncio.IncompleteReadError):
                    paths.append((await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1])
                    if answered:
                        writer.write(kept())
            writer.close()

        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with fetcher() as client:
            for page in range(5):
                assert (await client.fetch(f"{root}/{page}", source=source())).good
        server.close()
        return paths

    assert run(scenario()) == ["/robots.txt", "/0", "/0", "/1", "/2", "/3", "/4"]


def test_a_server_that_says_nothing_over_a_held_line_loses_one_page_only() -> None:
    async def scenario() -> list[str]:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(kept())
            await reader.read(-1)  # whatever comes next is not answered
            writer.close()

        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with fetcher() as client:
            asking = source(timeout=0.5)
            ends = [await client.fetch(f"{root}/{page}", source=asking) for page in range(4)]
        server.close()
        return [end.kind for end in ends]

    assert run(scenario()).count("ok") == 3


def test_so_it_is_where_the_server_was_tired_of_waiting() -> None:
    async def scenario() -> tuple[Fetch, Speaker]:
        tired = kept(b"", 408, "connection: close")
        async with Speaker({"/first": kept(), "/second": [tired, kept(SECOND)]}) as site, fetcher() as client:
            _, second = await both(site, client)
            return second, site

    second, site = run(scenario())

    assert second.page is not None
    assert second.page.body == SECOND
    assert site.asked[-2:] == [(1, "/second"), (2, "/second")]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(b"220 mail.example ESMTP ready\r\n\r\n", "protocol"), (kept()[:30], "reset"), (kept()[:-9], "truncated")],
)
def test_an_answer_that_began_is_not_asked_for_again(answer: bytes, kind: str) -> None:
    async def scenario() -> tuple[Fetch, Speaker]:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for part in (kept(b"User-agent: *\r\n"), kept(), answer):
                head = await reader.readuntil(b"\r\n\r\n")
                site.asked.append((0, head.decode().split(" ")[1]))
                writer.write(part)
                await writer.drain()
            writer.close()

        site = Speaker({})
        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        site.port = server.sockets[0].getsockname()[1]
        async with fetcher() as client:
            _, second = await both(site, client)
        server.close()
        return second, site

    second, site = run(scenario())

    assert second.kind == kind
    assert [path for _, path in site.asked] == ["/robots.txt", "/first", "/second"]


def test_both_attempts_share_the_time_of_one() -> None:
    async def scenario() -> Fetch:
        stopped = asyncio.Event()
        connections = 0

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            if connections > 1:
                await stopped.wait()
                writer.close()
                return
            for part in (kept(b"User-agent: *\r\n"), kept()):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(part)
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.2)
            writer.close()

        server = await asyncio.start_server(speak, "127.0.0.1", 0)
        root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with fetcher() as client:
            await client.fetch(f"{root}/first", source=source())
            end = await client.fetch(f"{root}/second", source=source(0.5))
        stopped.set()
        server.close()
        assert connections == 2
        return end

    end = run(scenario())

    assert end.kind == "timeout"
    assert end.seconds < 0.8


def test_a_request_that_is_broken_off_leaves_nothing_to_be_asked_over() -> None:
    """However far it came: the next page is the next page."""

    async def scenario() -> None:
        big = b"<p>" + b"x" * 500_000
        async with Speaker({"/first": kept(big), "/second": kept(SECOND)}) as site:
            for turns in range(40):
                async with fetcher() as client:
                    task = asyncio.create_task(client.fetch(f"http://127.0.0.1:{site.port}/first", source=source()))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    second = await client.fetch(f"http://127.0.0.1:{site.port}/second", source=source())
                    assert second.page is not None
                    assert second.page.body == SECOND, turns
            assert await site.hung_up()

    run(scenario())


def test_nothing_is_left_of_it_once_a_fetcher_rests() -> None:
    async def scenario() -> None:
        async with Speaker({"/first": kept()}) as site, fetcher() as client:
            before = asyncio.all_tasks()
            await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source())
            assert site.open == 1
            await client.rest()
            assert await site.hung_up()
            assert asyncio.all_tasks() <= before | site._tasks
            again = await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source())
            assert again.good
            assert site.opened == 2

    run(scenario())


def test_a_connection_nobody_asks_over_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard, "IDLE", 0.05)

    async def scenario() -> None:
        async with Speaker({"/first": kept()}) as site, fetcher() as client:
            await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source())
            assert await site.hung_up()

    run(scenario())


def test_where_the_pause_is_long_none_is_held() -> None:
    async def scenario() -> Speaker:
        async with Speaker({"/first": kept()}) as site, fetcher() as client:
            slow = source(pause=timedelta(seconds=switchboard.IDLE).total_seconds())
            await client.fetch(f"http://127.0.0.1:{site.port}/robots.txt", source=slow, role="robots")
            assert await site.hung_up()
            return site

    site = run(scenario())

    assert "connection: close" in site.heads[0]


def test_names_have_connections_of_their_own_and_each_a_judged_address() -> None:
    recorder = Recorder()

    async def scenario() -> Speaker:
        names = Names({"one.test": [["127.0.0.1"]], "two.test": [["127.0.0.1"]]})
        async with Speaker({"/first": kept()}) as site, fetcher(recorder, names) as client:
            for name in ("one.test", "two.test", "one.test"):
                await client.fetch(f"http://{name}:{site.port}/first", source=source())
            return site

    site = run(scenario())

    assert [own for own, path in site.asked if path == "/first"] == [1, 2, 1]
    assert len(recorder.addresses) == 2


class Wire(httpcore.AsyncNetworkStream):
    """The other end says nothing."""

    def __init__(self) -> None:
        self.is_open = True

    async def aclose(self) -> None:
        self.is_open = False

    def get_extra_info(self, info: str) -> Any:
        return None


ORIGIN = httpcore.Origin(b"http", b"one.test", 80)


def idle(origin: httpcore.Origin = ORIGIN) -> tuple[Line, Wire]:
    wire = Wire()
    line = Line(origin, wire)
    line._state = httpcore._async.http11.HTTPConnectionState.IDLE
    return line, wire


OTHERS: Sequence[tuple[str, httpcore.Origin]] = (
    ("another way", ORIGIN), ("a way", httpcore.Origin(b"https", b"one.test", 443)),
    ("a way", httpcore.Origin(b"http", b"one.test", 8080)),
)  # fmt: skip


@pytest.mark.parametrize(("way", "origin"), OTHERS)
def test_another_way_and_another_origin_need_a_new_one(way: str, origin: httpcore.Origin) -> None:
    async def scenario() -> None:
        board, (line, wire) = Switchboard(), idle()
        await board.hold("a way", b"one.test", line)
        assert await board.line(way, origin) is None
        assert not wire.is_open
        await board.close()

    run(scenario())


def test_a_host_has_one_at_most_and_all_of_them_are_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard, "MOST", 2)

    async def scenario() -> None:
        board, wires = Switchboard(), []
        for host in (b"one", b"two", b"two", b"three"):
            line, wire = idle(httpcore.Origin(b"http", host, 80))
            wires.append(wire)
            await board.hold("a way", host, line)
        assert [wire.is_open for wire in wires] == [False, False, True, True]
        await board.close()
        assert not any(wire.is_open for wire in wires)

    run(scenario())
