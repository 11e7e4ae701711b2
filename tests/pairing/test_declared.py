"""What sites declare: links, swapped addresses, equal ids, a language parameter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Alternate, VersionRule
from pipeline.pairing.declared import declared, named

from .season import item, source


def pair_at(ru: str, en: str, rule: VersionRule | None = None, **more: object):  # type: ignore[no-untyped-def]
    one, other = item(ru, "ru", "Мост", "Мост."), item(en, "en", "Bridge", "Bridge.", **more)  # type: ignore[arg-type]
    site = source("press")
    versions = {"press": type(site)(site.id, site.name, site.kind, site.listings, versions=(rule,) if rule else ())}
    return declared([other, one], versions), (one.id, other.id)


SWAP = VersionRule(swap=("/en/news/", "/news/"))
SWITCH = VersionRule(swap=("/ru/", "/en/"))
SAME_ID = VersionRule(same_id=r"/news/(\d+)/")
QUERY = VersionRule(query="lang", values={"ru": "l1", "en": "l2"})
HOST = VersionRule(swap=("//site.", "//en.site."))


@pytest.mark.parametrize(
    ("rule", "ru", "en"),
    [
        (SWAP, "https://site.example/news/385/", "https://site.example/en/news/385"),
        (SWITCH, "https://site.example/ru/news/1335/", "http://www.site.example/en/news/1335/?utm_source=x"),
        (SAME_ID, "https://news.site.example/ru/news/6330/", "https://news.other.example/en/education/news/6330/"),
        (QUERY, "https://site.example/news.php?news_id=1923&lang=l1", "https://site.example/news.php?news_id=1923&lang=l2"),
        (QUERY, "https://site.example/news.php?lang=l1&news_id=19", "https://site.example/news.php?lang=l2&news_id=19"),
        (HOST, "https://site.example/news/7", "https://en.site.example/news/7"),
    ],
)  # fmt: skip
def test_a_rule_leads_from_either_version_to_the_other(rule: VersionRule, ru: str, en: str) -> None:
    found, pair = pair_at(ru, en, rule)
    assert found == {pair: "rule"}


@pytest.mark.parametrize(
    ("rule", "ru", "en"),
    [
        (SWAP, "https://site.example/news/385/", "https://site.example/en/news/386/"),
        (SAME_ID, "https://site.example/ru/news/6330/", "https://site.example/en/news/633/"),
        (QUERY, "https://site.example/news.php?news_id=1&lang=l1", "https://site.example/news.php?news_id=2&lang=l2"),
        (None, "https://site.example/ru/news/1/", "https://site.example/en/news/1/"),
    ],
)
def test_other_addresses_are_not_declared(rule: VersionRule | None, ru: str, en: str) -> None:
    assert pair_at(ru, en, rule)[0] == {}


def test_rules_hold_within_one_source_only() -> None:
    found, _ = pair_at("https://site.example/news/3/", "https://site.example/en/news/3/", SWAP, source="elsewhere")
    assert found == {}


def test_links_on_the_page_count_in_either_direction_and_hreflang_most() -> None:
    back = (
        Alternate("https://site.example/ru/1", "ru", "switch"),
        Alternate("https://site.example/ru/1/", "ru", "hreflang"),
    )
    found, pair = pair_at("https://site.example/ru/1", "https://site.example/en/one", alternates=back)
    assert found == {pair: "hreflang"}


def test_a_link_that_is_no_address_declares_nothing() -> None:
    found, _ = pair_at(
        "https://a.example/1", "https://a.example/2", alternates=(Alternate("mailto:x", "ru", "switch"),)
    )
    assert found == {}


@pytest.mark.parametrize(
    ("before", "is_named"),
    [
        ("ИСТОЧНИК: ", True), ("Original <b>SOURCE</b> ", True), ("Ориги\u200bнал ", False), ("Читайте ", False),
        ("\u1c82ригинал: Оригинал: ", True), ("Источник: " + "слово " * 20, False),
    ],
)  # fmt: skip
def test_a_source_is_named_right_before_its_link_in_whatever_letters(before: str, is_named: bool) -> None:
    one = item("https://site.example/news/1", "ru", "Мост", "Мост.")
    html = f'<p>Слово.</p><p>{before}<A class="x" HREF="https://other.example/2">там</A></p>'

    found = named(replace(one, article=replace(one.article, html=html)))

    assert found == (("https://other.example/2",) if is_named else ())
