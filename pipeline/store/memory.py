"""The translation memory: what was translated, who is at it, what it cost.

A segment goes to an engine at most once. Whoever wants to send it claims its row first
(`claimed`, with a lease); just before the request the row becomes `sent` and its characters are
booked, as one transaction; the answer makes it `done` or `failed`.

A process that dies leaves claims that run out. A row that was `claimed` is anybody's again. One
that was `sent` is not: the engine may have answered, and billed, what nobody wrote down. With an
engine that bills it becomes `doubt`, is never sent again by itself, and waits for an operator's
`retry`; with one that costs nothing it is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update

from pipeline.record import dataclass
from pipeline.store.engine import reading, streamed, writing
from pipeline.store.inserts import meeting_insert
from pipeline.store.spending import Budget, book, left
from pipeline.store.tables import segments

#: Keys asked for at once.
_PART = 500
#: So long a claim holds; longer than any request may take.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment that is to be translated, as the memory knows it."""

    key: str
    text: str  #: with signs
    size: int  #: characters that the engine counts
    article: str = ""  #: that it was first met in; goes with it when that is purged


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the memory holds of a segment."""

    key: str
    text: str
    answer: str
    state: str  #: claimed | sent | done | failed | doubt | person
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A row for a translation memory file."""

    key: str
    engine: str
    model: str
    source: str
    target: str
    text: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """Who translates what, as the rows say it."""

    engine: str
    model: str
    source: str
    target: str
    glossary: str
    bills: bool  #: whether the engine costs by what it is sent


_WHOSE = (segments.c.key, segments.c.state, segments.c.owner, segments.c.lease, segments.c.size)
_SAID = (segments.c.key, segments.c.text, segments.c.answer, segments.c.state, segments.c.faults)
#: What an answer changes; a row at a time, all in one statement.
_ANSWER = (
    update(segments)
    .where(segments.c.key == bindparam("mine"))
    .values(answer=bindparam("said"), state=bindparam("now_is"), faults=bindparam("wrong"), lease=None)
)


