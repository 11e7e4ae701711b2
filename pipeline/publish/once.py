"""What is made of an entry, made once for all documents of a turn.

An entry stands in several feeds, in an archive document and in its day's data, and each has it in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pipeline.model import FeedEntry

Made = TypeVar("Made")

#: What was made of so many entries is kept.
_KEPT = 256
_letting_go: list[Callable[[], None]] = []


def once(make: Callable[[FeedEntry], Made]) -> Callable[[FeedEntry], Made]:
    """Let a function keep what it made of the latest entries. Nobody may change that."""
    kept = lru_cache(maxsize=_KEPT)(make)
    _letting_go.append(kept.cache_clear)
    return kept


def let_go() -> None:
    """Keep nothing any more: it takes tens of megabytes, which nobody needs between two turns."""
    for forget in _letting_go:
        forget()
