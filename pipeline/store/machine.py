"""Sides of stories that a machine wrote, or was to write.

The text itself is an article of its own (`articles.machine`), so that feeds find it where they
find every text; how it came to be is a row of `translations`. A publisher's text under the same
id makes both give way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, distinct, func, or_, select, update

from pipeline.characters import legal
from pipeline.model import LANGUAGES, Item, Story, Text, Translated
from pipeline.record import dataclass
from pipeline.store import swift
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.recording import values_of
from pipeline.store.tables import articles, labelled, labels, stories, text_items, texts, translations, withdrawals

_PART = 5_000


@dataclass(frozen=True, slots=True)
class Assignment:
    """What became of a side that a machine was to write."""

    text: str  #: the id it has, or will have
    original: str  #: id of the text it is made of
    language: str
    state: str  #: done | waiting (for a budget, an engine) | refused (by rights) | failed | replaced
    reason: str
    made_of: str  #: a digest of the original and of all settings that matter
    at: datetime
    engine: str = ""
    model: str = ""
    version: str = ""
    scope: str = ""
    segments: int = 0
    failed: int = 0
    faults: Mapping[str, int] | None = None  #: fault → segments with it
    credit: str = ""
    said: tuple[tuple[str, str, str, str], ...] = ()  #: (segment, wording with signs, engine, faults), as it stands
    edited: datetime | None = None  #: when a person last changed its wording; None where nobody did
    title: str = ""  #: as it stands, also where the text is not shown yet; "" where it was not translated


class Machine:
    """Reads and writes of what machines wrote."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def one_sided(self, since: datetime, limit: int) -> list[str]:
        """Return stories dated since then with a publisher's text in one language only, the newest first."""
        own = and_(texts.c.origin == "publisher", texts.c.language.in_(LANGUAGES))
        joined = stories.join(texts, and_(texts.c.story == stories.c.id, own))
        joined = joined.join(text_items, and_(text_items.c.text == texts.c.id, text_items.c.rank == 0))
        joined = joined.join(articles, articles.c.id == text_items.c.article)
        newest = func.max(articles.c.dated)
        query = select(stories.c.id).select_from(joined).group_by(stories.c.id)
        query = query.having(func.count(distinct(texts.c.language)) == 1, newest >= since)
        query = query.where(articles.c.id.not_in(select(withdrawals.c.article)))
        with reading(self._engine) as connection:
            return list(connection.scalars(query.order_by(newest.desc(), stories.c.id).limit(limit)))

    def assignments(self, originals: Iterable[str]) -> dict[str, Assignment]:
        """Return what became of the other side of these texts, by the text."""
        found: dict[str, Assignment] = {}
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(originals))):
                query = select(translations).where(translations.c.original.in_(part))
                for row in connection.execute(query.order_by(translations.c.text)):
                    found[row.original] = _assignment(row)
        return found

    def assignment(self, text: str) -> Assignment | None:
        """Return what became of the side that has, or would have, this id."""
        with reading(self._engine) as connection:
            row = connection.execute(select(translations).where(translations.c.text == text)).first()
        return None if row is None else _assignment(row)

    def titles(self, articles: Iterable[str]) -> dict[str, str]:
        """Return the titles of these articles as machines translated them, by article."""
        found: dict[str, str] = {}
        query = select(text_items.c.article, translations.c.title).where(translations.c.title != "")
        query = query.join(translations, translations.c.original == text_items.c.text).order_by(translations.c.text)
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(articles))):
                found.update(
                    (row[0], row[1]) for row in connection.execute(query.where(text_items.c.article.in_(part)))
                )
        return found

    def note(self, one: Assignment) -> None:
        """Keep why a side is not there; a text that stands stays as it is."""
        with writing(self._engine) as connection:
            known = connection.execute(select(translations).where(translations.c.text == one.text)).first()
            connection.execute(upsert(translations, _row(one, known.article if known else "")))

    def keep(self, story: Story, item: Item, one: Assignment) -> None:
        """Keep a side that a machine wrote: its text, how it came to be, and that the story changed.

        Where meanwhile a publisher's text of the language came, nothing is kept but that it did.
        """
        with writing(self._engine) as connection:
            theirs = and_(texts.c.story == story.id, texts.c.language == one.language, texts.c.origin == "publisher")
            here = connection.scalar(select(texts.c.story).where(texts.c.id == one.original))
            if here != story.id or connection.scalar(select(texts.c.id).where(theirs)) is not None:
                return
            before = connection.execute(select(articles).where(articles.c.id == item.id)).first()
            shown = (item.article.title, item.article.html, item.article.text)
            origin = "edited" if one.edited else "machine"
            stood = connection.scalar(select(texts.c.origin).where(texts.c.id == one.text))
            same = before is not None and (before.title, before.html, before.text) == tuple(map(legal, shown))
            if same and stood == origin:
                connection.execute(upsert(translations, _row(one, item.id)))
                return  # nothing changed for readers
            values = values_of(item.article, item.language, "") | {
                "id": item.id, "first_seen": item.first_seen, "updated": item.updated,
                "dated": item.article.published.at if item.article.published else item.first_seen,
                "place": item.place, "history": item.history, "paired": True, "machine": True,
            }  # fmt: skip
            connection.execute(upsert(articles, values))
            row = {"id": one.text, "story": story.id, "language": one.language, "origin": origin}
            connection.execute(upsert(texts, row))
            connection.execute(upsert(text_items, {"article": item.id, "text": one.text, "rank": 0}))
            connection.execute(upsert(translations, _row(one, item.id)))
            connection.execute(update(stories).where(stories.c.id == story.id).values(updated=item.updated))

    def taken(self, text: str) -> bool:
        """Return whether a publisher's text has this id: one that took a machine's place, wherever it stands now."""
        with reading(self._engine) as connection:
            query = select(texts.c.id).where(texts.c.id == text, texts.c.origin == "publisher")
            return connection.scalar(query) is not None

    def first_seen(self, article: str) -> datetime | None:
        """Return when a machine's text was made first; None where it was not."""
        with reading(self._engine) as connection:
            at: datetime | None = connection.scalar(
                select(articles.c.first_seen).where(articles.c.id == article, (articles.c.machine == 1))
            )
        return at

    def states(self) -> list[tuple[str, str, int]]:
        """Return how many sides are in which state for which reason."""
        columns = (translations.c.state, translations.c.reason)
        query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
        with reading(self._engine) as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def faults(self) -> dict[str, int]:
        """Return how many segments of texts there are failed which check."""
        found: dict[str, int] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(select(translations.c.faults)):
                for fault, count in row.faults.items():
                    found[fault] = found.get(fault, 0) + count
        return dict(sorted(found.items()))

    def credits(self) -> tuple[str, ...]:
        """Return what the licences of the models ask to be said, of the texts that stand."""
        query = (
            select(translations.c.credit).distinct().where(translations.c.state == "done", translations.c.credit != "")
        )
        with reading(self._engine) as connection:
            return tuple(sorted(connection.scalars(query)))

    def retry(self, language: str = "") -> int:
        """Let sides that failed or wait be tried again; say how many."""
        again = translations.c.state.in_(("failed", "waiting"))
        where = and_(again, translations.c.language == language) if language else again
        partly = and_(translations.c.state == "done", translations.c.failed > 0)
        with writing(self._engine) as connection:
            done = connection.execute(update(translations).where(or_(where, partly)).values(made_of=""))
            return int(done.rowcount)


