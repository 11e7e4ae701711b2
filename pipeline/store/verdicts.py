"""The analysts' words, only ever added to; and what was learned from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from pipeline.model import Verdict
from pipeline.store.audit import noted
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.spoken import free
from pipeline.store.tables import articles, learned, relations, stories, text_items, texts, verdicts


class Verdicts:
    """Reads and writes of verdicts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, verdict: Verdict) -> None:
        """Keep a verdict, and let the next pairing look anew at all articles it touches, as one transaction."""
        self.record_all([verdict])

    def record_all(self, said: Sequence[Verdict]) -> tuple[int, int]:
        """Keep verdicts in their order, all or none, with who did it in the audit; return the first and last number.

        Each is dated after every one before it: of two within one instant the one said last holds. What the matcher
        thought of the pair until then is kept beside it: that is what it is measured by.
        """
        numbers = [0]
        with writing(self._engine) as connection:
            last = connection.scalar(select(verdicts.c.at).order_by(verdicts.c.id.desc()).limit(1))
            for one in said:
                last = one.at if last is None else max(one.at, last + timedelta(microseconds=1))
                row = {"kind": one.kind, "ru": one.ru, "en": one.en, "who": one.who, "digests": list(one.digests)}
                thought = _thought(connection, one.ru, one.en)
                kept = connection.execute(verdicts.insert().values(**row, at=last, probability=thought))
                numbers.append(kept.inserted_primary_key[0])  # type: ignore[index]  # an insert has one
                noted(connection, one.who, "verdict", f"{one.ru} {one.en}", one.at, kind=one.kind)
            free(connection, sorted({article for one in said for article in (one.ru, one.en)}))
        return min(numbers[1:], default=0), max(numbers)

    def between(self, first: int, last: int, who: str) -> tuple[Verdict, ...]:
        """Return what somebody said from one number to another, oldest first."""
        query = (
            select(verdicts).where(verdicts.c.id.between(first, last), verdicts.c.who == who).order_by(verdicts.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(map(_verdict, connection.execute(query)))

    def every(self) -> tuple[Verdict, ...]:
        """Return every verdict, oldest first."""
        return self.heard()[0]

    def heard(self) -> tuple[tuple[Verdict, ...], int]:
        """Return every verdict, oldest first, and the number of the last one."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(verdicts).order_by(verdicts.c.id)).all()
        return tuple(map(_verdict, rows)), rows[-1].id if rows else 0

    def of_pair(self, ru: str, en: str) -> tuple[Verdict, ...]:
        """Return every verdict about two articles, oldest first."""
        query = select(verdicts).where(verdicts.c.ru == ru, verdicts.c.en == en).order_by(verdicts.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_verdict, connection.execute(query)))

    def latest_of(self, who: str) -> Verdict | None:
        """Return what somebody said last; None where they said nothing yet."""
        query = select(verdicts).where(verdicts.c.who == who).order_by(verdicts.c.id.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        return _verdict(row) if row else None

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


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(row.kind, row.ru, row.en, row.who, row.at, tuple(row.digests))


def _thought(connection: Connection, ru: str, en: str) -> float | None:
    """Return the probability a pair stands at, as one story, in review, or as two of one event; None where it has none."""
    own = select(texts.c.story).join(text_items, text_items.c.text == texts.c.id).where(text_items.c.article == ru)
    pair = (stories.c.match_ru == ru) & (stories.c.match_en == en)
    matched = select(stories.c.probability).where(stories.c.id.in_(own), pair)
    beside = select(relations.c.probability).where(relations.c.one == ru, relations.c.other == en)
    found: float | None = connection.scalar(matched)
    return found if found is not None else connection.scalar(beside)
