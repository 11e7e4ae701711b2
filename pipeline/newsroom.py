"""What a pass works with: everything that is opened once and handed to the stages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipeline import collect
from pipeline.children import Children
from pipeline.clock import Clock
from pipeline.model import Config
from pipeline.report import SourceReport
from pipeline.settings import Settings
from pipeline.store import Store, open_store

#: robots.txt may be kept this long (RFC 9309, 2.4).
ROBOTS_AGE = timedelta(hours=24)

Tell = Callable[[SourceReport, str], None]


@dataclass(frozen=True)
class Newsroom:
    """An open installation."""

    config: Config
    store: Store
    fetcher: collect.Fetcher
    children: Children
    clock: Clock
    feeds: Path
    tell: Tell = lambda _report, _stage: None  #: told what goes on, for a progress display


@asynccontextmanager
async def opened(settings: Settings, config: Config, guard: collect.Guard, tell: Tell) -> AsyncIterator[Newsroom]:
    """Open an installation, and close it whatever happens."""
    store = open_store(settings.store)
    try:
        since = settings.clock.now() - ROBOTS_AGE
        robots = {origin: collect.RobotsFile(*kept) for origin, kept in store.collected.robots(since).items()}
        fetcher = collect.Fetcher(guard=guard, publisher=config.publisher, clock=settings.clock, robots_cache=robots)
        async with Children() as children, fetcher:
            yield Newsroom(config, store, fetcher, children, settings.clock, settings.feeds, tell)
    finally:
        store.close()
