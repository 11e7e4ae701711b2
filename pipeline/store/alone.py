"""Work that only one may do at a time, whoever it is: a pass, the desk, a verb typed beside them.

Who comes second waits. A turn ends with the process that has it, however that ends, so nobody has to be declared
dead: on SQLite it is a lock on a file beside the database, on PostgreSQL one of a session.
"""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError

#: What all turns on PostgreSQL are told from other locks by.
_SPACE = 0x4E65_7661


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
            return _session(self._engine, zlib.crc32(work.encode()) & 0x7FFF_FFFF)
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
def _session(engine: Engine, number: int) -> Iterator[None]:
    """Hold a lock of a session of its own, outside of any transaction: one open for minutes would keep old rows alive."""
    with _told(engine):
        held = engine.raw_connection()
        driver: Any = held.driver_connection
        driver.autocommit = True
        driver.execute("SELECT pg_advisory_lock(%s, %s)", (_SPACE, number))
    try:
        yield
    finally:  # not to the pool: its lock would stay with it where the connection is ill
        held.invalidate()


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        driver = engine.dialect.loaded_dbapi  # whose errors reach us as they are: this is beside SQLAlchemy
        if isinstance(error, DBAPIError) or (driver is not None and isinstance(error, driver.Error)):
            raise StoreError(f"the database does not say whose turn it is: {error}") from error
        raise
