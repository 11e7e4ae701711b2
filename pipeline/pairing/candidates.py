"""Which pairs are worth scoring: inside the date window, among the ten nearest of either side.

A pair's hub-corrected similarity (CSLS, Conneau et al. 2018: twice the similarity less
each side's mean to its ten nearest) and its lead over the best rival are worked out here,
because only here all rivals are in sight. Declared pairs are scored wherever they lie.

Only what is open is looked at: a pair neither of whose articles is new stands as it was
judged. In a large window an article that is not open and nobody's neighbour keeps the
mean that was measured when it was open itself, so an hour's news costs the same however
much is kept; and each of a pair must be among the few nearest to the other, so that the
choice does not depend on which of the two is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.pool import Floats, Pool
from pipeline.pairing.sketch import Ints

#: How many of either side are kept, and how many are looked at before hubs are corrected for.
NEAREST, _LOOKED_AT = 10, 50
#: The same in a window too large to measure whole: so many counterparts of a new article are measured anew.
CLOSE = 5
#: A pair beaten by more than this is not worth a closer look, unless it is alike enough to tell of the same event.
BEATEN, ALIKE = 0.2, 0.15
#: In a window of up to so many articles every mean is measured anew.
WHOLE = 1_500
#: Similarity assumed of the neighbours that a small window does not have, and the least of those it has.
_FAR, _FARTHEST = 0.07, 0.03
#: Hub-corrected similarity of the best rival any window is assumed to hold.
_RIVAL = 0.02

#: Rows worked out together.
_AT_ONCE = 256
#: How many of the nearest are first asked whether they are inside the window, and how many times more next.
_WIDE, _WIDER = 300, 8

Pair = tuple[int, int]
Near = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One pair worth scoring, by places in the pool."""

    ru: int
    en: int
    hub: float  #: CSLS
    margin: float  #: lead of `hub` over the best rival's, the narrower of the two sides


class Ranking:
    """The counterparts of what is open, measured."""

    def __init__(self, pool: Pool, opened: Iterable[int]) -> None:
        self.pool = pool
        self._opened = frozenset(opened)
        self.hubs = np.array([np.nan if one.hub is None else one.hub for one in pool.rows])
        self._near: dict[int, Near] = {}
        self._whole = len(pool.rows) <= WHOLE
        self._count = NEAREST if self._whole else CLOSE
        unknown = range(len(pool.rows)) if self._whole else np.flatnonzero(np.isnan(self.hubs)).tolist()
        self._measure({*self._opened, *unknown})
        self._measure({other for one in self._opened for other, _ in self._best(one)[: self._count]})

    @property
    def measured(self) -> dict[str, float]:
        """Article id → mean similarity to its ten nearest, of all that were measured."""
        return {self.pool.rows[place].id: float(self.hubs[place]) for place in sorted(self._near)}

    def candidates(self, declared: Collection[Pair] = (), aside: Collection[int] = ()) -> list[Candidate]:
        """Return the pairs of an open article that are worth scoring, ordered by places.

        declared: pairs that are scored in any case; aside: places that are nobody's rival,
        being further copies of a text that stands in the pool.
        """
        self._measure(place for pair in declared for place in pair)
        best = {place: self._best(place, aside) for place in sorted(self._near)}
        top = {place: {other for other, _ in ranked[: self._count]} for place, ranked in best.items()}
        chosen = {
            self._pair(one, other)
            for one, others in top.items()
            for other in others
            if (one in self._opened or other in self._opened) and one not in aside and other in top
            if self._whole or one in top[other]
        }
        near_of = {place: dict(self._near[place]) for pair in {*chosen, *declared} for place in pair}
        turn = {place: count for count, place in enumerate(self._near)}
        out = []
        for ru, en in sorted({*chosen, *declared}):
            later, other = (ru, en) if turn[ru] > turn[en] else (en, ru)
            near = near_of[later].get(other, near_of[other].get(later))
            near = self.pool.similarity(ru, en) if near is None else near
            hub = 2 * near - float(self.hubs[ru] + self.hubs[en])
            margin = hub - max(_rival(best.get(ru, ()), en), _rival(best.get(en, ()), ru))
            if ((margin >= -BEATEN or hub >= ALIKE) and near > 0) or (ru, en) in declared:
                out.append(Candidate(ru, en, hub, margin))
        return out

    def _pair(self, one: int, other: int) -> Pair:
        return (one, other) if one < self.pool.russian else (other, one)

    def _measure(self, places: Iterable[int]) -> None:
        left = sorted(set(places) - self._near.keys())
        first = self.pool.russian
        for side in ([one for one in left if one < first], [one for one in left if one >= first]):
            for start in range(0, len(side), _AT_ONCE):
                some = side[start : start + _AT_ONCE]
                for place, row in zip(some, self.pool.similarities(some), strict=True):
                    self.hubs[place] = _neighbourhood(row)
                    self._near[place] = self._nearest(place, row)

    def _nearest(self, place: int, row: Floats) -> Near:
        """Return the nearest inside the window (similarity of nought or more), equal ones by place."""
        start, wide = self.pool.others(place).start, _WIDE
        while True:  # of many, only the top is asked for its days: mostly enough of it is inside
            floor = max(0.0, float(np.partition(row, -wide)[-wide])) if len(row) > wide else 0.0
            top = np.flatnonzero(row >= floor)
            found = top[self._inside(place, top + start)]
            if len(found) >= _LOOKED_AT or floor == 0.0:
                break
            wide *= _WIDER
        order = np.lexsort((found, -row[found]))[:_LOOKED_AT]
        return [(int(one) + start, float(row[one])) for one in found[order]]

    def _inside(self, place: int, others: Ints) -> NDArray[np.bool_]:
        """Tell which of other places are near enough in time; undated ones are."""
        pool = self.pool
        later = (pool.days[others] - pool.days[place]) * (1 if place < pool.russian else -1)
        unsure = pool.doubt[others] + pool.doubt[place]
        first, last = pool.window
        outside = later < np.minimum(first[others], first[place]) - unsure  # false where undated: nan
        outside |= later > np.maximum(last[others], last[place]) + unsure
        return np.asarray(~outside)

    def _best(self, place: int, aside: Collection[int] = ()) -> Near:
        """Return an article's counterparts by hub-corrected similarity, the best first."""
        ranked = (
            (other, 2 * value - float(self.hubs[place] + self.hubs[other]))
            for other, value in self._near[place]
            if other not in aside
        )
        return sorted(ranked, key=lambda one: (-one[1], one[0]))


def _neighbourhood(row: Floats) -> float:
    """Return the mean similarity to the ten nearest, missing ones taken as far."""
    top = np.partition(row, -NEAREST)[-NEAREST:] if len(row) > NEAREST else row
    return float(np.maximum(top, _FARTHEST).sum() + (NEAREST - len(top)) * _FAR) / NEAREST


def _rival(best: Sequence[tuple[int, float]], partner: int) -> float:
    return max([_RIVAL, *(value for other, value in best[:2] if other != partner)])
