"""The turns of all sources in APScheduler's hands: each at its own pace, in trouble less often, paused never.

What the desk asks for, a pause or a pass at once, is heeded at every look. When `watch` begins and ends is in schedule.py.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from pipeline import alarm, backoff, cycle, mailroom, pace, systemd
from pipeline.cycle import Work
from pipeline.duty import Duty
from pipeline.errors import StoreError
from pipeline.model import Source, SourceRecord
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.reload import Watched
from pipeline.report import PassReport
from pipeline.store import Errand, Health

#: A turn that is late by less than this is still taken: the default of one second drops turns silently.
GRACE = timedelta(hours=6)
#: How often feeds are looked at while no source is due: a held story comes out when its time has come.
PUBLISH_EVERY = timedelta(minutes=5)
#: Between the first turns of two sources after a start, so that they do not all begin at once.
STAGGER = timedelta(seconds=2)

#: How long a database that is away is left alone, real time.
AWAY = timedelta(seconds=20)

_EVENTS = {EVENT_JOB_MISSED: "missed", EVENT_JOB_ERROR: "failed", EVENT_JOB_MAX_INSTANCES: "still-running"}

_DIGESTS = "digests"
Made = TypeVar("Made")
Say = Callable[[str], None]
Done = Callable[[PassReport], None]


def next_turn(
    source: Source,
    health: Health | None,
    now: datetime,
    record: SourceRecord | None = None,
    waiting: datetime | None = None,
) -> datetime | None:
    """Return when a source is next due: at once where it never was, never while it is paused.

    record: what its rhythm is learned from, where it may be asked less often than `every`; waiting: when an address
    of it is to be asked, for a correction or again. Neither that nor the moment it would be silent is slept
    through. A turn that would fall outside the source's window waits for the window to open.
    """
    if health is None or health.last_pass is None:
        due = now
    elif backoff.paused(health.trouble):
        return None
    else:
        earliest = health.last_pass + backoff.interval(source.every, health.trouble)
        due = max(now, earliest, _worth_it(source, health.last_pass, record, waiting) if record else earliest)
    return backoff.opening(source.window, due.astimezone(ZoneInfo(source.timezone))).astimezone(UTC)


def _worth_it(source: Source, last: datetime, record: SourceRecord, waiting: datetime | None) -> datetime:
    """Return when a look at a source is worth it by its rhythm, or when something else is due before."""
    by_rhythm = last + pace.interval(source.every, source.at_most, record.dates, record.latest, last)
    silent = alarm.deadline(record, source.timezone)
    others = [waiting] if waiting else []
    if silent and silent >= last:
        others.append(silent + timedelta(minutes=1))
    return min([by_rhythm, *others])


@dataclass
class Rota:
    """The turns of all sources in APScheduler's hands."""

    room: Newsroom
    say: Say
    done: Done
    duty: Duty
    stop: asyncio.Event
    lost: asyncio.Event
    work: Work = cycle

    def __post_init__(self) -> None:
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": int(GRACE.total_seconds())}
        self.scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self.scheduler.add_listener(self._note, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
        self._under_way: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()
        self._paused: set[str] = set()
        self._rested: set[str] = set()
        self._errands: dict[str, Errand] = {}
        self.sources: dict[str, Source] = {}
        every = max(0.05, self.room.clock.real_seconds(PUBLISH_EVERY))
        self.scheduler.add_job(self._publish, "interval", seconds=every, id="publish")
        self._plan_digests(datetime.now(UTC))  # what was due while nobody watched is made up for

    def enlist(self, sources: Sequence[Source]) -> None:
        """Work for these sources from now on; those new or changed get their next turn, others keep theirs."""
        try:
            self._rested = set(self.room.store.pauses.every())
        except StoreError as error:  # `heed` asks again in a moment
            self.say(str(error))
        before, self.sources = self.sources, {source.id: source for source in sources}
        for gone in sorted(set(before) - set(self.sources)):
            self._forget(gone)
        changed = [one for one in sources if before.get(one.id) != one]
        for number, source in enumerate(changed):
            if source.id not in self._busy:  # who is at work gets its next turn when it is done
                self._enter_surely(source.id, number * STAGGER)

    def enter(self, name: str, wait: timedelta = timedelta(0)) -> None:
        """Give a source its next turn, if it is still one of ours."""
        source = self.sources.get(name)
        if source is None or name in self._rested:
            return
        now = self.room.clock.now()
        health = self.room.store.ledger.of(name)
        record = self.room.store.alarms.record(name) if source.at_most else None
        due = next_turn(source, health, now, record, self.room.store.collected.next_due(name))
        if due is None:
            if name not in self._paused:
                self.say(f"{name}: paused after too many failures; a `run --source {name}` that succeeds ends it")
            self._forget(name)
            self._paused.add(name)
            return
        self._paused.discard(name)
        at = datetime.now(UTC) + timedelta(seconds=self.room.clock.real_seconds(due - now + wait))
        self.scheduler.add_job(self._turn, "date", run_date=at, args=[name], id=name, replace_existing=True)

    def look(self, file: Watched, *, asked: bool) -> None:
        """Take over a sources file that changed; one that is wrong changes nothing but is told."""
        found = file.look(self.room, asked=asked)
        if found is None:
            return
        systemd.reloading(os.environ)
        if found.why:
            self._keep("reload", "", found.why)
            self.say(f"the sources file is wrong, and the old one stays in force:\n{found.why}")
        elif found.room is not None:
            old, self.room = self.room, found.room
            self.enlist(found.sources)
            self._plan_digests(datetime.now(UTC))
            task = asyncio.create_task(_close(old, tuple(self._under_way)))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
            self.say(f"the sources file was read anew; watching {len(found.sources)} sources")
        systemd.notify(f"READY=1\nSTATUS=watching {len(self.sources)} sources", os.environ)

    def heed(self) -> None:
        """Do what the desk asked for since the last look: rest sources, let them work again, begin a pass at once."""
        try:
            now = self.room.clock.now()
            rested = set(self.room.store.pauses.every())
            for name in sorted((rested - self._rested) & set(self.sources)):
                self._forget(name)
                self.say(f"{name}: paused; `nevawire sources resume {name}` ends it")
            resumed, self._rested = sorted((self._rested - rested) & set(self.sources)), rested
            for name in resumed:
                self.say(f"{name}: resumed")
                self._enter_surely(name)
            for errand in self.room.store.errands.waiting(("run",)):
                self._begin(errand, now)
        except StoreError as error:  # it is asked again in a moment
            self.say(str(error))

    def _begin(self, errand: Errand, now: datetime) -> None:
        """Give a source a turn at once; one that is at work gets it when it is done."""
        name, errands = errand.source, self.room.store.errands
        if name not in self.sources:
            why = f"{name} is not among the sources that are enabled in sources.yaml"
            errands.end(errand.id, {"why": why}, now, good=False)
        elif name not in self._busy and errands.take(errand.id, self.duty.holder, now):
            self._errands[name] = errand
            self.scheduler.add_job(
                self._turn, "date", run_date=datetime.now(UTC), args=[name], id=name, replace_existing=True
            )

    async def close(self) -> None:
        """Begin no further turn, and wait for those under way."""
        self.scheduler.pause()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await asyncio.gather(*self._closing, _close(self.room, ()))
        self.scheduler.shutdown(wait=False)

    def _forget(self, name: str) -> None:
        self._paused.discard(name)
        try:
            self.scheduler.remove_job(name)
        except JobLookupError:  # it has no turn just now
            return

    async def _turn(self, name: str) -> None:
        self._busy.add(name)
        wait = backoff.AFTER_TROUBLE
        errand, report = self._errands.pop(name, None), None
        try:
            report = await self._pass([self.sources[name]] if name in self.sources else [])
            wait = timedelta(0)
        finally:
            self._busy.discard(name)
            if errand is not None:
                self._end(errand, report)
            self._enter_surely(name, wait)

    def _end(self, errand: Errand, report: PassReport | None) -> None:
        outcome = report.as_json() if report else {"why": "the pass broke off"}
        good = report is not None and not report.exit_code
        try:
            self.room.store.errands.end(errand.id, outcome, self.room.clock.now(), good=good)
        except StoreError as error:
            self.say(str(error))

    def _enter_surely(self, name: str, wait: timedelta = timedelta(0)) -> None:
        """Give a source its next turn; where the database is away, do so when it is back."""
        try:
            self.enter(name, wait)
        except StoreError as error:
            self.say(f"{name}: its next turn is planned when the database serves again: {error}")
            at = datetime.now(UTC) + AWAY
            self.scheduler.add_job(self._enter_surely, "date", run_date=at, args=[name], id=name, replace_existing=True)

    async def _publish(self) -> None:
        for name in sorted(self._paused):
            self.enter(name)
        await self._pass([])

    async def _send_digests(self) -> None:
        try:
            if await self._on_duty():
                for name in await self._finished(self.work.send_digests(self.room)):
                    self.say(f"digest: {name}")
        finally:
            now = self.room.clock.now()
            due = mailroom.next_turn(self.room.config, now) or now
            # A moment later than due: by the slower of two clocks, too, it is due then.
            self._plan_digests(datetime.now(UTC) + timedelta(seconds=self.room.clock.real_seconds(due - now) + 0.05))

    def _plan_digests(self, at: datetime) -> None:
        if self.room.config.digests:
            self.scheduler.add_job(self._send_digests, "date", run_date=at, id=_DIGESTS, replace_existing=True)

    async def _pass(self, sources: Sequence[Source]) -> PassReport | None:
        if not await self._on_duty():
            return None
        report = await self._finished(self.work.run(self.room, sources, "watch"))
        self.done(report)
        return report

    async def _on_duty(self) -> bool:
        if not await asyncio.to_thread(self.duty.held):
            _both(self.lost, self.stop)
        return not self.stop.is_set()

    async def _finished(self, work: Coroutine[None, None, Made]) -> Made:
        """Do work that is waited for before the program ends."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            return await work
        finally:
            self._under_way.discard(task)

    def _note(self, event: JobEvent) -> None:
        kind, detail = _EVENTS[event.code], str(getattr(event, "exception", None) or "")
        self.say(f"{event.job_id}: turn {kind} {detail}".rstrip())
        self._keep(kind, event.job_id, detail)

    def _keep(self, kind: str, source: str, detail: str) -> None:
        try:
            self.room.store.ledger.event(kind, source, detail, self.room.clock.now())
        except StoreError as error:  # the same full disk, most likely; the turn comes again
            self.say(str(error))


async def _close(room: Newsroom, users: Sequence[asyncio.Task[None]]) -> None:
    """Close a room's fetcher when nobody uses it any more."""
    await asyncio.gather(*users, return_exceptions=True)
    await room.fetcher.__aexit__(None, None, None)


def _both(lost: asyncio.Event, stop: asyncio.Event) -> None:
    lost.set()
    stop.set()
