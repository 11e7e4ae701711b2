"""What a pass works with: everything that is opened once and handed to the stages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import field, replace
from datetime import timedelta
from pathlib import Path

from pipeline import collect
from pipeline.children import Children
from pipeline.clock import Clock
from pipeline.collect import Fetcher
from pipeline.model import Config
from pipeline.notify import Notifier
from pipeline.record import dataclass
from pipeline.report import SourceReport
from pipeline.settings import Settings
from pipeline.store import Store, open_store

#: robots.txt may be kept this long (RFC 9309, 2.4).
ROBOTS_AGE = timedelta(hours=24)
#: Sources worked on at the same time: with more, each one's answers would wait for the others' work past their time.
AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class Orders:
    """What the operator asked of this pass beyond what is due."""

    recheck: bool = False  #: ask every article of the last weeks for corrections
    backfill: int = 0  #: walk listings so many pages deep, once


Tell = Callable[[SourceReport, str], None]


def _silent(_report: SourceReport, _stage: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Newsroom:
    """An open installation."""

    config: Config
    store: Store
    fetcher: Fetcher
    children: Children
    clock: Clock
    feeds: Path
    notifier: Notifier
    tell: Tell = _silent  #: told what goes on, for a progress display
    orders: Orders = Orders()
    secret: str = ""  #: that of the settings
    stopping: Callable[[], bool] = lambda: False  #: whether what is in hand should be the last
    last: bool = False  #: whether the process ends with this pass
    #: Who works on a source, in whatever turn, is one of so many.
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    #: Where stories are paired and published, beside the loop: other turns' answers have their time to come in. One
    #: thread, as what one turn publishes the next finds done; and each thread keeps memory of its own.
    press: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "press"))


@asynccontextmanager
async def opened(
    settings: Settings, config: Config, guard: collect.Guard, tell: Tell = _silent, orders: Orders = Orders(),
    readers: int = 2,
) -> AsyncIterator[Newsroom]:  # fmt: skip
    """Open an installation, and close it whatever happens. readers: child processes that read pages."""
    if config.pairing.semantic:
        from pipeline import semantics  # with numpy, which whoever collects begins sooner without

        semantics.check()
    store = open_store(settings.store, settings.disk_limit)
    try:
        since = settings.clock.now() - ROBOTS_AGE
        robots = {origin: collect.RobotsFile(*kept) for origin, kept in store.collected.robots(since).items()}
        hosts = collect.Hosts(settings.clock, store.collected.holds(settings.clock.now()), store.turnstile)
        fetcher = Fetcher(
            guard=guard, publisher=config.publisher, clock=settings.clock, hosts=hosts, robots_cache=robots,
            environment=os.environ,
        )  # fmt: skip
        async with Children(count=readers) as children, fetcher:
            notifier = Notifier(config, guard, os.environ)
            room = Newsroom(
                config, store, fetcher, children, settings.clock, settings.feeds, notifier, tell, orders, settings.secret
            )  # fmt: skip
            try:
                yield room
            finally:
                room.press.shutdown()
    finally:
        store.close()


def renewed(room: Newsroom, config: Config, guard: collect.Guard) -> Newsroom:
    """Return the same installation under another configuration; its fetcher is the caller's to close.

    What hosts asked of us, and the robots.txt files met, go along.
    """
    fetcher = Fetcher(
        guard=guard, publisher=config.publisher, clock=room.clock, hosts=room.fetcher.hosts,
        robots_cache=room.fetcher.robots_files, environment=os.environ,
    )  # fmt: skip
    return replace(room, config=config, fetcher=fetcher, notifier=Notifier(config, guard, os.environ))
