"""robots.txt: what it says, what its absence says, and how often it is asked for."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import robots
from pipeline.collect.robots import Robots, RobotsFile

from .hostile import NOW, PATIENT, Answer, Recorder, Request, Site, fetcher, redirect, reply, run, source

FORBIDS = b"User-agent: *\nDisallow: /private/\n\nUser-agent: Nevawire\nDisallow: /private/\nDisallow: /drafts\nCrawl-delay: 0.2\n"


def text(body: bytes, status: int = 200) -> bytes:
    return reply(status, body, content_type="text/plain")


def kinds(answer: Answer | list[Answer], *paths: str, timeout: float = PATIENT) -> list[str]:
    async def scenario() -> list[str]:
        async with Site({"/robots.txt": answer, **{path: reply() for path in paths}}) as site, fetcher() as client:
            return [(await client.fetch(site.url(path), source=source(timeout))).kind for path in paths]

    return run(scenario())


def test_what_is_forbidden_is_not_asked_for() -> None:
    async def scenario() -> None:
        routes = {"/robots.txt": text(FORBIDS), "/private/a": reply(), "/drafts": reply(), "/news": reply()}
        async with Site(routes) as site, fetcher() as client:
            ends = [await client.fetch(site.url(path), source=source()) for path in ("/private/a", "/drafts", "/news")]

        assert [end.kind for end in ends] == ["robots", "robots", "ok"]
        assert "forbids" in ends[0].detail
        assert [request.path for request in site.log] == ["/robots.txt", "/news"]

    run(scenario())


def test_a_redirect_into_what_is_forbidden_is_not_followed() -> None:
    async def scenario() -> None:
        routes = {"/robots.txt": text(FORBIDS), "/news": redirect("/private/a"), "/private/a": reply()}
        async with Site(routes) as site, fetcher() as client:
            fetch = await client.fetch(site.url("/news"), source=source())

        assert fetch.kind == "robots"
        assert site.asked() == ["/news"]

    run(scenario())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_file_means_no_rules(status: int) -> None:
    assert kinds(text(b"no", status), "/news") == ["ok"]


def test_a_file_that_redirects_without_end_counts_as_none_and_a_moved_one_counts() -> None:
    async def scenario(routes: dict[str, bytes]) -> str:
        async with Site({**routes, "/drafts": reply()}) as site, fetcher() as client:
            return (await client.fetch(site.url("/drafts"), source=source())).kind

    assert run(scenario({"/robots.txt": redirect("/robots.txt")})) == "ok"
    assert run(scenario({"/robots.txt": redirect("/r.txt"), "/r.txt": text(FORBIDS)})) == "robots"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_left_alone_for_the_pass(status: int) -> None:
    async def scenario() -> None:
        async with Site({"/robots.txt": text(b"", status), "/a": reply(), "/b": reply()}) as site, fetcher() as client:
            ends = [await client.fetch(site.url(path), source=source()) for path in ("/a", "/b")]
            kept = client.robots_files

        assert [end.kind for end in ends] == ["robots", "robots"]
        assert f"answered {status}" in ends[0].detail
        assert [request.path for request in site.log] == ["/robots.txt"]
        assert kept == {}

    run(scenario())


def test_a_site_that_is_down_is_told_as_down_not_as_forbidding() -> None:
    async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    async def scenario() -> None:
        async with fetcher() as client:
            refused = await client.fetch("http://127.0.0.1:1/a", source=source())

        assert refused.kind == "refused"

    run(scenario())
    assert kinds(slow, "/a", timeout=0.5) == ["timeout"]
    assert kinds(b"garbage\r\n\r\n", "/a") == ["robots"]


def test_a_file_is_asked_for_once_a_run_and_kept_for_the_next() -> None:
    async def scenario() -> None:
        async with Site({"/robots.txt": text(FORBIDS), "/a": reply(), "/b": reply()}) as site:
            async with fetcher() as client:
                await asyncio.gather(*(client.fetch(site.url(path), source=source()) for path in ("/a", "/b")))
                kept = client.robots_files
                fetches = client.take_robots_fetches()
            async with fetcher(robots_cache=kept) as client:
                await client.fetch(site.url("/drafts"), source=source())
                again = client.robots_files

        assert [request.path for request in site.log].count("/robots.txt") == 1
        assert kept == {site.url(""): RobotsFile(FORBIDS.decode(), 200, NOW)} == again
        assert [(fetch.url, fetch.kind, fetch.source) for fetch in fetches] == [(site.url("/robots.txt"), "ok", "s")]

    run(scenario())


def test_an_old_file_is_asked_for_again_and_stands_in_while_none_can_be_had() -> None:
    async def scenario(answer: bytes) -> tuple[str, list[str]]:
        async with Site({"/robots.txt": answer, "/drafts": reply(), "/new": reply()}) as site:
            old = RobotsFile(FORBIDS.decode(), 200, NOW - timedelta(hours=25))
            async with fetcher(robots_cache={site.url(""): old}) as client:
                fetch = await client.fetch(site.url("/drafts"), source=source())
            return fetch.kind, [request.path for request in site.log]

    assert run(scenario(text(b""))) == ("ok", ["/robots.txt", "/drafts"])
    assert run(scenario(text(b"", 503))) == ("robots", ["/robots.txt"])


def test_a_file_is_believed_for_a_day() -> None:
    assert RobotsFile("", 200, NOW).fresh(NOW + timedelta(hours=23, minutes=59))
    assert not RobotsFile("", 200, NOW).fresh(NOW + timedelta(hours=24))
    assert not RobotsFile("", 503, NOW).fresh(NOW)


def test_an_endless_file_is_read_up_to_its_cap() -> None:
    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nUser-agent: *\nDisallow: /drafts\n")
        while True:
            writer.write(b"# more\n" * 9000)
            await writer.drain()

    assert kinds(endless, "/drafts", "/news") == ["robots", "ok"]


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("Crawl-delay: 3", 3), ("Crawl-delay: 0.5", 0.5), ("Crawl-delay: 86400", 60), ("Crawl-delay: x", 0),
     ("Request-rate: 1/10", 10), ("", 0)],
)  # fmt: skip
def test_the_pause_a_file_asks_for_has_a_bound(line: str, seconds: float) -> None:
    rules = Robots(RobotsFile(f"User-agent: *\n{line}\n", 200, NOW))

    assert rules.delay == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("agents", "allowed"),
    [(["*"], False), (["Nevawire"], False), (["nevawire/2.0"], False), (["NEVAWIRE bot"], False), (["Neva"], True),
     (["OtherBot"], True), (["OtherBot", "Nevawire"], False)],
)  # fmt: skip
def test_a_group_addresses_us_by_our_token(agents: list[str], allowed: bool) -> None:
    lines = "".join(f"User-agent: {agent}\r\n" for agent in agents)
    rules = Robots(RobotsFile(f"{lines}Disallow: /\r\n", 200, NOW))

    assert (rules.refusal("http://site.test/a") == "") is allowed


def test_our_own_group_stands_instead_of_everybodys() -> None:
    rules = Robots(RobotsFile("User-agent: *\nDisallow: /\n\nUser-agent: Nevawire\nAllow: /\n", 200, NOW))

    assert rules.refusal("http://site.test/news") == ""


@given(st.text(max_size=300), st.text(alphabet="abc/?=&%*$#", max_size=30))
def test_no_file_breaks_the_reader(content: str, path: str) -> None:
    rules = Robots(RobotsFile(content, 200, NOW))

    assert isinstance(rules.refusal(f"http://site.test/{path}"), str)
    assert timedelta(0) <= rules.delay <= robots.MAX_DELAY


def test_google_s_own_cases(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At least 130 of the 142 cases of google/robotstxt; Protego alone gives 130."""
    rows = json.loads((shared / "corpora" / "robots_cases.json").read_text("utf-8"))["rows"]
    right = 0
    for row in rows:
        monkeypatch.setattr(robots, "AGENT", row["agent"])
        allowed = not Robots(RobotsFile(row["robots"], 200, NOW)).refusal(row["url"])
        right += allowed == row["allowed"]

    assert len(rows) == 142
    assert right >= 136


