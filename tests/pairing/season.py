"""The season of news under tests/data, read as items, and what is true of it."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import address
from pipeline.model import Article, Item, Language, Listing, Published, Source, Story, VersionRule
from pipeline.pairing import Pairing, pair

DATA = Path(__file__).resolve().parents[1] / "data" / "pairing"
HOME = "https://news.example.org/"
NOW = datetime(2024, 1, 10, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Season:
    """Items, sources, and the truth: pairs of urls and groups of urls with the same words."""

    items: tuple[Item, ...]
    sources: dict[str, Source]
    pairs: frozenset[tuple[str, str]]
    copies: tuple[frozenset[str], ...]


def season() -> Season:
    """Read season.json."""
    data = json.loads((DATA / "season.json").read_text(encoding="utf-8"))
    sides: defaultdict[str, dict[str, str]] = defaultdict(dict)
    copies: defaultdict[str, set[str]] = defaultdict(set)
    for one in data["items"]:
        if "story" in one:
            sides[one["story"]][one["language"]] = one["url"]
        if "text_of" in one:
            copies[one["text_of"]].add(one["url"])
    return Season(
        items=tuple(item(**{k: v for k, v in one.items() if k not in ("story", "text_of")}) for one in data["items"]),
        sources={one["id"]: source(one["id"], one["kind"], one["versions"]) for one in data["sources"]},
        pairs=frozenset((both["ru"], both["en"]) for both in sides.values()),
        copies=tuple(frozenset(urls) for urls in copies.values()),
    )


def item(
    url: str, language: str, title: str, text: str, date: str | None = None, source: str = "press", **more: Any
) -> Item:
    """Make an item; date is an ISO day, more goes to the article."""
    at = datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None
    published = Published(at, "UTC", "day", "rule") if at else None
    seen = more.pop("first_seen", NOW - timedelta(hours=1))
    article = Article(source, url, title, text, f"<p>{text}</p>", published, **more)
    return Item(address.article_id(url), article, Language(language, 1.0), seen, at or seen)


def source(name: str, kind: str = "press", versions: list[dict[str, Any]] | None = None) -> Source:
    """Make a source with its version rules."""
    rules = tuple(
        VersionRule(**{k: tuple(v) if k == "swap" else v for k, v in rule.items()}) for rule in versions or []
    )
    return Source(name, {"en": name}, kind, (Listing(f"https://{name}.example/"),), versions=rules)


def paired(
    items: Any, stories: Any = (), verdicts: Any = (), sources: Any = None, now: datetime = NOW, fresh: Any = None
) -> Pairing:
    """Pair items with the usual home and clock."""
    return pair(items, stories=stories, verdicts=verdicts, sources=sources or {}, home=HOME, now=now, fresh=fresh)


def linked(stories: Any) -> set[tuple[str, str]]:
    """Return the addresses of the leading articles of every bilingual story."""
    return {(s.texts["ru"].lead.article.url, s.texts["en"].lead.article.url) for s in stories if len(s.texts) == 2}


def story_of(stories: Any, url: str) -> Story:
    """Return the story that has the article at url."""
    found = [s for s in stories for t in s.texts.values() for i in t.items if i.article.url == url]
    assert len(found) == 1, f"{url} stands in {len(found)} stories"
    return found[0]


def documents() -> list[dict[str, str]]:
    """Return the season's articles as the benchmark's documents."""
    return [
        {
            "id": one.id, "lang": one.language.code, "title": one.article.title,
            "lead": one.article.text.split("\n")[0], "text": one.article.text,
        }
        for one in season().items
        if one.language.code in ("ru", "en")
    ]  # fmt: skip


#: The season's pairs by the ids of their articles.
NEWS_PAIRS = sorted((address.article_id(ru), address.article_id(en)) for ru, en in season().pairs)
