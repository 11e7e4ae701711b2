"""When each source is due: APScheduler runs one pass for each, at the source's own pace.

Jobs live in memory and are made anew from sources.yaml at every start; when a source was
last passed over, and how much trouble it made, is read from the store, so a restart
neither skips a turn nor repeats one. How long trouble makes one wait stands in backoff.py.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from pipeline import backoff, cycle
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.report import PassReport
from pipeline.store import Health

#: A turn that is late by less than this is still taken: the default of one second drops turns silently.
GRACE = timedelta(hours=6)
#: How often feeds are looked at while no source is due: a held story comes out when its time has come.
PUBLISH_EVERY = timedelta(minutes=5)
#: Between the first turns of two sources after a start, so that they do not all begin at once.
STAGGER = timedelta(seconds=2)

_EVENTS = {EVENT_JOB_MISSED: "missed", EVENT_JOB_ERROR: "failed", EVENT_JOB_MAX_INSTANCES: "still-running"}

Say = Callable[[str], None]


async def watch(room: Newsroom, sources: Sequence[Source], say: Say, done: Callable[[PassReport], None]) -> None:
    """Run every source at its own pace until SIGTERM or SIGINT; a pass under way is let finish."""
    rota = _Rota(room, say, done)
    for number, source in enumerate(sources):
        rota.enter(source, wait=number * STAGGER)
    stop = _stop_signal()
    rota.scheduler.start()
    say(f"watching {len(sources)} sources; stop with Ctrl-C or SIGTERM")
    await stop.wait()
    say("stopping; passes under way are finished first")
    await rota.close()


def next_turn(source: Source, health: Health | None, now: datetime) -> datetime | None:
    """Return when a source is next due: at once where it never was, never while it is paused.

    A turn that would fall outside the source's window waits for the window to open.
    """
    if health is None or health.last_pass is None:
        due = now
    elif backoff.paused(health.trouble):
        return None
    else:
        due = max(now, health.last_pass + backoff.interval(source.every, health.trouble))
    return backoff.opening(source.window, due.astimezone(ZoneInfo(source.timezone))).astimezone(UTC)


@dataclass
class _Rota:
    """The turns of all sources in APScheduler's hands."""

    room: Newsroom
    say: Say
    done: Callable[[PassReport], None]

    def __post_init__(self) -> None:
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": int(GRACE.total_seconds())}
        self.scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self.scheduler.add_listener(self._note, EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES)
        self._under_way: set[asyncio.Task[None]] = set()
        self._paused: dict[str, Source] = {}
        every = max(0.05, self.room.clock.real_seconds(PUBLISH_EVERY))
        self.scheduler.add_job(self._publish, "interval", seconds=every, id="publish")

    def enter(self, source: Source, wait: timedelta = timedelta(0)) -> None:
        """Give a source its next turn."""
        now = self.room.clock.now()
        health = self.room.store.ledger.health().get(source.id)
        due = next_turn(source, health, now)
        if due is None:
            if source.id not in self._paused:
                self.say(
                    f"{source.id}: paused after too many failures; a `run --source {source.id}` that succeeds ends it"
                )
            self._paused[source.id] = source
            return
        self._paused.pop(source.id, None)
        at = datetime.now(UTC) + timedelta(seconds=self.room.clock.real_seconds(due - now + wait))
        self.scheduler.add_job(self._turn, "date", run_date=at, args=[source], id=source.id, replace_existing=True)

    async def close(self) -> None:
        """Begin no further turn, and wait for those under way."""
        self.scheduler.pause()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self.scheduler.shutdown(wait=False)

    async def _turn(self, source: Source) -> None:
        try:
            await self._pass([source])
        finally:
            self.enter(source)

    async def _publish(self) -> None:
        for source in list(self._paused.values()):
            self.enter(source)
        await self._pass([])

    async def _pass(self, sources: Sequence[Source]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            self.done(await cycle.run(self.room, sources, "watch"))
        finally:
            self._under_way.discard(task)

    def _note(self, event: JobEvent) -> None:
        kind = _EVENTS[event.code]
        detail = str(getattr(event, "exception", None) or "")
        self.room.store.ledger.event(kind, event.job_id, detail, self.room.clock.now())
        self.say(f"{event.job_id}: turn {kind} {detail}".rstrip())


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
