"""Ids of texts and stories: minted from data at first sight, kept ever after.

Only minting and the order of seniority are here; that a known id is kept is the doing of
`stories`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from pipeline import address
from pipeline.model import Item, Text

#: Sorts articles without a date behind all that have one.
_UNDATED = datetime.max.replace(tzinfo=UTC)
Seniority = tuple[datetime, datetime, str]


def place(item: Item) -> str:
    """Return the canonical address of item's article, as ids are minted from it."""
    return "https:" + key(item.article.url)


@lru_cache(maxsize=1 << 15)
def key(url: str) -> str:
    """Return `address.key` of url, "" where it is no address; remembered, because it is asked for often."""
    try:
        return address.key(url)
    except ValueError:  # a page may declare anything; what is no address is nobody's
        return ""


def dated(item: Item) -> datetime:
    """Return when item was published, undated ones last."""
    published = item.article.published
    return _UNDATED if published is None else published.at


def leading(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items of one text, the one that leads first: earliest published, then seen, then by address."""
    return tuple(sorted(items, key=lambda item: (dated(item), item.first_seen, place(item), item.id)))


def seniority(items: Sequence[Item]) -> Seniority:
    """Return what orders texts and stories by age: first seen, then the leading article's date and address."""
    lead = leading(items)[0]
    return (min(item.first_seen for item in items), dated(lead), place(lead))


def text_id(home: str, language: str, lead: Item) -> str:
    """Mint the id of a text from the article that leads it when first seen."""
    return urn(home, f"text {language} {place(lead)}")


def story_id(home: str, texts: Sequence[Text]) -> str:
    """Mint the id of a story from its first-seen text."""
    return story_id_at(home, min(texts, key=lambda text: seniority(text.items)).lead)


def story_id_at(home: str, lead: Item) -> str:
    """Mint the id of the story that lead's article opens."""
    return urn(home, f"story {place(lead)}")


def urn(home: str, name: str) -> str:
    """Return the id that a name has in the namespace of an installation."""
    return uuid.uuid5(_namespace(home), name).urn


@lru_cache(maxsize=8)
def _namespace(home: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, home)
