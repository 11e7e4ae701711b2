"""That one `watch` at a time schedules: the others wait, and one of them follows when it is gone.

Who is on duty says so every few seconds from a thread of its own, since pairing and publishing keep
the loop busy. How long is waited is the clock's time, so that a day lived in minutes has its take-overs too; for one
that is known to have ended nobody waits.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from pipeline import obituary
from pipeline.clock import Clock
from pipeline.errors import StoreError
from pipeline.store import Held, Store

#: The lease of the scheduler.
NAME = "scheduler"
#: Between two signs of life, and how long without one means death.
BEAT = timedelta(seconds=8)
PATIENCE = timedelta(seconds=40)
#: How often who waits looks whether the lease was given back.
LOOK = timedelta(seconds=2)
#: Of a speeded clock no more than this is asked, real seconds.
_LEAST = 0.05


class Duty:
    """A turn as the only scheduler: taken by `wait`, kept up by a thread, ended by `leave`."""

    def __init__(self, store: Store, clock: Clock, lost: Callable[[], None]) -> None:
        self._leases = store.leases
        self._clock = clock
        self._lost = lost
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="duty", daemon=True)
        #: Host and process, for people; the rest makes it unique, and tells others here when the process has ended.
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}.{obituary.mark(os.getpid())}"

    async def wait(self, stop: asyncio.Event, say: Callable[[str], None]) -> bool:
        """Wait until nobody else is on duty and take it; return False where `stop` came first."""
        seen: Held | None = None
        since, told = time.monotonic(), False
        while not stop.is_set():
            try:
                held = await asyncio.to_thread(self._leases.look, NAME)
            except StoreError as error:  # who is on duty cannot give a sign of life either
                say(str(error))
                since = time.monotonic()
                await either(stop, self._real(LOOK))
                continue
            if held != seen:
                seen, since = held, time.monotonic()
            if held is None or _ended(held) or time.monotonic() - since >= self._real(PATIENCE):
                if await asyncio.to_thread(self._take, held):
                    self._thread.start()
                    return True
                since = time.monotonic()
            if held is not None and not told:
                say(f"another watch is at work ({held.holder}); waiting to take over")
                told = True
            await either(stop, self._real(LOOK))
        return False

    def held(self) -> bool:
        """Tell whether the turn is still ours: a process that was asleep for long may have lost it."""
        held = self._leases.look(NAME)
        return held is not None and held.holder == self.holder

    def abandon(self) -> None:
        """Stop giving signs of life without a word, as a killed process does."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def leave(self) -> None:
        """Give the turn back, so that who waits need not wait longer."""
        self.abandon()
        self._leases.leave(NAME, self.holder)

    def _take(self, seen: Held | None) -> bool:
        try:
            return self._leases.take(NAME, self.holder, seen, self._clock.now())
        except StoreError:  # locked: somebody is alive and writes, and could not tell us meanwhile
            return False

    def _keep(self) -> None:
        while not self._end.wait(self._real(BEAT)):
            try:
                ours = self._leases.beat(NAME, self.holder)
            except StoreError:  # a long transaction, or a full disk: nobody else can take it then either
                continue
            if not ours:
                self._lost()
                return

    def _real(self, wait: timedelta) -> float:
        return max(_LEAST, self._clock.real_seconds(wait))


def at_work(store: Store, clock: Clock) -> str:
    """Return who is on duty, as its next sign of life proves; "" where nobody is. Takes up to twice a beat."""
    seen = store.leases.look(NAME)
    if seen is not None and _ended(seen):
        return ""
    until = time.monotonic() + 2 * max(_LEAST, clock.real_seconds(BEAT))
    while seen is not None and time.monotonic() < until:
        now = store.leases.look(NAME)
        if now is not None and now != seen:
            return now.holder
        time.sleep(min(0.2, max(_LEAST, clock.real_seconds(BEAT))))
    return ""


def _ended(held: Held) -> bool:
    """Tell whether the process on duty is known to have ended: it was killed, or its machine's memory was at an end."""
    _, pid, own = ("", *held.holder.rsplit(":", 2))[-3:]
    return pid.isdecimal() and obituary.ended(int(pid), own.partition(".")[2])


async def either(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds, or until stop comes."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
