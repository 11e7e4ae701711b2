"""The whole of the store: what it is made of, and how it is opened.

What a pass can do without (what the desk, translation, workers and upkeep ask for) is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from pipeline.errors import ConfigError, StoreError
from pipeline.store import archive, engine, presence
from pipeline.store.alarms import Alarms, Change
from pipeline.store.alone import Alone
from pipeline.store.articles import Articles, Recorded
from pipeline.store.audit import Audit, Deed
from pipeline.store.collected import Collected, Due, Waiting
from pipeline.store.editions import Editions, Part
from pipeline.store.edits import Edits
from pipeline.store.engine import file_in, open_engine
from pipeline.store.features import Features, InWindow, Seen
from pipeline.store.health import Health, Ledger
from pipeline.store.issues import Issue, Issues
from pipeline.store.leases import Held, Leases
from pipeline.store.machine import Assignment, Machine
from pipeline.store.marks import Marks, noted, starred, tagged
from pipeline.store.missing import Lost, Missing
from pipeline.store.order import Wanted
from pipeline.store.pauses import Pause, Pauses
from pipeline.store.presence import in_folder, there
from pipeline.store.private import Private
from pipeline.store.proposals import Proposed
from pipeline.store.publications import Publications
from pipeline.store.recording import Outcome
from pipeline.store.removals import Removals, Removed
from pipeline.store.sections import Sections
from pipeline.store.selections import Moved, Selections
from pipeline.store.stories import Stories
from pipeline.store.strays import Strays
from pipeline.store.threads import Threads
from pipeline.store.turnstile import Turnstile
from pipeline.store.verdicts import Verdicts

if TYPE_CHECKING:
    from pipeline.store.asked import FACETS, Asked, Found, Hit
    from pipeline.store.backups import Manifest
    from pipeline.store.copying import Copied
    from pipeline.store.drafts import Drafts
    from pipeline.store.errands import Errand, Errands
    from pipeline.store.figures import Figures, SourceFigures
    from pipeline.store.inspection import Finding, Inspection
    from pipeline.store.jobs import Jobs
    from pipeline.store.meanings import Meanings
    from pipeline.store.measures import Count, Judged, Measures
    from pipeline.store.memory import About, Entry, Memory, Piece, Remembered
    from pipeline.store.queue import Place, Queue, Wish
    from pipeline.store.queue import Waiting as InQueue
    from pipeline.store.quotas import Quota, Quotas
    from pipeline.store.replays import Replays
    from pipeline.store.restores import Restored, holds
    from pipeline.store.revision import Schema, rehearse, schema, step_back
    from pipeline.store.rewordings import Rewording, Rewordings
    from pipeline.store.search import Search
    from pipeline.store.spending import Budget, Spending, Spent
    from pipeline.store.terms import Terms
    from pipeline.store.trails import Capture, Known, Made, Requested, Shown, Trails
    from pipeline.store.turns import Turn, Turns
    from pipeline.store.upkeep import Pruned, Upkeep
    from pipeline.store.users import ROLES, Token, User, Users

__all__ = [
    "FACETS", "ROLES", "About", "Asked", "Assignment", "Budget", "Capture", "Change", "Copied", "Count", "Deed",
    "Due", "Entry", "Errand", "Figures", "Finding", "Found", "Health", "Held", "Hit", "InQueue", "InWindow",
    "Inspection", "Issue", "Judged", "Known", "Lost", "Made", "Manifest", "Moved", "Outcome", "Part", "Pause",
    "Piece", "Place", "Pruned", "Quota", "Recorded", "Remembered", "Removed", "Requested", "Restored", "Rewording",
    "Schema", "Sections", "Seen", "Shown", "SourceFigures", "Spent", "Store", "Token", "Turn", "User", "Waiting",
    "Wanted", "Wish", "file_in", "holds", "in_folder", "noted", "open_at", "open_store", "rehearse", "reopened",
    "require", "restore", "schema", "starred", "step_back", "tagged", "there",
]  # fmt: skip

#: What is imported when it is asked for: file → its names.
_LATER = {
    "asked": "FACETS Asked Found Hit", "backups": "Manifest", "copying": "Copied", "errands": "Errand", "figures": "Figures SourceFigures",
    "inspection": "Finding Inspection", "measures": "Count Judged", "memory": "About Entry Piece Remembered", "queue": "InQueue Place Wish",
    "quotas": "Quota", "restores": "Restored holds", "revision": "Schema rehearse schema step_back", "rewordings": "Rewording",
    "spending": "Budget Spent", "trails": "Capture Known Made Requested Shown", "turns": "Turn", "upkeep": "Pruned",
    "users": "ROLES Token User",
}  # fmt: skip
_FILE_OF = {name: file for file, names in _LATER.items() for name in names.split()}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _FILE_OF:
            raise AttributeError(name)
        file = import_module(f"pipeline.store.{_FILE_OF[name]}")
        found = globals()[name] = file.Waiting if name == "InQueue" else getattr(file, name)
        return found


class Store:
    """An open store; close it when done."""

    # Imported when they are asked for, as well: each is the class of its name, in the file of its name.
    drafts: Drafts
    errands: Errands
    jobs: Jobs
    meanings: Meanings
    measures: Measures
    memory: Memory
    queue: Queue
    quotas: Quotas
    replays: Replays
    rewordings: Rewordings
    spending: Spending
    terms: Terms
    trails: Trails
    turns: Turns
    upkeep: Upkeep
    users: Users

    def __init__(self, engine: Engine, folder: Path, disk_limit: float = 100) -> None:
        self._engine = engine
        self._folder = folder
        self.archive = archive.opened(folder, disk_limit)
        self.collected = Collected(engine, self.archive)
        self.articles = Articles(engine)
        self.features = Features(engine)
        self.stories, self.threads = Stories(engine), Threads(engine)
        self.strays = Strays(engine)
        self.proposed = Proposed(engine)
        self.verdicts = Verdicts(engine)
        self.publications = Publications(engine)
        self.editions = Editions(engine)
        self.issues = Issues(engine)
        self.selections = Selections(engine)
        self.pauses = Pauses(engine)
        self.missing = Missing(engine)
        self.private = Private(engine)
        self.removals = Removals(engine, self.archive, folder)
        self.ledger = Ledger(engine)
        self.alarms = Alarms(engine)
        self.leases, self.alone = Leases(engine), Alone(engine, folder)
        self.machine = Machine(engine)
        self.edits = Edits(engine)
        self.marks = Marks(engine)
        self.audit = Audit(engine)
        self.turnstile = Turnstile(engine)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name not in Store.__annotations__:
                raise AttributeError(name)
            also = {"replays": [self.archive], "trails": [self.archive], "upkeep": [self.archive, self._folder]}
            made = getattr(import_module(f"pipeline.store.{name}"), name.capitalize())
            return self.__dict__.setdefault(name, made(self._engine, *also.get(name, ())))  # one for all threads

    @cached_property
    def search(self) -> Search:
        """What articles are found by."""
        from pipeline.store.search import Search  # with numpy, which whoever collects begins sooner without

        return Search(self._engine)

    def backup(self, target: Path, also: Mapping[str, bytes], now: datetime, made_by: str) -> Manifest:
        """Write everything into one file, while others go on writing. Raises StoreError like `backups.write`."""
        from pipeline.store import backups

        return backups.write(self._engine, self.archive, self._folder, target, also, now, made_by)

    def about(self) -> str:
        """Return which database this is, of which version, and where; without secrets."""
        dialect = self._engine.dialect
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[dialect.name]
        version = ".".join(map(str, dialect.server_version_info or ()))
        return f"{name} {version} at {engine.shown(self._engine.url)}"

    def figures(self, now: datetime) -> Figures:
        """Count what can be counted."""
        from pipeline.store.figures import figures

        return figures(self._engine, now)

    def inspect(self, tell: Callable[[int, int], None]) -> Inspection:
        """Look whether everything is whole."""
        from pipeline.store.inspection import inspect

        return inspect(self._engine, self.archive, tell)

    def copy_into(self, other: Store, tell: Callable[[str, int], None]) -> tuple[Copied, ...]:
        """Copy the database's rows into an empty one, and compare them. Raises StoreError like `copying.copy`."""
        from pipeline.store import copying

        return copying.copy(self._engine, other._engine, tell)

    def close(self) -> None:
        """Let go of the database."""
        self.turnstile.close()
        self._engine.dispose()


