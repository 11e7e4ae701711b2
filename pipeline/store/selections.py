"""Where stories stand on their way into newsletters: the state of each, and every move ever made.

An ignored story is in no feed: its articles are withdrawn, those that join it later too (`settle`), and come
back with it; what an operator withdrew stays so. Which moves there are is the model's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, and_, delete, exists, func, or_, select, update

from pipeline.model import MOVES, Move, Standing, may_move
from pipeline.record import dataclass
from pipeline.store import swift
from pipeline.store.burials import bury, unbury
from pipeline.store.desk_tables import ignored, selection_moves, selections
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import stories, text_items, texts, withdrawals

_PART = 5_000
#: Why an article is withdrawn whose story is ignored.
_REASON = "its story is ignored"


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of asking for moves."""

    moved: tuple[str, ...] = ()
    refused: tuple[Standing, ...] = ()  #: stories from whose state no such move leads
    unknown: tuple[str, ...] = ()


class Selections:
    """Reads and writes of where stories stand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, ids: Iterable[str]) -> dict[str, Standing]:
        """Return where each of these stories stands; those that are not there are left out."""
        with reading(self._engine) as connection:
            return _standing(connection, sorted(set(ids)))

    def move(self, ids: Iterable[str], to: str, who: str, now: datetime, reason: str = "") -> Moved:
        """Move stories to a state, as one transaction; what is there already stays, and is no move."""
        wanted = list(dict.fromkeys(ids))
        with writing(self._engine) as connection:
            known = _standing(connection, sorted(wanted))
            there = [known[one] for one in wanted if one in known]
            able = [one for one in there if may_move(one.state, to)]
            for one in able:
                record(connection, Move(one.story, one.state, to, who, now, reason))
            settle(connection, [one.story for one in able if "ignored" in (one.state, to)], now)
        refused = tuple(one for one in there if one not in able and one.state != to)
        return Moved(tuple(one.story for one in able), refused, tuple(one for one in wanted if one not in known))

    def settle(self, now: datetime) -> None:
        """Withdraw what joined ignored stories, and give back what left them."""
        with reading(self._engine) as connection:
            _, late, free = _unsettled(connection, None)
        if late or free:
            with writing(self._engine) as connection:
                settle(connection, None, now)

    def history(self, story: str) -> list[Move]:
        """Return every move of a story, oldest first."""
        moves = selection_moves.c
        query = select(moves.story, moves.before, moves.after, moves.who, moves.at, moves.reason)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(moves.story == story).order_by(moves.id)).all()
        return [Move(*row) for row in rows]

    def page(self, state: str, size: int, after: tuple[datetime, str] | None = None) -> list[Standing]:
        """Return stories of a state, the latest first; after: (at, story) of the last one of the page before.

        Of new stories `at` is when they last changed.
        """
        with reading(self._engine) as connection:
            if state == "new":
                return _untouched(connection, size, after)
            own = selections.c
            query = select(own.story, own.state, own.who, own.at).where(own.state == state)
            if after is not None:
                query = query.where(_beyond(own.at, own.story, after))
            rows = connection.execute(query.order_by(own.at.desc(), own.story.desc()).limit(size)).all()
        return [Standing(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many stories stand in each state."""
        query = select(selections.c.state, func.count().label("n")).group_by(selections.c.state)
        with reading(self._engine) as connection:
            found = {row.state: row.n for row in connection.execute(query)}
            every = connection.scalar(select(func.count()).select_from(stories)) or 0
        return {state: found.get(state, 0) for state in MOVES} | {"new": max(0, every - sum(found.values()))}


def record(connection: Connection, move: Move) -> None:
    """Keep a move, and where the story stands now."""
    row = {"before": move.before, "after": move.after, "reason": move.reason}
    about = {"story": move.story, "who": move.who, "at": move.at}
    connection.execute(selection_moves.insert().values(**about, **row))
    if move.after == "new":
        connection.execute(delete(selections).where(selections.c.story == move.story))
    else:
        connection.execute(upsert(selections, about | {"state": move.after}))


def follow(connection: Connection, younger: str, older: str) -> None:
    """Let a story that went into another hand its state on; that of the older holds, where it has one."""
    kept = connection.scalar(select(selections.c.story).where(selections.c.story == older))
    own = selections.c.story == younger
    connection.execute(delete(selections).where(own) if kept else update(selections).where(own).values(story=older))
    connection.execute(update(selection_moves).where(selection_moves.c.story == younger).values(story=older))


def settle(connection: Connection, only: Sequence[str] | None, now: datetime) -> None:
    """Withdraw the articles of ignored stories, give back those of stories that are so no more; of these, or of all."""
    stories_of, late, free = _unsettled(connection, only)
    for one in late:
        connection.execute(withdrawals.insert().values(article=one, at=now, reason=_REASON))
        connection.execute(upsert(ignored, {"article": one, "story": stories_of[one]}))
    if late:
        bury(connection, late, now)
    for one in free:
        connection.execute(delete(withdrawals).where(withdrawals.c.article == one, withdrawals.c.reason == _REASON))
        connection.execute(delete(ignored).where(ignored.c.article == one))
    if free:
        unbury(connection, free)


def _unsettled(connection: Connection, only: Sequence[str] | None) -> tuple[Mapping[str, str], list[str], list[str]]:
    """Return the stories of ignored articles, which of these to withdraw, and which others to give back."""
    if swift.empty(connection, selections, ignored):
        return {}, [], []
    items = text_items.join(texts, texts.c.id == text_items.c.text)
    items = items.join(selections, selections.c.story == texts.c.story)
    items = items.outerjoin(withdrawals, withdrawals.c.article == text_items.c.article)
    quiet = select(text_items.c.article, texts.c.story, withdrawals.c.at).select_from(items)
    quiet = quiet.where(selections.c.state == "ignored")
    held = select(ignored.c.article)
    if only is not None:
        quiet, held = quiet.where(selections.c.story.in_(only)), held.where(ignored.c.story.in_(only))
    rows = connection.execute(quiet).all()
    of = {row.article: row.story for row in rows}
    free = sorted(one for one in connection.scalars(held) if one not in of)
    return of, sorted(row.article for row in rows if row.at is None), free


def _standing(connection: Connection, ids: Sequence[str]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        query = select(stories.c.id, selections.c.state, selections.c.who, selections.c.at)
        joined = stories.outerjoin(selections, selections.c.story == stories.c.id)
        for row in connection.execute(query.select_from(joined).where(stories.c.id.in_(part))):
            found[row.id] = Standing(row.id, row.state or "new", row.who or "", row.at)
    return found


def _beyond(at: Column[Any], story: Column[Any], after: tuple[datetime, str]) -> ColumnElement[bool]:
    """Say of a row that it comes after another, in a form that lets an index begin there."""
    return and_(at <= after[0], or_(at < after[0], story < after[1]))


def _untouched(connection: Connection, size: int, after: tuple[datetime, str] | None) -> list[Standing]:
    touched = exists(select(selections.c.story).where(selections.c.story == stories.c.id))
    query = select(stories.c.id, stories.c.updated).where(~touched)
    if after is not None:
        query = query.where(_beyond(stories.c.updated, stories.c.id, after))
    rows = connection.execute(query.order_by(stories.c.updated.desc(), stories.c.id.desc()).limit(size)).all()
    return [Standing(row.id, "new", at=row.updated) for row in rows]
