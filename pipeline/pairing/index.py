"""One block of a window's sketches turned round: which articles have a term, and what it weighs in each.

Weights are whole numbers of a grain so fine that nobody could tell, so their products, and any sum of these, are exact:
a likeness is the same number whichever article asks, however many are asked about at once, and whatever the order.

A term that a good part of a language has would make every article somebody to compare with; such terms stand in a
dense table beside the index and are multiplied at once. How blocks make one likeness is in `pool`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.sketch import Ints, Sketches, Terms, number

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
#: An imagined archive every window is added to: its size.
BACKGROUND = 40
#: A term that more than this share of a language has (and so many articles at least) is a common one.
_COMMON, _CROWD = 0.08, 50
#: Grains in a weight of one, which is the most; a sum of products is below twice their square, which a float holds.
_GRAINS = 2.0**24


class Index:
    """One block of all articles: weights by article and, turned round, by term and language."""

    def __init__(self, sketches: Sketches, name: str, russian: int, share: float) -> None:
        """Share: of the imagined archive, in which a term stands."""
        self._sketches, self._name, self._russian = sketches, name, russian
        terms, loud, lengths = sketches.every(name)
        self._count = len(lengths)
        places = np.repeat(np.arange(self._count, dtype=np.int32), lengths)
        order, cells = _sorted(terms, places >= russian)
        self._starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(cells)), dtype=np.bool_), np.diff(cells) > 0]))
        self._sizes = np.diff(np.append(self._starts, len(cells)))
        #: Twice a term, and one more in the English articles: in order.
        self._cells = cells[self._starts]
        self._terms, which = np.unique(self._cells >> np.uint64(1), return_inverse=True)
        frequency = np.bincount(which, weights=self._sizes, minlength=len(self._terms))
        self._rarity = np.log((self._count + BACKGROUND) / (frequency + BACKGROUND * share))
        places = places[order]
        weights = loud[order] * np.repeat(np.maximum(self._rarity, 0.0)[which], self._sizes)
        norms = np.sqrt(np.bincount(places, weights=weights**2, minlength=self._count))
        self._norms = np.maximum(norms, 1e-9)
        weights /= self._norms[places]
        #: By cell, in grains; and whose they are, counted in its language.
        self._weights = _in_grains(weights).astype(np.float32)
        places[np.repeat((self._cells & np.uint64(1)).astype(np.bool_), self._sizes)] -= russian
        self._places: Places = places
        self._crowded = [self._common(english) for english in (False, True)]
        self._column = np.full(len(self._cells), -1)
        for common, _ in self._crowded:
            self._column[common] = np.arange(len(common))
        self._known: dict[int, tuple[Terms, Floats]] = {}
        self._rare: dict[str, float] = {}

    def row(self, place: int) -> tuple[Terms, Floats]:
        """Return terms, rising, and weights of one article, in grains."""
        if place not in self._known:
            self._known[place] = self._row(place)
        return self._known[place]

    def against(self, places: Sequence[int], *, english: bool) -> Floats:
        """Return the cosines of articles with every one of a language, a row each."""
        rows = [self._row(place) for place in places]
        asking = np.repeat(np.arange(len(rows)), [len(terms) for terms, _ in rows])
        weights = np.concatenate([np.zeros(0), *(weights for _, weights in rows)])
        cells, there = self._found(
            np.concatenate([np.zeros(0, dtype=np.uint32), *(terms for terms, _ in rows)]), english
        )
        cells, asking, weights = cells[there], asking[there], weights[there]
        column, (common, table) = self._column[cells], self._crowded[english]
        dense = column >= 0
        asked = np.zeros((len(rows), len(common)))
        asked[asking[dense], column[dense]] = weights[dense]
        out: Floats = asked @ table.T
        self._add(out, asking[~dense], cells[~dense], weights[~dense])
        out /= _GRAINS**2
        return out

    def cosine(self, one: int, other: int) -> float:
        """Return the cosine of one pair of articles."""
        (terms, weights), (others, values) = self.row(one), self.row(other)
        if not len(terms) or not len(others):
            return 0.0
        at = np.minimum(np.searchsorted(others, terms), len(others) - 1)
        shared = others[at] == terms
        return float(weights[shared] @ values[at[shared]]) / _GRAINS**2

    def rarity_of(self, term: str) -> float:
        """Return how rare a term is, nought for one that no article has."""
        if term not in self._rare:
            wanted = np.uint64(number(term))
            at = int(np.searchsorted(self._terms, wanted))
            there = at < len(self._terms) and self._terms[at] == wanted
            self._rare[term] = float(self._rarity[at]) if there else 0.0
        return self._rare[term]

    def _row(self, place: int) -> tuple[Terms, Floats]:
        terms = self._sketches.terms(self._name, place)
        rarity = self._rarity[np.searchsorted(self._terms, terms.astype(np.uint64))]
        weights = self._sketches.loud(self._name, place) * np.maximum(rarity, 0.0) / self._norms[place]
        return terms, _in_grains(weights)

    def _found(self, terms: Terms, english: bool) -> tuple[Ints, NDArray[np.bool_]]:
        """Return where terms stand in the index of a language, and which of them do."""
        wanted = (terms.astype(np.uint64) << np.uint64(1)) | np.uint64(english)
        cells = np.searchsorted(self._cells, wanted)
        there = cells < len(self._cells)
        there[there] = self._cells[cells[there]] == wanted[there]
        return cells, there

    def _add(self, out: Floats, asking: Ints, cells: Ints, weights: Floats) -> None:
        """Add what the articles of each cell share with those that ask for it."""
        sizes = self._sizes[cells]
        starts, stops = self._starts[cells].tolist(), (self._starts[cells] + sizes).tolist()
        bounds = np.searchsorted(asking, np.arange(len(out) + 1)).tolist()
        for line, (first, last) in enumerate(pairwise(bounds)):
            if first == last:
                continue
            spans = [slice(*span) for span in zip(starts[first:last], stops[first:last], strict=True)]
            amount = np.concatenate([self._weights[span] for span in spans], dtype=np.float64)
            amount *= np.repeat(weights[first:last], sizes[first:last])
            found = np.concatenate([self._places[span] for span in spans])
            out[line] += np.bincount(found, weights=amount, minlength=out.shape[1])

    def _common(self, english: bool) -> tuple[Ints, Floats]:
        """Return the crowded cells of a language, and their weights by article."""
        count = self._count - self._russian if english else self._russian
        ours = (self._cells & np.uint64(1)) == np.uint64(english)
        crowded = np.flatnonzero(ours & (self._sizes > max(_CROWD, count * _COMMON)))
        table = np.zeros((count, len(crowded)))
        for column, cell in enumerate(crowded):
            span = slice(int(self._starts[cell]), int(self._starts[cell] + self._sizes[cell]))
            table[self._places[span], column] = self._weights[span]
        return crowded, table


def _sorted(terms: Terms, english: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.uint64]]:
    """Return the order of entries by term, language and place, and the cells of the entries in that order."""
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(1)
    keys |= english
    keys <<= np.uint64(31)
    keys |= np.arange(len(terms), dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64(0x7FFFFFFF)).view(np.int64), keys >> np.uint64(31)


def _in_grains(weights: Floats) -> Floats:
    """Return weights in whole grains, in their place."""
    weights *= _GRAINS
    return np.rint(weights, out=weights)
