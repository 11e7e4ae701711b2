"""A window's sketches turned round: which articles have a term, and what it weighs in each.

Weights are whole numbers of a grain so fine that nobody could tell, so their products, and any sum of these, are exact:
a likeness is the same number whichever article asks, however many are asked about at once, and whatever the order.
Blocks that rank articles together stand in one index, so that one look gives the sum of their cosines.

A term that a good part of a language has would make every article somebody to compare with; such terms stand in a
dense table beside the index and are multiplied at once. What the sum is worth is in `pool`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import rising
from pipeline.pairing.sketch import Counts, Ints, Sketches, Terms, number
from pipeline.record import dataclass

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
Cells = NDArray[np.uint64]
#: An imagined archive every window is added to: its size.
BACKGROUND = 40
#: A term that more than this share of a language has (and so many articles at least) is a common one.
_COMMON, _CROWD = 0.08, 50
#: Grains in a weight of one, which is the most; a sum of products is below four times their square, which a float holds.
_GRAINS = 2.0**24
#: Before a term of 32 bits the number of its block stands, after it one bit for English; and while cells are sorted,
#: their entry's number.
_TERM, _ENGLISH, _ENTRY = np.uint64(32), np.uint64(1), np.uint64(31)
#: Entries worked on together: so many stay near the processor.
_AT_ONCE = 1 << 15
#: Pairs looked at together.
_PAIRS = 4_096


class Index:
    """Some blocks of all articles: weights by article and, turned round, by term and language."""

    def __init__(self, sketches: Sketches, russian: int, shares: Mapping[str, float]) -> None:
        """Shares: of the imagined archive, in which a term of each block stands."""
        self._sketches = sketches
        self._blocks = {name: number for number, name in enumerate(shares)}
        blocks = [_Block.of(sketches, name, russian, share) for name, share in shares.items()]
        self._count = len(sketches.packed)
        cells = np.concatenate([_numbered(block.cells, at * 2) for at, block in enumerate(blocks)])
        self._sizes = np.concatenate([block.sizes for block in blocks])
        self._starts = np.cumsum(self._sizes) - self._sizes
        #: By cell, in grains; and whose they are, counted in its language.
        self._weights = np.concatenate([block.weights for block in blocks])
        self._places = np.concatenate([block.places for block in blocks])
        #: Block and term, in order; how rare each is, and what it weighs; its cell in either language, -1 for none.
        self._terms = np.concatenate([_numbered(block.terms, at) for at, block in enumerate(blocks)])
        self._rarity = np.concatenate([block.rarity for block in blocks])
        self._worth = np.maximum(self._rarity, 0.0)
        english = (cells & _ENGLISH).astype(np.int64)
        self._cell = np.full((2, len(self._terms)), -1)
        self._cell[english, np.searchsorted(self._terms, cells >> _ENGLISH)] = np.arange(len(cells))
        #: By block and place.
        self._norms = np.stack([block.norms for block in blocks])
        self._crowded = [self._common(english == 0, russian), self._common(english == 1, self._count - russian)]
        self._line = np.full(len(cells), -1)
        for common, _ in self._crowded:
            self._line[common] = np.arange(len(common))
        self._known: dict[tuple[str, int], dict[int, float]] = {}
        self._rare: dict[str, dict[str, float]] = {name: {} for name in shares}

    def against(self, places: Sequence[int], *, english: bool) -> Floats:
        """Return the sum of the blocks' cosines of articles with every one of a language, a row each."""
        asking, terms, weights = self._rows(places, self._blocks)
        cells = self._cell[int(english), terms]
        there = cells >= 0
        cells, asking, weights = cells[there], asking[there], weights[there]
        line, (common, table) = self._line[cells], self._crowded[english]
        dense = line >= 0
        asked = np.zeros((len(places), len(common)))
        asked[asking[dense], line[dense]] = weights[dense]
        out: Floats = asked @ table
        self._add(out, asking[~dense], cells[~dense], weights[~dense])
        out *= _GRAINS**-2
        return out

    def cosine(self, block: str, one: int, other: int) -> float:
        """Return the cosine of one block of a pair of articles."""
        mine, theirs = self._row(block, one), self._row(block, other)
        return sum(mine[term] * theirs[term] for term in mine.keys() & theirs.keys()) / _GRAINS**2

    def cosines(self, block: str, ones: Ints, others: Ints) -> Floats:
        """Return the cosine of one block of each of many pairs of articles."""
        here = rising(np.concatenate([ones, others]))
        rows = [self._rows(here[start : start + _AT_ONCE].tolist(), [block]) for start in range(0, len(here), _AT_ONCE)]
        whose = np.concatenate([ones[:0], *(asking + at * _AT_ONCE for at, (asking, _, _) in enumerate(rows))])
        terms, weights = (np.concatenate([[], *(row[at] for row in rows)]) for at in (1, 2))
        keys = whose * len(self._terms) + terms.astype(np.int64)  # rising: an article's terms are
        ends = np.searchsorted(whose, np.arange(len(here) + 1))
        mine, theirs = np.searchsorted(here, ones), np.searchsorted(here, others)
        out = np.zeros(len(ones))
        for start in range(0, len(ones), _PAIRS):
            one, other = mine[start : start + _PAIRS], theirs[start : start + _PAIRS]
            held = ends[one + 1] - ends[one]
            at = np.repeat(ends[one] - (np.cumsum(held) - held), held) + np.arange(held.sum())
            wanted = keys[at] + np.repeat((other - one) * len(self._terms), held)
            there = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            amount = np.where(keys[there] == wanted, weights[at] * weights[there], 0.0)
            out[start : start + _PAIRS] = np.bincount(np.repeat(np.arange(len(one)), held), amount, len(one))
        return out / _GRAINS**2

    def rarities(self, block: str, terms: Collection[str]) -> list[float]:
        """Return how rare terms of a block are, nought for one that no article has."""
        known = self._rare[block]
        new = [term for term in terms if term not in known]
        if new:
            numbers = np.array([number(term) for term in new], dtype=np.uint64)
            wanted = _numbered(numbers, self._blocks[block])
            at = np.minimum(np.searchsorted(self._terms, wanted), len(self._terms) - 1)
            there = self._terms[at] == wanted if len(self._terms) else np.zeros(len(new), dtype=np.bool_)
            known |= dict.fromkeys(new, 0.0)
            known.update(zip(compress(new, there), self._rarity[at[there]].tolist(), strict=True))
        return [known[term] for term in terms]

    def rarity_of(self, block: str, term: str) -> float:
        """Return how rare a term of a block is, nought for one that no article has."""
        known = self._rare[block].get(term)
        if known is None:
            (known,) = self.rarities(block, (term,))
        return known

    def _row(self, block: str, place: int) -> Mapping[int, float]:
        """Return the terms of a block that one article has, and their weights, in grains."""
        known = self._known.get((block, place))
        if known is None:
            _, terms, weights = self._rows([place], [block])
            known = self._known[block, place] = dict(zip(terms.tolist(), weights.tolist(), strict=True))
        return known

    def _rows(self, places: Sequence[int], blocks: Collection[str]) -> tuple[Ints, Ints, Floats]:
        """Return of each term that articles have in these blocks who has it, which it is, and its weight, in grains."""
        every = [(asking, place, block) for asking, place in enumerate(places) for block in blocks]
        terms = [self._sketches.terms(block, place) for _, place, block in every]
        loud = [self._sketches.loud(block, place) for _, place, block in every]
        lengths = [len(one) for one in terms]
        of_block = np.repeat([self._blocks[block] for _, _, block in every], lengths)
        found = np.searchsorted(self._terms, _numbered(np.concatenate(terms), of_block))
        norms = self._norms[[self._blocks[block] for _, _, block in every], [place for _, place, _ in every]]
        weights = np.concatenate(loud) * self._worth[found] / np.repeat(norms, lengths)
        return np.repeat([asking for asking, _, _ in every], lengths), found, _in_grains(weights)

    def _add(self, out: Floats, asking: Ints, cells: Ints, weights: Floats) -> None:
        """Add what the articles of each cell share with those that ask for it."""
        sizes, width = self._sizes[cells], out.shape[1]
        bounds = np.searchsorted(asking, np.arange(len(out) + 1))
        entries = np.append(0, np.cumsum(sizes))[bounds]
        for lines in _together(entries):
            some = slice(*bounds[[lines.start, lines.stop]])
            held, starts = sizes[some], self._starts[cells[some]]
            at = np.repeat(starts - (np.cumsum(held) - held), held) + np.arange(held.sum())
            amount = self._weights[at] * np.repeat(weights[some], held)
            found = self._places[at] + np.repeat((asking[some] - lines.start) * width, held)
            count = lines.stop - lines.start
            out[lines] += np.bincount(found, weights=amount, minlength=count * width).reshape(count, width)

    def _common(self, ours: NDArray[np.bool_], count: int) -> tuple[Ints, Floats]:
        """Return the crowded ones of a language's cells, and their weights by article, a row each."""
        crowded = np.flatnonzero(ours & (self._sizes > max(_CROWD, count * _COMMON)))
        table = np.zeros((len(crowded), count))
        for row, start, size in zip(table, self._starts[crowded], self._sizes[crowded], strict=True):
            row[self._places[start : start + size]] = self._weights[start : start + size]
        return crowded, table


