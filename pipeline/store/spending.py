"""What translation costs: characters a day, engine and source, and what of the day's budget is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Engine, case, func, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import meeting_insert
from pipeline.store.tables import spending

_COUNTS = ("characters", "segments", "requests", "hits", "faults")


@dataclass(frozen=True, slots=True)
class Budget:
    """Whose characters are counted, and how many a day may be sent; None: as many as there are."""

    engine: str
    source: str
    of_engine: int | None = None
    of_source: int | None = None  #: with all engines together


@dataclass(frozen=True, slots=True)
class Spent:
    """What an engine did on a day, for one source or for all."""

    day: str
    engine: str
    source: str
    characters: int
    segments: int
    requests: int
    hits: int  #: segments that the memory knew
    faults: int  #: answers that failed a check


class Spending:
    """Reads and writes of what was spent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def left(self, budget: Budget, now: datetime) -> int | None:
        """Return how many characters may still be sent today; None: as many as there are."""
        with reading(self._engine) as connection:
            return left(connection, budget, now)

    def hits(self, budget: Budget, count: int, now: datetime) -> None:
        """Count segments that the memory knew."""
        if count:
            with writing(self._engine) as connection:
                book(connection, budget, now, hits=count)

    def of_day(self, now: datetime) -> Sequence[Spent]:
        """Return what each engine did today for each source."""
        query = select(spending).where(spending.c.day == _day(now)).order_by(spending.c.engine, spending.c.source)
        with reading(self._engine) as connection:
            return [Spent(*row) for row in connection.execute(query)]

    def in_all(self) -> Sequence[Spent]:
        """Return what each engine did since the beginning."""
        with reading(self._engine) as connection:
            return in_all(connection)

    def by_day(self, since: datetime) -> Sequence[Spent]:
        """Return what each engine did on each day since then, the newest day first."""
        columns = (spending.c.day, spending.c.engine)
        query = select(*columns, *_sums()).where(spending.c.day >= _day(since)).group_by(*columns)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(spending.c.day.desc(), spending.c.engine))
            return [Spent(row[0], row[1], "", *row[2:]) for row in rows]


def in_all(connection: Connection) -> tuple[Spent, ...]:
    """Return what each engine did since the beginning."""
    query = select(spending.c.engine, *_sums()).group_by(spending.c.engine).order_by(spending.c.engine)
    return tuple(Spent("", row[0], "", *row[1:]) for row in connection.execute(query))


def _sums() -> list[ColumnElement[int]]:
    return [func.sum(getattr(spending.c, name)) for name in _COUNTS]


def left(connection: Connection, budget: Budget, now: datetime) -> int | None:
    """Return what is left of both budgets, the smaller."""
    rooms = []
    for limit, whose in (
        (budget.of_engine, spending.c.engine == budget.engine),
        (budget.of_source, spending.c.source == budget.source),
    ):
        if limit is not None:
            rooms.append(max(0, limit - _spent(connection, whose, now)))
    return min(rooms, default=None)


def book(connection: Connection, budget: Budget, now: datetime, **counts: int) -> None:
    """Add to what was counted today."""
    key = {"day": _day(now), "engine": budget.engine, "source": budget.source}
    first = {name: max(0, counts.get(name, 0)) for name in _COUNTS}
    insert = meeting_insert(spending).values(**key, **first)
    # Never below nothing: what is credited may have been booked the day before.
    sums = {name: spending.c[name] + count for name, count in counts.items()}
    more = {name: case((total < 0, 0), else_=total) for name, total in sums.items()}
    connection.execute(insert.on_conflict_do_update(index_elements=["day", "engine", "source"], set_=more))


def _spent(connection: Connection, whose: ColumnElement[bool], now: datetime) -> int:
    query = select(func.coalesce(func.sum(spending.c.characters), 0)).where(spending.c.day == _day(now), whose)
    return int(connection.execute(query).scalar_one())


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