class Memory:
    """Reads and writes of the translation memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, keys: Iterable[str]) -> dict[str, Remembered]:
        """Return what is remembered under these keys."""
        with reading(self._engine) as connection:
            return _known(connection, keys)

    def claim(self, about: About, pieces: Sequence[Piece], owner: str, now: datetime) -> list[str]:
        """Return which of these segments are the owner's to send from now on: those nobody has, or has let go."""
        ours: list[str] = []
        claimed: list[dict[str, Any]] = []
        with writing(self._engine) as connection:
            rows = {row.key: row for row in _rows(connection, [piece.key for piece in pieces], _WHOSE)}
            for piece in {piece.key: piece for piece in pieces}.values():
                row = rows.get(piece.key)
                if row is not None and (row.state in ("done", "failed", "person", "doubt") or row.lease > now):
                    continue
                doubt = row is not None and row.state == "sent" and about.bills
                values: dict[str, Any] = {
                    "key": piece.key, "engine": about.engine, "model": about.model, "source": about.source,
                    "target": about.target, "glossary": about.glossary, "text": piece.text, "answer": "",
                    "state": "doubt" if doubt else "claimed", "owner": owner, "lease": None if doubt else now + LEASE,
                    "at": now, "size": piece.size, "faults": [], "article": piece.article,
                }  # fmt: skip
                claimed.append(values)
                if not doubt:
                    ours.append(piece.key)
            _upsert(connection, claimed)
        return ours

    def send(self, keys: Sequence[str], owner: str, budget: Budget, now: datetime) -> bool:
        """Book these segments and mark them as sent, where the day's budget allows; say whether it does.

        Raises ValueError where one of them is not the owner's any more.
        """
        with writing(self._engine) as connection:
            rows = _rows(connection, keys, _WHOSE)
            if len(rows) != len(set(keys)) or any(row.owner != owner or row.state != "claimed" for row in rows):
                raise ValueError("a claim ran out before its segments were sent")
            size = sum(row.size for row in rows)
            room = left(connection, budget, now)
            if room is not None and size > room:
                return False
            for part in _parts(keys):
                values = {"state": "sent", "at": now, "lease": now + LEASE}
                connection.execute(update(segments).where(segments.c.key.in_(part)).values(**values))
            book(connection, budget, now, characters=size, segments=len(rows), requests=1)
        return True

    def answered(
        self, answers: Iterable[tuple[str, str, Sequence[str]]], owner: str, budget: Budget, now: datetime
    ) -> None:
        """Keep what came back: (key, text with signs, faults); one with faults is kept as failed."""
        with writing(self._engine) as connection:
            rows = [
                {"mine": key, "said": text, "now_is": "failed" if faults else "done", "wrong": list(faults)}
                for key, text, faults in answers
            ]
            if rows:
                connection.execute(_ANSWER.where(segments.c.owner == owner).values(at=now), rows)
            bad = sum(row["now_is"] == "failed" for row in rows)
            if bad:
                book(connection, budget, now, faults=bad)

    def let_go(self, keys: Sequence[str], owner: str, budget: Budget, now: datetime, *, unsent: bool) -> None:
        """Give segments back: as never sent (their characters are credited), or in doubt, for an engine that bills."""
        with writing(self._engine) as connection:
            mine = [
                row
                for row in _rows(connection, keys, _WHOSE)
                if row.owner == owner and row.state in ("claimed", "sent")
            ]
            for row in mine:
                here = segments.c.key == row.key
                if unsent or row.state == "claimed":
                    connection.execute(delete(segments).where(here))
                else:
                    connection.execute(update(segments).where(here).values(state="doubt", lease=None))
            sent = [row for row in mine if row.state == "sent"]
            if unsent and sent:
                size = sum(row.size for row in sent)
                book(connection, budget, now, characters=-size, segments=-len(sent), requests=-1)

    def retry(self, states: Sequence[str] = ("doubt", "failed")) -> int:
        """Forget segments that failed or are in doubt, so that they are sent again; say how many."""
        with writing(self._engine) as connection:
            done = connection.execute(delete(segments).where(segments.c.state.in_(states)))
            return int(done.rowcount)

    def put(self, rows: Iterable[tuple[Entry, str]], now: datetime, article: str = "") -> int:
        """Keep translations made elsewhere, or by a person (state `done` or `person`); say how many.

        article: they go with it when it is purged.
        """
        kept: list[dict[str, Any]] = []
        with writing(self._engine) as connection:
            for one, state in rows:
                values: dict[str, Any] = {
                    "key": one.key, "engine": one.engine, "model": one.model, "source": one.source,
                    "target": one.target, "glossary": "", "text": one.text, "answer": one.answer, "state": state,
                    "owner": "", "lease": None, "at": now, "size": len(one.text), "faults": [], "article": article,
                }  # fmt: skip
                kept.append(values)
            _upsert(connection, kept)
        return len(kept)

    def unput(self, keys: Sequence[str]) -> None:
        """Forget what a person wrote under these keys."""
        with writing(self._engine) as connection:
            connection.execute(delete(segments).where(segments.c.key.in_(keys), segments.c.state == "person"))

    def each(self) -> Iterator[Entry]:
        """Yield every translation that may be used, by key."""
        good = segments.c.state.in_(("done", "person"))
        columns = (segments.c.key, segments.c.engine, segments.c.model, segments.c.source, segments.c.target)
        query = select(*columns, segments.c.text, segments.c.answer, segments.c.at).where(good).order_by(segments.c.key)
        for row in streamed(self._engine, query, 500):
            yield Entry(*row)

    def has_persons(self) -> bool:
        """Return whether a person's wording is kept at all."""
        with reading(self._engine) as connection:
            return connection.scalar(select(segments.c.key).where(segments.c.state == "person").limit(1)) is not None

    def states(self) -> dict[str, dict[str, int]]:
        """Return how many segments of each engine are in each state."""
        query = select(segments.c.engine, segments.c.state, func.count()).group_by(segments.c.engine, segments.c.state)
        found: dict[str, dict[str, int]] = {}
        with reading(self._engine) as connection:
            for engine, state, count in connection.execute(query.order_by(segments.c.engine, segments.c.state)):
                found.setdefault(engine, {})[state] = count
        return found


def _upsert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep rows in place of those of the same key."""
    if rows:
        insert = meeting_insert(segments)
        fresh = {column.name: insert.excluded[column.name] for column in segments.c if column.name != "key"}
        connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=fresh), rows)


def _known(connection: Connection, keys: Iterable[str]) -> dict[str, Remembered]:
    return {
        row.key: Remembered(row.key, row.text, row.answer, row.state, tuple(row.faults))
        for row in _rows(connection, list(dict.fromkeys(keys)), _SAID)
    }


def _rows(connection: Connection, keys: Sequence[str], columns: Sequence[Any]) -> list[Any]:
    return [
        row
        for part in _parts(keys)
        for row in connection.execute(select(*columns).where(segments.c.key.in_(part))).all()
    ]


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _PART):
        yield keys[start : start + _PART]
