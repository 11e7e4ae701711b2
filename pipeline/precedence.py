"""Who goes first where only so many go at once: whoever has nothing left to fetch, and of these whoever was so first.

A source whose pages are all read is compared and kept while children read those of others. Taken in the order they came
alone, pages of all sources would be read in turn, and all sources end in the same moment, with nothing left to read beside.
Whoever still fetches is served in turn: a site that waits for a child is not asked for its next page meanwhile.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from contextvars import ContextVar
from types import TracebackType

_RANKS = itertools.count(1)


class Place:
    """The place of a source among those whose pages are read."""

    def __init__(self) -> None:
        self.rank = math.inf

    def hurry(self) -> None:
        """Come before all that still fetch, and after those that hurried before."""
        self.rank = min(self.rank, next(_RANKS))


_FIRST = Place()
_FIRST.rank = 0
_place: ContextVar[Place] = ContextVar("place", default=_FIRST)


def go_by(place: Place) -> None:
    """Let this task, and those it starts from now on, go by a place; whoever goes by none comes first."""
    _place.set(place)


class Precedence:
    """A semaphore that lets in first whoever has the first place; an asynchronous context manager."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: list[tuple[Place, asyncio.Future[None]]] = []  #: in the order they came

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        own: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((_place.get(), own))
        try:
            await own
        except asyncio.CancelledError:
            if own.cancelled():
                self._waiting = [one for one in self._waiting if one[1] is not own]
            else:  # let in at the very moment
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        waiting = [number for number, (_, own) in enumerate(self._waiting) if not own.done()]
        if waiting:
            first = min(waiting, key=lambda number: self._waiting[number][0].rank)  # of equals the first that came
            self._waiting.pop(first)[1].set_result(None)
        else:
            self._free += 1
