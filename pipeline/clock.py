"""The one clock: what time it is, and how to wait.

Every verb takes its time from here, so that a pass can be repeated under the same
instant (`frozen`) or a day lived in minutes (`rate`). Waiting is always real, divided
by the rate: a frozen clock must not make a polite pause endless. Limits on network
answers are not here: the network knows no other time than the real one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pipeline.record import dataclass


def _real_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Tells the time by `tell`; waits in that time, whose seconds pass `rate` times as fast."""

    tell: Callable[[], datetime] = _real_now
    rate: float = 1.0

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return self.tell()

    def real_seconds(self, wait: timedelta) -> float:
        """Return how many real seconds a wait in this clock's time takes."""
        return max(0.0, wait.total_seconds() / self.rate)

    async def sleep(self, wait: timedelta) -> None:
        """Wait in this clock's time."""
        import asyncio  # a third of what is imported before children's server starts, which needs no clock that waits

        await asyncio.sleep(self.real_seconds(wait))


def frozen(instant: datetime) -> Clock:
    """Return a clock that always tells the same instant."""
    return Clock(tell=lambda: instant)


def running(rate: float, start: datetime | None = None) -> Clock:
    """Return a clock that runs from `start` (default: now), `rate` times as fast as the real one."""
    first, began = start or _real_now(), time.monotonic()
    return Clock(tell=lambda: first + timedelta(seconds=(time.monotonic() - began) * rate), rate=rate)
