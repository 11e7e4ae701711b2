"""Declared languages and other language versions of a page."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from pipeline.extract import dom, stated, versions
from tests.extract import building

SWAP = {"versions": [{"swap": ["/en/news/", "/news/"]}]}
QUERY = {"versions": [{"query": "lang", "values": {"ru": "l1", "en": "l2"}}]}


def found(body: str, url: str, **source: Any) -> list[tuple[str, str, str]]:
    root = html.document_fromstring(f"<html><body>{body}<p>.</p></body></html>")
    return [
        (one.url, one.language, one.evidence)
        for one in versions.alternates(dom.by_tag(root), url, url, building.source(**source))
    ]


@pytest.mark.parametrize(
    ("body", "url", "source", "expected"),
    [
        ("", "https://s.example/en/news/5/", SWAP, [("https://s.example/news/5/", "ru", "rule")]),
        ("", "https://s.example/news/5/", SWAP, [("https://s.example/en/news/5/", "en", "rule")]),
        ("", "https://s.example/about/", SWAP, []),
        ("", "https://s.example/ru/a", {"versions": [{"swap": ["/ru/", "/en/"]}]}, [("https://s.example/en/a", "en", "rule")]),
        ("", "https://spbu.example/n", {"versions": [{"swap": ["//english.spbu", "//spbu"]}]}, [("https://english.spbu.example/n", "en", "rule")]),
        ("", "https://l.example/news.php?news_id=19&lang=l2", QUERY, [("https://l.example/news.php?news_id=19&lang=l1", "ru", "rule")]),
        ("", "https://l.example/news.php?news_id=19", QUERY, []),
        ("<a href='/en/a-b'>EN</a><a href='/a'>RU</a>", "https://s.example/a", {}, [("https://s.example/en/a-b", "en", "switch")]),
        ("<a href='/en/'>English</a>", "https://s.example/a", {}, []),
        ("<a href='//en.s.example/'>English</a>", "https://s.example/a", {}, []),
        ("<a href='/x'>Read in English</a>", "https://s.example/a", {}, [("https://s.example/x", "en", "switch")]),
        ("<a href='?id=5&lang=en'>eng</a>", "https://s.example/?id=5", {}, [("https://s.example/?id=5&lang=en", "en", "switch")]),
        ("<a href='/en/5?utm_source=x'><span>Eng</span></a>", "https://s.example/ru/5", {"versions": [{"swap": ["/ru/", "/en/"]}]}, [("https://s.example/en/5", "en", "switch")]),
        ("<a href='mailto:a@b.c'>EN</a><a>EN</a>", "https://s.example/a", {}, []),
    ],
)  # fmt: skip
def test_alternates(body: str, url: str, source: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert expected == found(body, url, **source)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://s.example/en/news/1", "en"), ("https://s.example/rus/news1.html", "ru"), ("https://en.s.example/x", "en"), ("https://english.s.example/x", "en"),
        ("https://s.example/news/1?lang=en", "en"), ("https://s.example/enough/1", ""), ("https://entry.example/1", ""),
    ],
)  # fmt: skip
def test_language_of_an_address(url: str, expected: str) -> None:
    assert expected == versions.address_language(url, building.source())


def test_language_of_an_address_by_the_sources_rules() -> None:
    assert versions.address_language("https://s.example/news/5/", building.source(**SWAP)) == "ru"
    assert versions.address_language("https://s.example/en/news/5/", building.source(**SWAP)) == "en"
    assert versions.address_language("https://l.example/n.php?lang=l2", building.source(**QUERY)) == "en"


def test_declared() -> None:
    root = html.document_fromstring(
        "<html lang='RU-ru'><head><meta property='og:locale' content='en_US'></head><body>.</body></html>"
    )
    url = "https://s.example/eng/1"

    clues = versions.declared(
        root, stated.read(root, dom.by_tag(root), url), url, building.source(), building.link(language="ru")
    )

    assert clues == {"listing": "ru", "html": "ru", "og": "en", "address": "en"}
