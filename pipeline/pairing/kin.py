"""Which articles of one language tell of the same event in words of their own: two outlets, a retelling.

Told by names, words and numbers they share, since a retelling shares no runs of words; set by hand on
what such articles look like. Where many are alike (weather reports, say), those are kept of which each is among the
most alike to the other: so the choice is the same from both sides, and whichever of them is looked at first. Copies of
one text are in `duplicates`, versions in the other language in `links`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.evidence import bare, said_numbers
from pipeline.pairing.features import Features
from pipeline.pairing.pool import Pool
from pipeline.pairing.sketch import Ints

Pair = tuple[int, int]
#: What is less alike than this tells of something else, and how many an article may be kin to.
ALIKE, MOST = 0.3, 50
#: News of one event comes within so many days.
DAYS = 7.0
#: Log-odds: of strangers, per likeness, for numbers in common, and for the same day.
_BIAS, _ALIKE, _NUMBERS, _SAME_DAY = -9.0, 20.0, 2.0, 0.8
_AT_ONCE = 256
#: Words of titles worth telling are longer than this.
_SHORT = 3


def near(pool: Pool, places: Iterable[int]) -> dict[Pair, float]:
    """Return the articles of one language that may be kin to those at places: (lower, higher place) → likeness."""
    wanted = sorted(set(places))
    _measure(pool, wanted)
    _measure(pool, sorted({other for one in wanted for other in pool.kin[one]}))
    both = ((one, other) for one in wanted for other in pool.kin[one] if one in pool.kin[other])
    pairs = {(one, other) if one < other else (other, one) for one, other in both}
    return {(one, other): pool.kin[one][other] for one, other in sorted(pairs)}


def _measure(pool: Pool, places: Sequence[int]) -> None:
    """Find the articles most alike to each of those at places, in its language and of its days."""
    left = [place for place in places if place not in pool.kin]
    for side in ([one for one in left if one < pool.russian], [one for one in left if one >= pool.russian]):
        for start in range(0, len(side), _AT_ONCE):
            some = side[start : start + _AT_ONCE]
            pool.kin |= _most_alike(pool, np.array(some), 0 if some[0] < pool.russian else pool.russian)


def _most_alike(pool: Pool, places: Ints, first: int) -> dict[int, dict[int, float]]:
    """Return the articles most alike to each of those at places, which are of the language that begins at first."""
    alike = pool.similarities(places.tolist(), own=True)
    alike[np.arange(len(places)), places - first] = 0.0
    whose, others = np.nonzero(alike >= ALIKE)
    near = _near_in_time(pool, places[whose], others + first)
    whose, others = whose[near], others[near]
    values = alike[whose, others]
    order = np.lexsort((others, -values, whose))
    ends = np.searchsorted(whose[order], np.arange(len(places) + 1)).tolist()
    told, values = others[order] + first, values[order]
    best = (slice(start, min(end, start + MOST)) for start, end in pairwise(ends))
    return {
        place: dict(zip(told[one].tolist(), values[one].tolist(), strict=True))
        for place, one in zip(places.tolist(), best, strict=True)
    }


def _near_in_time(pool: Pool, ones: Ints, others: Ints) -> NDArray[np.bool_]:
    """Tell which of others are of the same days as the one beside them; undated and doubtful ones may be."""
    unsure = (pool.doubt[others] > 0) | (pool.doubt[ones] > 0)
    return np.asarray(unsure | ~(np.abs(pool.days[others] - pool.days[ones]) > DAYS))


def kinship(likeness: float, numbers: float, days: float | None) -> float:
    """Return the probability that two articles of one language tell of the same event; numbers: the cosine of theirs."""
    if days is not None and abs(days) > DAYS:
        return 0.0
    odds = _BIAS + _ALIKE * likeness + _NUMBERS * numbers
    odds += _SAME_DAY if days is not None and abs(days) <= 1 else 0.0
    return round(1 / (1 + math.exp(-odds)), 4)


def reasons(pool: Pool, one: Features, other: Features, days: float | None) -> tuple[str, ...]:
    """Return what two articles of one language share, as a person would put it."""
    out = []
    if days is not None:
        whole = abs(round(days))
        out.append("same day" if whole == 0 else f"{whole} {'day' if whole == 1 else 'days'} apart")
    names = _rarest(pool, "keys", one.names, other.names)
    if names:
        shown = list(dict.fromkeys(bare(one.names[key]) for key in names))
        out.append(f"{len(shown)} {'name' if len(shown) == 1 else 'names'}: {', '.join(shown[:5])}")
    titles = [word for stem, word in one.title.items() if len(word) > _SHORT and stem in other.title]
    if titles:
        out.append(f"titles share {', '.join(titles[:5])}")
    return (*out, *said_numbers(one.whole, other.whole, pool))


def _rarest(pool: Pool, block: str, one: Mapping[str, str], other: Mapping[str, str]) -> Sequence[str]:
    return sorted(one.keys() & other.keys(), key=lambda key: (-pool.rarity(block, key), key))
