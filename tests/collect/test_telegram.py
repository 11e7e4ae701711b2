"""Previews of Telegram channels: every message with text is announced, and its page can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.collect import read_page
from pipeline.collect.reading import Reading
from pipeline.collect.telegram import is_preview
from pipeline.model import Expect, FetchedPage, Listing, Profile, Source

from .hostile import NOW

DATA = Path(__file__).resolve().parents[1] / "data" / "collect"
URL = "https://t.me/s/morecluster"


def page(name: str, url: str) -> FetchedPage:
    return FetchedPage("s", url, url, 200, {"content-type": "text/html"}, (DATA / name).read_bytes(), NOW, "")


def preview(listing: Listing | None = None) -> Reading:
    return read_page(page("telegram.html", URL), listing or Listing(URL, "ru"), Profile("s"))


def test_messages_are_links_newest_first() -> None:
    found = preview()

    assert [link.url for link in found.links] == [
        "https://t.me/morecluster/43?embed=1&mode=tme", "https://t.me/morecluster/41?embed=1&mode=tme",
    ]  # fmt: skip
    assert found.links[0].title == (
        "Резиденты кластера привезли на выставку в Москве образцы новых лодочных моторов, которые собирают из отечественных…"
    )
    assert (found.links[1].title, found.links[1].date_text, found.links[1].image) == (
        "Верфь спустила на воду новый катамаран", "2026-03-11T14:05:00+03:00", "https://cdn.test/41.jpg",
    )  # fmt: skip
    assert found.next == "https://t.me/s/morecluster?before=41"


def test_a_selector_of_the_operators_goes_first() -> None:
    links = preview(Listing(URL, "ru", links="a.tgme_widget_message_date")).links

    assert [link.url for link in links] == [f"https://t.me/morecluster/{n}" for n in (41, 42, 43)]


def test_a_message_page_becomes_an_article() -> None:
    link = preview().links[1]
    source = Source("s", {"ru": "К"}, "cluster", (Listing(URL, "ru"),), expect=Expect(text_chars=50))

    article = extract.read(page("telegram-message.html", link.url), source, link).article

    assert article is not None
    assert article.title == "Верфь спустила на воду новый катамаран"
    assert "Судно построили за девять месяцев." in article.text
    assert article.published is not None
    assert article.published.at == datetime(2026, 3, 11, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (URL, True),
        ("https://telegram.me/s/a", True),
        ("https://t.me/morecluster", False),
        ("https://site.ru/s/a", False),
    ],
)
def test_what_a_preview_is(url: str, told: bool) -> None:
    assert is_preview(url) is told
