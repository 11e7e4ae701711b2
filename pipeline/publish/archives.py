"""Older entries in documents that stay as they are (RFC 5005, 4): which go into the next ones.

A document is made when an entry leaves its feed that stands in none yet; it then takes along the
feed's oldest, so that the next one is not due with the next entry. Nothing is ever in neither.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Entries of one archive document at most, and at least where the feed has that many.
PAGE = 50
LEAST = 25


def name(feed: str, page: int) -> str:
    """Return the file name of an archive document, below feeds/."""
    return f"archive/{feed}-{page:04}.atom"


def pages(left: Sequence[str], current: Sequence[str], *, first: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return the entries of each new archive document, oldest documents and entries first.

    first: the feed has no archive yet. Its first documents come as two at least: the very oldest has nothing
    to lead back to, and can lead on to the next one only if that is made with it.

    left: ids that the feed does not show; current: ids that it shows; both newest first and in no
    archive yet.
    """
    if not left:
        return ()
    waiting = list(reversed(left))
    chunks = [tuple(waiting[start : start + PAGE]) for start in range(0, len(waiting), PAGE)]
    short = max(0, LEAST - len(chunks[-1]))
    chunks[-1] += tuple(reversed(current))[:short]
    if first and len(chunks) == 1 and len(chunks[0]) > 1:
        half = len(chunks[0]) // 2
        chunks = [chunks[0][:half], chunks[0][half:]]
    return tuple(chunks)
