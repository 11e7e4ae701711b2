"""Finding articles by words and facets: lists of stories in an order, with counts, page by page.

A story is found where one of its articles answers everything that is asked: words, facets and days
together, as a saved search would have it. Words are found in whatever grammatical form; where the
caller says what they are in the other language, those are found too, and come last.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property, reduce
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, bindparam, select

from pipeline import names, stems
from pipeline.record import dataclass
from pipeline.shadow import Shadow
from pipeline.stems import Part, Translations
from pipeline.store import cards as making
from pipeline.store import fulltext
from pipeline.store.arrangement import Codes, Mask
from pipeline.store.asked import FACETS, Asked, Found, Hit
from pipeline.store.cabinet import Cabinet, refreshed
from pipeline.store.engine import reading
from pipeline.store.search_tables import cards

#: Where words were found, the best place first.
TIERS = ("title", "text", "translation")
_NOWHERE = len(TIERS)
#: Facets that are labels of a card.
_LABELS = ("topic", "tag", "star")
#: Changes a question takes up by itself; a pass takes up all.
_AT_ONCE = 50
#: Answers of the full-text index that are kept, for the next page, facet and question: bytes, a bit a row.
_KEPT = 48_000_000
#: More cards than these changed: then the index is asked anew.
_AGAIN = 20
#: Rows asked of the database at once.
_PART = 500
_ARTICLES = select(cards.c.id, cards.c.article).where(cards.c.id.in_(bindparam("ids", expanding=True)))
_NAMES = select(cards.c.article, cards.c.names).where(cards.c.article.in_(bindparam("ids", expanding=True)))
#: Groups of parts, and whether titles alone are looked at.
_Wanted = tuple[tuple[tuple[Part, ...], ...], bool]


@dataclass(frozen=True)
class _Answer:
    """What was found, before it is put in order."""

    cabinet: Cabinet
    masks: Mapping[str, Mask]  #: facet → rows that have what is wanted of it
    others: Mask  #: rows that answer everything else
    tiers: NDArray[np.int8] | None  #: for each row where words were found; None where none were asked for
    counted: dict[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)  #: what was counted already

    @cached_property
    def mask(self) -> Mask:
        """The rows that answer everything."""
        return _all(self.others, self.masks.values())

    def but(self, facet: str) -> Mask:
        """Return the rows that answer everything but a facet."""
        if facet not in self.masks:
            return self.mask
        return _all(self.others, (one for name, one in self.masks.items() if name != facet))

    def counts(self, column: str, facet: str) -> Mapping[str, int]:
        """Return how many stories have each value of a column, a facet let go; several facets may share a column."""
        key = (column, facet if facet in self.masks else "")
        if key not in self.counted:
            self.counted[key] = self.cabinet.counts(column, self.but(facet))
        return self.counted[key]


class Search:
    """Questions to the cards and shadows of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cabinet = Cabinet()
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Wanted, tuple[int, NDArray[np.uint8]]] = OrderedDict()

    def unread(self, most: int) -> Sequence[tuple[str, str]]:
        """Return titles and texts of so many articles that are new to the search, as `shadow.cast` wants them."""
        return making.unread(self._engine, most)

    def catch_up(self, made: Mapping[str, Shadow] = making.NONE) -> int:
        """Take up everything that changed; return how many changes that were. made: shadows that are there already."""
        making.outdated(self._engine)
        done = 0
        while taken := making.take_up(self._engine, made=made):
            done += taken
        return done

    def find(
        self, asked: Asked, kinds: Mapping[str, str], also: Translations | None = None, *, size: int = 30,
        after: str = "", facets: Sequence[str] = FACETS,
    ) -> Found:  # fmt: skip
        """Return a page of what is asked for.

        kinds: source → kind; also: words in the other language; after: key of the last story of the page before.
        """
        with reading(self._engine) as connection:
            behind = making.any_waiting(connection)
        if behind:
            making.take_up(self._engine, _AT_ONCE)
        with reading(self._engine) as connection:
            answer = self._answer(connection, asked, kinds, also)
            rows, articles = _ordered(answer, asked)
            start = _behind(answer, asked, rows, after)
            page = rows[start : start + size]
            return Found(
                _hits(connection, answer, page), len(rows), articles,
                {name: _counted(answer, name, kinds) for name in facets},
                _key(answer, page[-1]) if start + size < len(rows) else "",
                making.waiting(connection) if behind else 0,
            )  # fmt: skip

    def articles(self, asked: Asked, kinds: Mapping[str, str], also: Translations | None = None) -> Iterator[str]:
        """Yield the ids of all articles that answer, in the order of the list, without holding more than numbers."""
        with reading(self._engine) as connection:
            answer = self._answer(connection, asked, kinds, also)
        rows = _in_order(answer, asked)
        for start in range(0, len(rows), _PART):
            with reading(self._engine) as connection:
                yield from (one for one in _ids(connection, rows[start : start + _PART]) if one)

    def names(self, articles: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the ids of the institutions and places that these articles name; of those that have a card."""
        with reading(self._engine) as connection:
            return {row.article: tuple(row.names.split()) for row in connection.execute(_NAMES, {"ids": [*articles]})}

    def _answer(
        self, connection: Connection, asked: Asked, kinds: Mapping[str, str], also: Translations | None
    ) -> _Answer:  # fmt: skip
        with self._lock:
            cabinet = self._cabinet = refreshed(self._cabinet, connection)
        others = cabinet.alive.copy()
        if asked.since:
            others &= cabinet.dated >= making.ticks(asked.since)
        if asked.until:
            others &= cabinet.dated < making.ticks(asked.until)
        for name, values in asked.unwanted.items():
            others &= ~_having(cabinet, name, values, kinds)
        tiers = self._tiers(connection, cabinet, asked.words, also) if asked.words else None
        if tiers is not None:
            others &= tiers < _NOWHERE
        if asked.not_words:
            others &= self._lacking(connection, cabinet, asked.not_words)
        masks = {name: _having(cabinet, name, values, kinds) for name, values in asked.wanted.items() if values}
        return _Answer(cabinet, masks, others, tiers)

    def _tiers(
        self, connection: Connection, cabinet: Cabinet, words: Sequence[str], also: Translations | None
    ) -> NDArray[np.int8]:
        """Return for each row where the words were found, all of them."""
        parts = [part for word in words if (part := stems.part(word)) != Part(())]
        found = np.full(cabinet.size, _NOWHERE, np.int8)
        if not parts:
            return found
        others = [tuple(also(part)) if also else () for part in parts]
        if any(others):
            # Of a single word what it is itself comes behind, anyway.
            wider = others if len(parts) == 1 else [(part, *own) for part, own in zip(parts, others, strict=True)]
            found[self._having(connection, cabinet, wider)] = TIERS.index("translation")
        own = [(part,) for part in parts]
        found[self._having(connection, cabinet, own)] = TIERS.index("text")
        found[self._having(connection, cabinet, own, title=True)] = TIERS.index("title")
        return found

    def _lacking(self, connection: Connection, cabinet: Cabinet, words: Sequence[str]) -> Mask:
        """Return which rows have none of these words."""
        parts = [part for word in words if (part := stems.part(word)) != Part(())]
        return ~self._having(connection, cabinet, [parts]) if parts else np.ones(cabinet.size, np.bool_)

    def _having(
        self, connection: Connection, cabinet: Cabinet, wanted: Sequence[Sequence[Part]], *, title: bool = False
    ) -> Mask:  # fmt: skip
        """Return which rows have one part of each group.

        What was asked lately is remembered; where a few cards changed since, only these are looked at again.
        """
        name = (tuple(map(tuple, wanted)), title)
        with self._lock:
            change, kept = self._kept.get(name, (0, None))
        found = np.zeros(cabinet.size, np.bool_)
        since = np.flatnonzero(cabinet.changes > change)
        if kept is None or change > cabinet.change or len(since) > _AGAIN:
            rows = fulltext.matching(connection, wanted, title=title)
        else:
            before = np.unpackbits(kept)[: cabinet.size].view(np.bool_)
            found[: len(before)] = before
            found[since] = False
            rows = fulltext.matching(connection, wanted, title=title, among=since.tolist()) if len(since) else since
        found[rows[rows < cabinet.size]] = True
        with self._lock:
            self._kept[name] = cabinet.change, np.packbits(found)
            self._kept.move_to_end(name)
            while len(self._kept) * cabinet.size // 8 > _KEPT:
                self._kept.popitem(last=False)
        return found


def _having(cabinet: Cabinet, facet: str, values: Iterable[str], kinds: Mapping[str, str]) -> Mask:
    if facet == "kind":
        return cabinet.having("source", [source for source, kind in kinds.items() if kind in set(values)])
    if facet in _LABELS:
        return cabinet.having("labels", [making.label(facet, value) for value in values])
    return cabinet.having("names" if facet in names.KINDS else facet, values)


def _all(first: Mask, others: Iterable[Mask]) -> Mask:
    return reduce(np.logical_and, others, first)


def _counted(answer: _Answer, facet: str, kinds: Mapping[str, str]) -> dict[str, int]:
    """Return how many stories each value of a facet would leave, under everything that is asked but this facet."""
    cabinet = answer.cabinet
    if facet == "kind":
        mask = answer.but(facet)
        table = np.array([*(kinds.get(source, "") for source in cabinet.values["source"]), ""])
        every, codes = np.unique(table, return_inverse=True)
        return cabinet.tally(np.flatnonzero(mask), codes[cabinet.codes["source"]][mask], tuple(map(str, every)))
    if facet in _LABELS:
        own = f"{facet}:"
        found = answer.counts("labels", facet)
        return {unquote(one.removeprefix(own)): count for one, count in found.items() if one.startswith(own)}
    if facet in names.KINDS:
        known = {one.id for one in names.shipped().every if one.kind == facet}
        return {value: count for value, count in answer.counts("names", facet).items() if value in known}
    return dict(answer.counts(facet, facet))


def _in_order(answer: _Answer, asked: Asked) -> Codes:
    """Return the rows that answer, in the order that is asked for."""
    order = answer.cabinet.rows.order
    rows = order[answer.mask[order]]
    if asked.best and answer.tiers is not None:
        rows = rows[np.argsort(answer.tiers[rows], kind="stable")]
    return rows


def _ordered(answer: _Answer, asked: Asked) -> tuple[Codes, int]:
    """Return the first row of each story that answers, in order, and how many rows do."""
    rows = _in_order(answer, asked)
    return (answer.cabinet.rows.leading(rows)), len(rows)


def _key(answer: _Answer, row: int) -> str:
    tier = 0 if answer.tiers is None else int(answer.tiers[row])
    return f"{tier}.{int(answer.cabinet.dated[row])}.{int(row)}"


def _behind(answer: _Answer, asked: Asked, rows: Codes, after: str) -> int:
    """Return where in rows the list goes on after a key: by what the key says, so that rows may come and go."""
    try:
        tier, dated, number = map(int, after.split("."))
    except ValueError:
        return 0
    own = answer.cabinet.dated[rows]
    later = (own < dated) | ((own == dated) & (rows < number))
    if asked.best and answer.tiers is not None:
        here = answer.tiers[rows]
        later = (here > tier) | ((here == tier) & later)
    return int(np.argmax(later)) if later.any() else len(rows)


def _hits(connection: Connection, answer: _Answer, page: Codes) -> tuple[Hit, ...]:
    ids = _ids(connection, page)
    tiers = answer.tiers
    return tuple(
        Hit(article, "" if tiers is None else TIERS[int(tiers[row])], _key(answer, row))
        for article, row in zip(ids, page, strict=True)
        if article
    )


def _ids(connection: Connection, rows: Codes) -> list[str]:
    """Return the articles of these numbers, in their order; "" for one that was purged."""
    numbers = [int(row) for row in rows]
    known = {row.id: row.article for row in connection.execute(_ARTICLES, {"ids": numbers})}
    return [known.get(number, "") for number in numbers]
