"""JSON answers: items with addresses, HTML in a text, and what is neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.collect.api import read_api
from pipeline.collect.kinds import kind_of
from pipeline.collect.reading import Reading
from pipeline.collect.walk import read_page
from pipeline.errors import ListingError
from pipeline.model import Api, FetchedPage, Listing, Profile

from .hostile import NOW

URL = "https://portal.test/ru/news/"
FRAGMENT = "".join(
    f"<div class='card'><a href='/ru/news/{n}/'><img src='/i/{n}.jpg'><h3>Фестиваль света номер {n} пройдёт в городе</h3></a>"
    f"<span class='date'>{n}.03.2026</span></div>"
    for n in (12, 11, 10)
)


def page(answer: Any, content_type: str = "application/json") -> FetchedPage:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    return FetchedPage("s", URL, URL, 200, {"content-type": content_type}, body, NOW, "")


def read(answer: Any, **api: str) -> Reading:
    return read_api(page(answer), Listing(URL, "ru", kind="api", api=Api(**api)), Profile("s"))


def test_items_give_address_title_date_and_teaser() -> None:
    answer = {"data": {"items": [
        {"id": 7, "title": "<b>Форум</b> &amp; выставка", "made": "12 марта 2026", "text": "<p>Ждут <i>гостей</i></p><img src='/7.jpg'>"},
        {"id": 8, "title": "Вторая", "made": 1773309600, "text": None},
        {"id": None, "title": "Без номера"}, "не запись",
    ]}}  # fmt: skip

    links = read(answer, items="data.items", url="/ru/news/{id}/", title="title", date="made", html="text").links

    assert [(link.url, link.title, link.date_text) for link in links] == [
        ("https://portal.test/ru/news/7/", "Форум & выставка", "12 марта 2026"),
        ("https://portal.test/ru/news/8/", "Вторая", "2026-03-12T10:00:00+00:00"),
    ]
    assert (links[0].teaser, links[0].image, links[0].language) == ("Ждут гостей", "https://portal.test/7.jpg", "ru")
    assert [link.place for link in links] == [0, 1]


@pytest.mark.parametrize(
    ("items", "url", "answer"),
    [("$", "link", [{"link": "/a/1"}, {"link": "2"}]), ("$[*]", "$", ["/a/1", "2"]),
     ("rows.*", "link", {"rows": {"x": {"link": "/a/1"}, "y": {"link": "https://portal.test/ru/news/2#top"}}})],
)  # fmt: skip
def test_paths_find_items_wherever_they_are(items: str, url: str, answer: Any) -> None:
    links = read(answer, items=items, url=url).links

    assert [link.url for link in links] == ["https://portal.test/a/1", "https://portal.test/ru/news/2"]


def test_html_in_a_text_is_read_like_a_page() -> None:
    found = read({"news": FRAGMENT, "more": True}, html="news")

    assert [link.url for link in found.links] == [f"https://portal.test/ru/news/{n}/" for n in (12, 11, 10)]
    assert found.links[0].title == "Фестиваль света номер 12 пройдёт в городе"
    assert (found.links[0].date_text, found.links[0].image) == ("12.03.2026", "https://portal.test/i/12.jpg")
    assert found.group


def test_html_of_each_item_is_read_as_one_page_and_a_selector_holds() -> None:
    items = [{"html": part + "</div>"} for part in FRAGMENT.split("</div>") if part]
    listing = Listing(URL, "ru", kind="api", api=Api(items="items", html="html"), links="h3")

    links = read_api(page({"items": items}), listing, Profile("s")).links

    assert [link.url[-4:] for link in links] == ["/12/", "/11/", "/10/"]


def test_a_page_that_comes_instead_of_json_is_read_as_a_page() -> None:
    listing = Listing(URL, "ru", kind="api", api=Api(html="news"))

    links = read_api(page(f"<html><body>{FRAGMENT}</body></html>".encode(), "text/html"), listing, Profile("s")).links

    assert len(links) == 3


@pytest.mark.parametrize(
    ("answer", "api", "kind"),
    [({"other": 1}, {"html": "news"}, "drift"), ({"other": 1}, {"items": "data", "url": "id"}, "drift"),
     ({"data": [{"x": 1}]}, {"items": "data", "url": "id"}, "drift"), (b"{'a': 1}", {"html": "news"}, "parse"),
     (b"<html>", {"items": "data", "url": "id"}, "parse"), (b"[" * 100_000, {"html": "news"}, "parse"),
     (b'{"news":' * 50_000, {"html": "news"}, "parse"), (b'{"id": ' + b"9" * 5000 + b"}", {"html": "x"}, "parse")],
)  # fmt: skip
def test_what_cannot_be_read_says_so(answer: Any, api: dict[str, str], kind: str) -> None:
    with pytest.raises(ListingError) as caught:
        read(answer, **api)

    assert caught.value.kind == kind
    assert caught.value.detail


@pytest.mark.parametrize(
    ("answer", "api"), [({"data": []}, {"items": "data[*]", "url": "id"}), ({"data": []}, {"items": "data", "url": "id"}),
                        ({"news": ""}, {"html": "news"}), ({"news": None}, {"html": "news"})],
)  # fmt: skip
def test_an_empty_list_is_no_drift(answer: Any, api: dict[str, str]) -> None:
    assert read(answer, **api).links == ()


def test_json_nobody_declared_is_told_apart_from_a_page() -> None:
    told = page({"data": []})

    assert kind_of(told, Listing(URL)) == "api"
    with pytest.raises(ListingError, match="`api`"):
        read_page(told, Listing(URL), Profile("s"))
