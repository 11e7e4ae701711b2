"""Work done in child processes that can be killed, because what it reads came from outside.

A page can make a parser spin for minutes or eat gigabytes; a child that passes its time
or memory limit is killed and the one task it had is told so. The children start when
the first task comes, so a pass in which nothing changed starts none. What they are forked from (cradle.py) may be
started before. One that is killed, or has done many tasks, is replaced when the next task comes.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from pipeline.child import ANSWER, TASK, tellable
from pipeline.cradle import READERS, Cradle
from pipeline.errors import NoChildrenError
from pipeline.precedence import Precedence

Given = ParamSpec("Given")
Made = TypeVar("Made")

#: Tasks of a child: what parsers leave behind in its memory goes with it.
_TASKS = 500
#: Bytes of a task that are on their way to a child while it is at work, so that it has the next one when it is done; more
#: where the machine allows no more for a socket (`net.core.wmem_max`) are sent when it takes them.
_ON_THE_WAY = 1 << 20


class ChildLost(Exception):
    """A task's child was killed; `kind` is "timeout" or "memory"."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


class _NotBegunError(Exception):
    """A task's child was killed while it did another one."""


class _Child(asyncio.Protocol):
    """A child, and what it has in hand: the task it does, and those that wait behind it."""

    def __init__(self, cradle: Cradle, number: int, seconds: float, megabytes: int) -> None:
        self.hand: deque[asyncio.Future[Any]] = deque()
        self.left = _TASKS  #: how many more it is given; 0 where it is over
        self._cradle = cradle
        self._number = number
        self._seconds = seconds
        self._megabytes = megabytes
        self._transport: asyncio.Transport | None = None
        self._heard = bytearray()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def fit(self) -> bool:
        """Whether it can be given a task."""
        return bool(self.left and self._transport and not self._transport.is_closing())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to talk to it."""
        self._transport = cast(asyncio.Transport, transport)

    async def do(self, task: bytes) -> Any:
        """Return what comes of a pickled task."""
        assert self._transport is not None, "nobody is there yet"
        answer = asyncio.get_running_loop().create_future()
        self.hand.append(answer)
        self.left -= 1
        if len(self.hand) == 1:
            self._begin()
        self._transport.write(TASK.pack(len(task), self._seconds))
        self._transport.write(task)
        return await answer

    def data_received(self, data: bytes) -> None:
        """Hear from it; an answer is that to its first task."""
        self._heard += data
        while (size := self._answered()) >= 0:
            answer = self.hand.popleft()
            self._begin()
            said = self._heard[ANSWER.size : ANSWER.size + size]
            del self._heard[: ANSWER.size + size]
            if not answer.done():  # otherwise nobody waits for it any more
                self._tell(answer, said)
        if not self.left and not self.hand:
            self.dismiss()

    def _tell(self, answer: asyncio.Future[Any], said: bytearray) -> None:
        try:
            done, made = pickle.loads(said)  # noqa: S301 - of our own process
        except Exception as error:  # noqa: BLE001 - whoever asked is to know
            done, made = False, error
        if done:
            answer.set_result(made)
        elif isinstance(made, MemoryError):
            answer.set_exception(self._too_large())
        else:
            answer.set_exception(made if tellable(made) else RuntimeError(f"not told: {made!r}"))

    def _answered(self) -> int:
        """Return how many bytes the answer has that is there; -1 where none is there in whole."""
        if len(self._heard) < ANSWER.size:
            return -1
        (size,) = ANSWER.unpack_from(self._heard)
        return size if len(self._heard) >= ANSWER.size + size else -1

    def _begin(self) -> None:
        """Give it its time for its first task, if it has any."""
        if self._timer:
            self._timer.cancel()
        late = asyncio.get_running_loop().call_later
        self._timer = late(self._seconds, self._be_late) if self.hand else None

    def _be_late(self) -> None:
        self.dismiss(ChildLost("timeout", f"not done within {self._seconds:g} s"))

    def connection_lost(self, _: Exception | None) -> None:
        """Tell its first task that it is no more."""
        self.dismiss()

    def dismiss(self, why: ChildLost | None = None) -> None:
        """Let it be over, whatever it does; why: what its first task is told."""
        if self._transport:  # otherwise it is over, and its number may be another's
            self._cradle.over(self._number)
            self._transport.abort()
        self.left, self._transport = 0, None
        hand, self.hand = self.hand, deque()
        self._begin()
        for place, answer in enumerate(hand):
            if not answer.done():
                answer.set_exception(_NotBegunError() if place else why or self._too_large())

    def _too_large(self) -> ChildLost:
        return ChildLost("memory", f"more than {self._megabytes} MB, or the process died")


class Children:
    """A pool of killable processes; an asynchronous context manager."""

    def __init__(
        self, *, count: int = 2, seconds: float = 20.0, megabytes: int = 1500, cradle: Cradle = READERS
    ) -> None:
        self._cradle = cradle
        self._count = count
        self._seconds = seconds
        self._megabytes = megabytes
        self._own: list[_Child] = []
        self._starting = asyncio.Lock()
        self.begun = asyncio.Event()  #: set once the first of them are there, and have their tasks
        #: Each child has one task waiting behind its own; who else waits may yet come before others.
        self._entry = Precedence(2 * count)

    @property
    def there(self) -> bool:
        """Whether there are children: what is given to them waits for no start."""
        return any(one.fit for one in self._own)

    async def run(self, task: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
        """Run a top-level function on picklable values in a child.

        Raises ChildLost where it took too long or too much memory, NoChildrenError where none can be
        started; an exception of the task itself is a bug and comes through.
        """
        async with self._entry:
            sent = pickle.dumps((task, args, kwargs), pickle.HIGHEST_PROTOCOL)
            while True:  # each turn has cost another task its child
                try:
                    child = await self._free()
                    return cast(Made, await child.do(sent))
                except _NotBegunError:
                    continue

    async def _free(self) -> _Child:
        """Return the child that has least in hand. Raises NoChildrenError."""
        fit = [one for one in self._own if one.fit]
        if len(fit) < self._count:
            async with self._starting:
                fit = await self._started()
        self.begun.set()
        return min(fit, key=lambda one: len(one.hand))

    async def _started(self) -> list[_Child]:
        """Return the children there are when those that are missing were started; fewer of them do it, too."""
        self._own = [one for one in self._own if one.fit or one.hand]
        why = OSError("they end as soon as they begin")
        for _ in range(self._count - sum(one.fit for one in self._own)):
            try:
                number, line = await self._had()
            except OSError as error:
                why = error
                break
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_THE_WAY)
            child = partial(_Child, self._cradle, number, self._seconds, self._megabytes)
            self._own.append((await asyncio.get_running_loop().create_unix_connection(child, sock=line))[1])
        if fit := [one for one in self._own if one.fit]:
            return fit
        raise NoChildrenError(f"no child process to read pages in can be started here: {why!r}") from why

    async def _had(self) -> tuple[int, socket.socket]:
        """Have a child. In a thread, as that waits for what they are forked from: requests under way would run out of time."""
        coming = asyncio.get_running_loop().run_in_executor(None, self._cradle.child, self._megabytes)
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:  # it comes all the same, and nobody else would end it
            coming.add_done_callback(self._unwanted)
            raise

    def _unwanted(self, came: asyncio.Future[tuple[int, socket.socket]]) -> None:
        if not came.cancelled() and not came.exception():
            number, line = came.result()
            line.close()
            self._cradle.over(number)

    async def __aenter__(self) -> Self:
        """Nothing starts yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the children end, whatever they do."""
        self.let_go()

    def let_go(self) -> None:
        """Let the children end, and the memory they have with them; whoever comes later starts others.

        Whoever still waits for one is cancelled: it was not their page that was too much.
        """
        own, self._own = self._own, []
        for child in own:
            for answer in child.hand:
                answer.cancel()
            child.dismiss()
