"""What analysts put on stories: tags, stars, notes. What is taken off stays, with when and by whom.

A story that went into another takes its marks along: they are kept under the id of then, and `aliases` tells what
became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Engine,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from pipeline.characters import legal
from pipeline.model import Mark
from pipeline.store import swift
from pipeline.store.desk_tables import notes, stars, tags
from pipeline.store.engine import reading, writing
from pipeline.store.tables import aliases, stories, text_items, texts

#: Database parameters in one question at most.
_PART = 5_000
_GONE = ~exists().where(stories.c.id == aliases.c.id)
_KINDS: Mapping[str, tuple[Table, str]] = {"tag": (tags, "tag"), "star": (stars, ""), "note": (notes, "text")}


class Marks:
    """Reads and writes of tags, stars and notes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tag(self, story: str, tag: str, who: str, now: datetime) -> bool:
        """Put a tag on a story; say whether it was not there yet."""
        with writing(self._engine) as connection:
            here = and_(tags.c.story.in_(_known_as(connection, story)), tags.c.tag == tag)
            return _put(connection, tags, here, {"story": story, "tag": tag, "who": who, "at": now})

    def untag(self, story: str, tag: str, who: str, now: datetime) -> bool:
        """Take a tag off a story; say whether it was there."""
        with writing(self._engine) as connection:
            here = and_(tags.c.story.in_(_known_as(connection, story)), tags.c.tag == tag)
            return _take(connection, tags, here, who, now)

    def star(self, story: str, who: str, now: datetime) -> bool:
        """Put somebody's star on a story; say whether it was not there yet."""
        with writing(self._engine) as connection:
            here = and_(stars.c.story.in_(_known_as(connection, story)), stars.c.who == who)
            return _put(connection, stars, here, {"story": story, "who": who, "at": now})

    def unstar(self, story: str, who: str, now: datetime) -> bool:
        """Take somebody's star off a story; say whether it was there."""
        with writing(self._engine) as connection:
            here = and_(stars.c.story.in_(_known_as(connection, story)), stars.c.who == who)
            return _take(connection, stars, here, who, now)

    def note(self, story: str, text: str, who: str, now: datetime) -> int:
        """Write a note about a story; return its number."""
        with writing(self._engine) as connection:
            row = {"story": story, "text": text, "who": who, "at": now, "gone": None, "gone_by": ""}
            added = connection.execute(notes.insert().values(**row)).inserted_primary_key
            assert added is not None
            return int(added[0])

    def rewrite(self, story: str, number: int, text: str, who: str, now: datetime) -> int:
        """Write a note of a story anew: the old one is taken off, and stays as it was; 0 where there is none."""
        with writing(self._engine) as connection:
            here = and_(notes.c.id == number, notes.c.story.in_(_known_as(connection, story)))
            if not _take(connection, notes, here, who, now):
                return 0
            row = {"story": story, "text": text, "who": who, "at": now, "gone": None, "gone_by": ""}
            added = connection.execute(notes.insert().values(**row)).inserted_primary_key
            assert added is not None
            return int(added[0])

    def unnote(self, story: str, number: int, who: str, now: datetime) -> bool:
        """Take a note off its story; say whether it was there."""
        with writing(self._engine) as connection:
            here = and_(notes.c.id == number, notes.c.story.in_(_known_as(connection, story)))
            return _take(connection, notes, here, who, now)

    def of(self, story: str) -> tuple[Mark, ...]:
        """Return everything that was ever put on a story, oldest first."""
        with reading(self._engine) as connection:
            names = _known_as(connection, story)
            found = [
                _mark(kind, row, column)
                for kind, (table, column) in _KINDS.items()
                for row in connection.execute(select(table).where(table.c.story.in_(names)))
            ]
        return tuple(sorted(found, key=lambda one: (one.at, one.kind, one.id)))

    def standing(self, stories: Iterable[str]) -> dict[str, tuple[Mark, ...]]:
        """Return what is on these stories now: story → marks, oldest first; only of those that have any."""
        found: dict[str, list[Mark]] = {}
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(stories))):
                for kind, (table, column) in _KINDS.items():
                    for row in connection.execute(_on(table, part)):
                        found.setdefault(row.now, []).append(_mark(kind, row, column))
        return {story: tuple(sorted(own, key=lambda one: (one.at, one.kind, one.id))) for story, own in found.items()}

    def stories(
        self, question: Select[Any], size: int, after: tuple[datetime, str] | None = None
    ) -> list[tuple[str, datetime]]:
        """Return (id, updated) of the stories that `tagged`, `starred` or `noted` asks for, the latest change first.

        after: the last one of the page before.
        """
        query = select(stories.c.id, stories.c.updated).where(stories.c.id.in_(question))
        if after is not None:
            at, name = after
            query = query.where(or_(stories.c.updated < at, and_(stories.c.updated == at, stories.c.id > name)))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(stories.c.updated.desc(), stories.c.id).limit(size)).all()
        return [(row.id, row.updated) for row in rows]

    def on(self, stories: Iterable[str]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return the tags that are on these stories and who put a star on them; of those that have any."""
        found: dict[str, tuple[set[str], set[str]]] = {}
        with reading(self._engine) as connection:
            for story, kind, value in on_stories(connection, sorted(set(stories))):
                found.setdefault(story, (set(), set()))[kind == "star"].add(value)
        return {story: (tuple(sorted(tags)), tuple(sorted(who))) for story, (tags, who) in found.items()}

    def tags_of(self, article_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the tags of the stories of these articles; of those that have any."""
        found: dict[str, set[str]] = {}
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(article_ids))):
                side = select(text_items.c.article, texts.c.story).join(texts, texts.c.id == text_items.c.text)
                own = connection.execute(side.where(text_items.c.article.in_(part))).all()
                on: dict[str, set[str]] = {}
                for story, kind, value in on_stories(connection, sorted({row.story for row in own})):
                    if kind == "tag":
                        on.setdefault(story, set()).add(value)
                found |= {row.article: on[row.story] for row in own if row.story in on}
        return {article: frozenset(own) for article, own in found.items()}

    def in_use(self) -> dict[str, int]:
        """Return every tag that is on a story, with how many, the most used first."""
        count = func.count(func.distinct(_now(tags)))
        query = select(tags.c.tag, count).select_from(_joined(tags)).where(tags.c.gone.is_(None)).group_by(tags.c.tag)
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query.order_by(count.desc(), tags.c.tag))}


