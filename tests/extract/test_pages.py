"""Whole pages, saved beside what they must give: tests/data/extract/NAME.html and NAME.json."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline import characters, extract, language
from pipeline.model import Article, Profile, Published
from tests.extract import building

CASES = Path(__file__).parents[1] / "data" / "extract"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))


def read(name: str) -> tuple[dict[str, Any], extract.PageReading]:
    case = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    source = building.source(**case.get("source", {}))
    page = building.page(
        (CASES / f"{name}.html").read_bytes(),
        case["url"],
        case.get("headers"),
        datetime.fromisoformat(case["fetched_at"]),
    )
    link = building.link(case["url"], **case["link"]) if "link" in case else None
    reading = extract.read(page, source, link)
    (result,), _ = extract.finish([reading], Profile("site"), source)
    assert result == (reading.article or reading.refusal)  # a page alone teaches nothing
    return case, reading


def day_of(published: Published) -> str:
    return published.at.astimezone(ZoneInfo("Europe/Moscow")).date().isoformat()


def shown_words(html: str) -> list[str]:
    without = re.sub(r"<figcaption>.*?</figcaption>", " ", html, flags=re.DOTALL)
    apart = re.sub(r"</?(?!(?:a|em|strong)\b)[a-z0-9]+[^>]*>", " ", without)
    text = re.sub(r"<[^>]+>", "", apart)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text.split()


@pytest.mark.parametrize("name", NAMES)
def test_page(name: str) -> None:
    case, reading = read(name)

    if "refusal" in case:
        assert reading.article is None
        assert reading.refusal is not None
        assert case["refusal"] == reading.refusal.kind
        assert reading.refusal.detail
        return
    article = reading.article
    assert article is not None, reading.refusal
    assert case["title"] == article.title
    assert case["contains"], "an expectation must not be empty"
    assert [words for words in case["contains"] if words not in article.text] == []
    assert [words for words in case.get("lacks", ()) if words in article.text] == []
    check_date(case, article)
    assert [mark for mark in case.get("html_contains", ()) if mark not in article.html] == []
    assert [mark for mark in case.get("html_lacks", ()) if mark in article.html] == []
    check_fields(case, article)
    assert case.get("address", case["url"]) == article.url
    check_images(case, article)
    if "alternates" in case:
        found = [{"url": one.url, "language": one.language, "evidence": one.evidence} for one in article.alternates]
        assert case["alternates"] == found
    assert case["language"] == language.identify(article).code


def check_fields(case: dict[str, Any], article: Article) -> None:
    for field in ("made_by", "declared", "authors", "robots"):
        if field in case:
            found = getattr(article, field)
            assert case[field] == (list(found) if isinstance(found, tuple) else found)


def check_date(case: dict[str, Any], article: Article) -> None:
    if case["published"] is None:
        assert article.published is None
        return
    assert article.published is not None
    found = article.published
    assert case["published"] == {"day": day_of(found), "precision": found.precision, "evidence": found.evidence}


def check_images(case: dict[str, Any], article: Article) -> None:
    if "images" not in case:
        return
    assert [image["url"] for image in case["images"]] == [image.url for image in article.images]
    for expected, image in zip(case["images"], article.images, strict=True):
        for name, value in expected.items():
            assert value == getattr(image, name)


@pytest.mark.parametrize("name", NAMES)
def test_html_says_the_same_words_as_the_text(name: str) -> None:
    _, reading = read(name)

    if reading.article is not None:
        assert reading.article.text.split() == shown_words(reading.article.html)
        assert characters.paragraphs(reading.article.text) == reading.article.text
