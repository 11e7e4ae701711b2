"""Walking a listing: where it stops, what it brings, and how it fails."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
from collections.abc import Callable, Iterable

import pytest

from pipeline.collect import Reading, Walk, read_page, walk
from pipeline.errors import ListingError
from pipeline.model import Api, FetchedPage, Listing, Profile, Source, Validators

from .hostile import NOW, Answer, Request, Site, fetcher, reply, run, source


def listing_page(numbers: Iterable[int], more: str = "") -> bytes:
    items = "".join(
        f"<li>{n % 28 + 1}.03.2024 <a href='/news/{n}/'>Новость номер {n} о делах города</a></li>" for n in numbers
    )
    return f"<html><body><ul class='menu'><li><a href='/about/'>О нас</a></li></ul><ul>{items}</ul>{more}</body></html>".encode()


def html(numbers: Iterable[int], more: str = "", **headers: str) -> bytes:
    return reply(body=listing_page(numbers, more), **headers)


def walked(
    routes: dict[str, Answer | list[Answer]], *, known: Callable[[str], bool] = lambda _: False,
    validators: Validators | None = None, start: Source | None = None, path: str = "/news/", remembered: str = "",
    **more: object,
) -> tuple[Walk, list[str]]:  # fmt: skip
    async def scenario() -> tuple[Walk, list[str]]:
        async with Site(routes) as site, fetcher() as client:
            listing = Listing(site.url(path), **more)  # type: ignore[arg-type]  # keys of a listing

            async def read(page: FetchedPage, listing: Listing) -> Reading:
                groups = {listing.url: remembered} if remembered else {}
                return read_page(page, listing, Profile("s", link_groups=groups))

            walk_ = await walk(
                start or source(), listing, fetcher=client, validators=validators, known=known, read=read
            )
        return walk_, site.asked()

    return run(scenario())


def numbers(walk_: Walk) -> list[int]:
    return [int(link.url.rstrip("/").rpartition("/")[2]) for link in walk_.links]


PAGES: dict[str, Answer | list[Answer]] = {
    "/news/": html([9, 8, 7]), "/news/?page=2": html([7, 6, 5]), "/news/?page=3": html([4, 3, 2]), "/news/?page=4": html([1]),
}  # fmt: skip


def test_one_page_is_walked_unless_more_are_asked_for() -> None:
    walk_, asked = walked(PAGES, next="?page={n}")

    assert asked == ["/news/"]
    assert numbers(walk_) == [9, 8, 7]
    assert walk_.failure is None
    assert walk_.group == "/news/#"
    assert [fetch.kind for fetch in walk_.fetches] == ["ok"]


def test_pages_are_walked_as_deep_as_declared_and_links_numbered_through() -> None:
    walk_, asked = walked(PAGES, next="?page={n}", pages=3)

    assert asked == ["/news/", "/news/?page=2", "/news/?page=3"]
    assert numbers(walk_) == [9, 8, 7, 6, 5, 4, 3, 2]
    assert [link.place for link in walk_.links] == list(range(8))


def test_the_walk_stops_at_the_first_page_without_an_unknown_link() -> None:
    walk_, asked = walked(PAGES, next="?page={n}", pages=9, known=lambda url: int(url.split("/")[-2]) < 8)

    assert asked == ["/news/", "/news/?page=2"]
    assert numbers(walk_) == [9, 8, 7, 6, 5]


def test_a_page_past_the_end_that_repeats_itself_ends_the_walk() -> None:
    walk_, asked = walked({**PAGES, "/news/?page=3": html([7, 6, 5])}, next="?page={n}", pages=9)

    assert asked == ["/news/", "/news/?page=2", "/news/?page=3"]
    assert numbers(walk_) == [9, 8, 7, 6, 5]
    assert walk_.failure is None


def test_a_page_past_the_end_that_is_not_there_ends_the_walk() -> None:
    walk_, asked = walked({"/news/": html([3, 2])}, next="?page={n}", pages=9)

    assert asked == ["/news/", "/news/?page=2"]
    assert walk_.failure is None


def test_a_later_page_that_fails_costs_only_what_stands_behind_it() -> None:
    walk_, _ = walked({**PAGES, "/news/?page=2": reply(500)}, next="?page={n}", pages=9)

    assert numbers(walk_) == [9, 8, 7]
    assert walk_.failure is not None
    assert walk_.failure[0] == "status-500"
    assert [fetch.kind for fetch in walk_.fetches] == ["ok", "status-500"]


@pytest.mark.parametrize("selector", [None, "rel=next", "a.on"])
def test_the_page_itself_may_say_where_it_goes_on(selector: str | None) -> None:
    routes: dict[str, Answer | list[Answer]] = {
        "/news/": html([4, 3], '<a class="on" rel="next" href="older">Далее</a>'),
        "/news/older": html([2, 1], '<a class="on" rel="next" href="/news/">В начало</a>'),
    }

    walk_, asked = walked(routes, next=selector, pages=9)

    assert asked == ["/news/", "/news/older"]
    assert numbers(walk_) == [4, 3, 2, 1]


def test_an_unchanged_listing_is_not_read() -> None:
    async def honest(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(304, b"") if request.headers.get("if-none-match") == '"1"' else html([1], etag='"1"'))

    by_tag, _ = walked({"/news/": honest}, validators=Validators(etag='"1"'))
    by_bytes, _ = walked(PAGES, validators=Validators(digest=hashlib.sha256(listing_page([9, 8, 7])).hexdigest()))
    changed, _ = walked(PAGES, validators=Validators(digest="another"))

    assert (by_tag.unchanged, by_tag.links, by_tag.failure) == (True, (), None)
    assert (by_bytes.unchanged, by_bytes.links, by_bytes.failure) == (True, (), None)
    assert (changed.unchanged, len(changed.links)) == (False, 3)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(reply(503), "status-503"), (reply(404), "status-404"), (reply(body=b""), "empty"),
     (reply(body=b"%PDF", content_type="application/pdf"), "not-html"),
     (reply(body=b"<rss><channel>", content_type="text/xml"), "parse"), (html([]), "no-links")],
)  # fmt: skip
def test_a_listing_that_brings_nothing_says_why(answer: bytes, kind: str) -> None:
    walk_, _ = walked({"/news/": answer})

    assert walk_.failure is not None
    assert walk_.failure[0] == kind
    assert walk_.failure[1]
    assert walk_.links == ()
    assert not walk_.unchanged


def test_a_selector_that_matches_nothing_is_named() -> None:
    walk_, _ = walked(PAGES, links="a.gone")

    assert walk_.failure == ("no-links", "the selector 'a.gone' matches no article link")


def test_fewer_links_than_expected_is_a_failure_that_keeps_the_links() -> None:
    walk_, _ = walked(PAGES, start=source(links=5))

    assert walk_.failure == ("shrink", "3 links, expected at least 5")
    assert numbers(walk_) == [9, 8, 7]


def test_a_vanished_group_is_drift_and_what_was_found_instead_is_kept() -> None:
    walk_, _ = walked(PAGES, remembered="/old/press/#")

    assert walk_.failure is not None
    assert walk_.failure[0] == "drift"
    assert numbers(walk_) == [9, 8, 7]
    assert walk_.group == "/news/#"


def test_a_page_its_reader_died_of_is_a_failure() -> None:
    async def scenario() -> Walk:
        async def dies(page: FetchedPage, listing: Listing) -> Reading:
            raise ListingError("timeout", page.url, "no end after 20 s")

        async with Site(PAGES) as site, fetcher() as client:
            return await walk(
                source(), Listing(site.url("/news/")), fetcher=client, validators=None, known=lambda _: False, read=dies
            )

    walk_ = run(scenario())

    assert walk_.failure == ("timeout", "no end after 20 s")
    assert [fetch.kind for fetch in walk_.fetches] == ["ok"]


def test_feeds_and_sitemaps_are_walked_by_looking_at_them() -> None:
    feed = b"<rss version='2.0'><channel><item><title>t</title><link>/news/7/</link></item></channel></rss>"

    walk_, _ = walked({"/rss": reply(body=feed, content_type="text/html")}, path="/rss")

    assert numbers(walk_) == [7]
    assert walk_.group == ""


def urlset(*ids: int) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>/news/{n}/</loc></url>' for n in ids)}</urlset>".encode()


def test_the_sitemaps_of_an_index_are_all_read() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/gone.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"  # fmt: skip
    routes: dict[str, Answer | list[Answer]] = {
        "/sitemap.xml": reply(body=index),
        "/a.xml": reply(body=urlset(1, 2)),
        "/b.xml": reply(body=urlset(2, 3)),
    }

    walk_, asked = walked(routes, path="/sitemap.xml")

    assert asked == ["/sitemap.xml", "/a.xml", "/gone.xml", "/b.xml"]
    assert numbers(walk_) == [1, 2, 3]
    assert walk_.failure is None


def test_a_sitemap_that_is_as_last_time_costs_one_question() -> None:
    """The index itself never changes; what it names does."""

    async def old(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(304, b"") if request.headers.get("if-none-match") == '"old"' else reply(body=urlset(1, 2)))

    index = b"<sitemapindex><sitemap><loc>/old.xml</loc></sitemap><sitemap><loc>/new.xml</loc></sitemap></sitemapindex>"
    known = Validators(digest=hashlib.sha256(index).hexdigest())

    async def visit(children: dict[str, Validators]) -> tuple[Walk, list[str]]:
        routes: dict[str, Answer | list[Answer]] = {
            "/sitemap.xml": reply(body=index, etag='"i"'), "/old.xml": old, "/new.xml": reply(body=urlset(3)),
        }  # fmt: skip

        async def read(page: FetchedPage, listing: Listing) -> Reading:
            return read_page(page, listing, Profile("s"))

        async with Site(routes) as site, fetcher() as client:
            walk_ = await walk(
                source(), Listing(site.url("/sitemap.xml")), fetcher=client, validators=known, known=lambda _: False,
                read=read, remembered=lambda url: children.get(url.rpartition("/")[2]),
            )  # fmt: skip
        return walk_, [
            request.headers.get("if-none-match", "") for request in site.log if request.path != "/robots.txt"
        ]

    digest = hashlib.sha256(urlset(3)).hexdigest()
    first, unasked = run(visit({}))
    second, asked = run(visit({"old.xml": Validators(etag='"old"')}))
    third, _ = run(visit({"old.xml": Validators(etag='"old"'), "new.xml": Validators(digest=digest)}))

    assert unasked == ["", "", ""]
    assert (numbers(first), [one.url.rpartition("/")[2] for one in first.children]) == (
        [1, 2, 3],
        ["old.xml", "new.xml"],
    )
    assert asked == ["", '"old"', ""]
    assert (numbers(second), len(second.children), second.unchanged, second.failure) == ([3], 1, False, None)
    assert (numbers(third), third.children, third.unchanged, third.failure) == ([], (), True, None)


def test_json_is_asked_for_as_scripts_do() -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        asked = request.headers["accept"].startswith("application/json") and "x-requested-with" in request.headers
        body = b'{"news": [{"id": 5}, {"id": 4}]}' if asked else b"<html></html>"
        writer.write(reply(body=body, content_type="application/json"))

    walk_, _ = walked({"/api": answer}, path="/api", kind="api", api=Api(items="news", url="/news/{id}/"))

    assert numbers(walk_) == [5, 4]


def test_a_sources_own_charset_reaches_its_listings() -> None:
    page = listing_page([3, 2, 1]).decode().encode("koi8-r")
    wrong = reply(body=page, content_type="text/html; charset=windows-1251")

    walk_, _ = walked({"/news/": wrong}, start=source(encoding="koi8-r"))

    assert walk_.links[0].title == "Новость номер 3 о делах города"


@pytest.mark.parametrize("deep", ["<div>" * 100_000, "<ul><li>" * 50_000, "<b>" * 100_000])
def test_a_page_nested_without_end_costs_itself_alone(deep: str) -> None:
    body = f"<html><body>{deep}<a href='/news/1/'>Одна новость о делах города</a></body></html>".encode()

    walk_, _ = walked({"/news/": reply(body=body)})

    assert [fetch.kind for fetch in walk_.fetches] == ["ok"]
    assert walk_.failure is None or walk_.failure[0] in ("parse", "no-links")


def test_what_reads_a_page_can_be_sent_to_a_child() -> None:
    page = FetchedPage("s", "http://a.test/", "http://a.test/", 200, {}, listing_page([3, 2, 1]), NOW, "")
    listing, profile = Listing("http://a.test/"), Profile("s")

    function, *values = pickle.loads(pickle.dumps((read_page, page, listing, profile)))
    reading = pickle.loads(pickle.dumps(function(*values)))

    assert reading == read_page(page, listing, profile)
    assert len(reading.links) == 3
