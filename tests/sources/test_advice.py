"""What is allowed and still told: warnings, and what has to be filled in before collecting."""

from __future__ import annotations

import pytest

from pipeline import sources
from pipeline.model import Config

SOURCE = "sources: {bureau: {name: {ru: Бюро}, kind: bureau, listings: [{url: https://site.ru/news/}]}}\n"


def config(text: str) -> Config:
    return sources.parse(text.encode(), "sources.yaml")


def with_publisher(home: str, contact: str) -> Config:
    return config(f'publisher: {{home: "{home}", contact: "{contact}"}}\n{SOURCE}')


def with_source(**parts: str) -> Config:
    given = {"name": "{ru: Бюро}", "kind": "bureau", "listings": "[{url: https://site.ru/news/}]"} | parts
    inner = ", ".join(f"{key}: {value}" for key, value in given.items())
    return config(f"publisher: {{home: https://news.site.ru/, contact: a@site.ru}}\nsources: {{bureau: {{{inner}}}}}\n")


@pytest.mark.parametrize(
    ("home", "missing"),
    [
        ("", True),
        ("https://news.example.org/", True),
        ("https://example.com/feeds/", True),
        ("https://EXAMPLE.NET/", True),
        ("https://news.example/", True),
        ("https://news.test/", True),
        ("https://news.invalid/", True),
        ("http://localhost:8000/", True),
        ("http://feeds.localhost/", True),
        ("https://news.site.ru/", False),
        ("https://myexample.org/", False),
        ("https://example.org.ru/", False),
        ("https://example.ru/", False),
        ("https://новости.рф/", False),
    ],
)
def test_home_must_be_a_real_name(home: str, missing: bool) -> None:
    assert (("publisher.home",) if missing else ()) == sources.publisher_missing(with_publisher(home, "a@site.ru"))


@pytest.mark.parametrize(
    ("contact", "missing"),
    [
        ("", True),
        ("news@example.org", True),
        ("news@mail.example.com", True),
        ("news@news.test", True),
        ("https://example.net/contact", True),
        ("news@site.ru", False),
        ("example.org@site.ru", False),
        ("https://site.ru/contact", False),
        ("новости@site.ru", None),
        ("news@новости.рф", False),
    ],
)
def test_contact_must_be_a_real_name(contact: str, missing: bool | None) -> None:
    if missing is None:
        with pytest.raises(sources.ConfigError, match=r"publisher\.contact"):
            with_publisher("https://news.site.ru/", contact)
        return

    keys = sources.publisher_missing(with_publisher("https://news.site.ru/", contact))
    assert (("publisher.contact",) if missing else ()) == keys


def test_a_file_without_a_publisher_misses_both() -> None:
    assert sources.publisher_missing(config(SOURCE)) == ("publisher.home", "publisher.contact")


def test_a_healthy_file_has_no_warning() -> None:
    assert sources.warnings(with_source()) == ()


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"enabled": "false"}, "sources: every one is disabled"),
        ({"enabled": "false"}, "sources.bureau: is disabled without a `reason`"),
        ({"every": "2h", "at_most": "1h"}, "sources.bureau.at_most: is shorter than `every`"),
        ({"listings": "[{url: https://site.ru/, pages: 3}]"}, "sources.bureau.listings[0].pages: does nothing"),
        ({"listings": "[{url: https://site.ru/, kind: feed, links: a}]"}, "sources.bureau.listings[0]: `links` and"),
        (
            {"listings": "[{url: https://site.ru/, kind: sitemap, next: rel=next}]"},
            "a listing of kind sitemap has none",
        ),
        (
            {"listings": "[{url: https://site.ru/news}, {url: http://www.site.ru/news/}]"},
            "sources.bureau.listings[1]: is the same listing as sources.bureau.listings[0]",
        ),
        ({"rules": "[{date_format: '%d.%m.%Y'}]"}, "sources.bureau.rules[0].date_format: does nothing without `date`"),
        ({"rules": "[{title: h1}, {title: h2}]"}, "sources.bureau.rules[0]: has no `until`"),
    ],
)
def test_what_is_probably_not_meant_is_told(parts: dict[str, str], told: str) -> None:
    assert [w for w in sources.warnings(with_source(**parts)) if told in w]


def test_the_same_listing_in_two_sources_is_told_once() -> None:
    second = "  two: {name: {ru: Два}, kind: bureau, listings: [{url: https://site.ru/news}]}\n"
    first = "  one: {name: {ru: Раз}, kind: bureau, listings: [{url: https://site.ru/news/}]}\n"
    told = sources.warnings(config(f"sources:\n{first}{second}"))

    assert sum("sources.two.listings[0]: is the same listing as sources.one.listings[0]" in w for w in told) == 1


def test_placeholders_are_told_with_their_consequence() -> None:
    told = sources.warnings(with_publisher("https://news.example.org/", ""))

    assert told[0].startswith("publisher.home: is the example https://news.example.org/; until a real one")
    assert told[1].startswith("publisher.contact: is missing; until a real one")
    assert all("`run` and `watch` collect from this machine only" in line for line in told)


def test_no_sources_is_told() -> None:
    assert "sources: there are none; nothing will be collected" in sources.warnings(config("sources: {}"))