@dataclass(frozen=True)
class _Block:
    """One block turned round."""

    terms: Cells  #: in order
    rarity: Floats
    cells: Cells  #: twice a term, and one more in the English articles: in order
    sizes: Ints
    places: Places  #: by cell: who has the term, counted in its language
    weights: Counts  #: by cell, in grains
    norms: Floats  #: by place

    @classmethod
    def of(cls, sketches: Sketches, name: str, russian: int, share: float) -> _Block:
        """Turn a block round.

        Arrays with a number for each entry are few, and worked on a piece at a time: memory that a process has not had
        yet costs more than what is done in it.
        """
        terms, loud, lengths = sketches.every(name)
        count = len(lengths)
        order, cells = _sorted(terms, int(lengths[:russian].sum()))
        starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(cells)), dtype=np.bool_), cells[1:] != cells[:-1]]))
        sizes, cells = np.diff(np.append(starts, len(cells))), cells[starts]
        known, which = np.unique(cells >> _ENGLISH, return_inverse=True)
        frequency = np.bincount(which, weights=sizes, minlength=len(known))
        rarity = np.log((count + BACKGROUND) / (frequency + BACKGROUND * share))
        places, weights = np.repeat(np.arange(count, dtype=np.int32), lengths)[order], loud[order]
        worth, english = np.maximum(rarity, 0.0)[which], (cells & _ENGLISH).astype(np.bool_)
        squares = np.empty(len(order))
        for some, here in _pieces(starts, sizes):
            squares[here] = (weights[here] * np.repeat(worth[some], sizes[some])) ** 2
        norms = np.maximum(np.sqrt(np.bincount(places, weights=squares, minlength=count)), 1e-9)
        for some, here in _pieces(starts, sizes):
            weights[here] = _in_grains(weights[here] * np.repeat(worth[some], sizes[some]) / norms[places[here]])
            places[here] -= np.repeat(np.where(english[some], np.int32(russian), np.int32(0)), sizes[some])
        return cls(known, rarity, cells, sizes, places, weights, norms)


