"""What `nevawire status` says, as a page: alarms, passes, what happened beside; and who may come in. For operators.

Alarms are a feed as well, for a reader with a login: never a file under feeds/.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from pipeline import alarm, lookout, translation_report
from pipeline.model import Alarm
from pipeline.review import machine_reasons, teasers
from pipeline.review.entrance import Here, least
from pipeline.review.gateway import Caller
from pipeline.review.visit import Visit

pages = APIRouter()
api = APIRouter(tags=["status"])
_RECENT = timedelta(days=7)
_PASSES, _EVENTS = 15, 30


class Told(BaseModel):
    """An alarm, open or closed in the last 7 days."""

    source: str
    kind: str
    since: datetime
    closed: datetime | None
    text: str


class Happened(BaseModel):
    """Something that happened beside passes."""

    at: datetime
    kind: str
    source: str
    detail: str


class Pass(BaseModel):
    """A pass; without an end it is under way, or was killed."""

    id: str
    verb: str
    started: datetime
    finished: datetime | None
    exit_code: int | None


class Status(BaseModel):
    """How the installation does."""

    articles: int
    stories: dict[str, int]
    waiting: int  #: pages archived and not yet read
    watch: str  #: who is on duty as scheduler; "" for nobody
    disk_used: float  #: percent
    wrong: str  #: why sources.yaml as it is now does not load; "" where it does
    alarms: list[Told]
    passes: list[Pass]
    events: list[Happened]
    astray: dict[str, dict[str, int]]  #: source → how its known pages answer otherwise now → how many
    gone: dict[str, int]  #: source → articles whose page is gone


class User(BaseModel):
    """Somebody who may come in."""

    name: str
    role: str


@api.get("/status")
def status(visit: Caller) -> Status:
    """Say how the installation does."""
    return _status(visit)


@api.get("/users")
@least("operator")
def users(visit: Caller) -> list[User]:
    """List who may come in. For operators; passwords and roles are changed by `nevawire users`."""
    return [User(name=one.name, role=one.role) for one in visit.office.store.users.every()]


@pages.get("/status")
def status_page(visit: Here) -> Response:
    """Show how the installation does."""
    now = visit.office.now()
    return visit.page(
        "status.html", here="status", now=_status(visit), called=teasers.names(visit.office.config(), visit.language),
        machine=visit.office.store.machine.states(), today=visit.office.store.spending.of_day(now),
        costs=translation_report.costs(visit.office.store, visit.office.config(), now),
        feeds=visit.office.config().publisher.home, say=machine_reasons.said,
    )  # fmt: skip


@pages.get("/users")
@least("operator")
def users_page(visit: Here) -> Response:
    """Show who may come in."""
    return visit.page("users.html", here="status", users=visit.office.store.users.every())


@pages.get("/ops.atom")
def ops_atom(visit: Here) -> Response:
    """Give the alarms as a feed."""
    alarms = visit.office.store.alarms.shown(visit.office.now(), _RECENT)
    address = str(visit.request.url.replace(query=""))
    body = lookout.ops_atom(visit.office.config(), alarms, address)
    return Response(body, media_type="application/atom+xml")


def _status(visit: Visit) -> Status:
    store, now = visit.office.store, visit.office.now()
    found, duty = store.figures(now), store.leases.look("scheduler")
    return Status(
        articles=found.articles, stories=dict(found.stories), waiting=found.waiting,
        watch=duty.holder.rpartition(":")[0] if duty else "", disk_used=round(store.archive.used(), 1),
        wrong=visit.office.wrong(), alarms=_told(visit, store.alarms.shown(now, _RECENT)),
        passes=[Pass.model_validate(one, from_attributes=True) for one in store.ledger.passes(_PASSES)],
        events=[Happened.model_validate(one, from_attributes=True) for one in store.ledger.events(_EVENTS)],
        astray={source: dict(kinds) for source, kinds in store.strays.counts().items()}, gone=store.missing.counts(),
    )  # fmt: skip


def _told(visit: Visit, alarms: Sequence[Alarm]) -> list[Told]:
    config = visit.office.config()
    called = teasers.names(config, visit.language)
    zones = {one.id: one.timezone for one in config.sources}
    return [
        Told(
            source=one.source, kind=one.kind, since=one.since, closed=one.closed,
            text=alarm.told(
                one, called.get(one.source, one.source), visit.language, zones.get(one.source, "Europe/Moscow"),
                over=one.closed is not None,
            ),
        )
        for one in alarms
    ]  # fmt: skip
