"""What analysts would have articles say: only ever added to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, exists, func, or_, select, update

from pipeline.edits import last
from pipeline.model import Edit, Text
from pipeline.store import swift
from pipeline.store.desk_tables import edits
from pipeline.store.engine import reading, writing
from pipeline.store.tables import articles, revisions, stories, text_items, texts

#: Database parameters in one question at most.
_PART = 5_000
_OF_ARTICLES = select(edits).where(edits.c.article.in_(bindparam("ids", expanding=True))).order_by(edits.c.id)


class Edits:
    """Reads and writes of edits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, edit: Edit, *, shown: bool) -> Edit:
        """Keep an edit as the latest of its article, and return it so.

        shown: readers see it, so the article and its story count as changed.
        """
        with writing(self._engine) as connection:
            before = connection.scalar(
                select(edits.c.at).where(edits.c.article == edit.article).order_by(edits.c.id.desc()).limit(1)
            )
            kept = replace(edit, at=_after(before, edit.at))
            row = {name: getattr(kept, name) for name in ("article", "field", "value", "made_for", "who", "at")}
            connection.execute(edits.insert().values(**row))
            if shown:
                _touch(connection, kept)
        return kept

    def of(self, ids: Sequence[str]) -> tuple[Edit, ...]:
        """Return every edit of these articles, oldest first."""
        with reading(self._engine) as connection:
            return tuple(edits_of(connection, ids))

    def doubtful(self) -> list[str]:
        """Return the stories whose edits may stand on other words than they were made for, the last edited first.

        Such are those of articles that were corrected since, or lead their text no more.
        """
        newest = select(func.max(edits.c.id)).group_by(edits.c.article, edits.c.field)
        sides = edits.join(text_items, text_items.c.article == edits.c.article)
        corrected = exists().where(revisions.c.article == edits.c.article, revisions.c.at >= edits.c.at)
        query = select(texts.c.story).select_from(sides.join(texts, texts.c.id == text_items.c.text))
        query = query.where(edits.c.id.in_(newest), edits.c.value != "", or_(corrected, text_items.c.rank > 0))
        with reading(self._engine) as connection:
            return list(connection.scalars(query.group_by(texts.c.story).order_by(func.max(edits.c.id).desc())))


def told(connection: Connection, sides: dict[str, dict[str, Text]]) -> dict[str, dict[str, Text]]:
    """Return texts with the last edits of their articles."""
    where = {
        item.id: (story, code) for story, own in sides.items() for code, text in own.items() for item in text.items
    }
    found: defaultdict[tuple[str, str], list[Edit]] = defaultdict(list)
    for part in _parts(sorted(where)):
        for one in last(edits_of(connection, part)):
            found[where[one.article]].append(one)
    for (story, code), own in found.items():
        sides[story][code] = replace(sides[story][code], edits=tuple(own))
    return sides


def _touch(connection: Connection, edit: Edit) -> None:
    """Mark an article and its story as changed for their readers; each later than it was."""
    known = connection.scalar(select(articles.c.updated).where(articles.c.id == edit.article))
    at = _after(known, edit.at)
    connection.execute(update(articles).where(articles.c.id == edit.article).values(updated=at))
    sides = select(texts.c.story).join(text_items, text_items.c.text == texts.c.id)
    own = stories.c.id.in_(sides.where(text_items.c.article == edit.article))
    for row in connection.execute(select(stories.c.id, stories.c.updated).where(own)).all():
        values = {"updated": _after(row.updated, at)}
        connection.execute(update(stories).where(stories.c.id == row.id).values(**values))


def _after(before: datetime | None, at: datetime) -> datetime:
    return at if before is None else max(at, before + timedelta(microseconds=1))


def edits_of(connection: Connection, ids: Sequence[str]) -> Iterator[Edit]:
    """Yield every edit of these articles, each article's oldest first."""
    if swift.empty(connection, edits):
        return
    for part in _parts(ids):
        yield from (_edit(row) for row in connection.execute(_OF_ARTICLES, {"ids": part}))


def _edit(row: Row[Any]) -> Edit:
    return Edit(row.article, row.field, row.value, row.made_for, row.who, row.at)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
