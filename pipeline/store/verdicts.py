"""The analysts' words, only ever added to; and what was learned from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, or_, select, update

from pipeline.model import Verdict
from pipeline.store.articles import OWN
from pipeline.store.collected import upsert
from pipeline.store.engine import reading, writing
from pipeline.store.tables import articles, learned, relations, stories, text_items, texts, verdicts


class Verdicts:
    """Reads and writes of verdicts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, verdict: Verdict) -> None:
        """Keep a verdict, and let the next pairing look anew at all articles it touches, as one transaction.

        What the matcher thought of the pair until then is kept beside it: that is what it is measured by.
        """
        both = (verdict.ru, verdict.en)
        mates = select(text_items.c.text).where(text_items.c.article.in_(both))
        row = {
            "kind": verdict.kind, "ru": verdict.ru, "en": verdict.en, "who": verdict.who, "at": verdict.at,
            "digests": list(verdict.digests),
        }  # fmt: skip
        with writing(self._engine) as connection:
            thought = _thought(connection, verdict.ru, verdict.en)
            connection.execute(verdicts.insert().values(**row, probability=thought))
            touched = select(text_items.c.article).where(text_items.c.text.in_(mates))
            wanted = and_(OWN, or_(articles.c.id.in_(both), articles.c.id.in_(touched)))
            connection.execute(update(articles).where(wanted).values(paired=False))

    def every(self) -> tuple[Verdict, ...]:
        """Return every verdict, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(verdicts).order_by(verdicts.c.id)).all()
        return tuple(Verdict(row.kind, row.ru, row.en, row.who, row.at, tuple(row.digests)) for row in rows)

    def stories(self, state: str, limit: int) -> list[str]:
        """Return the ids of the stories in a state, the latest change first; limit 0: all."""
        query = select(stories.c.id).where(stories.c.state == state).order_by(stories.c.updated.desc(), stories.c.id)
        with reading(self._engine) as connection:
            return list(connection.execute(query.limit(limit) if limit else query).scalars())

    def learned(self, name: str) -> Mapping[str, Any] | None:
        """Return what was learned under a name, None where nothing was."""
        with reading(self._engine) as connection:
            value: Mapping[str, Any] | None = connection.scalar(select(learned.c.value).where(learned.c.name == name))
        return value

    def keep_learned(self, name: str, value: Mapping[str, Any], now: datetime) -> None:
        """Keep what was learned, in place of what was."""
        with writing(self._engine) as connection:
            connection.execute(upsert(learned, {"name": name, "at": now, "value": dict(value)}))

    def titles(self, ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
        """Return language, address and title of articles."""
        query = select(articles.c.id, articles.c.language, articles.c.url, articles.c.title)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(articles.c.id.in_(sorted(set(ids))))).all()
        return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _thought(connection: Connection, ru: str, en: str) -> float | None:
    """Return the probability a pair stands at, as one story, in review, or as two of one event; None where it has none."""
    own = select(texts.c.story).join(text_items, text_items.c.text == texts.c.id).where(text_items.c.article == ru)
    pair = (stories.c.match_ru == ru) & (stories.c.match_en == en)
    matched = select(stories.c.probability).where(stories.c.id.in_(own), pair)
    beside = select(relations.c.probability).where(relations.c.one == ru, relations.c.other == en)
    found: float | None = connection.scalar(matched)
    return found if found is not None else connection.scalar(beside)
