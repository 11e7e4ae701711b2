"""After a pass: what it says of each source's health becomes alarms, and what changed is told.

Deciding is `alarm`'s, keeping `store.alarms`', telling `notify`'s; here they meet. A source that is well and whose pages
were as before says what it said the last time, but for silence, which begins at an hour that is known ahead: most passes
look at hardly any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import alarm, backoff
from pipeline.model import Alarm, Config, Source
from pipeline.report import PassReport, Problem, SourceReport
from pipeline.store import Change, Health

if TYPE_CHECKING:
    from pipeline.newsroom import Newsroom

#: How often every source is looked at whole: its rules or the program's may have changed.
_LOOK = timedelta(days=1)


async def look_over(room: Newsroom, report: PassReport, sources: Sequence[Source], began: datetime) -> PassReport:
    """Settle the alarms that a pass gives reason for and tell what changed; return the report with them.

    A source whose pages changed counts as failed in the pass that finds it, silent ones do not.
    """
    now = room.clock.now()
    by_id = {source.id: source for source in sources}
    reports, changes, quiet = list[SourceReport](), list[Change](), dict[str, datetime]()
    known, troubled = room.store.ledger.health(), room.store.alarms.troubled()
    for one in report.sources:
        source = by_id[one.source]
        if one.source not in troubled and _as_before(source, one) and _quiet(known.get(one.source), now):
            reports.append(one)
            continue
        trouble = known[one.source].trouble if one.source in known else 0.0
        visit = _visit(one, began, now)
        settled, quiet[one.source] = _settle(room, source, visit, trouble)
        changes += settled
        reports.append(_with_drift(room, one, settled))
    room.store.ledger.keep_quiet(quiet)
    refused = {"refused": dict(report.refused)} if report.refused else None
    changes += room.store.alarms.settle("", {"publish": refused, "disk": _disk(room), "archive": _archive(room)}, now)
    changes += room.store.alarms.retire({source.id for source in room.config.sources if source.enabled}, now)
    await room.notifier.tell(room.store, now)
    return replace(report, sources=tuple(reports), alarms=tuple(line(room.config, change.alarm) for change in changes))


def _disk(room: Newsroom) -> dict[str, float] | None:
    """Return how full the disk is where that keeps raw pages from being archived."""
    archive = room.store.archive
    return {"used": int(archive.used()), "limit": archive.limit} if archive.full() else None


def _archive(room: Newsroom) -> dict[str, str] | None:
    """Return why the place that raw pages lie in cannot be reached."""
    why = room.store.archive.away()
    return {"why": why} if why else None


def _as_before(source: Source, report: SourceReport) -> bool:
    """Return whether a pass found all of a source's listings as they were, and nothing else to do."""
    return report == SourceReport(source.id, unchanged=len(source.listings))


def _quiet(health: Health | None, now: datetime) -> bool:
    return health is not None and health.quiet_until is not None and now < health.quiet_until and not health.trouble


def _visit(report: SourceReport, began: datetime, now: datetime) -> alarm.Visit:
    troubles = tuple(_trouble(one) for one in report.problems if one.of_listing)
    return alarm.Visit(now, began, troubles, _trouble(report.failure) if report.failure else None)


def _settle(room: Newsroom, source: Source, visit: alarm.Visit, trouble: float) -> tuple[tuple[Change, ...], datetime]:
    """Open, keep and close the alarms of a source; return what changed, and until when nothing will by itself."""
    now = visit.now
    record = replace(room.store.alarms.record(source.id), paused=backoff.paused(trouble))
    said = alarm.judge(source, record, visit)
    if not record.open and all(facts is None for facts in said.values()):  # as in nearly every pass: nothing to write
        silent = alarm.deadline(record, source.timezone)
        return (), min(now + _LOOK, silent or now + _LOOK)
    return room.store.alarms.settle(source.id, said, now), now


def _trouble(problem: Problem) -> alarm.Trouble:
    return alarm.Trouble(problem.kind, problem.url, problem.detail)


def _with_drift(room: Newsroom, report: SourceReport, changes: Sequence[Change]) -> SourceReport:
    for change in changes:
        if (change.alarm.kind, change.state) == ("drift", "open") and not _told(report):
            problem = Problem("drift", "", line(room.config, change.alarm))
            return replace(report, failure=report.failure or problem, problems=(*report.problems, problem))
    return report


def _told(report: SourceReport) -> bool:
    """Return whether the pass itself stumbled over what changed."""
    return any(problem.kind in ("drift", "no-links") for problem in report.problems)


def ops_atom(config: Config, alarms: Sequence[Alarm], address: str = "") -> bytes:
    """Return what is wrong as an Atom feed, for whoever serves it behind a login.

    alarms: those `store.alarms.shown` gives; address: where it is served, beside the feeds where nothing is said.
    """
    return alarm.atom(alarms, config, address or f"{config.publisher.home or 'http://localhost/'}ops.atom")


def line(config: Config, told: Alarm) -> str:
    """Return an alarm in one line of plain English."""
    source = next((one for one in config.sources if one.id == told.source), None)
    zone = source.timezone if source else "Europe/Moscow"
    return alarm.told(told, told.source, "en", zone, over=told.closed is not None)
