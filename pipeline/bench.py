"""What the jobs of one worker work with, which of them are for it, and when one that could not be done is tried again.

What is done in them is not here (worker.py).
"""

from __future__ import annotations

import asyncio
from dataclasses import field
from typing import NoReturn

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from pipeline import log, newsroom, sources
from pipeline.errors import ConfigError, NevawireError, StoreError
from pipeline.inbox import Inbox
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.reload import Renew

#: What workers go by, as the store knows it: the digest of the scheduler's sources file.
FILE = "sources"
#: How often a source's job is tried while the store does not serve; the wait doubles as often.
TRIES = 5
#: Seconds in which a worker that is to take no more jobs stops taking them.
_MOMENT = 2


class PutBackError(NevawireError):
    """A job that is not for this worker, or not for now: it waits for another, or for so many seconds."""

    def __init__(self, why: str, seconds: int = 0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Again(BaseRetryStrategy):
    """What was put back is done later; so is what the store, or the folder of feeds, would not take.

    Of a source some times, as its next turn makes up for it; pairing and publishing until it is done.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when a job is done again that ended so; None where that is its end."""
        if isinstance(exception, PutBackError):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        source = str(job.task_kwargs.get("source", ""))
        if isinstance(exception, StoreError) and (not source or job.attempts < TRIES):
            wait = 2 ** min(job.attempts, TRIES)
            why = " ".join(str(exception).split())
            log.warn(
                "a job could not be done here and is tried again", job=job.task_name, source=source, why=why, wait=wait
            )
            return RetryDecision(retry_in={"seconds": wait})
        return None


@dataclass
class Bench:
    """What the jobs of one process work with; its configuration follows the scheduler's sources file."""

    room: Newsroom
    inbox: Inbox
    renew: Renew
    digest: str  #: of the sources file the room's configuration was read from
    stop: asyncio.Event
    unfit: str = ""  #: why this process may not go on
    astray: asyncio.Event = field(default_factory=asyncio.Event)  #: set where its sources file is not the scheduler's
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self) -> Newsroom:
        """Return the room to work in now. Raises PutBackError where it is not the scheduler's."""
        if revision := self.room.store.jobs.foreign():
            self.retire(f"the database is at {revision}, made by another version of Nevawire: upgrade this worker")
        async with self._lock:
            if why := self.misfit():
                self.astray.set()
                raise PutBackError(why, _MOMENT)
        return self.room

    def retire(self, why: str) -> NoReturn:
        """Have this worker end, and its job done by another."""
        self.unfit = why
        self.stop.set()
        raise PutBackError(why)

    def misfit(self) -> str:
        """Return why jobs are not for this worker, "" where they are; a file that became the scheduler's is read anew."""
        wanted = self.room.store.turns.orders(FILE)
        if wanted in ("", self.digest):
            return ""
        found = sources.stamp(self.renew.path)
        if found != wanted:
            return f"{self.renew.path} here ({found[:12]}) is not the scheduler's ({wanted[:12]}); copy that here"
        try:
            config, _, guard = self.renew()
        except ConfigError as error:
            return str(error)
        self.room, self.digest = newsroom.renewed(self.room, config, guard), found
        log.say("the sources file was read anew", digest=found[:12])
        return ""