def test_nothing_but_robots_txt_is_asked_without_robots_txt() -> None:
    async def scenario() -> None:
        recorder = Recorder()
        async with Site({"/a": reply()}) as site, fetcher(recorder) as client:
            await client.fetch(site.url("/a"), source=source(), role="listing")
        assert [request.path for request in site.log] == ["/robots.txt", "/a"]

    run(scenario())


def test_a_line_that_the_cap_cuts_is_not_read() -> None:
    rules = b"User-agent: *\nDisallow: /private/\n"
    long = rules + b"#" * (robots.MAX_BYTES - len(rules) - len(b"\nDisallow: /")) + b"\nDisallow: /archive/\n"
    read = Robots(RobotsFile(robots.decode(long), 200, NOW))
    assert read.refusal("https://site.test/private/x")
    assert not read.refusal("https://site.test/news/")
    assert robots.decode(b"#" * (2 * robots.MAX_BYTES)) == ""


@pytest.mark.parametrize(
    "text",
    ["User-agent: *\n" + "Allow:/\n" * 60_000, "User-agent: *\n" * 20_000 + "Disallow: /a\n" * 18_000,
     "User-agent: *\n" + "".join(f"Disallow: /*{n}*x*y\n" for n in range(22_000)),
     "User-agent: *\nDisallow: /" + "*a" * 240_000, ":" * 500_000, "".join(f"User-agent: a{n}\n" for n in range(30_000))],
)  # fmt: skip
def test_half_a_megabyte_of_rules_is_read(text: str) -> None:
    read = Robots(RobotsFile(robots.decode(text.encode()), 200, NOW))
    assert read.refusal("https://site.test/news/" + "a" * 2000) == ""
