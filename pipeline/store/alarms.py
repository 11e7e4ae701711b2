"""Alarms and who was told of them; and what is remembered of a source that its alarms are judged by.

An alarm is one row from when it is raised until it is over; of one kind there is at most one
open for a source. Whether there is reason for one is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, bindparam, func, or_, select

from pipeline.model import Alarm, ListingVisit, PageRead, SourceRecord
from pipeline.record import dataclass
from pipeline.store.articles import OWN
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import addresses, alarms, articles, captures, sources, told, visits

#: So many newest articles tell a source's rhythm, so many pages its ways, so many visits what its listings show.
_DATES, _READS, _VISITS = 1000, 80, 120
#: What stood on no channel for so long is no news any more.
STALE = timedelta(days=3)
#: A date that tells the day only is thought to be noon; one seen so soon after it has the better time.
_NOON, _SOON = timedelta(hours=12), timedelta(hours=36)
_REFUSALS = ("no-text", "no-title", "not-article", "parse", "too-short", "memory")


@dataclass(frozen=True, slots=True)
class Change:
    """An alarm that was raised, or is over."""

    alarm: Alarm
    state: str  #: open | closed

    @property
    def key(self) -> str:
        """The same for the same change, however often it is sent."""
        return f"{self.alarm.id}-{self.state}-{self.alarm.since:%Y%m%dT%H%M%SZ}"


class Alarms:
    """Reads and writes of alarms."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, source: str) -> SourceRecord:
        """Return what is remembered of a source that its alarms are judged by."""
        with reading(self._engine) as connection:
            dates, latest = _dates(connection, source)
            health = connection.execute(_of_health(), {"source": source}).first()
            return SourceRecord(
                source, dates, latest, _reads(connection, source), _visits(connection, source),
                failures=health.failures if health else 0, last_success=health.last_success if health else None,
                open={alarm.kind: alarm for alarm in _open(connection, source)},
            )  # fmt: skip

    def settle(self, source: str, said: Mapping[str, Mapping[str, Any] | None], now: datetime) -> tuple[Change, ...]:
        """Open, keep or close the alarms of a source by kind → facts, or None where there is none to raise.

        A kind not named stays as it is. Returns what changed.
        """
        changes: list[Change] = []
        with writing(self._engine) as connection:
            standing = {alarm.kind: alarm for alarm in _open(connection, source)}
            for kind, facts in sorted(said.items()):
                alarm = standing.get(kind)
                if facts is None:
                    changes += [_close(connection, alarm, alarm.facts, now)] if alarm else []
                elif alarm is None:
                    changes.append(_raise(connection, source, kind, facts, now))
                elif dict(alarm.facts) != dict(facts):
                    connection.execute(alarms.update().where(alarms.c.id == alarm.id).values(facts=dict(facts)))
        return tuple(changes)

    def troubled(self) -> frozenset[str]:
        """Return the sources that an alarm is open for."""
        with reading(self._engine) as connection:
            return frozenset(one.source for one in _open(connection))

    def retire(self, collected: Collection[str], now: datetime) -> tuple[Change, ...]:
        """Close the alarms of sources that are no longer collected."""
        with writing(self._engine) as connection:
            gone = [one for one in _open(connection) if one.source and one.source not in collected]
            return tuple(_close(connection, one, {**one.facts, "retired": True}, now) for one in gone)

    def shown(self, now: datetime, recent: timedelta = timedelta(days=7)) -> tuple[Alarm, ...]:
        """Return the open alarms, and after them those that were closed lately; the newest first in each."""
        wanted = or_(alarms.c.closed.is_(None), alarms.c.closed >= now - recent)
        with reading(self._engine) as connection:
            every = [_alarm(row) for row in connection.execute(select(alarms).where(wanted))]
        every.sort(key=lambda alarm: (alarm.closed or alarm.since, alarm.id), reverse=True)
        return tuple(sorted(every, key=lambda alarm: alarm.closed is not None))

    def untold(self, channel: str, now: datetime) -> tuple[Change, ...]:
        """Return the changes that a channel was not yet told of, in their order.

        That an alarm is over is told where it was told that it began, or is told with it.
        """
        fresh = or_(alarms.c.closed.is_(None), alarms.c.closed >= now - STALE)
        with reading(self._engine) as connection:
            rows = connection.execute(select(told.c.alarm, told.c.state).where(told.c.channel == channel)).all()
            known = {(row.alarm, row.state) for row in rows}
            every = [_alarm(row) for row in connection.execute(select(alarms).where(fresh).order_by(alarms.c.id))]
        begun = [Change(alarm, "open") for alarm in every if (alarm.id, "open") not in known]
        over = [Change(alarm, "closed") for alarm in every if alarm.closed and (alarm.id, "closed") not in known]
        return (*begun, *over)

    def mark_told(self, channel: str, changes: Iterable[Change], now: datetime) -> None:
        """Note that a channel was told of these changes."""
        with writing(self._engine) as connection:
            for change in changes:
                row = {"alarm": change.alarm.id, "state": change.state, "channel": channel, "at": now}
                connection.execute(upsert(told, row))


