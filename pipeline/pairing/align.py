"""Which paragraphs of a Russian text and its English version say the same: in order, one or two to one or two.

The best path through both texts (as Gale and Church 1993 do for sentences), judged by names,
numbers and words that translate each other, and by length where these say little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache

from pipeline.pairing.evidence import LENGTH_RATIO
from pipeline.pairing.features import Bag, read
from pipeline.pairing.lexicon import Lexicon
from pipeline.record import dataclass

#: How many paragraphs of each side may stand together, and what it costs beside one to one.
_STEPS = ((1, 1, 0.0), (1, 2, 0.15), (2, 1, 0.15), (2, 2, 0.3), (1, 0, 0.1), (0, 1, 0.1))
#: Longer texts are cut: nobody aligns by hand what goes wrong there.
LONGEST = 150


@dataclass(frozen=True, slots=True)
class Segment:
    """Paragraphs that say the same; one side is empty where the other leaves something out."""

    ru: tuple[str, ...]
    en: tuple[str, ...]


def aligned(ru: Sequence[str], en: Sequence[str], lexicon: Lexicon) -> list[Segment]:
    """Return the segments of two texts given by their paragraphs, in order, nothing lost."""
    ru, en = ru[:LONGEST], en[:LONGEST]

    @cache
    def worth(start: int, end: int, other: int, other_end: int) -> float:
        return _alike(" ".join(ru[start:end]), " ".join(en[other:other_end]), lexicon)

    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for one in range(len(ru) + 1):
        for other in range(len(en) + 1):
            for step, step_other, cost in _STEPS:
                before = (one - step, other - step_other)
                if before not in best or before == (one, other):
                    continue
                gain = worth(before[0], one, before[1], other) * (step + step_other) / 2 if step and step_other else 0.0
                total = best[before][0] + gain - cost
                if (one, other) not in best or total > best[one, other][0] + 1e-9:
                    best[one, other] = (total, before)
    return _path(ru, en, best)


def _path(
    ru: Sequence[str], en: Sequence[str], best: dict[tuple[int, int], tuple[float, tuple[int, int]]]
) -> list[Segment]:
    out = []
    at = (len(ru), len(en))
    while at != (0, 0):
        before = best[at][1]
        out.append(Segment(tuple(ru[before[0] : at[0]]), tuple(en[before[1] : at[1]])))
        at = before
    return out[::-1]


def _alike(ru: str, en: str, lexicon: Lexicon) -> float:
    """Return how alike two stretches of text are, 0 to 1."""
    length = abs(math.log((len(ru) + 20) / (len(en) + 20) / LENGTH_RATIO))
    mine, theirs = _bag(ru), _bag(en)
    shared = len(mine.keys.keys() & theirs.keys.keys()) + 2 * len(mine.numbers.keys() & theirs.numbers.keys())
    shared += sum(any(word in theirs.stems for word in lexicon.english.get(stem, ())) for stem in mine.stems)
    most = max(1, min(len(mine.stems), len(theirs.stems)))
    return min(1.0, shared / most) * math.exp(-length)


@lru_cache(maxsize=1 << 12)
def _bag(text: str) -> Bag:
    return read("", text).whole
