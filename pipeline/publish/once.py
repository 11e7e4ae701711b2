"""What is made of an entry, made once for all documents of a turn.

An entry stands in several feeds, in an archive document and in its day's data, and each has it in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, wraps
from typing import TypeVar

from pipeline.model import FeedEntry

Made = TypeVar("Made")

#: What was made of so many entries is kept.
_KEPT = 256
_letting_go: list[Callable[[], None]] = []


def once(make: Callable[[FeedEntry], Made]) -> Callable[[FeedEntry], Made]:
    """Let a function keep what it made of the latest entries. Nobody may change that."""

    @lru_cache(maxsize=_KEPT)
    def kept(entry: FeedEntry, _clocks: tuple[timedelta | None, ...]) -> Made:
        return make(entry)

    @wraps(make)
    def known(entry: FeedEntry) -> Made:
        return kept(entry, _clocks(entry))

    _letting_go.append(kept.cache_clear)
    return known


def _clocks(entry: FeedEntry) -> tuple[timedelta | None, ...]:
    """Return by how much the clocks of an entry's dates are ahead: one instant is equal in all zones, and written otherwise."""
    return entry.published.utcoffset(), entry.updated.utcoffset(), entry.created.utcoffset() if entry.created else None


def let_go() -> None:
    """Keep nothing any more: it takes tens of megabytes, which nobody needs between two turns."""
    for forget in _letting_go:
        forget()