def tagged(tag: str) -> Select[Any]:
    """Return the question for the ids of the stories that have a tag."""
    return select(_now(tags)).select_from(_joined(tags)).where(tags.c.tag == legal(tag), tags.c.gone.is_(None))


def starred(who: str = "") -> Select[Any]:
    """Return the question for the ids of the stories that have somebody's star, or anybody's."""
    query = select(_now(stars)).select_from(_joined(stars)).where(stars.c.gone.is_(None))
    return query.where(stars.c.who == who) if who else query


def noted() -> Select[Any]:
    """Return the question for the ids of the stories that have a note."""
    return select(_now(notes)).select_from(_joined(notes)).where(notes.c.gone.is_(None))


def on_stories(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (story, "tag", tag) and (story, "star", who) of what is on these stories now."""
    if swift.empty(connection, tags, stars):
        return
    for part in _parts(ids):
        for kind, query in _STANDING.items():
            yield from ((story, kind, value) for story, value in connection.execute(query, {"ids": part}))


def _joined(table: Table) -> FromClause:
    """Return marks with what their stories went into; one that was split off again is itself."""
    return table.outerjoin(aliases, and_(aliases.c.id == table.c.story, _GONE))


def _now(table: Table) -> ColumnElement[str]:
    """Return what the story of a mark is called now."""
    return func.coalesce(aliases.c.story, table.c.story)


def _standing(table: Table, column: ColumnElement[str]) -> CompoundSelect[str, str]:
    """Return the question which stories of `ids` have which marks now, in two halves: each of them has an index."""
    ids: BindParameter[str] = bindparam("ids", expanding=True)
    here = select(_now(table), column).select_from(_joined(table)).where(table.c.gone.is_(None))
    return here.where(table.c.story.in_(ids)).union(here.where(aliases.c.story.in_(ids)))


def _on(table: Table, stories: Sequence[str]) -> Select[Any]:
    query = select(table, _now(table).label("now")).select_from(_joined(table)).where(table.c.gone.is_(None))
    return query.where(or_(table.c.story.in_(stories), aliases.c.story.in_(stories)))


def _known_as(connection: Connection, story: str) -> list[str]:
    """Return all names a story has or had."""
    former = select(aliases.c.id).where(aliases.c.story == story, _GONE).order_by(aliases.c.id)
    return [story, *connection.scalars(former)]


def _put(connection: Connection, table: Table, here: ColumnElement[bool], row: dict[str, Any]) -> bool:
    if connection.execute(select(table.c.id).where(here, table.c.gone.is_(None)).limit(1)).first() is not None:
        return False
    connection.execute(table.insert().values(**row, gone=None, gone_by=""))
    return True


def _take(connection: Connection, table: Table, here: ColumnElement[bool], who: str, now: datetime) -> bool:
    done = connection.execute(update(table).where(here, table.c.gone.is_(None)).values(gone=now, gone_by=who))
    return bool(done.rowcount)


def _mark(kind: str, row: Row[Any], column: str) -> Mark:
    value = str(getattr(row, column)) if column else ""
    return Mark(row.id, kind, row.story, value, row.who, row.at, row.gone, row.gone_by)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))


#: Asked by every list, made once.
_STANDING = {"tag": _standing(tags, tags.c.tag), "star": _standing(stars, stars.c.who)}
