"""Listing pages: the articles they announce, found by a selector or by themselves."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import address
from pipeline.collect.listing import read_listing
from pipeline.collect.reading import MAX_LINKS, Reading
from pipeline.collect.walk import _numbered_page
from pipeline.model import FetchedPage, Listing, Profile

from .hostile import NOW

LAYOUTS = Path(__file__).resolve().parents[1] / "data" / "collect" / "listings"
NAMES = sorted(path.stem for path in LAYOUTS.glob("*.html"))


def page(
    html: str, url: str = "https://site.test/news/", encoding: str = "utf-8", content_type: str = "text/html"
) -> FetchedPage:
    return FetchedPage("s", url, url, 200, {"content-type": content_type}, html.encode(encoding), NOW, "")


def layout(name: str) -> tuple[dict[str, Any], FetchedPage]:
    expected = json.loads((LAYOUTS / f"{name}.json").read_text("utf-8"))
    html = (LAYOUTS / f"{name}.html").read_text("utf-8")
    return expected, page(html, expected["url"], expected.get("encoding", "utf-8"))


def read(fetched: FetchedPage, group: str = "", **more: Any) -> Reading:
    profile = Profile("s", link_groups={fetched.url: group} if group else {})
    return read_listing(fetched, Listing(fetched.url, **more), profile)


@pytest.mark.parametrize("name", NAMES)
def test_the_articles_of_a_layout_are_found_without_a_selector(name: str) -> None:
    expected, fetched = layout(name)

    reading = read(fetched, language="ru")

    assert len(expected["links"]) >= 3
    assert [link.url for link in reading.links] == [link["url"] for link in expected["links"]]
    assert [link.title for link in reading.links] == [link["title"] for link in expected["links"]]
    assert [link.date_text for link in reading.links] == [link.get("date", "") for link in expected["links"]]
    assert [link.image for link in reading.links] == [link.get("image", "") for link in expected["links"]]
    assert [link.place for link in reading.links] == list(range(len(reading.links)))
    assert {(link.language, link.listing) for link in reading.links} == {("ru", fetched.url)}
    assert reading.next == expected["next"]
    assert reading.group
    assert not reading.drifted


@pytest.mark.parametrize("name", NAMES)
def test_the_remembered_group_finds_the_same_when_most_articles_are_gone(name: str) -> None:
    """What was learned from a full page reads a thin one; what was learned from a thin one reads the full one."""
    expected, fetched = layout(name)
    urls = [link["url"] for link in expected["links"]]
    thin = without(fetched, set(urls[::3]))

    learned_full, learned_thin = read(fetched).group, read(thin).group

    assert [link.url for link in read(thin, learned_full).links] == [url for url in urls if url not in urls[::3]]
    assert [link.url for link in read(fetched, learned_thin).links] == urls


def without(fetched: FetchedPage, gone: set[str]) -> FetchedPage:
    soup = BeautifulSoup(fetched.body, "lxml")
    base = soup.find("base")
    keys = {address.key(url) for url in gone}
    for anchor in soup.find_all("a", href=True):
        url = address.resolve(str(base["href"]) if base else fetched.url, str(anchor["href"]))
        if url and address.key(url) in keys:
            anchor.decompose()
    return page(str(soup), fetched.url)


def test_a_vanished_group_is_drift_and_the_new_one_is_taken() -> None:
    _, fetched = layout("bureau")

    reading = read(fetched, "/press/releases/#")

    assert reading.drifted
    assert reading.group == "/news/#"
    assert len(reading.links) == 8


def test_what_is_found_hangs_on_no_accident_of_order() -> None:
    items = [
        f"<li><time>{n}.03.2024</time> <a href='/news/{300 + n}/'>Новость номер {n} о делах города</a></li>"
        for n in range(1, 9)
    ]
    groups = set()
    for seed in range(5):
        shuffled = random.Random(seed).sample(items, len(items))
        reading = read(page(f"<ul class='menu'><li><a href='/about/'>О нас</a></li></ul><ul>{''.join(shuffled)}</ul>"))
        groups.add(reading.group)
        assert len(reading.links) == 8
    assert groups == {"/news/#"}


SELECTED = """<div class="row"><a class="event-image" href="/news/1/"><img src="/1.jpg"></a><h3>Первая новость дня</h3></div>
<div class="row"><a class="event-image" href="/news/2/"></a><h3><a href="/news/2/">Вторая новость дня</a></h3><a href="/tag/x/">тег</a></div>
<div class="row"><a href="https://other.test/3"><h3 class="t">Третья новость дня</h3></a></div>"""


@pytest.mark.parametrize(
    ("selector", "urls"),
    [
        ("a.event-image", ["https://site.test/news/1/", "https://site.test/news/2/"]),
        ("div.row", ["https://site.test/news/1/", "https://site.test/news/2/", "https://other.test/3"]),
        ("h3.t", ["https://other.test/3"]),
        ("a.nothing", []),
    ],
)
def test_a_selector_may_match_the_link_or_what_is_around_or_in_it(selector: str, urls: list[str]) -> None:
    reading = read(page(SELECTED), links=selector)

    assert [link.url for link in reading.links] == urls
    assert reading.group == ""


def test_a_selected_link_has_its_teaser_too() -> None:
    first, second = read(page(SELECTED), links="a.event-image").links

    assert (first.title, first.image) == ("Первая новость дня", "https://site.test/1.jpg")
    assert second.title == "Вторая новость дня"


@pytest.mark.parametrize(
    ("following", "html", "url"),
    [
        (None, '<a rel="next" href="?page=2">2</a>', "https://site.test/news/?page=2"),
        (None, '<link rel="next" href="/news/p2">', "https://site.test/news/p2"),
        ("rel=next", '<a rel="nofollow next" href="2/">2</a>', "https://site.test/news/2/"),
        ("rel=next", '<a href="2/">2</a>', None),
        ("a.more", '<a class="more" href="old/">Ещё</a>', "https://site.test/news/old/"),
        (".more", '<div class="more"><a href="old/">Ещё</a></div>', "https://site.test/news/old/"),
        ("a.more", '<a class="more" href="javascript:load()">Ещё</a>', None),
        ("?page={n}", '<a rel="next" href="?page=9">9</a>', None),
    ],
)
def test_where_a_listing_goes_on(following: str | None, html: str, url: str | None) -> None:
    assert read(page(f"<body>{html}</body>"), next=following).next == url


@pytest.mark.parametrize(
    ("pattern", "url"),
    [("?page={n}", "https://site.test/news/?page=2"), ("/news/page{n}.html", "https://site.test/news/page2.html"),
     ("page/{n}/", "https://site.test/news/page/2/"), ("a.next", None), (None, None)],
)  # fmt: skip
def test_a_numbered_page_starts_from_the_listing(pattern: str | None, url: str | None) -> None:
    assert _numbered_page(Listing("https://site.test/news/", next=pattern), 2) == url


NEWS = "".join(f"<li><a href='/news/{n}/'>Новость номер {n} о делах города</a></li>" for n in (11, 12, 13))
CHARSETS = {
    "as declared": ("windows-1251", "text/html; charset=windows-1251", ""),
    "declared in the page only": ("windows-1251", "text/html", '<meta charset="windows-1251">'),
    "the old way": ("koi8-r", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'),
    "not declared": ("windows-1251", "text/html", ""),
    "UTF-8 declared as windows-1251": ("utf-8", "text/html; charset=windows-1251", '<meta charset="windows-1251">'),
    "windows-1251 declared as UTF-8": ("windows-1251", "text/html; charset=utf-8", '<meta charset="utf-8">'),
    "UTF-16 with its mark": ("utf-16", "text/html", ""),
    "UTF-8 with its mark": ("utf-8-sig", "text/html", '<meta charset="koi8-r">'),
    "a charset nobody knows": ("utf-8", "text/html; charset=klingon", ""),
}


@pytest.mark.parametrize("name", CHARSETS)
def test_titles_survive_whatever_the_charset_is_said_to_be(name: str) -> None:
    encoding, content_type, meta = CHARSETS[name]
    text = f"<html><head>{meta}<title>Новости</title></head><body><p>Кластер города рассказывает о своей работе.</p><ul>{NEWS}</ul>"

    reading = read(page(text, encoding=encoding, content_type=content_type))

    assert [link.title for link in reading.links] == [f"Новость номер {n} о делах города" for n in (11, 12, 13)]


def test_a_few_broken_bytes_cost_a_few_letters() -> None:
    fetched = page(f"<ul>{NEWS}</ul>")
    broken = FetchedPage(
        "s", fetched.url, fetched.url, 200, {}, fetched.body.replace("11 о".encode(), b"11 \xd0"), NOW, ""
    )

    assert [link.title[:14] for link in read(broken).links] == ["Новость номер "] * 3


HOSTILE = {
    "nothing": "",
    "no links": "<p>Нет новостей</p>",
    "links to nowhere": "<a href>x</a><a href='#'>y</a><a href='javascript:x()'>z</a><a href='http://[::1'>q</a>" * 3,
    "deep nesting": "<div>" * 20_000 + NEWS,
    "many attributes": f"<div {' '.join(f'a{n}=1' for n in range(20_000))}></div><ul>{NEWS}</ul>",
    "control characters": f"<ul>{NEWS}</ul>&#8;&#0;\x00\x08&#xFFFE;\ufffe",
    "a broken base": f"<base href='http://[::1'><ul>{NEWS}</ul>",
    "an endless title": f"<a href='/news/10/'>{'слово ' * 50_000}</a><ul>{NEWS}</ul>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_has_no_links(name: str) -> None:
    reading = read(page(HOSTILE[name]))

    assert all(link.url.startswith("https://site.test/news/") for link in reading.links)
    assert all(len(link.title) < 5_000 for link in reading.links)


def test_a_page_with_too_many_links_is_cut() -> None:
    many = "".join(f"<a href='/news/{n}/'>Новость номер {n}</a>" for n in range(20_000))

    assert len(read(page(many)).links) == MAX_LINKS


@settings(max_examples=40)
@given(st.text(alphabet="<>a/hrefnwsbd='\" 12?&;.#щ-", max_size=300))
def test_no_markup_breaks_the_reader(html: str) -> None:
    reading = read(page(f"<ul>{NEWS}</ul>{html}"))

    assert all(address.clean(link.url) == link.url for link in reading.links)


def test_the_finder_s_quality_on_real_pages_does_not_sink(
    shared: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured .969 on the first and on the second visit; the floor lies a little below."""
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    import listing as benchmark

    measured = benchmark.measure(shared / "bench" / "listing")

    assert measured["pages"] == 7
    assert measured["f1"] >= 0.95
    assert measured["second_visit_f1"] >= measured["f1"]
    sys.modules.pop("listing")
