"""Manners: one request at a time to a host, a pause between two, quiet where asked."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.clock import frozen, running
from pipeline.collect.hosts import Hosts, host_of, retry_after
from pipeline.errors import FetchError

from .hostile import NOW, Names, Request, Site, fetcher, reply, run, source


async def _slow(_: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.03)
    writer.write(reply())


def test_a_host_is_never_asked_twice_at_once_and_is_left_its_pause() -> None:
    async def scenario() -> None:
        paths = [f"/{n}" for n in range(5)]
        async with Site(dict.fromkeys(paths, _slow)) as site, fetcher() as client:
            sources = [source(pause=0.05), source(pause=0.12)]
            ends = await asyncio.gather(
                *(client.fetch(site.url(path), source=sources[n % 2]) for n, path in enumerate(paths))
            )
            gaps = [after.began - before.ended for before, after in itertools.pairwise(site.log[1:])]

        assert {end.kind for end in ends} == {"ok"}
        assert site.most_at_once == 1
        # The longer of two sources' pauses holds from when it is known.
        assert min(gaps[1:]) >= 0.12 - 0.005

    run(scenario())


class Gate:
    """Turns at hosts as several processes would share them."""

    shared = True

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, host: str) -> bool:
        free = host not in self.taken
        self.taken.add(host)
        return free

    def give_back(self, host: str) -> None:
        self.taken.remove(host)


def test_processes_that_share_a_gate_never_ask_a_host_at_once_and_leave_it_its_pause() -> None:
    async def scenario() -> None:
        gate, paths = Gate(), [f"/{n}" for n in range(6)]
        async with Site(dict.fromkeys(paths, _slow)) as site:
            async with (
                fetcher(hosts=Hosts(running(1), gate=gate)) as one,
                fetcher(hosts=Hosts(running(1), gate=gate)) as other,
            ):
                by_turns = (
                    (one, other)[n % 2].fetch(site.url(path), source=source(pause=0.1)) for n, path in enumerate(paths)
                )
                ends = await asyncio.gather(*by_turns)
                await asyncio.sleep(0.15)
            gaps = [after.began - before.ended for before, after in itertools.pairwise(site.log[2:])]

        assert {end.kind for end in ends} == {"ok"}
        assert site.most_at_once == 1
        assert min(gaps) >= 0.1 - 0.005
        assert gate.taken == set(), "given back after the pause"

    run(scenario())


def test_the_pause_robots_txt_asks_for_holds_too() -> None:
    async def scenario() -> None:
        rules = reply(body=b"User-agent: *\nCrawl-delay: 0.15\n", content_type="text/plain")
        async with Site({"/robots.txt": rules, "/a": reply(), "/b": reply()}) as site, fetcher() as client:
            await asyncio.gather(*(client.fetch(site.url(path), source=source()) for path in ("/a", "/b")))
            gaps = [after.began - before.ended for before, after in itertools.pairwise(site.log)]

        assert min(gaps) >= 0.15 - 0.005

    run(scenario())


def test_two_hosts_do_not_wait_for_each_other() -> None:
    async def scenario() -> int:
        met = asyncio.Barrier(2)

        async def both(_: Request, writer: asyncio.StreamWriter) -> None:
            await met.wait()
            writer.write(reply())

        names = Names({"one.test": [["127.0.0.1"]], "two.test": [["127.0.0.1"]]})
        async with Site({"/a": both}) as site, fetcher(names=names) as client:
            urls = [site.url("/a", "one.test"), site.url("/a", "two.test")]
            ends = await asyncio.gather(*(client.fetch(url, source=source()) for url in urls))
        assert [end.kind for end in ends] == ["ok", "ok"]
        return site.most_at_once

    assert run(scenario()) == 2


def test_a_fast_clock_shortens_the_pause() -> None:
    async def scenario() -> None:
        async with Site({"/a": reply(), "/b": reply()}) as site, fetcher(clock=running(1000, NOW)) as client:
            for path in ("/a", "/b"):
                await client.fetch(site.url(path), source=source(pause=30))
        assert len(site.log) == 3

    run(scenario())  # three pauses of half a minute would outlast the test's limit


def test_a_held_host_is_not_asked_before_its_time() -> None:
    async def scenario() -> None:
        hosts = Hosts(frozen(NOW), {"site.test": NOW + timedelta(seconds=90)})
        with pytest.raises(FetchError) as caught:
            async with hosts.turn("https://site.test/a", timedelta(0)):
                pytest.fail("its turn came")
        assert caught.value.kind == "status-429"
        assert caught.value.retry_after == 90
        async with hosts.turn("https://site.test:8443/a", timedelta(0)):
            pass  # another host, as far as manners go

    run(scenario())


def test_the_longest_hold_counts_and_ends() -> None:
    instant = [NOW]
    hosts = Hosts(type(frozen(NOW))(tell=lambda: instant[0]))
    hosts.hold("http://site.test/", 100)
    hosts.hold("http://site.test/", 10)

    async def free() -> bool:
        try:
            async with hosts.turn("http://site.test/", timedelta(0)):
                return True
        except FetchError:
            return False

    assert hosts.held == {"site.test": NOW + timedelta(seconds=100)}
    assert not run(free())
    instant[0] += timedelta(seconds=101)
    assert run(free())


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://a.test/", "a.test"), ("https://A.test./", "a.test"), ("http://a.test:80/", "a.test"),
     ("https://a.test:443/", "a.test"), ("http://a.test:8080/", "a.test:8080"), ("http://[::1]:8000/", "::1:8000")],
)  # fmt: skip
def test_the_host_a_request_burdens(url: str, host: str) -> None:
    assert host_of(url) == host


def test_retry_after_without_the_answer_s_own_date_counts_from_now() -> None:
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)

    assert retry_after("Thu, 12 Mar 2026 09:00:30 GMT", "", now) == 30.0
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT", "", now) == 30 * 86400.0
