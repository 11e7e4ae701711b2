"""Who goes first where only so many go at once: whoever began first, with all that is theirs.

A source whose pages are all read is compared and kept while children read those of others. Taken in the order they came,
pages of all sources would be read in turn, and all sources end in the same moment, with nothing left to read beside.
"""

from __future__ import annotations

import asyncio
import itertools
from contextvars import ContextVar
from heapq import heappop, heappush
from types import TracebackType

_PLACES = itertools.count(1)
_place: ContextVar[int] = ContextVar("place", default=0)


def new_place() -> int:
    """Return a place behind all that were given out."""
    return next(_PLACES)


def go_by(place: int) -> None:
    """Let this task, and those it starts from now on, go by a place; whoever goes by none comes first."""
    _place.set(place)


class Precedence:
    """A semaphore that lets in first whoever has the first place; an asynchronous context manager."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._came = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        own: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (_place.get(), next(self._came), own))
        try:
            await own
        except asyncio.CancelledError:
            if not own.cancelled():  # let in at the very moment
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        while self._waiting:
            *_, next_one = heappop(self._waiting)
            if not next_one.done():
                next_one.set_result(None)
                return
        self._free += 1
