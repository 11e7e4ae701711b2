"""The rows of a cabinet in the orders that lists and counts need: by date, by story, by value.

Making them takes as long as there are rows; after a word of an analyst's only a few differ, and these are taken out of the
old orders and put into their places. What a row holds is not known here but as numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.record import dataclass

Numbers = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
#: Column → (rows, codes): row n has value m.
Pairs = Mapping[str, tuple[Codes, Codes]]
#: Of a story's number and a value's code one number is made: more stories than this there are not.
_STORIES = 1 << 32


@dataclass(frozen=True, slots=True)
class Sorted:
    """The values of a column by value and story: keys rise, rows go with them."""

    keys: Numbers
    rows: Codes

    @classmethod
    def of(cls, rows: Codes, codes: Codes, bundle: Codes) -> Sorted:
        """Sort them."""
        keys = codes.astype(np.int64) * _STORIES + bundle[rows]
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], rows[order])

    def without(self, changed: Mask) -> Sorted:
        """Return what is left without some rows."""
        kept = ~changed[self.rows]
        return Sorted(self.keys[kept], self.rows[kept])

    def along(self, other: Sorted) -> Sorted:
        """Return both together."""
        at = np.searchsorted(self.keys, other.keys)
        return Sorted(np.insert(self.keys, at, other.keys), np.insert(self.rows, at, other.rows))

    def stories(self, mask: Mask, values: int) -> NDArray[np.int64]:
        """Return for each value how many stories have it, in rows of the mask."""
        left = self.keys[mask[self.rows]]
        if not len(left):
            return np.zeros(values, np.int64)
        first = left[np.flatnonzero(np.diff(left, prepend=-1))]
        ends = np.searchsorted(first, np.arange(values + 1, dtype=np.int64) * _STORIES)
        return np.diff(ends)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The orders of one state of the cards."""

    order: Codes  #: the rows there are, newest first; of one instant the later number first
    bundle: Codes  #: row → number of its story
    known: Numbers  #: the stories there are or were, rising
    numbers: Codes  #: the number of each of these
    columns: Mapping[str, Sorted]

    @property
    def bundles(self) -> int:
        """One more than the highest number of a story."""
        return len(self.known)

    def leading(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return of rows the first of each story, in their order."""
        own = self.bundle[rows]
        first = np.full(self.bundles, -1, np.int64)
        first[own[::-1]] = rows[::-1]  # of equal places the last to be written stands
        found: NDArray[Any] = rows[first[own] == rows]
        return found


def arranged(alive: Mask, story: Numbers, dated: Numbers, pairs: Pairs) -> Arrangement:
    """Arrange all rows."""
    known, found = np.unique(story, return_inverse=True)
    bundle = found.astype(np.int32)
    columns = {name: Sorted.of(rows, codes, bundle) for name, (rows, codes) in pairs.items()}
    return Arrangement(_newest(alive, dated), bundle, known, np.arange(len(known), dtype=np.int32), columns)


def rearranged(
    old: Arrangement, changed: Mask, alive: Mask, story: Numbers, dated: Numbers, pairs: Pairs, *, moved: bool
) -> Arrangement:  # fmt: skip
    """Return the orders where some rows are others than before.

    pairs: of the changed rows alone; moved: whether any of these has another date than before, or was not there.
    """
    at = np.flatnonzero(changed)
    new = np.setdiff1d(story[at], old.known)
    places = np.searchsorted(old.known, new)
    known = np.insert(old.known, places, new)
    numbers = np.insert(old.numbers, places, np.arange(len(old.known), len(known), dtype=np.int32))
    bundle = np.zeros(len(story), np.int32)
    bundle[: len(old.bundle)] = old.bundle
    bundle[at] = numbers[np.searchsorted(known, story[at])]
    columns = {
        name: old.columns[name].without(changed).along(Sorted.of(rows, codes, bundle))
        for name, (rows, codes) in pairs.items()
    }
    return Arrangement(_newest(alive, dated) if moved else old.order, bundle, known, numbers, columns)


def _newest(alive: Mask, dated: Numbers) -> Codes:
    rows = np.flatnonzero(alive)
    return rows[np.lexsort((-rows, -dated[rows]))].astype(np.int32)
