"""Articles and stories as plain rows, for other programs; sheets/ puts them into files.

The whole of each article is here: rights bound what is published, not what its owner
takes out of the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.model import DOCUMENT_TYPES, Item, Published, Story, Text

ARTICLE_COLUMNS = (
    "id", "source", "url", "language", "title", "text", "html", "published", "published_evidence", "first_seen", "images",
    "attachments", "gone",
)  # fmt: skip
REVISION_COLUMNS = (
    "article", "source", "url", "at", "title", "text", "html", "digest", "version", "published", "language",
)  # fmt: skip
DOCUMENT_COLUMNS = ("source", "url", "title", "type", "size", "article", "listing", "date", "first_seen")
STORY_COLUMNS = ("id", "ru", "en", "probability", "reasons", "state", "thread", "related")

COLUMNS = {
    "articles": ARTICLE_COLUMNS,
    "stories": STORY_COLUMNS,
    "revisions": REVISION_COLUMNS,
    "documents": DOCUMENT_COLUMNS,
}


def article_rows(
    items: Iterable[Item], gone: Mapping[str, datetime] = MappingProxyType({})
) -> Iterator[dict[str, Any]]:
    """Yield one row an article; `published` is in the source's zone, first sight where the page gives no date.

    gone: since when whose page is not there any more, by id.
    """
    for item in items:
        article = item.article
        dated = article.published
        yield {
            "id": item.id, "source": article.source, "url": article.url, "language": item.language.code,
            "title": article.title, "text": article.text, "html": article.html,
            "published": (local(dated) if dated else item.first_seen).isoformat(),
            "published_evidence": dated.evidence if dated else "first-seen",
            "first_seen": item.first_seen.isoformat(), "images": [asdict(image) for image in article.images],
            "attachments": [asdict(one) for one in article.attachments],
            "gone": gone[item.id].isoformat() if item.id in gone else "",
        }  # fmt: skip


def revision_rows(kept: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield one row for each wording an article has had, oldest first; `version` is of the stages that made it."""
    for one in kept:
        yield {name: _instant(one[name]) for name in REVISION_COLUMNS}


def document_rows(
    items: Iterable[Item], alone: Iterable[tuple[str, str, str, Mapping[str, Any], datetime]]
) -> Iterator[dict[str, Any]]:
    """Yield one row for each document: those of articles, then those that a listing leads straight to.

    alone: source, address, what the server said of it, the link that led there, first sight.
    """
    for item in items:
        article = item.article
        for one in article.attachments:
            yield {
                "source": article.source, "url": one.url, "title": one.title, "type": one.type, "size": one.size,
                "article": article.url, "listing": "", "first_seen": item.first_seen.isoformat(),
                "date": local(article.published).isoformat() if article.published else "",
            }  # fmt: skip
    for source, url, said, link, seen in alone:
        told = re.search(r"content-type ([\w.+/-]+)(?:, (\d+) bytes)?", said)
        ending = urlsplit(url).path.rpartition(".")[2].lower()
        yield {
            "source": source, "url": url, "title": link["title"], "type": DOCUMENT_TYPES.get(ending, told[1] if told else ""),
            "size": int(told[2]) if told and told[2] else None, "article": "", "listing": link["listing"],
            "date": link["date_text"], "first_seen": seen.isoformat(),
        }  # fmt: skip


def story_rows(stories: Iterable[Story]) -> Iterator[dict[str, Any]]:
    """Yield one row a story; each side is its articles' ids and addresses, the leading one first."""
    for story in stories:
        match = story.match
        yield {
            "id": story.id, "ru": _side(story.texts.get("ru")), "en": _side(story.texts.get("en")),
            "probability": match.probability if match else None, "reasons": list(match.reasons) if match else [],
            "state": story.state, "thread": story.thread or None,
            "related": [
                {"story": one.story, "url": one.url, "language": one.language, "probability": one.probability}
                for one in story.beside
            ],
        }  # fmt: skip


def local(published: Published) -> datetime:
    """Return a date in the zone its source stated it in."""
    if published.zone[:1] in "+-" or not published.zone:
        return published.at.astimezone(datetime.fromisoformat(f"2000-01-01T00:00{published.zone or '+00:00'}").tzinfo)
    return published.at.astimezone(ZoneInfo(published.zone))


def _instant(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _side(text: Text | None) -> dict[str, Any] | None:
    if text is None:
        return None
    articles = [{"id": item.id, "url": item.article.url} for item in text.items]
    return articles[0] | {"text": text.id, "articles": articles}
