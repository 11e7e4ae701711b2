"""A pass left to workers: each source's part becomes a job, and whoever asked for the pass learns how it ended.

What `cycle` does here, workers do elsewhere; `watch` and `run` take either. That there is one dispatcher at a time is
the lease of duty.py; the digest of its sources file, kept in the store, is what workers go by.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pipeline import inbox, log
from pipeline.bench import FILE
from pipeline.errors import StoreError
from pipeline.inbox import Inbox
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.report import PassReport, SourceReport
from pipeline.sources import stamp
from pipeline.store import Store

#: Between two looks whether passes are over, real seconds; and between two whether their jobs are done by anybody.
_LOOK, _SILENCE = 0.5, 20.0
#: A pass that was begun so long ago is nobody's any more.
_LOST = timedelta(days=2)


class Dispatch:
    """Leaves passes to workers."""

    PARTING = "passes under way are ended by the workers"

    def __init__(self, box: Inbox, file: Path) -> None:
        self._inbox = box
        self._file = file
        self._open: dict[str, asyncio.Future[PassReport]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def run(self, room: Newsroom, sources: Sequence[Source], verb: str = "run") -> PassReport:
        """Have these sources taken through every stage and published; return how that went.

        Where the room is to be closed meanwhile, workers end the pass by themselves, and an empty report is returned.
        """
        name = uuid.uuid4().hex[:12]
        with log.run(name):
            store, now = room.store, room.clock.now()
            self._give_orders(store, room)
            store.ledger.start(name, verb, now)
            store.turns.begin(name, [source.id for source in sources])
            for source in sources:
                # Where an earlier pass's turn is still to come, it is this one's.
                if not await self._inbox.fetch(name, source):
                    store.turns.end(name, source.id, SourceReport(source.id).as_values())
            if not sources or name in store.turns.gathered():
                await self._inbox.pair()
            return await self._ended(room, name)

    async def send_digests(self, _room: Newsroom) -> Sequence[str]:
        """Have the digests made that are due; workers say which were."""
        await self._inbox.digests()
        return ()

    def _give_orders(self, store: Store, room: Newsroom) -> None:
        digest, now = stamp(self._file), room.clock.now()
        if store.turns.orders(FILE) != digest:
            store.turns.order(FILE, digest, now)
        store.turns.forget(now - _LOST)

    async def _ended(self, room: Newsroom, name: str) -> PassReport:
        """Wait for a pass to end; one question to the database for all that are waited for."""
        over: asyncio.Future[PassReport] = asyncio.get_running_loop().create_future()
        self._open[name] = over
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(room))
        return await over

    async def _look(self, room: Newsroom) -> None:
        told, idle = time.monotonic(), dict[str, int]()
        while self._open and not room.stopping():
            try:
                ended = await asyncio.to_thread(room.store.ledger.ended, tuple(self._open))
                if time.monotonic() - told > _SILENCE:
                    told, idle = time.monotonic(), await asyncio.to_thread(_tell_idle, room.store, idle)
            except StoreError as error:  # workers wait for it, too
                log.warn("it cannot be told how passes went", why=str(error))
                ended = {}
            for name, summary in ended.items():
                self._open.pop(name).set_result(PassReport.of(summary))
            await asyncio.sleep(_LOOK)
        for name in tuple(self._open):
            self._open.pop(name).set_result(PassReport(run=name, sources=()))


def _tell_idle(store: Store, before: Mapping[str, int]) -> dict[str, int]:
    """Tell where jobs wait and nobody does them, as one that waited at the look before still does; return what waits."""
    idle = dict(store.jobs.idle())
    waiting = ",".join(sorted(queue for queue, job in idle.items() if before.get(queue) == job))
    if not store.jobs.served():
        log.warn("no worker is at work: start `nevawire worker`, or see in its log why it takes no jobs")
    elif waiting:
        why = "no worker has these among its --queues, or none of those can do them: their logs say so"
        log.warn("jobs wait, and no worker does them", queues=waiting, why=why)
    return idle


@asynccontextmanager
async def opened(store: Store, file: Path) -> AsyncIterator[Dispatch]:
    """Open the queues of a store to leave passes to workers. Raises like `inbox.opened`."""
    async with inbox.opened(store) as box:
        yield Dispatch(box, file)
