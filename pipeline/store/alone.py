"""Work that only one may do at a time, whoever it is: a pass, the desk, a verb typed beside them.

Who comes second waits. A turn ends with the process that has it, however that ends, so nobody has to be declared
dead: on SQLite it is a lock on a file beside the database, on PostgreSQL one of a session (sessions.py).
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Engine

from pipeline.errors import StoreError
from pipeline.store.sessions import Session


class Alone:
    """The turns at pairing and at publishing."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder

    def pairing(self) -> AbstractContextManager[None]:
        """Hold the turn of whoever reads stories to change them."""
        return self._turn("pairing")

    def publishing(self) -> AbstractContextManager[None]:
        """Hold the turn of whoever brings feeds/ up to date."""
        return self._turn("publishing")

    def _turn(self, work: str) -> AbstractContextManager[None]:
        if self._engine.dialect.name == "postgresql":
            return _held(self._engine, work)
        return _file(self._folder / f"{work}.lock")


@contextmanager
def _file(path: Path) -> Iterator[None]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise StoreError(f"cannot open {path}: {error.strerror}; the store's folder must be writable") from error
    with file:  # closing it gives the lock up
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _held(engine: Engine, work: str) -> Iterator[None]:
    """Hold a lock on a session of its own: in a transaction open for minutes it would keep old rows alive."""
    session = Session(engine)
    try:
        session.wait(f"turn at {work}")
        yield
    finally:
        session.close()