def give_way(connection: Connection, names: Sequence[str]) -> None:
    """Take away what machines wrote under these ids of texts, for publishers' texts take their place."""
    if swift.empty(connection, translations):
        return
    here = translations.c.text.in_(names)
    for row in connection.execute(select(translations).where(here, translations.c.state != "replaced")).all():
        if row.article:
            connection.execute(delete(text_items).where(text_items.c.article == row.article))
            for table in (labels, labelled):
                connection.execute(delete(table).where(table.c.article == row.article))
            connection.execute(delete(articles).where(articles.c.id == row.article, articles.c.machine == 1))
        done: dict[str, object] = {
            "state": "replaced", "reason": "the publisher's own text came", "article": "", "said": [], "title": "",
            "edited": None,
        }  # fmt: skip
        connection.execute(update(translations).where(translations.c.text == row.text).values(**done))


def told(connection: Connection, sides: dict[str, dict[str, Text]]) -> dict[str, dict[str, Text]]:
    """Return texts, those that a machine wrote with how they came to be."""
    made = {text.id: story for story, own in sides.items() for text in own.values() if text.origin != "publisher"}
    for part in _parts(sorted(made)):
        for row in connection.execute(select(translations).where(translations.c.text.in_(part))):
            how = Translated(
                row.original,
                row.engine,
                row.model,
                row.version,
                row.at,
                row.scope,
                row.segments,
                row.failed,
                row.credit,
                row.edited,
            )
            here = sides[made[row.text]]
            here[row.language] = replace(here[row.language], translated=how)
    return sides


def _row(one: Assignment, article: str) -> dict[str, object]:
    return {
        "text": one.text, "original": one.original, "language": one.language, "article": article, "state": one.state,
        "reason": one.reason, "engine": one.engine, "model": one.model, "version": one.version, "at": one.at,
        "made_of": one.made_of, "scope": one.scope, "segments": one.segments, "failed": one.failed,
        "faults": dict(one.faults or {}), "credit": one.credit, "said": [list(row) for row in one.said],
        "edited": one.edited, "title": one.title,
    }  # fmt: skip


def _assignment(row: Row[Any]) -> Assignment:
    values = row._asdict()
    values.pop("article")
    return Assignment(**values | {"said": tuple(tuple(one) for one in row.said)})


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))
