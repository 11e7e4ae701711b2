"""Feeds and sitemaps as they come, whole and hostile."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.kinds import kind_of
from pipeline.collect.reading import MAX_LINKS
from pipeline.collect.sitemap import read_sitemap
from pipeline.collect.syndication import read_feed
from pipeline.errors import ListingError
from pipeline.model import FetchedPage, Listing

from .hostile import NOW

DATA = Path(__file__).resolve().parents[1] / "data" / "collect"


def page(body: bytes, url: str = "https://site.test/feed", content_type: str = "text/xml") -> FetchedPage:
    return FetchedPage("s", url, url, 200, {"content-type": content_type}, body, NOW, "")


def case(path: Path) -> tuple[dict[str, Any], FetchedPage]:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    body = path.read_text("utf-8").encode(expected.get("encoding", "utf-8"))
    return expected, page(body, expected["url"])


def checked(link: object, expected: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(link, name) for name in expected}


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "feeds").glob("*.xml")))
def test_a_feed_is_read(name: str) -> None:
    expected, fetched = case(DATA / "feeds" / f"{name}.xml")

    reading = read_feed(fetched, Listing(expected["url"]))

    assert expected["links"]
    assert kind_of(fetched, Listing(expected["url"])) == "feed"
    assert [checked(link, one) for link, one in zip(reading.links, expected["links"], strict=True)] == expected["links"]
    assert [link.place for link in reading.links] == list(range(len(reading.links)))
    assert {link.listing for link in reading.links} == {expected["url"]}
    assert reading.next == expected.get("next")


@pytest.mark.parametrize("name", sorted(path.stem for path in (DATA / "sitemaps").glob("*.xml")))
@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_is_read_newest_first(name: str, packed: bool) -> None:
    expected, fetched = case(DATA / "sitemaps" / f"{name}.xml")
    fetched = page(gzip.compress(fetched.body), fetched.url, "application/gzip") if packed else fetched

    reading = read_sitemap(fetched, Listing(expected["url"]))

    assert expected["links"] or expected["children"]
    assert kind_of(fetched, Listing(expected["url"])) == "sitemap"
    assert [checked(link, one) for link, one in zip(reading.links, expected["links"], strict=True)] == expected["links"]
    assert list(reading.children) == expected.get("children", [])


def test_a_sitemap_may_be_a_list_of_lines() -> None:
    fetched = page(b"https://site.test/news/one\r\nhttps://site.test/news/two\nnonsense\n", content_type="text/plain")

    assert kind_of(fetched, Listing("https://site.test/")) == "sitemap"
    assert [link.url for link in read_sitemap(fetched, Listing("https://site.test/")).links] == [
        "https://site.test/news/one", "https://site.test/news/two", "https://site.test/nonsense",
    ]  # fmt: skip


def test_the_declared_language_of_a_listing_comes_first() -> None:
    _, fetched = case(DATA / "feeds" / "rss.xml")

    assert {link.language for link in read_feed(fetched, Listing(fetched.url, language="en")).links} == {"en"}


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)  # fmt: skip
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://127.0.0.1:9/">]>'
FEED = "<rss version='2.0'><channel><title>t</title><item><title>{}</title><link>https://site.test/1</link></item></channel></rss>"
URLSET = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://site.test/{}</loc></url></urlset>"
)


@pytest.mark.parametrize("doctype", [LAUGHS, XXE])
@pytest.mark.parametrize("entity", ["i", "e", "n"])
def test_entities_bring_nothing_in(doctype: str, entity: str) -> None:
    feed = f"<?xml version='1.0'?>{doctype}" + FEED.format(f"one &{entity};")
    urlset = f"<?xml version='1.0'?>{doctype}" + URLSET.format(f"one&{entity};")

    for read, text in ((read_feed, feed), (read_sitemap, urlset)):
        try:
            links = read(page(text.encode()), Listing("https://site.test/")).links
        except ListingError as error:
            assert error.kind == "parse"  # noqa: PT017 - either end is right
        else:
            shown = "".join(link.title + link.url for link in links)
            assert "root:" not in shown
            assert len(shown) < 200


@pytest.mark.parametrize(
    "body",
    [b"", b"<rss", b"<rss></rss", b"\x00\x01\x02", b"<rss><channel><item><title>&#8;</title>", b"{", b"{}", b'{"items": 5}',
     b'{"items":' + b"[" * 5000, b"/etc/passwd", b"http://127.0.0.1:9/", b"<feed>" * 3000, b"<html><body>no feed</body></html>"],
)  # fmt: skip
def test_what_is_no_feed_says_so_or_has_no_links(body: bytes) -> None:
    try:
        reading = read_feed(page(body), Listing("https://site.test/"))
    except ListingError as error:
        assert error.kind == "parse"  # noqa: PT017
    else:
        assert reading.links == ()


NO_SITEMAPS = {
    "cut": b"<urlset", "HTML": b"<html/>", "gzip in name": b"\x1f\x8b\x08 not gzip", "gzip, cut": gzip.compress(b"<urlset/>")[:-4],
    "gzip bomb": gzip.compress(b" " * 20_000_000), "deep": b"<urlset>" + b"<url>" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SITEMAPS)
def test_what_is_no_sitemap_says_so_or_has_no_links(name: str) -> None:
    try:
        reading = read_sitemap(page(NO_SITEMAPS[name]), Listing("https://site.test/"))
    except ListingError as error:
        assert error.kind == "parse"  # noqa: PT017
    else:
        assert reading.links == ()


def test_a_page_that_announces_too_much_is_not_read_to_its_end() -> None:
    urls = "".join(f"<url><loc>https://site.test/news/{n}</loc></url>" for n in range(MAX_LINKS + 500))
    items = "".join(f"<item><title>t</title><link>https://site.test/{n}</link></item>" for n in range(MAX_LINKS + 5))

    sitemap = read_sitemap(page(f"<urlset>{urls}</urlset>".encode()), Listing("https://site.test/"))
    feed = read_feed(
        page(f"<rss version='2.0'><channel>{items}</channel></rss>".encode()), Listing("https://site.test/")
    )

    assert len(sitemap.links) == len(feed.links) == MAX_LINKS


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss><channel><item>", b"<urlset><url><loc>", b"<feed><entry>", b"{"]),
)
def test_no_bytes_break_the_readers(tail: bytes, head: bytes) -> None:
    fetched = page(head + tail)

    for read in (read_feed, read_sitemap):
        try:
            read(fetched, Listing("https://site.test/"))
        except ListingError as error:
            assert error.kind == "parse"  # noqa: PT017


KINDS = {
    b"<!doctype html><html>": "html",
    b"<html><body><rss>": "html",
    b"": "html",
    b"<?xml version='1.0'?>\n<!-- made by hand -->\n<rss version='2.0'>": "feed",
    b"\xef\xbb\xbf  <feed xmlns='http://www.w3.org/2005/Atom'>": "feed",
    b"<rdf:RDF xmlns:rdf='x'>": "feed",
    b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>": "feed",
    b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><urlset>": "sitemap",
    b"<sitemapindex>": "sitemap",
    b"\x1f\x8b\x08": "sitemap",
    "<?xml version='1.0'?><rss>".encode("utf-16"): "feed",
    b'{"version": "https://jsonfeed.org/version/1"}': "feed",
    b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}': "feed",
    b'{"items": []}': "html",
}


@pytest.mark.parametrize("body", KINDS)
def test_the_kind_of_a_page_is_told_by_its_bytes(body: bytes) -> None:
    assert kind_of(page(body, content_type="text/html"), Listing("https://site.test/")) == KINDS[body]


def test_what_a_listing_declares_is_believed() -> None:
    assert kind_of(page(b"<html>"), Listing("https://site.test/", kind="feed")) == "feed"
    assert kind_of(page(b"odd", content_type="application/rss+xml; charset=utf-8"), Listing("x")) == "feed"
