"""Work done in child processes that can be killed, because what it reads came from outside.

A page can make a parser spin for minutes or eat gigabytes; a child that passes its time
or memory limit is killed and the one task it had is told so. The children start when
the first task comes, so a pass in which nothing changed starts none. What they are forked from (cradle.py) may be
started before.
Where all of them end for want of what they are forked from, or one is killed while it waits, new ones are started.
"""

from __future__ import annotations

import asyncio
import gc
import resource
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline import cradle
from pipeline.errors import NoChildrenError
from pipeline.precedence import Precedence

Given = ParamSpec("Given")
Made = TypeVar("Made")

#: How a child is said to have ended when what it was forked from, which would know, is gone: nobody's fault in it.
_UNKNOWN = 255

#: How many new objects make a child search for cycles, generation by generation: a page's tree and blocks are tens of
#: thousands that all live to its end, and to look through them again and again took an eighth of its time.
_SELDOM = (50_000, 20, 20)


class ChildLost(Exception):
    """A task's child was killed; `kind` is "timeout" or "memory"."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


class Children:
    """A pool of killable processes; an asynchronous context manager."""

    def __init__(self, *, count: int = 2, seconds: float = 20.0, megabytes: int = 1500) -> None:
        self._count = count
        self._seconds = seconds
        self._megabytes = megabytes
        self._pool: Any = None  # pebble's ProcessPool; its methods carry no types
        self._begun: Any = None  #: the pool whose processes are there
        self.begun = asyncio.Event()  #: set once the first of them are there, and have their tasks
        #: Each child has one task waiting behind its own; who else waits may yet come before others.
        self._entry = Precedence(2 * count)

    @property
    def there(self) -> bool:
        """Whether there are children: what is given to them waits for no start."""
        return self._pool is not None and self._pool is self._begun

    async def run(self, task: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Run a top-level function on picklable values in a child.

        Raises ChildLost where it took too long or too much memory, NoChildrenError where none can be
        started; an exception of the task itself is a bug and comes through.
        """
        async with self._entry:
            try:
                return await self._run(task, *args, **kwargs)
            except ChildLost as lost:
                if getattr(lost.__cause__, "exitcode", None) != _UNKNOWN:
                    raise
            return await self._run(task, *args, **kwargs)  # if it was the task after all, it is told so now

    async def _run(self, task: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        pool = self._started()
        try:
            return await self._done(pool, task, *args, **kwargs)
        except BrokenProcessPool:  # no fault of the task's: once more, in new children
            await self._give_up(pool)
        pool = self._started()
        try:
            return await self._done(pool, task, *args, **kwargs)
        except BrokenProcessPool as error:
            await self._give_up(pool)
            why = error.__cause__ or error
            raise NoChildrenError(f"no child process to read pages in can be started here: {why!r}") from error

    async def _done(self, pool: Any, task: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        schedule = partial(pool.schedule, task, args=list(args), kwargs=kwargs, timeout=self._seconds)
        try:
            # In a thread where it starts processes: requests under way would meanwhile run out of time.
            future: Future[Made] = schedule() if pool is self._begun else await asyncio.to_thread(schedule)
        except (OSError, EOFError, RuntimeError) as error:  # by what it is told once, by what ever after
            raise BrokenProcessPool from error
        self._begun = pool
        self.begun.set()
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise ChildLost("timeout", f"not done within {self._seconds:g} s") from error
        except (MemoryError, ProcessExpired) as error:
            raise ChildLost("memory", f"more than {self._megabytes} MB, or the process died") from error

    async def __aenter__(self) -> Self:
        """Nothing starts yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the children end; kill them where the pass itself was broken off."""
        if kind is None:
            await self.let_go()
        elif self._pool is not None:
            await self._give_up(self._pool)

    async def let_go(self) -> None:
        """Let the children end, and the memory they have with them; whoever comes later starts others."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.close()
            await asyncio.to_thread(pool.join)

    async def _give_up(self, pool: Any) -> None:
        """Clear away children that take no more tasks; whoever comes next starts others."""
        if self._pool is pool:
            self._pool = None
            pool.stop()
            await asyncio.to_thread(pool.join)

    def _started(self) -> Any:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._count,
                max_tasks=500,
                initializer=_prepare,
                initargs=[self._megabytes],
                context=cradle.context(),
            )
        return self._pool


def _prepare(megabytes: int) -> None:
    """Bound this child's memory, as pebble has no limit of its own; and let it search for cycles seldom."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    gc.freeze()  # what was imported stays
    gc.set_threshold(*_SELDOM)
