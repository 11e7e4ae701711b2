"""The store: the only code that opens the store/ folder.

`open_store(folder)` gives a `Store` whose parts each own some tables: `collected`,
`articles`, `features`, `stories`, `verdicts`, `publications`, `issues`, `removals`, `replays`, `ledger`, `leases`; and the `archive` of raw pages.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import StoreError
from pipeline.store.alarms import Alarms, Change
from pipeline.store.archive import Archive
from pipeline.store.articles import Articles, Outcome, Recorded
from pipeline.store.collected import Collected, Due, Waiting
from pipeline.store.engine import open_engine
from pipeline.store.features import Features, InWindow, Kept
from pipeline.store.health import Health, Ledger
from pipeline.store.issues import Issue, Issues
from pipeline.store.leases import Held, Leases
from pipeline.store.publications import Publications, Wanted
from pipeline.store.removals import Removals, Removed
from pipeline.store.replays import Replays
from pipeline.store.stories import Stories
from pipeline.store.verdicts import Verdicts

__all__ = [
    "Change",
    "Due",
    "Health",
    "Held",
    "InWindow",
    "Issue",
    "Kept",
    "Outcome",
    "Recorded",
    "Removed",
    "Store",
    "Waiting",
    "Wanted",
    "open_store",
]


class Store:
    """An open store; close it when done."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self.archive = Archive(folder / "pages")
        self.collected = Collected(engine, self.archive)
        self.articles = Articles(engine)
        self.features = Features(engine)
        self.stories = Stories(engine)
        self.verdicts = Verdicts(engine)
        self.publications = Publications(engine)
        self.issues = Issues(engine)
        self.removals = Removals(engine, self.archive, folder)
        self.replays = Replays(engine, self.archive)
        self.ledger = Ledger(engine)
        self.alarms = Alarms(engine)
        self.leases = Leases(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def open_store(folder: Path) -> Store:
    """Open the store in folder, made and upgraded where needed. Raises StoreError where that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the store's folder {folder}: {error}") from error
    store = Store(open_engine(f"sqlite:///{folder.resolve() / 'nevawire.sqlite'}"), folder)
    store.archive.sweep()
    return store
