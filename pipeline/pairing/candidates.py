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

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import rising
from pipeline.pairing.index import Floats
from pipeline.pairing.pool import Pool
from pipeline.pairing.sketch import Ints
from pipeline.record import dataclass

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

#: Rows worked out together, and pairs looked up together.
_AT_ONCE, _PAIRS = 64, 4_096
#: How many of the nearest are first asked whether they are inside the window, and how many times more next.
_WIDE, _WIDER = 300, 8
#: One value in so many is looked at to tell which may be among the highest.
_SAMPLED = 16

Pair = tuple[int, int]
Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One pair worth scoring, by places in the pool."""

    ru: int
    en: int
    hub: float  #: CSLS
    margin: float  #: lead of `hub` over the best rival's, the narrower of the two sides


@dataclass(frozen=True, slots=True)
class Ranked:
    """Measured articles, and the counterparts of each by hub-corrected similarity, the best first: a row each."""

    line: Ints  #: by place in the pool; -1: not measured
    others: Places  #: places in the pool; -1: no more
    hubs: Floats
    near: Floats  #: how alike, without that correction

    def rivals(self, ones: Ints, partners: Ints) -> Floats:
        """Return the hub-corrected similarity of the best counterpart of each of ones but for its partner."""
        lines = self.line[ones]
        first = self.others[lines, 0] == partners
        best = np.where(first, self.hubs[lines, 1], self.hubs[lines, 0])
        return np.asarray(np.maximum(_RIVAL, best))

    def similarities(self, ones: Ints, partners: Ints) -> Floats:
        """Return how alike each of ones and its partner are; not a number where that is not among its counterparts."""
        out = np.full(len(ones), np.nan)
        for start in range(0, len(ones), _PAIRS):
            lines = self.line[ones[start : start + _PAIRS]]
            pair, at = np.nonzero(self.others[lines] == partners[start : start + _PAIRS, None])
            out[start + pair] = self.near[lines[pair], at]
        return out


class Ranking:
    """The counterparts of what is open, measured."""

    def __init__(self, pool: Pool, opened: Iterable[int], *, alone: bool = False) -> None:
        """Alone: nothing is asked but what the open ones are worth, so no more is measured than they are compared with."""
        self.pool = pool
        self._opened = np.zeros(len(pool.rows), dtype=np.bool_)
        self._opened[list(opened)] = True
        self.hubs = np.array([np.nan if one.hub is None else one.hub for one in pool.rows], dtype=np.float64)
        #: Place → the counterparts inside its window that are most alike, and how alike, the most alike first.
        self._near: dict[int, tuple[Places, Floats]] = {}
        self._whole = len(pool.rows) <= WHOLE
        #: What was answered last.
        self._found: dict[tuple[frozenset[Pair], frozenset[int], int], list[Candidate]] = {}
        self._count = NEAREST if self._whole else CLOSE
        self._alone = alone and not self._whole
        unknown = np.isnan(self.hubs) & (not self._alone) | self._whole
        self._measure(np.flatnonzero(self._opened | unknown).tolist())
        top = self._ranked(np.flatnonzero(self._opened)).others[:, : self._count]
        self._measure(top[top >= 0].tolist())

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
        asked = (frozenset(declared), frozenset(aside), len(self._near))
        if asked not in self._found:  # asked for what is near, and again where all of that is at hand
            self._found = {asked: self._worth_scoring(declared, aside)}
        return self._found[asked]

    def _worth_scoring(self, declared: Collection[Pair], aside: Collection[int]) -> list[Candidate]:
        best = self._ranked(np.array(sorted(self._near), dtype=np.int64), aside)
        told = sorted(declared)
        said = np.array(told, dtype=np.int64).reshape(len(told), 2) @ np.array([len(self.pool.rows), 1])
        keys = rising(np.concatenate([self._chosen(best, aside), said]))
        ru, en = np.divmod(keys, max(1, len(self.pool.rows)))
        near = self._similarities(best, ru, en)
        hubs = 2 * near - (self.hubs[ru] + self.hubs[en])
        margins = hubs - np.maximum(best.rivals(ru, en), best.rivals(en, ru))
        worth = (((margins >= -BEATEN) | (hubs >= ALIKE)) & (near > 0)) | np.isin(keys, said)
        columns = (column[worth].tolist() for column in (ru, en, hubs, margins))
        return [Candidate(*one) for one in zip(*columns, strict=True)]

    def _chosen(self, best: Ranked, aside: Collection[int]) -> Ints:
        """Return the pairs of an open article that are among the nearest, as numbers in order of place."""
        places = np.flatnonzero(best.line >= 0)
        top = best.others[best.line[places], : self._count]
        ones, others = np.repeat(places, top.shape[1]), top.ravel().astype(np.int64)
        wanted = (others >= 0) & (best.line[others] >= 0) & ~np.isin(ones, list(aside))
        wanted &= self._opened[ones] | self._opened[others]
        ones, others = ones[wanted], others[wanted]
        russian = ones < self.pool.russian
        keys = np.where(russian, ones, others) * len(self.pool.rows) + np.where(russian, others, ones)
        if self._whole:
            return rising(keys)
        return np.intersect1d(rising(keys[russian]), rising(keys[~russian]), assume_unique=True)

    def _similarities(self, best: Ranked, ru: Ints, en: Ints) -> Floats:
        """Return how alike the articles of each pair are; of all but a few that was measured."""
        out = best.similarities(ru, en)
        for line in np.flatnonzero(np.isnan(out)).tolist():
            out[line] = self.pool.similarity(int(ru[line]), int(en[line]))
        return out

    def _measure(self, places: Iterable[int]) -> None:
        left = sorted(set(places) - self._near.keys())
        for some, rows in self._rows(left):
            highs = [_highest(row, _WIDE) for row in rows]
            for place, row, high, inside in zip(some, rows, highs, self._all_inside(some, highs), strict=True):
                self.hubs[place] = _neighbourhood(row, high)
                self._near[place] = self._nearest(place, row, high, inside)
        if self._alone:
            others = {other for place in left for other in self._near[place][0].tolist()}
            for some, rows in self._rows(sorted(one for one in others if np.isnan(self.hubs[one]))):
                for place, row in zip(some, rows, strict=True):
                    self.hubs[place] = _neighbourhood(row, _highest(row, _WIDE))

    def _rows(self, places: Sequence[int]) -> Iterator[tuple[Sequence[int], Floats]]:
        """Yield some of places, all of one language, at a time, and how alike each is to every one of the other."""
        first = self.pool.russian
        for side in ([one for one in places if one < first], [one for one in places if one >= first]):
            for start in range(0, len(side), _AT_ONCE):
                some = side[start : start + _AT_ONCE]
                yield some, self.pool.similarities(some)

    def _all_inside(self, places: Sequence[int], highs: Sequence[Ints]) -> list[NDArray[np.bool_]]:
        """Tell of each of places of one language which of its highest counterparts are inside its window."""
        lengths, start = [len(high) for high in highs], self.pool.others(places[0]).start
        inside = self._inside(np.repeat(places, lengths), np.concatenate(highs) + start)
        return np.split(inside, np.cumsum(lengths)[:-1])

    def _nearest(self, place: int, row: Floats, high: Ints, inside: NDArray[np.bool_]) -> tuple[Places, Floats]:
        """Return the nearest inside the window (similarity of nought or more), equal ones by place."""
        start, wide, found = self.pool.others(place).start, _WIDE, high[inside]
        while len(found) < _LOOKED_AT and len(high) < len(row):
            # Of many, only the top is asked for its days: mostly enough of it is inside.
            wide *= _WIDER
            high = _highest(row, wide)
            found = high[self._inside(np.array(place), high + start)]
        order = np.lexsort((found, -row[found]))[:_LOOKED_AT]
        return (found[order] + start).astype(np.int32), row[found[order]]

    def _inside(self, places: Ints, others: Ints) -> NDArray[np.bool_]:
        """Tell which of other places are near enough in time to places; undated ones are."""
        pool = self.pool
        later = (pool.days[others] - pool.days[places]) * np.where(places < pool.russian, 1, -1)
        unsure = pool.doubt[others] + pool.doubt[places]
        first, last = pool.window
        outside = later < np.minimum(first[others], first[places]) - unsure  # false where undated: nan
        outside |= later > np.maximum(last[others], last[places]) + unsure
        return np.asarray(~outside)

    def _ranked(self, places: Ints, aside: Collection[int] = ()) -> Ranked:
        """Return the counterparts of measured articles by hub-corrected similarity."""
        line = np.full(len(self.pool.rows), -1)
        line[places] = np.arange(len(places))
        others = np.full((len(places), _LOOKED_AT), -1, dtype=np.int32)
        hubs = np.full((len(places), _LOOKED_AT), -np.inf)
        near = np.zeros((len(places), _LOOKED_AT))
        for row, place in enumerate(places.tolist()):
            found, values = self._near[place]
            others[row, : len(found)], near[row, : len(found)] = found, values
            hubs[row, : len(found)] = 2 * values - (self.hubs[place] + self.hubs[found])
        gone = np.isin(others, list(aside))
        others[gone], hubs[gone] = -1, -np.inf
        order = np.lexsort((others, -hubs))
        return Ranked(line, *(np.take_along_axis(one, order, axis=1) for one in (others, hubs, near)))


def _highest(row: Floats, wide: int) -> Ints:
    """Return, in order, the places of at least as many of the highest values as asked for, equal ones all; or all.

    A sample tells below which value none of them can be expected; most need no closer look then.
    """
    if len(row) <= wide:
        return np.arange(len(row))
    sample = row[::_SAMPLED]
    enough = min(len(sample), 2 * wide // _SAMPLED + _SAMPLED)
    likely = np.flatnonzero(row >= np.partition(sample, -enough)[-enough])
    if len(likely) < wide:
        likely = np.arange(len(row))
    values = row[likely]
    return np.asarray(likely[values >= np.partition(values, -wide)[-wide]])


def _neighbourhood(row: Floats, high: Ints) -> float:
    """Return the mean similarity to the ten nearest, missing ones taken as far; high: places of more than ten of them."""
    top = np.sort(row[high])[-NEAREST:]
    return float(np.maximum(top, _FARTHEST).sum() + (NEAREST - len(top)) * _FAR) / NEAREST
