"""Real pages, kept outside the project; skipped where they are absent."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline import extract, language
from pipeline.model import Article, Profile
from tests.extract import building, seeds

AT = datetime(2026, 9, 1, tzinfo=UTC)
RULE = {"title": "h1", "text": "div.column-15", "date": "div.date", "date_format": "%B %d %Y"}
FURNITURE = ("Subscribe to newsletter", "Request for proposal", "Plan your event", "Share", "Вход для партнеров")


@dataclass(frozen=True)
class Gold:
    id: str
    url: str
    body: str
    html: bytes


def pages(shared: Path) -> Iterator[Gold]:
    folder = shared / "bench" / "extraction"
    others = 0
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        russian = row["id"].startswith("ru")
        others += not russian
        if russian or (others % 12 == 0 and others <= 240):
            yield Gold(row["id"], row["url"], row["body"], gzip.decompress((folder / row["page"]).read_bytes()))


@pytest.fixture(scope="module")
def served_as_one(shared: Path) -> list[tuple[Gold, Article]]:
    """The 8 Russian and 20 other pages read and finished as pages of one source."""
    source = building.source()
    golds = list(pages(shared))
    readings = [extract.read(building.page(gold.html, gold.url, at=AT), source, None) for gold in golds]
    finished, _ = extract.finish(readings, Profile("site"), source)
    assert [type(one) for one in finished] == [Article] * 28, [one for one in finished if not isinstance(one, Article)]
    return [(gold, one) for gold, one in zip(golds, finished, strict=True) if isinstance(one, Article)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_every_page_gives_an_article_with_text(served_as_one: list[tuple[Gold, Article]]) -> None:
    assert [gold.id for gold, article in served_as_one if len(article.text) < len(gold.body) * 0.5] == []


def test_russian_pages_give_their_own_words_only(served_as_one: list[tuple[Gold, Article]]) -> None:
    shares = {}
    for gold, article in served_as_one:
        if gold.id.startswith("ru"):
            body = set(words(gold.body))
            found = words(article.text)
            shares[gold.id] = sum(word in body for word in found) / len(found)

    assert len(shares) == 8
    assert {id_: share for id_, share in shares.items() if share < 0.95} == {}


def test_language_of_russian_pages(served_as_one: list[tuple[Gold, Article]]) -> None:
    assert {language.identify(article).code for gold, article in served_as_one if gold.id.startswith("ru")} == {"ru"}


def day(article: Article) -> tuple[str, str, str]:
    assert article.published is not None
    at = article.published.at.astimezone(ZoneInfo("Europe/Moscow"))
    return at.date().isoformat(), article.published.precision, article.published.evidence


@pytest.mark.parametrize("nesting", [0, 3])
@pytest.mark.parametrize("with_rule", [True, False])
def test_bureau_page(shared: Path, nesting: int, with_rule: bool) -> None:
    saved = seeds.bureau(shared)
    source = building.source(rules=[RULE] if with_rule else [], versions=[{"swap": ["/en/news/", "/news/"]}])
    first = building.page(
        seeds.bureau_html(saved.title, saved.date, saved.paragraphs, nesting), "https://b.example/en/news/385/"
    )
    second = building.page(seeds.bureau_html(*seeds.OTHER, nesting), "https://b.example/en/news/388/")

    finished, _ = extract.finish(
        [extract.read(page, source, None) for page in (first, second)], Profile("site"), source
    )

    article, other = finished
    assert isinstance(article, Article)
    assert isinstance(other, Article)
    assert saved.title == article.title
    assert list(saved.paragraphs) == article.text.split("\n")
    assert list(seeds.OTHER[2]) == other.text.split("\n")
    assert [line for line in FURNITURE if line in article.text or line in article.html] == []
    assert ("2015-08-18", "day", "rule" if with_rule else "page") == day(article)
    assert day(other)[:2] == ("2015-09-02", "day")
    assert language.identify(article).code == "en"
    assert [(one.url, one.evidence) for one in article.alternates] == [("https://b.example/news/385/", "rule")]


def test_cluster_page(shared: Path) -> None:
    saved = seeds.cluster(shared)
    page = building.page(seeds.cluster_html(saved.title, saved.paragraphs), "https://c.example/posts/sovet-klasterov")

    article = extract.read(page, building.source(), None).article

    assert article is not None
    assert article.title == "СОВЕТ КЛАСТЕРОВ САНКТ-ПЕТЕРБУРГА"
    assert day(article) == ("2019-12-20", "day", "prose")
    assert list(saved.paragraphs) == article.text.split("\n")
    assert language.identify(article).code == "ru"
