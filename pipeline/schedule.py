"""When each source is due: APScheduler runs one pass for each, at the source's own pace.

Jobs live in memory and are made anew from sources.yaml at every start and whenever it changes; when a
source was last passed over, and how much trouble it made, is read from the store, so a restart neither
skips a turn nor repeats one. The turns themselves stand in rota.py, how long trouble makes one wait in backoff.py, that
only one scheduler is at work in duty.py.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace

from pipeline import cycle, signals, systemd
from pipeline.cycle import Work
from pipeline.duty import Duty
from pipeline.errors import NevawireError
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.reload import Renew, Watched
from pipeline.rota import Done, Rota, Say

#: How often the sources file, and what the desk asks for, is looked at, real seconds: both are changed by people.
LOOK_EVERY = 2.0


async def watch(
    room: Newsroom, sources: Sequence[Source], say: Say, done: Done, renew: Renew | None = None, work: Work = cycle
) -> None:  # fmt: skip
    """Run every source at its own pace until SIGTERM or SIGINT; the page in hand is finished and published.

    While another watch is on duty this one waits. renew: looks at the sources file anew on SIGHUP and when
    it changed; work: who makes the passes, this process where nobody is named. Raises NevawireError where another watch took over, as from a process that was asleep.
    """
    stop, reload, lost = asyncio.Event(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    signals.heed(loop, stop, reload)

    def taken_over() -> None:
        loop.call_soon_threadsafe(_both, lost, stop)

    duty = Duty(room.store, room.clock, taken_over)
    async with systemd.alive(os.environ):
        systemd.notify("READY=1\nSTATUS=waiting for the other watch", os.environ)
        if not await duty.wait(stop, say):
            return
        try:
            rota = Rota(replace(room, stopping=stop.is_set), say, done, duty, stop, lost, work)
            await _work(rota, sources, stop, reload, Watched(renew) if renew else None)
        finally:
            duty.leave()
    if lost.is_set():
        raise NevawireError("another watch has taken over while this one gave no sign of life")


async def _work(
    rota: Rota, sources: Sequence[Source], stop: asyncio.Event, reload: asyncio.Event, file: Watched | None
) -> None:
    rota.enlist(sources)
    rota.scheduler.start()
    rota.say(f"watching {len(sources)} sources; stop with Ctrl-C or SIGTERM")
    systemd.notify(f"STATUS=watching {len(sources)} sources", os.environ)
    while not stop.is_set():
        await _first_of(stop, reload, LOOK_EVERY)
        if file is not None and not stop.is_set():
            rota.look(file, asked=reload.is_set())
        if not stop.is_set():
            rota.heed()
        reload.clear()
    systemd.notify("STOPPING=1", os.environ)
    rota.say(f"stopping; {rota.work.PARTING}")
    await rota.close()


async def _first_of(stop: asyncio.Event, reload: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.create_task(one.wait()) for one in (stop, reload)]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for one in waits:
        one.cancel()


def _both(lost: asyncio.Event, stop: asyncio.Event) -> None:
    lost.set()
    stop.set()
