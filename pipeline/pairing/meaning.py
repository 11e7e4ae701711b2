"""How near two articles are in meaning, told by vectors of their titles and leads.

An optional clue: who makes the vectors is for the caller to say, and without them everything works.
Two articles are compared by the mean of two cosines: of the titles, and of the titles with leads.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Item

#: Part of the cache key: raise it with any change of what is encoded or how it is packed.
VERSION = 1
#: Characters of title and lead that are encoded.
READ = 1_000
#: Article id → its packed vectors.
Meanings = Mapping[str, bytes]


def passages(title: str, lead: str) -> tuple[str, str]:
    """Return what of an article is encoded: its title, and its title with the lead."""
    lead = lead.removeprefix(title).strip()
    return title or lead[:READ], f"{title}\n{lead}"[:READ].strip()


def passages_of(item: Item) -> tuple[str, str]:
    """Return what of an item is encoded; its first paragraph that is not the title is the lead."""
    lines = (line.strip() for line in item.article.text.split("\n"))
    lead = next((line for line in lines if line and line != item.article.title), "")
    return passages(item.article.title, lead)


def packed(vectors: NDArray[np.float32]) -> bytes:
    """Return the two vectors of an article (rows of unit length) as they are kept: half floats, little-endian."""
    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def alike(one: bytes, other: bytes) -> float:
    """Return how near two articles are in meaning, 0 to 1; rounded, so that sums in another order tell the same."""
    mine, theirs = (np.frombuffer(kept, dtype="<f2").astype(np.float64).reshape(2, -1) for kept in (one, other))
    return max(0.0, round(float((mine * theirs).sum()) / 2, 6))
