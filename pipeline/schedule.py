"""When each source is due: APScheduler runs one pass for each, at the source's own pace.

Jobs live in memory and are made anew from sources.yaml at every start; when a source was
last passed over is read from the store, so a restart neither skips a turn nor repeats one.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from pipeline import cycle
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.report import PassReport

#: A turn that is late by less than this is still taken: the default of one second drops turns silently.
GRACE = timedelta(hours=6)
#: How often feeds are looked at while no source is due: a held story comes out when its time has come.
PUBLISH_EVERY = timedelta(minutes=5)
#: Between the first turns of two sources after a start, so that they do not all begin at once.
STAGGER = timedelta(seconds=2)

_EVENTS = {EVENT_JOB_MISSED: "missed", EVENT_JOB_ERROR: "failed", EVENT_JOB_MAX_INSTANCES: "still-running"}

Say = Callable[[str], None]


async def watch(room: Newsroom, sources: tuple[Source, ...], say: Say, done: Callable[[PassReport], None]) -> None:
    """Run every source at its own pace until SIGTERM or SIGINT; a pass under way is let finish."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": int(GRACE.total_seconds())},
    )
    scheduler.add_listener(
        lambda event: _note(room, event, say), EVENT_JOB_MISSED | EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
    )
    under_way: set[asyncio.Task[None]] = set()

    async def turn(chosen: tuple[Source, ...]) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            done(await cycle.run(room, chosen, "watch"))
        finally:
            under_way.discard(task)

    for source, first in first_turns(room, sources):
        _add(scheduler, room, source.id, source.every, first, turn, (source,))
    _add(scheduler, room, "publish", PUBLISH_EVERY, datetime.now(UTC) + PUBLISH_EVERY, turn, ())
    stop = _stop_signal()
    scheduler.start()
    say(f"watching {len(sources)} sources; stop with Ctrl-C or SIGTERM")
    await stop.wait()
    say("stopping; passes under way are finished first")
    scheduler.pause()
    await asyncio.gather(*under_way, return_exceptions=True)
    scheduler.shutdown(wait=False)


def first_turns(room: Newsroom, sources: tuple[Source, ...]) -> list[tuple[Source, datetime]]:
    """Return when (in real time) each source has its first turn after a start."""
    health, now = room.store.ledger.health(), room.clock.now()
    turns = []
    for number, source in enumerate(sources):
        last = health[source.id].last_pass if source.id in health else None
        wait = max(timedelta(0), last + source.every - now) if last else timedelta(0)
        real = room.clock.real_seconds(wait + number * STAGGER)
        turns.append((source, datetime.now(UTC) + timedelta(seconds=real)))
    return turns


def _add(
    scheduler: AsyncIOScheduler, room: Newsroom, name: str, every: timedelta, first: datetime,
    turn: Callable[..., object], chosen: tuple[Source, ...],
) -> None:  # fmt: skip
    seconds = max(0.05, room.clock.real_seconds(every))
    scheduler.add_job(
        turn, "interval", seconds=seconds, args=[chosen], id=name, replace_existing=True, next_run_time=first
    )


def _note(room: Newsroom, event: JobEvent, say: Say) -> None:
    kind = _EVENTS[event.code]
    detail = str(getattr(event, "exception", None) or "")
    room.store.ledger.event(kind, event.job_id, detail, room.clock.now())
    say(f"{event.job_id}: turn {kind} {detail}".rstrip())


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
