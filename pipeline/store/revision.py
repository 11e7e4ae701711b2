"""The database's schema as the operator sees it: which state it is in, what an upgrade would do, one step back."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import backups, presence
from pipeline.store import engine as engines
from pipeline.store.engine import (
    alembic_config,
    connect,
    downgrade,
    file_in,
    migrate,
    newest,
    reading,
    seen,
    upgrade,
    writing,
)
from pipeline.store.place import FILE


@dataclass(frozen=True, slots=True)
class Schema:
    """Where a database stands."""

    revision: str  #: "" where it is new
    head: str
    pending: tuple[tuple[str, str], ...]  #: (revision, what it is for), in the order they would be applied


def schema(folder: Path) -> Schema:
    """Return where the database in folder stands; nothing is changed. Raises StoreError where there is none."""
    engine = _existing(folder)
    try:
        return _look(engine)
    finally:
        engine.dispose()


def rehearse(folder: Path) -> Schema:
    """Try to upgrade the database, and return where it stands still. Raises StoreError where that fails.

    PostgreSQL takes the trial back; of an SQLite database a copy is tried.
    """
    engine = _existing(folder)
    try:
        found = _look(engine)
        if engine.dialect.name == "sqlite":
            _rehearse_on_a_copy(engine, folder)
        else:
            with suppress(_TakenBack), writing(engine) as connection:
                migrate(connection)
                raise _TakenBack
    finally:
        engine.dispose()
    return found


class _TakenBack(Exception):
    """Ends a transaction that was a trial only."""


def _rehearse_on_a_copy(engine: Engine, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".upgrade-") as scratch:
        copy = Path(scratch) / FILE
        backups.snapshot(engine, copy)
        trial = connect(file_in(copy.parent))
        try:
            upgrade(trial)
            with reading(trial) as connection:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        finally:
            trial.dispose()
    if broken:
        raise StoreError(f"upgraded, {len(broken)} rows would point to rows that are not there")


def step_back(folder: Path) -> tuple[str, str]:
    """Undo the last migration; return the revisions before and after."""
    engine = _existing(folder)
    try:
        before = _look(engine)
        if before.pending:
            raise StoreError(
                f"the database is at {before.revision}, which this version does not know how to undo alone"
            )
        downgrade(engine)
        return before.revision, _look(engine).revision
    finally:
        engine.dispose()


def _existing(folder: Path) -> Engine:
    url = engines.database_of(folder)
    if url == file_in(folder) and not presence.there(url):  # on a server a database is there before its tables are
        raise StoreError(f"{folder} holds no store; name another with --store")
    return connect(url)


def _look(engine: Engine) -> Schema:
    from alembic.script import ScriptDirectory

    revision = seen(engine) or ""
    scripts = ScriptDirectory.from_config(alembic_config())
    steps = [(step.revision, step.doc) for step in scripts.walk_revisions()][::-1]
    known = [name for name, _ in steps]
    if revision and revision not in known:
        raise StoreError(f"the database is at {revision}, made by a newer version of Nevawire than this one")
    pending = steps[known.index(revision) + 1 :] if revision else steps
    return Schema(revision, newest(), tuple(pending))
