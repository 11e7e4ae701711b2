"""How near a machine's translation of one article's title is to the other article's own title: an optional clue.

It speaks for a pair, never against one: desks write a headline of their own for the other language, and a machine
may have got it wrong. Whose titles are translated, and by what, is for the caller to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pipeline.pairing import words
from pipeline.pairing.features import Features
from pipeline.pairing.pool import Pool

#: Raise it with any change of how titles are compared: what is open is then judged anew.
VERSION = 1
#: Article id → its title in the other language, as a machine put it.
Headlines = Mapping[str, str]
#: From this likeness on a title speaks for a pair, with so much for each unit, and no more than that in all (log-odds).
ALIKE, WORTH, MOST = 0.4, 10.0, 3.0
#: What the commonest word counts for.
_LEAST = 0.2


def likeness(one: str | None, other: str | None, ru: Features, en: Features, pool: Pool) -> float | None:
    """Return how alike titles are, 0 to 1: the Russian article's in English beside the English one's, and the other way.

    one, other: the Russian and the English article's title as a machine translated it; the mean where both are known,
    None where neither is.
    """
    found = [_alike(title, theirs, pool) for title, theirs in ((one, en), (other, ru)) if title]
    return round(sum(found) / len(found), 6) if found else None


def odds(likeness: float | None) -> float:
    """Return the log-odds that a likeness adds."""
    return 0.0 if likeness is None else min(MOST, WORTH * max(0.0, likeness - ALIKE))


def _alike(title: str, other: Features, pool: Pool) -> float:
    """Return the share of both titles' words, by rarity, that they have in common (geometric mean of both shares)."""
    mine = {words.stem(word.lower()): _rarity(word, pool) for word in words.words(title)}
    theirs = {stem: _rarity(word, pool) for stem, word in other.title.items()}
    both = sum(min(mine[stem], theirs[stem]) for stem in sorted(mine.keys() & theirs.keys()))
    return both / math.sqrt(sum(mine.values()) * sum(theirs.values())) if both else 0.0


def _rarity(word: str, pool: Pool) -> float:
    return _LEAST + max((pool.rarity("keys", key) for key in words.keys(word.lower())), default=0.0)