def _pieces(starts: Ints, sizes: Ints) -> Iterator[tuple[slice, slice]]:
    """Yield neighbouring cells, and their entries, some ten thousand at a time."""
    edges = rising(np.searchsorted(starts, np.arange(0, int(sizes.sum()), _AT_ONCE))).tolist()
    for first, last in pairwise([*edges, len(starts)]):
        if first < last:
            yield slice(first, last), slice(int(starts[first]), int(starts[last - 1] + sizes[last - 1]))


def _together(entries: Ints) -> Iterator[slice]:
    """Yield neighbouring lines that have so many entries together that they stay near the processor."""
    first = 0
    while first < len(entries) - 1:
        last = max(first + 1, int(np.searchsorted(entries, entries[first] + _AT_ONCE)))
        yield slice(first, min(last, len(entries) - 1))
        first = last


def _numbered(terms: Cells | Terms, block: Ints | int) -> Cells:
    """Return terms (or cells, of twice the block) with the number of their block before them."""
    return terms | np.asarray(block, dtype=np.uint64) << _TERM


def _sorted(terms: Terms, russian: int) -> tuple[Ints, Cells]:
    """Return the order of entries by term, language and place, and their cells in that order; so many are Russian."""
    keys = terms.astype(np.uint64)
    keys <<= _ENGLISH
    keys[russian:] |= _ENGLISH
    keys <<= _ENTRY
    keys |= np.arange(len(terms), dtype=np.uint64)
    keys.sort()
    order = (keys & (np.uint64(1) << _ENTRY) - np.uint64(1)).view(np.int64)
    keys >>= _ENTRY
    return order, keys


def _in_grains(weights: Floats) -> Floats:
    """Return weights in whole grains, in their place."""
    weights *= _GRAINS
    return np.rint(weights, out=weights)
