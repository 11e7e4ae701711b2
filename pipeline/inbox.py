"""The queues that workers take jobs from, opened; and the one place that puts jobs into them.

    fetch    a source's listings and pages       one host, one job at a time
    extract  what is archived of it, read        the same, and before another fetch
    pair     all that is new, into stories       one such job at a time, and none beside publishing
    publish  stories into feeds, digests         the same, and first

Jobs are Procrastinate's, on the PostgreSQL of the store. What they do is in worker.py.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from pipeline.collect.hosts import host_of
from pipeline.errors import StoreError
from pipeline.model import Source
from pipeline.record import dataclass
from pipeline.report import SourceReport
from pipeline.store import Store

QUEUES = ("fetch", "extract", "pair", "publish")
#: Whoever pairs or publishes does it alone.
PRESS = "press"
#: Before the others of their lock.
_FIRST = 10
#: Turns that end within so many seconds are paired and published together.
_QUIET = 1


@dataclass(frozen=True)
class Inbox:
    """The queues. Whatever is put into them raises StoreError where the database is away."""

    app: App

    async def fetch(
        self, run: str, source: Source, again: int = 0, report: SourceReport | None = None, seen: Sequence[str] = ()
    ) -> bool:
        """Have a source's listings walked (again: not) and its pages fetched; return False where that waits already."""
        made = report or SourceReport(source.id)
        return await self._put(
            "fetch", _lock(source), "" if again else f"fetch {source.id}",
            run=run, source=source.id, again=again, report=made.as_values(), seen=sorted(seen),
        )  # fmt: skip

    async def extract(self, run: str, source: Source, again: int, report: SourceReport, seen: Sequence[str]) -> None:
        """Have what is archived of a source read."""
        await self._put(
            "extract", _lock(source), "", _FIRST,
            run=run, source=source.id, again=again, report=report.as_values(), seen=sorted(seen),
        )  # fmt: skip

    async def pair(self) -> None:
        """Have what is new paired in a moment, and published then; many ask, one such job waits."""
        await self._put("pair", PRESS, "pair", wait=_QUIET)

    async def publish(self, stages: dict[str, float]) -> None:
        """Have the feeds made; stages: how long what went before took."""
        await self._put("publish", PRESS, "publish", _FIRST, stages=stages)

    async def digests(self) -> None:
        """Have the digests made that are due."""
        await self._put("digests", PRESS, "digests", _FIRST, queue="publish")

    async def _put(
        self, task: str, lock: str, once: str = "", priority: int = 0, *, wait: int = 0, queue: str = "", **args: Any
    ) -> bool:
        job = self.app.configure_task(
            task, queue=queue or task, lock=lock, queueing_lock=once or None, priority=priority,
            schedule_in={"seconds": wait} if wait else None,
        )  # fmt: skip
        try:
            await job.defer_async(**args)
        except AlreadyEnqueued:
            return False
        except ConnectorException as error:
            raise StoreError(f"the database takes no job: {told(error)}") from error
        return True


def told(error: BaseException) -> str:
    """Return in a line what Procrastinate calls a database error."""
    return " ".join(str(error.__cause__ or error).split())


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Inbox]:
    """Open the queues of a store. Raises ConfigError where it is on no PostgreSQL, StoreError where they are too new."""
    address, options = store.jobs.address()
    store.jobs.prepare()
    # While the server is away, its warnings would tell of each try to reach it.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=address, kwargs=options, min_size=1, max_size=8))
    async with app.open_async():
        yield Inbox(app)


def _lock(source: Source) -> str:
    return host_of(source.listings[0].url)
