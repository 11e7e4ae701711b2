"""The cards of all articles, a column an array: what lists are ordered and facets counted by, in a few milliseconds.

A snapshot is never changed; `refreshed` returns the next one, made of it and of the cards that
changed since. Which cards there are and how they are searched is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pipeline.record import dataclass
from pipeline.store.arrangement import Arrangement, Codes, Mask, Numbers, Pairs, arranged, rearranged
from pipeline.store.search_tables import cards

#: Cabinet of one value an article, of several.
SINGLE = ("source", "language", "origin", "state")
SEVERAL = ("labels", "names")
_QUERY = select(
    cards.c.id, cards.c.story, cards.c.dated, cards.c.article != "", *(cards.c[name] for name in (*SINGLE, *SEVERAL)),
    cards.c.change,
).order_by(cards.c.change)  # fmt: skip
#: Cards read at once.
_PART = 50_000
#: Few is less than one in so many: of changed cards, or all rows are arranged anew; of rows that are counted.
_FEW = 50


@dataclass(frozen=True)
class Cabinet:
    """One state of the cards; row n is the card of number n, row 0 none."""

    change: int = 0
    alive: Mask = field(default_factory=lambda: np.zeros(1, np.bool_))
    story: Numbers = field(default_factory=lambda: np.zeros(1, np.int64))
    dated: Numbers = field(default_factory=lambda: np.zeros(1, np.int64))
    changes: Numbers = field(default_factory=lambda: np.zeros(1, np.int64))  #: which change each card is of
    codes: Mapping[str, Codes] = field(default_factory=lambda: {name: np.zeros(1, np.int32) for name in SINGLE})
    #: Column → (rows, codes): row n has code m.
    pairs: Pairs = field(
        default_factory=lambda: {name: (np.zeros(0, np.int32), np.zeros(0, np.int32)) for name in SEVERAL}
    )
    values: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: dict.fromkeys((*SINGLE, *SEVERAL), ())
    )  #: column → what its codes stand for
    rows: Arrangement = field(
        default_factory=lambda: arranged(
            np.zeros(1, np.bool_), np.zeros(1, np.int64), np.zeros(1, np.int64),
            {name: (np.zeros(0, np.int32), np.zeros(0, np.int32)) for name in (*SINGLE, *SEVERAL)},
        )
    )  # fmt: skip

    @property
    def size(self) -> int:
        """One more than the highest number."""
        return len(self.alive)

    def having(self, column: str, wanted: Iterable[str]) -> Mask:
        """Return which rows have one of these values."""
        known = {value: code for code, value in enumerate(self.values[column])}
        codes = [known[value] for value in wanted if value in known]
        chosen = np.zeros(len(known) + 1, np.bool_)
        chosen[codes] = True
        if column in SINGLE:
            return chosen[self.codes[column]]
        rows, own = self.pairs[column]
        found = np.zeros(self.size, np.bool_)
        found[rows[chosen[own]]] = True
        return found

    def counts(self, column: str, mask: Mask) -> dict[str, int]:
        """Return how many stories have each value, in rows of the mask."""
        values, rows = self.values[column], np.flatnonzero(mask)
        if column in SINGLE and len(rows) * _FEW < self.size:
            return self.tally(rows, self.codes[column][rows], values)
        counted = self.rows.columns[column].stories(mask, len(values))
        return {value: int(count) for value, count in zip(values, counted, strict=True) if count}

    def tally(self, rows: NDArray[Any], codes: NDArray[Any], values: Sequence[str]) -> dict[str, int]:
        """Return how many stories have each of some values; rows and codes go together."""
        keys = codes.astype(np.int64) * self.rows.bundles + self.rows.bundle[rows]
        if len(rows) * _FEW < self.size:
            keys = np.unique(keys)
        else:  # of many rows a table of all values by all stories is sooner filled than they are sorted
            seen = np.zeros(self.rows.bundles * max(len(values), 1), np.bool_)
            seen[keys] = True
            keys = np.flatnonzero(seen)
        counted = np.bincount(keys // self.rows.bundles, minlength=len(values))
        return {value: int(count) for value, count in zip(values, counted, strict=True) if count}


def refreshed(old: Cabinet, connection: Connection) -> Cabinet:
    """Return the columns as the cards are now; `old` itself where none has changed."""
    # As the driver gives them, a part at a time: a first reading is of all cards there are.
    told = connection.execute(_QUERY.where(cards.c.change > old.change)).cursor
    now, changed = old, np.zeros(0, np.int64)
    while told is not None and (rows := told.fetchmany(_PART)):
        now = _with(now, rows)
        changed = np.concatenate([changed, np.array([row[0] for row in rows], np.int64)])
    return _arranged(old, now, changed) if len(changed) else old


def _arranged(old: Cabinet, now: Cabinet, at: Numbers) -> Cabinet:
    """Return the cabinet with its rows in their orders; at: those that are others than in the old one."""
    every = {**{name: _alive(now.alive, now.codes[name]) for name in SINGLE}, **now.pairs}
    if len(at) * _FEW > now.size:
        return replace(now, rows=arranged(now.alive, now.story, now.dated, every))
    changed = np.zeros(now.size, np.bool_)
    changed[at] = True
    before = at[at < old.size]
    same = len(before) == len(at) and all(
        np.array_equal(getattr(old, name)[at], getattr(now, name)[at]) for name in ("alive", "dated")
    )
    some = {name: (rows[changed[rows]], codes[changed[rows]]) for name, (rows, codes) in every.items()}
    return replace(now, rows=rearranged(old.rows, changed, now.alive, now.story, now.dated, some, moved=not same))


def _alive(alive: Mask, codes: Codes) -> tuple[Codes, Codes]:
    rows = np.flatnonzero(alive).astype(np.int32)
    return rows, codes[rows]


def _with(old: Cabinet, rows: Sequence[Sequence[Any]]) -> Cabinet:
    numbers, story, dated, alive, *texts, change = zip(*rows, strict=True)
    at = np.array(numbers, np.int64)
    size = max(old.size, int(at.max()) + 1)
    changed = np.zeros(size, np.bool_)
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
    return replace(
        old, change=max(change), alive=_put(old.alive, size, at, alive), story=_put(old.story, size, at, story),
        dated=_put(old.dated, size, at, dated), changes=_put(old.changes, size, at, change), codes=codes, pairs=pairs,
        values=values,
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