def _open(connection: Connection, source: str | None = None) -> list[Alarm]:
    rows = connection.execute(_all_open()) if source is None else connection.execute(_open_of(), {"source": source})
    return [_alarm(row) for row in rows]


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(row.id, row.source, row.kind, row.since, row.facts, row.closed)


def _raise(connection: Connection, source: str, kind: str, facts: Mapping[str, Any], now: datetime) -> Change:
    values = {"source": source, "kind": kind, "since": now, "closed": None, "facts": dict(facts)}
    key = connection.execute(alarms.insert().values(**values)).inserted_primary_key
    assert key is not None
    return Change(Alarm(int(key[0]), source, kind, now, facts), "open")


def _close(connection: Connection, alarm: Alarm, facts: Mapping[str, Any], now: datetime) -> Change:
    connection.execute(alarms.update().where(alarms.c.id == alarm.id).values(closed=now, facts=dict(facts)))
    return Change(Alarm(alarm.id, alarm.source, alarm.kind, alarm.since, facts, now), "closed")


def _dates(connection: Connection, source: str) -> tuple[tuple[datetime, ...], datetime | None]:
    """Return when a source published, oldest first, and the newest sign that it does."""
    rows = connection.execute(_of_dates(), {"source": source})
    dates = sorted(instant for row in rows if (instant := _published(row)) is not None)
    announced = connection.execute(_of_announced(), {"source": source}).scalar()
    return tuple(dates), max([*dates[-1:], *([announced] if announced else [])], default=None)


def _published(row: Any) -> datetime | None:
    """Return when an article came out, as well as one can know; None where only its first sight is known, in a backlog."""
    published: datetime | None = row.published
    seen: datetime = row.first_seen
    if published is None or row.published_evidence == "first-seen":
        return None if row.history else seen
    if row.precision != "day":
        return min(published, seen)
    if not row.history and seen - published < _SOON:
        return seen
    return min(published + _NOON, seen)


def _reads(connection: Connection, source: str) -> tuple[PageRead, ...]:
    """Return the newest pages that were read, or refused, oldest first."""
    rows = connection.execute(_of_reads(), {"source": source}).all()
    return tuple(_read(row) for row in reversed(rows))


def _read(row: Row[Any]) -> PageRead:
    if row.state == "refused" or row.last_kind in _REFUSALS or row.made_by is None:
        return PageRead(row.fetched_at, row.last_kind, 0)
    return PageRead(row.fetched_at, row.made_by, row.length)


def _visits(connection: Connection, source: str) -> tuple[ListingVisit, ...]:
    rows = connection.execute(_of_visits(), {"source": source}).all()
    return tuple(ListingVisit(row.listing, row.at, row.pages, row.links) for row in reversed(rows))


# What is asked of every source, made once: to make such a question takes longer than to answer it.


@cache
def _all_open() -> Select[Any]:
    return select(alarms).where(alarms.c.closed.is_(None)).order_by(alarms.c.id)


@cache
def _open_of() -> Select[Any]:
    return _all_open().where(alarms.c.source == bindparam("source"))


@cache
def _of_health() -> Select[Any]:
    return select(sources).where(sources.c.id == bindparam("source"))


@cache
def _of_dates() -> Select[Any]:
    own = articles.c
    query = select(own.published, own.precision, own.published_evidence, own.first_seen, own.history)
    return query.where(OWN, own.source == bindparam("source")).order_by(own.dated.desc()).limit(_DATES)


@cache
def _of_announced() -> Select[Any]:
    own = addresses.c
    query = select(func.max(own.first_seen)).where(own.source == bindparam("source"), own.history == 0)
    return query.where(own.by == "listing", own.state != "refused")


@cache
def _of_reads() -> Select[Any]:
    joined = addresses.join(captures, addresses.c.capture == captures.c.id)
    joined = joined.outerjoin(articles, addresses.c.article == articles.c.id)
    query = select(
        captures.c.fetched_at, addresses.c.state, addresses.c.last_kind, articles.c.made_by,
        func.length(articles.c.text).label("length"),
    )  # fmt: skip
    query = query.select_from(joined).where(addresses.c.source == bindparam("source"))
    query = query.where(addresses.c.state.in_(("article", "refused")))
    return query.order_by(captures.c.fetched_at.desc(), addresses.c.key).limit(_READS)


@cache
def _of_visits() -> Select[Any]:
    query = select(visits).where(visits.c.source == bindparam("source"))
    return query.order_by(visits.c.at.desc(), visits.c.id.desc()).limit(_VISITS)
