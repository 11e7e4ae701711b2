"""How much comes, how much of it is paired, how soon, how right the matcher is, what translation uses: with charts and tables.

Counting is the store's, summing up figures', drawing charts'.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import translation_report
from pipeline.review import charts, figures, teasers
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.visit import Visit
from pipeline.translation_report import cost

pages = APIRouter()
api = APIRouter(tags=["measures"])
#: Days that are shown where nothing is said, and how many there may be: ten years.
_USUAL, _MOST = 30, 3660
#: Sources with a colour of their own; the others are one series.
_SOURCES = 7

Day = Annotated[date | None, Query(examples=["2026-11-01"])]


class Items(BaseModel):
    """Articles of a source in a language on a day, and how many of them stand in pairs."""

    day: date
    source: str
    language: str
    articles: int
    paired: int


class Delay(BaseModel):
    """How many hours English texts came after the Russian ones; label: the first day of the period, "" for all of it."""

    label: str
    pairs: int
    to_the_minute: int
    first: float
    median: float
    third: float


class Bucket(BaseModel):
    """Verdicts on pairs that the matcher thought so likely."""

    low: float
    high: float
    right: int
    wrong: int
    precision: Annotated[float | None, Field(ge=0, le=1)]


class Spent(BaseModel):
    """What an engine did on a day for a source."""

    day: date
    engine: str
    source: str
    characters: int
    segments: int
    requests: int
    hits: int
    faults: int
    cost: float | None = Field(None, description="At the price in sources.yaml; null where none is given")


class Measures(BaseModel):
    """Everything that is measured, of a span of days."""

    since: date
    until: date
    items: list[Items]
    delays: list[Delay]
    precision: list[Bucket]
    verdicts: int
    spending: list[Spent]


@api.get("/measures")
def measured(visit: Caller, since: Day = None, until: Day = None) -> Measures:
    """Return what is measured, of these days and all between; the last 30 where nothing is said."""
    span = _Span(visit, since, until)
    store = visit.office.store.measures
    judged = figures.holding(store.verdicts(*span.instants))
    delays = figures.delays(store.delays(*span.instants), span.periods)
    return Measures(
        since=span.first, until=span.last, items=_each(Items, store.counts(*span.instants)),
        delays=_each(Delay, delays), precision=_each(Bucket, figures.buckets(judged)), verdicts=len(judged),
        spending=_priced(visit, store.spent(*span.instants)),
    )  # fmt: skip


@pages.get("/measures")
def measures(visit: Here, since: Day = None, until: Day = None) -> Response:
    """Show what is measured."""
    span, store, say = _Span(visit, since, until), visit.office.store.measures, visit.tongue.gettext
    when, spent = span.periods, store.spent(*span.instants)
    counts, judged = store.sums(when.spans), figures.holding(store.verdicts(*span.instants))
    prices = translation_report.prices(visit.office.config())
    called = teasers.names(visit.office.config(), visit.language)
    tongues = {"ru": say("Russian"), "en": say("English")}
    sources = figures.by(counts, "source", when)
    languages, used = figures.by(counts, "language", when), figures.spent(spent, when)
    shown = figures.leading(sources, _SOURCES, say("others"))
    share, delays = figures.share_paired(counts, when), figures.delays(store.delays(*span.instants), when)
    by_label = {one.label: (one.first, one.median, one.third) for one in delays}
    return visit.page(
        "measures.html", here="measures", span=span, when=when, called=called, tongues=tongues,
        sources=sources, by_tongue=languages, delays=delays, used=used, spent=_spent(spent),
        costs={name: cost(values[0], price) for name, values in _spent(spent).items() if (price := prices.get(name)) is not None},
        shares=figures.share_of(counts), buckets=figures.buckets(judged), judged=judged, shown=list(shown),
        unknown=sum(one.probability is None for one in judged), today=visit.office.now().date(),
        by_source=charts.columns(when.labels, shown, say("Articles by source"), called),
        by_language=charts.columns(when.labels, languages, say("Articles by language"), tongues),
        paired=charts.line(when.labels, share, say("Share of articles in pairs"), unit="%"),
        delay=charts.spread(when.labels, [by_label.get(one) for one in when.labels], say("Hours from Russian to English")),
        translated=charts.columns(when.labels, used, say("Characters translated"), {}),
    )  # fmt: skip


class _Span:
    """The days that are asked for. Raises HTTPException 422 where they are none."""

    def __init__(self, visit: Visit, since: date | None, until: date | None) -> None:
        today = visit.office.now().date()
        self.last = until or (max(today, since) if since else today)
        try:
            self.first = since or self.last - timedelta(days=_USUAL - 1)
            self._end = self.last + timedelta(days=1)
        except OverflowError as error:
            raise HTTPException(422, "until: no such day can be counted from") from error
        self.days = (self.last - self.first).days + 1
        if not 0 < self.days <= _MOST:
            raise HTTPException(422, f"since: should be a day before until, by {_MOST} days at most")
        self.instants = tuple(datetime.combine(one, time(), UTC) for one in (self.first, self._end))
        self.periods = figures.periods(self.first, self.last)


def _each(kind: Any, rows: Any) -> list[Any]:
    return [kind.model_validate(one, from_attributes=True) for one in rows]


def _priced(visit: Visit, rows: Any) -> list[Spent]:
    prices = translation_report.prices(visit.office.config())
    found: list[Spent] = _each(Spent, rows)
    for one in found:
        one.cost = cost(one.characters, prices[one.engine]) if one.engine in prices else None
    return found


def _spent(rows: Any) -> dict[str, list[int]]:
    """Return of each engine characters, segments, requests, hits of the memory and faults."""
    found: dict[str, list[int]] = {}
    for one in rows:
        each = (one.characters, one.segments, one.requests, one.hits, one.faults)
        found[one.engine] = [old + new for old, new in zip(found.get(one.engine, [0] * 5), each, strict=True)]
    return dict(sorted(found.items()))
