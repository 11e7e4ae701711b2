"""The cards of all articles, a column an array: what lists are ordered and facets counted by, in a few milliseconds.

A snapshot is never changed; `refreshed` returns the next one, made of it and of the cards that
changed since. Which cards there are and how they are searched is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pipeline.store.search_tables import cards

Numbers = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]

#: Cabinet of one value an article, of several.
SINGLE = ("source", "language", "origin", "state")
SEVERAL = ("labels", "names")
_QUERY = select(
    cards.c.id, cards.c.story, cards.c.dated, cards.c.article != "", *(cards.c[name] for name in (*SINGLE, *SEVERAL)),
    cards.c.change,
).order_by(cards.c.change)  # fmt: skip
#: A table of stories by values is made where it has so many places at most; pairs are sorted otherwise.
_TABLE = 64_000_000
#: Cards read at once.
_PART = 50_000


@dataclass(frozen=True)
class Cabinet:
    """One state of the cards; row n is the card of number n, row 0 none."""

    change: int = 0
    alive: Mask = field(default_factory=lambda: np.zeros(1, bool))
    story: Numbers = field(default_factory=lambda: np.zeros(1, np.int64))
    dated: Numbers = field(default_factory=lambda: np.zeros(1, np.int64))
    codes: Mapping[str, Codes] = field(default_factory=lambda: {name: np.zeros(1, np.int32) for name in SINGLE})
    #: Column → (rows, codes): row n has code m.
    pairs: Mapping[str, tuple[Codes, Codes]] = field(
        default_factory=lambda: {name: (np.zeros(0, np.int32), np.zeros(0, np.int32)) for name in SEVERAL}
    )
    values: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: dict.fromkeys((*SINGLE, *SEVERAL), ())
    )  #: column → what its codes stand for

    @property
    def size(self) -> int:
        """One more than the highest number."""
        return len(self.alive)

    @cached_property
    def order(self) -> Numbers:
        """The rows there are, newest first; of one instant the later number first."""
        rows = np.flatnonzero(self.alive)
        return rows[np.lexsort((-rows, -self.dated[rows]))]

    @cached_property
    def bundle(self) -> Codes:
        """For each row a number of its story, counted from 0."""
        _, found = np.unique(self.story, return_inverse=True)
        return found.astype(np.int32)

    @cached_property
    def bundles(self) -> int:
        """One more than the highest number of a story."""
        return int(self.bundle.max()) + 1

    def stories(self, rows: Numbers) -> Numbers:
        """Return of rows the first of each story, in their order."""
        first = np.full(self.bundles, -1, np.int64)
        first[self.bundle[rows[::-1]]] = rows[::-1]  # of equal places the last to be written stands
        leading: Numbers = rows[first[self.bundle[rows]] == rows]
        return leading

    def having(self, column: str, wanted: Iterable[str]) -> Mask:
        """Return which rows have one of these values."""
        known = {value: code for code, value in enumerate(self.values[column])}
        codes = [known[value] for value in wanted if value in known]
        if column in SINGLE:
            return np.isin(self.codes[column], codes)
        rows, own = self.pairs[column]
        found = np.zeros(self.size, bool)
        found[rows[np.isin(own, codes)]] = True
        return found

    def counts(self, column: str, mask: Mask) -> dict[str, int]:
        """Return how many stories have each value, in rows of the mask."""
        if column in SINGLE:
            return self.tally(np.flatnonzero(mask), self.codes[column][mask], self.values[column])
        rows, keys = self._sorted[column]
        left = keys[mask[rows]]
        distinct = left[np.flatnonzero(np.diff(left, prepend=-1))]
        return _named(self.values[column], distinct // self.bundles)

    def tally(self, rows: NDArray[Any], codes: NDArray[Any], values: Sequence[str]) -> dict[str, int]:
        """Return how many stories have each value; rows and codes go together."""
        keys = codes.astype(np.int64) * self.bundles + self.bundle[rows]
        if self.bundles * len(values) > _TABLE:
            return _named(values, np.unique(keys) // self.bundles)
        seen = np.zeros(self.bundles * max(len(values), 1), bool)
        seen[keys] = True
        return _named(values, np.flatnonzero(seen) // self.bundles)

    @cached_property
    def _sorted(self) -> Mapping[str, tuple[Codes, Numbers]]:
        """Column of several values → its rows by value and story, and a number for each value of each story."""
        found = {}
        for name, (rows, codes) in self.pairs.items():
            keys = codes.astype(np.int64) * self.bundles + self.bundle[rows]
            order = np.argsort(keys, kind="stable")
            found[name] = (rows[order], keys[order])
        return found


def _named(values: Sequence[str], codes: NDArray[Any]) -> dict[str, int]:
    counted = np.bincount(codes, minlength=len(values))
    return {value: int(count) for value, count in zip(values, counted, strict=True) if count}


def refreshed(old: Cabinet, connection: Connection) -> Cabinet:
    """Return the columns as the cards are now; `old` itself where none has changed."""
    # As the driver gives them, a part at a time: a first reading is of all cards there are.
    told = connection.execute(_QUERY.where(cards.c.change > old.change)).cursor
    while told is not None and (rows := told.fetchmany(_PART)):
        old = _with(old, rows)
    return old


def _with(old: Cabinet, rows: Sequence[Sequence[Any]]) -> Cabinet:
    numbers, story, dated, alive, *texts, change = zip(*rows, strict=True)
    at = np.array(numbers, np.int64)
    size = max(old.size, int(at.max()) + 1)
    changed = np.zeros(size, bool)
    changed[at] = True
    values, codes, pairs = dict(old.values), {}, {}
    for name, column in zip((*SINGLE, *SEVERAL), texts, strict=True):
        if name in SINGLE:
            values[name], found = _coded(old.values[name], column)
            codes[name] = _put(old.codes[name], size, at, found)
        else:
            parts = [cell.split() if cell else () for cell in column]
            values[name], found = _coded(old.values[name], [one for part in parts for one in part])
            added = np.repeat(at, [len(part) for part in parts]).astype(np.int32)
            before, own = old.pairs[name]
            kept = ~changed[before]
            pairs[name] = (np.concatenate([before[kept], added]), np.concatenate([own[kept], found]))
    return Cabinet(
        max(change), _put(old.alive, size, at, alive), _put(old.story, size, at, story),
        _put(old.dated, size, at, dated), codes, pairs, values,
    )  # fmt: skip


def _coded(known: tuple[str, ...], column: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    """Return the values known and new, and the column as their codes."""
    codes = {value: code for code, value in enumerate(known)}
    found = [codes.setdefault(value, len(codes)) for value in column]
    return tuple(codes), np.array(found, np.int32)


def _put(old: NDArray[Any], size: int, at: Numbers, values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    """Return an array of this size: the old one, with values put at places."""
    made = np.zeros(size, old.dtype)
    made[: len(old)] = old
    made[at] = values
    return made
