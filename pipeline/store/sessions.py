"""Locks of a PostgreSQL session: held outside of any transaction, on a connection of their own, until they are given back.

Where the process dies, or its line is cut, the server gives them back at once, so nobody has to be declared dead. All of
them have their names made here, so that no two kinds of turn meet under one number.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError

#: Of the two numbers a lock is named by, the first: it keeps ours apart from whatever else is locked.
_OURS = 0x4E65_7661


class Session:
    """Locks by name; safe to use from several threads, of which one at a time is answered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def wait(self, name: str) -> None:
        """Take a lock as soon as it is free. Raises StoreError where the database does not serve."""
        self._ask("SELECT pg_advisory_lock(:ours, :name)", name)

    def take(self, name: str) -> bool:
        """Take a lock; return whether it was free. Raises StoreError where the database does not serve."""
        return bool(self._ask("SELECT pg_try_advisory_lock(:ours, :name)", name))

    def give_back(self, name: str) -> None:
        """Let the next one take a lock; where the connection is gone, it is free already."""
        if self._connection is not None:
            with contextlib.suppress(StoreError):
                self._ask("SELECT pg_advisory_unlock(:ours, :name)", name)

    def close(self) -> None:
        """Give back everything."""
        with self._lock:
            self._drop()

    def _ask(self, question: str, name: str) -> object:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return self._connection.scalar(text(question), {"ours": _OURS, "name": number})
            except DBAPIError as error:
                self._drop()
                raise StoreError(f"the database does not say whose turn it is ({name}): {error.orig}") from error

    def _drop(self) -> None:
        """Cut the line; it does not go back to the pool, as its locks would stay with it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
