"""What is measured by day: how much came, how much of it was paired, how soon, and how right the matcher was.

Everything is counted by the database from indexes alone, or read from rows without words; days are those of UTC.
How it is summed up and shown is others' business.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, FromClause, Select, Text, and_, bindparam, case, func, select, type_coerce

from pipeline.record import dataclass
from pipeline.store.cards import ticks
from pipeline.store.engine import reading
from pipeline.store.search_tables import cards
from pipeline.store.spending import Spent
from pipeline.store.tables import articles, fetches, spending, stories, verdicts
from pipeline.store.types import Instant, Whole

#: How a date was come by that says nothing of when an article came out.
_SEEN = "first-seen"
#: A day in the ticks of a card's date, and the one these count from.
_DAY, _EPOCH = 86_400_000_000, date(1970, 1, 1).toordinal()
#: Earlier than any article: told of a date, the database reads it where it stands beside the others, in an index.
_EVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles a source had in a language on a day, and how many of them stand in pairs."""

    day: str
    source: str
    language: str
    articles: int
    paired: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and what the matcher thought of the pair before it; None where that was not kept, or there was none."""

    ru: str
    en: str
    kind: str
    probability: float | None
    at: datetime


class Measures:
    """Reads of what is measured."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self, since: datetime, until: datetime) -> list[Count]:
        """Return how much came by day, source and language; in order."""
        number = cards.c.dated // _DAY  # whole days since 1970
        group = (number, cards.c.source, cards.c.language)
        span = (cards.c.dated >= ticks(since), cards.c.dated < ticks(until))
        linked = select(*group, func.count()).where(cards.c.state == "linked", *span).group_by(*group)
        with reading(self._engine) as connection:
            every = connection.execute(_by_day(since, until)).all()
            paired = {(_day(number), *own): count for number, *own, count in connection.execute(linked)}
        return [
            Count(day, source, language, count, min(paired.get((day, source, language), 0), count))
            for day, source, language, count in every
        ]

    def sums(self, spans: Sequence[tuple[date, date]]) -> list[Count]:
        """Return how much came in each of these spans of days, with their last, by source and language; day: its first.

        A span at a time, since the rows of one are next to each other in an index, and few groups are quickly made.
        """
        found = []
        with reading(self._engine) as connection:
            for first, last in spans:
                since, until = _midnight(first), _midnight(last + timedelta(days=1))
                paired = {
                    (source, language): count
                    for source, language, count in connection.execute(
                        _LINKED, {"since": ticks(since), "until": ticks(until)}
                    )
                }
                found += [
                    Count(first.isoformat(), source, language, count, min(paired.get((source, language), 0), count))
                    for source, language, count in connection.execute(_EVERY, {"since": since, "until": until})
                ]
        return found

    def by_day(self, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
        """Return how many articles each source had on each day: source → day → articles."""
        found: dict[str, dict[str, int]] = {}
        with reading(self._engine) as connection:
            for day, source, _, count in connection.execute(_by_day(since, until)):
                days = found.setdefault(source, {})
                days[day] = days.get(day, 0) + count
        return found

    def delays(self, since: datetime, until: datetime) -> list[tuple[str, float, bool]]:
        """Return for each pair whose Russian side is of then: (its day, hours until the English, whether to the minute).

        Pairs without two dates of publication are left out; a negative number is an English text that came first.
        """
        with reading(self._engine) as connection:
            rows = connection.execute(_DELAYS, {"since": since, "until": until}).all()
        instant = datetime.fromisoformat
        return sorted(
            (came[:10], (instant(later) - instant(came)).total_seconds() / 3600, bool(exact))
            for came, later, exact in rows
        )

    def verdicts(self, since: datetime, until: datetime) -> list[Judged]:
        """Return the verdicts given then, oldest first, with those that take one back."""
        own = verdicts.c
        query = select(own.ru, own.en, own.kind, own.probability, own.at).where(own.at >= since, own.at < until)
        with reading(self._engine) as connection:
            return [Judged(*row) for row in connection.execute(query.order_by(own.id))]

    def spent(self, since: datetime, until: datetime) -> list[Spent]:
        """Return what translation used by day, engine and source, in order."""
        own = spending.c
        days = (own.day >= since.date().isoformat(), own.day < until.date().isoformat())
        query = select(spending).where(*days).order_by(own.day, own.engine, own.source)
        with reading(self._engine) as connection:
            return [Spent(*row) for row in connection.execute(query)]

    def fetches(self, source: str, size: int) -> Sequence[Any]:
        """Return the latest requests of a source: url, role, kind, at, seconds, size, detail."""
        own = fetches.c
        columns = (own.url, own.role, own.kind, own.at, own.seconds, own.size, own.detail)
        query = select(*columns).where(own.source == source).order_by(own.at.desc(), own.id.desc()).limit(size)
        with reading(self._engine) as connection:
            return connection.execute(query).all()

    def fetch_kinds(self, source: str, since: datetime) -> dict[str, int]:
        """Return how the requests of a source ended since then."""
        query = select(fetches.c.kind, func.count().label("n")).where(fetches.c.source == source, fetches.c.at >= since)
        with reading(self._engine) as connection:
            return {row.kind: row.n for row in connection.execute(query.group_by(fetches.c.kind))}

    def newest(self, source: str, size: int) -> Sequence[Any]:
        """Return the newest articles of a source: id, title, url, language, dated, first_seen."""
        own = articles.c
        columns = (own.id, own.title, own.url, own.language, own.dated, own.first_seen)
        query = select(*columns).where(own.source == source, (own.machine == 0))
        with reading(self._engine) as connection:
            return connection.execute(query.order_by(own.dated.desc(), own.id).limit(size)).all()


def _by_day(since: datetime, until: datetime) -> Select[Any]:
    """Return the question how many articles there are by day, source and language, in order."""
    group = (func.substr(type_coerce(articles.c.dated, Text), 1, 10), articles.c.source, articles.c.language)
    return select(*group, func.count()).where(_between(since, until)).group_by(*group).order_by(*group)


def _day(number: int) -> str:
    return date.fromordinal(_EPOCH + number).isoformat()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _grouped(table: FromClause, dated: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the question how many rows there are from `since` until `until`, by source and language, in order."""
    own = table.c
    group = (own.source, own.language)
    span = (own.dated >= bindparam("since", type_=dated), own.dated < bindparam("until", type_=dated))
    return select(*group, func.count()).where(*span, *conditions).group_by(*group).order_by(*group)


def _delays() -> Select[Any]:
    """Return the question when the sides of the pairs came out whose Russian one is dated from `since` until `until`."""
    ru, en = articles.alias("ru"), articles.alias("en")
    joined = stories.join(ru, ru.c.id == stories.c.match_ru).join(en, en.c.id == stories.c.match_en)
    stated = [one.c.published.is_not(None) & (one.c.published_evidence != _SEEN) for one in (ru, en)]
    exact = case((and_(ru.c.precision != "day", en.c.precision != "day"), 1), else_=0)
    # As text: thousands of them, of which a day and a difference is all that is wanted.
    columns = (type_coerce(ru.c.published, Text), type_coerce(en.c.published, Text).label("later"), exact)
    span = (ru.c.dated >= bindparam("since"), ru.c.dated < bindparam("until"), en.c.dated >= _EVER)
    return select(*columns).select_from(joined).where(stories.c.state == "linked", *stated, *span)


_EVERY = _grouped(articles, Instant, articles.c.machine == 0)
_LINKED = _grouped(cards, Whole, cards.c.state == "linked")
_DELAYS = _delays()


def _between(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(articles.c.dated >= since, articles.c.dated < until, (articles.c.machine == 0))
