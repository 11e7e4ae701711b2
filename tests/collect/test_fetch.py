"""What comes of a request, whatever the server does: every end has its kind, none is an exception."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import struct
import zlib

import brotli
import pytest
import zstandard

from pipeline.model import Source, Validators

from .hostile import NOW, PAGE, Request, Site, fetcher, outcome, redirect, reply, run, source

BOMB = b"\0" * (32 * 2**20)


async def _slow_headers(_: Request, writer: asyncio.StreamWriter) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nx-slow: yes\r\n" * 20:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(0.02)


async def _drip(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>")
    for _ in range(200):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _silence(_: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def _endless(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
    while True:
        writer.write(b"<p>one more</p>" * 4096)
        await writer.drain()


async def _reset(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5000\r\n\r\n<html>")
    await writer.drain()
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing sends RST
    writer.transport.abort()


async def _hang_up(_: Request, writer: asyncio.StreamWriter) -> None:
    return


def _chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n" + body + end


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


GOOD = {
    "plain": reply(),
    "gzip": reply(body=gzip.compress(PAGE), content_encoding="gzip"),
    "two gzip members": reply(body=gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]), content_encoding="gzip"),
    "padded gzip": reply(body=gzip.compress(PAGE) + b"\0" * 512, content_encoding="gzip"),
    "deflate": reply(body=zlib.compress(PAGE), content_encoding="deflate"),
    "raw deflate": reply(body=_raw_deflate(PAGE), content_encoding="deflate"),
    "brotli": reply(body=brotli.compress(PAGE), content_encoding="br"),
    "zstd": reply(body=zstandard.compress(PAGE), content_encoding="zstd"),
    "gzip in brotli": reply(body=brotli.compress(gzip.compress(PAGE)), content_encoding="gzip, br"),
    "an encoding that is none": reply(content_encoding="utf-8"),
    "chunked": _chunked(PAGE[:10], PAGE[10:]),
    "no content-type": reply(content_type=""),
    "HTML sent as plain text": reply(content_type="text/plain"),
    "HTML without a length": reply(content_length=""),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_page_arrives_whole_however_it_is_packed(name: str) -> None:
    fetch = outcome(GOOD[name])

    assert fetch.kind == "ok", fetch.detail
    assert fetch.page is not None
    assert fetch.page.body == PAGE
    assert fetch.page.digest == hashlib.sha256(PAGE).hexdigest()
    assert fetch.size == len(PAGE)
    assert fetch.at == fetch.page.fetched_at == NOW


FAULTS = {
    "slow headers": (_slow_headers, "timeout"),
    "byte drip": (_drip, "timeout"),
    "no answer": (_silence, "timeout"),
    "endless body": (_endless, "too-large"),
    "connection reset in the body": (_reset, "reset"),
    "closed without an answer": (_hang_up, "reset"),
    "gzip bomb": (reply(body=gzip.compress(BOMB), content_encoding="gzip"), "too-large"),
    "gzip bomb in a gzip": (reply(body=gzip.compress(gzip.compress(BOMB)), content_encoding="gzip, gzip"), "too-large"),
    "deflate bomb": (reply(body=zlib.compress(BOMB), content_encoding="deflate"), "too-large"),
    "brotli bomb": (reply(body=brotli.compress(BOMB, quality=5), content_encoding="br"), "too-large"),
    "zstd bomb": (reply(body=zstandard.compress(BOMB), content_encoding="zstd"), "too-large"),
    "encoded three times": (reply(content_encoding="gzip, gzip, gzip"), "protocol"),
    "gzip that is none": (reply(content_encoding="gzip"), "protocol"),
    "brotli that is none": (reply(body=b"\xff" * 100, content_encoding="br"), "protocol"),
    "truncated gzip": (reply(body=gzip.compress(PAGE)[:-9], content_encoding="gzip"), "truncated"),
    "truncated brotli": (reply(body=brotli.compress(PAGE)[:-3], content_encoding="br"), "truncated"),
    "truncated zstd": (reply(body=zstandard.compress(PAGE)[:-3], content_encoding="zstd"), "truncated"),
    "truncated deflate": (reply(body=zlib.compress(PAGE)[:-6], content_encoding="deflate"), "truncated"),
    "truncated chunks": (_chunked(PAGE[:20], end=b""), "truncated"),
    "shorter than its length": (reply(content_length="5000"), "truncated"),
    "chunk sizes that are none": (_chunked(end=b"zz\r\n"), "protocol"),
    "two lengths": (reply().replace(b"content-length:", b"content-length: 3\r\ncontent-length:"), "protocol"),
    "not HTTP": (b"220 mail.example ESMTP ready\r\n\r\n", "protocol"),
    "a huge header": (reply(x_long="x" * 200_000), "too-large"),
    "many headers": (reply(**{f"x_{n}": "y" * 70 for n in range(900)}), "too-large"),
    "a picture": (reply(body=b"\x89PNG....", content_type="image/png"), "not-html"),
    "a PDF said to be HTML": (reply(body=b"%PDF-1.7 ..."), "not-html"),
    "JSON": (reply(body=b"{}", content_type="application/json"), "not-html"),
    "a feed where an article should be": (reply(body=b"<?xml version='1.0'?><rss/>", content_type="text/xml"), "not-html"),
    "an empty body": (reply(body=b""), "empty"),
    "nothing but white space": (reply(body=b" \r\n\t "), "empty"),
    "no content": (reply(204, b""), "empty"),
    "not found": (reply(404), "status-404"),
    "gone": (reply(410), "status-410"),
    "server error": (reply(500), "status-500"),
    "a part nobody asked for": (reply(206), "status-206"),
    "an unasked 304": (reply(304, b""), "status-304"),
    "a redirect to nowhere": (reply(302, b""), "status-302"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_has_its_kind(name: str) -> None:
    answer, kind = FAULTS[name]

    fetch = outcome(answer)

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


def test_the_clock_runs_over_redirects_not_over_waiting_for_a_turn() -> None:
    async def scenario() -> None:
        async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.2)
            writer.write(redirect("/2" if _.path == "/1" else "/3" if _.path == "/2" else "/4"))

        patient: Source = source(timeout=0.5, pause=0.3)
        async with Site({"/1": slow, "/2": slow, "/3": slow, "/page": reply()}) as site, fetcher() as client:
            together = await asyncio.gather(*(client.fetch(site.url("/page"), source=patient) for _ in range(3)))
            chain = await client.fetch(site.url("/1"), source=source(timeout=0.5))

        assert [fetch.kind for fetch in together] == ["ok", "ok", "ok"]
        assert chain.kind == "timeout"

    run(scenario())
