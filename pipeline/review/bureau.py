"""How sources fare, put together of what is declared, what the store remembers and what alarms say; for pages and API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import alarm, backoff
from pipeline.model import Alarm, Source
from pipeline.review import teasers
from pipeline.review.visit import Visit
from pipeline.store import Errand, Health, Store

_LATELY = timedelta(days=7)
Kind = Literal["run", "probe", "doctor"]


class Reason(BaseModel):
    """Why something is done."""

    reason: Annotated[str, Field(max_length=500)] = ""


class Warned(BaseModel):
    """An alarm that is open."""

    kind: str
    since: datetime
    text: str


class Rest(BaseModel):
    """That somebody paused a source."""

    who: str
    at: datetime
    reason: str


class Row(BaseModel):
    """How a source fares."""

    id: str
    name: str
    kind: str
    enabled: bool
    paused: Rest | None
    given_up: bool  #: too much trouble: not asked until a pass by hand succeeds
    last_pass: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    failures: int
    failure: str  #: kind of the last one, while it lasts
    detail: str
    articles: int  #: of the days below
    days: list[int]  #: articles of each of the last days, the oldest first
    alarms: list[Warned]

    @property
    def drifted(self) -> bool:
        """Whether its pages have changed."""
        return any(one.kind in ("drift", "shrink") for one in self.alarms) or self.failure in ("drift", "no-links")


class Job(BaseModel):
    """Work that was asked for."""

    id: int
    kind: str
    source: str
    who: str
    asked: datetime
    state: Literal["asked", "taken", "done", "failed"]
    began: datetime | None
    ended: datetime | None
    outcome: dict[str, Any]


class Fetch(BaseModel):
    """A request."""

    url: str
    role: str
    kind: str
    at: datetime
    seconds: float
    size: int
    detail: str


class Detail(Row):
    """How a source fares, in full."""

    listings: list[str]
    fetches: dict[str, int]  #: how the requests of the last 7 days ended
    errands: list[Job]


class Desk:
    """What is known of sources at this moment, read once for all of them."""

    def __init__(self, visit: Visit) -> None:
        self.store, self.now, self.language = visit.office.store, visit.office.now(), visit.language
        config = visit.office.config()
        self.sources = config.by_id
        self.names = teasers.names(config, visit.language)

    def named(self, source: str) -> Source:
        """Return a source as sources.yaml declares it. Raises 404."""
        if source not in self.sources:
            raise HTTPException(404, f"no source {source}")
        return self.sources[source]


def overview(desk: Desk) -> list[Row]:
    """Return how every source fares: those in trouble first, then by name."""
    rows = _rows(desk, 30)
    return sorted(rows, key=lambda one: (not one.enabled, not (one.alarms or one.failures), one.name.lower(), one.id))


def detail(desk: Desk, source: str, days: int) -> Detail:
    """Return how one source fares, in full. Raises 404."""
    declared = desk.named(source)
    (row,) = [one for one in _rows(desk, days) if one.id == source]
    return Detail(
        **row.model_dump(), listings=[one.url for one in declared.listings],
        fetches=desk.store.measures.fetch_kinds(source, desk.now - _LATELY),
        errands=[job(one) for one in desk.store.errands.of(source, desk.now)],
    )  # fmt: skip


def fetches(store: Store, source: str, size: int) -> list[Fetch]:
    """Return the latest requests of a source, the newest first."""
    return [Fetch.model_validate(one, from_attributes=True) for one in store.measures.fetches(source, size)]


def job(errand: Errand) -> Job:
    """Return an errand as the API tells it."""
    return Job.model_validate(errand, from_attributes=True)


def _rows(desk: Desk, days: int) -> list[Row]:
    midnight = datetime.combine(desk.now.date(), time(), UTC)
    begin = midnight - timedelta(days=days - 1)
    counts = desk.store.measures.by_day(begin, midnight + timedelta(days=1))
    labels = [(begin + timedelta(days=number)).date().isoformat() for number in range(days)]
    health, pauses = desk.store.ledger.health(), desk.store.pauses.every()
    alarms: dict[str, list[Alarm]] = {}
    for one in desk.store.alarms.shown(desk.now, timedelta(0)):
        if one.closed is None:
            alarms.setdefault(one.source, []).append(one)
    return [
        _row(desk, one, health.get(one.id, Health(one.id)), [counts.get(one.id, {}).get(day, 0) for day in labels],
             alarms.get(one.id, []), pauses)
        for one in desk.sources.values()
    ]  # fmt: skip


def _row(
    desk: Desk, source: Source, health: Health, days: list[int], alarms: list[Alarm], pauses: Mapping[str, Any]
) -> Row:
    pause, name = pauses.get(source.id), desk.names[source.id]
    warned = [
        Warned(kind=one.kind, since=one.since, text=alarm.told(one, name, desk.language, source.timezone))
        for one in alarms
    ]
    return Row(
        id=source.id, name=name, kind=source.kind, enabled=source.enabled, given_up=backoff.paused(health.trouble),
        paused=Rest.model_validate(pause, from_attributes=True) if pause else None,
        last_pass=health.last_pass, last_success=health.last_success, last_new=health.last_new,
        failures=health.failures, failure=health.kind, detail=health.detail, articles=sum(days), days=days, alarms=warned,
    )  # fmt: skip
