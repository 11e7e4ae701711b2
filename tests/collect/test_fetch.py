"""What comes of a request, whatever the server does: every end has its kind, none is an exception."""

from __future__ import annotations

import asyncio
import hashlib
import ssl

import pytest

from pipeline.collect.route import Route
from pipeline.model import Source, Validators

from .faults import FAULTS, GOOD
from .hostile import NOW, PAGE, PATIENT, Request, Site, fetcher, outcome, redirect, reply, run, source


@pytest.mark.parametrize("name", GOOD)
def test_a_good_page_arrives_whole_however_it_is_packed(name: str) -> None:
    fetch = outcome(GOOD[name])

    assert fetch.kind == "ok", fetch.detail
    assert fetch.page is not None
    assert fetch.page.body == PAGE
    assert fetch.page.digest == hashlib.sha256(PAGE).hexdigest()
    assert fetch.size == len(PAGE)
    assert fetch.at == fetch.page.fetched_at == NOW


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_its_kind(name: str) -> None:
    answer, kind = FAULTS[name]

    fetch = outcome(answer, seconds=0.5 if kind == "timeout" else PATIENT)

    assert fetch.kind == kind, fetch.detail
    assert fetch.detail
    assert fetch.page is None
    assert not fetch.good


def test_a_listing_may_be_other_than_html_but_not_anything() -> None:
    feed = outcome(reply(body=b"<?xml version='1.0'?><rss/>", content_type="application/rss+xml"), role="listing")
    film = outcome(reply(body=b"...", content_type="video/mp4"), role="listing")

    assert feed.kind == "ok"
    assert film.kind == "not-html"


def test_the_kept_headers_are_those_later_stages_read() -> None:
    fetch = outcome(
        reply(etag='"7"', X_Robots_Tag="noarchive", set_cookie="a=b", server="x", cache_control="max-age=60")
    )

    assert fetch.page is not None
    assert fetch.page.headers == {
        "content-type": "text/html; charset=utf-8", "etag": '"7"', "x-robots-tag": "noarchive", "cache-control": "max-age=60",
    }  # fmt: skip


def test_what_is_known_of_a_page_makes_the_request_conditional() -> None:
    async def scenario() -> None:
        async def honest(request: Request, writer: asyncio.StreamWriter) -> None:
            same = request.headers.get("if-none-match") == '"7"' and "if-modified-since" in request.headers
            writer.write(reply(304, b"", content_length="") if same else reply(etag='"7"'))

        known = Validators(etag='"7"', last_modified="Thu, 12 Mar 2026 08:00:00 GMT")
        async with Site({"/page": honest}) as site, fetcher() as client:
            first = await client.fetch(site.url("/page"), source=source())
            again = await client.fetch(site.url("/page"), source=source(), validators=known)

        assert (first.kind, first.conditional) == ("ok", False)
        assert (again.kind, again.conditional, again.page) == ("not-modified", True, None)
        assert again.good

    run(scenario())


def test_the_same_bytes_again_are_told_apart_from_new_ones() -> None:
    digest = hashlib.sha256(PAGE).hexdigest()

    same = outcome(reply(), validators=Validators(digest=digest))
    other = outcome(reply(body=PAGE + b"<p>"), validators=Validators(digest=digest))

    assert (same.kind, same.conditional) == ("same-digest", False)
    assert same.page is not None
    assert other.kind == "ok"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Thu, 12 Mar 2026 09:10:00 GMT", 600.0), ("Thu, 12 Mar 2020 09:10:00 GMT", 0.0), ("soon", None),
     ("", None), ("99999999999999", 30 * 86400.0), ("-5", None)],
)  # fmt: skip
def test_how_long_a_server_asks_to_be_left_alone(header: str, seconds: float | None) -> None:
    fetch = outcome(reply(429, retry_after=header, date="Thu, 12 Mar 2026 09:00:00 GMT"))

    assert fetch.kind == "status-429"
    assert fetch.retry_after == seconds


def test_a_busy_article_holds_itself_and_a_busy_listing_its_host() -> None:
    async def scenario(role: str) -> list[str]:
        async with Site({"/busy": reply(503, retry_after="60"), "/other": reply()}) as site, fetcher() as client:
            await client.fetch(site.url("/busy"), source=source(), role=role)
            other = await client.fetch(site.url("/other"), source=source())
        return [*site.asked(), other.kind]

    assert run(scenario("article")) == ["/busy", "/other", "ok"]
    assert run(scenario("listing")) == ["/busy", "status-429"]


def test_who_we_are_is_said_with_every_request() -> None:
    async def scenario() -> None:
        async with Site({"/page": redirect("/there"), "/there": reply()}) as site, fetcher() as client:
            await client.fetch(site.url("/page"), source=source())
        agents = {request.headers["user-agent"] for request in site.log}

        assert len(site.log) == 3  # robots.txt, page, redirect
        (agent,) = agents
        assert agent.startswith("Nevawire/")
        assert agent.endswith(" (+https://news.test/; editor@news.test)")

    run(scenario())


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://", "protocol"), ("http://[::1", "protocol"), ("http://host:99999/", "protocol"), ("", "blocked-address"),
     ("ftp://127.0.0.1/", "blocked-address"), ("file:///etc/passwd", "blocked-address"), ("http://nobody.test/", "dns"),
     ("http://127.0.0.1:1/", "refused"), ("http://" + "a" * 70 + ".test/", "dns"), ("http://x\x00y/", "protocol")],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_an_outcome_too(url: str, kind: str) -> None:
    async def scenario() -> str:
        async with fetcher() as client:
            return (await client.fetch(url, source=source())).kind

    assert run(scenario()) == kind


def test_a_server_without_tls_behind_https_is_a_tls_failure() -> None:
    async def scenario() -> str:
        async with Site({"/page": reply()}) as site, fetcher() as client:
            return (await client.fetch(site.url("/page").replace("http:", "https:"), source=source())).kind

    assert run(scenario()) == "tls"


def test_whom_to_trust_is_asked_once_somebody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_route: Route) -> ssl.SSLContext:
        raise AssertionError("authorities were read for a host that is not there")

    monkeypatch.setattr("pipeline.collect.fetch.trust", asked)

    async def scenario() -> list[str]:
        async with fetcher(tls=None) as client:
            urls = ("https://nobody.test/", "https://127.0.0.1:1/")
            return [(await client.fetch(url, source=source())).kind for url in urls]

    assert run(scenario()) == ["dns", "refused"]


def test_the_clock_runs_over_redirects_not_over_waiting_for_a_turn() -> None:
    async def scenario() -> None:
        async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.2)
            writer.write(redirect("/2" if _.path == "/1" else "/3" if _.path == "/2" else "/4"))

        patient: Source = source(timeout=2, pause=1.1)
        async with Site({"/1": slow, "/2": slow, "/3": slow, "/page": reply()}) as site, fetcher() as client:
            together = await asyncio.gather(*(client.fetch(site.url("/page"), source=patient) for _ in range(3)))
            chain = await client.fetch(site.url("/1"), source=source(timeout=0.5))

        assert [fetch.kind for fetch in together] == ["ok", "ok", "ok"]
        assert chain.kind == "timeout"

    run(scenario())