def require(folder: Path) -> None:
    """Raise ConfigError where there is no store in folder: for verbs that only look at what was collected."""
    if not presence.in_folder(folder):
        raise ConfigError(presence.missing(folder))


@contextmanager
def reopened(folder: Path) -> Iterator[Store]:
    """Hold the store that is in folder open. Raises ConfigError like `require`."""
    require(folder)
    store = open_store(folder)
    try:
        yield store
    finally:
        store.close()


def open_store(folder: Path, disk_limit: float = 100) -> Store:
    """Open the store in folder, made and upgraded where needed. Raises StoreError where that cannot be done.

    disk_limit: pages are no longer archived where so many percent of the disk are used.
    """
    return open_at(folder, engine.database_of(folder), disk_limit)


def open_at(folder: Path, database: str, disk_limit: float = 100) -> Store:
    """Open the store whose pages are in folder and whose database is at an address. Raises StoreError like `open_store`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the store's folder {folder}: {error}") from error
    store = Store(open_engine(database), folder, disk_limit)
    store.archive.sweep()
    return store


def restore(file: Path, folder: Path, now: datetime, *, force: bool = False) -> Restored:
    """Put a backup into folder. Raises StoreError like `restores.restore`."""
    from pipeline.store import restores

    return restores.restore(file, folder, now, open_at, force=force)
