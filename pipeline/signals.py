"""Signals of a process that stays: SIGTERM and SIGINT end it in order, their second kills it; SIGHUP has it look anew."""

from __future__ import annotations

import asyncio
import signal
from types import FrameType


def heed(loop: asyncio.AbstractEventLoop, stop: asyncio.Event, reload: asyncio.Event) -> None:
    """Set these events when signals come; a second SIGTERM or SIGINT kills at once, even where the loop is busy."""

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    signal.signal(signal.SIGHUP, lambda _number, _frame: loop.call_soon_threadsafe(reload.set))
