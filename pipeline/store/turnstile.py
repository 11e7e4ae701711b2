"""Whose turn it is at a host, among all processes that share a PostgreSQL database.

An advisory lock for each host, held by one connection for the whole process: where the process dies, or loses its
connection, its turns are free at once. On SQLite there is one process that collects, and nothing to share.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError

#: Of the two numbers an advisory lock is named by, the first: it keeps hosts apart from whatever else is locked.
_HOSTS = 0x4E77


class Turnstile:
    """Turns at hosts; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        #: Whether there is anybody to share hosts with.
        self.shared = engine.dialect.name == "postgresql"

    def take(self, host: str) -> bool:
        """Take the turn at a host; return whether it was free. Raises StoreError where the database does not serve."""
        return bool(self._ask("SELECT pg_try_advisory_lock(:of, :host)", host))

    def give_back(self, host: str) -> None:
        """Let the next one take the turn; where the connection is gone, it is free already."""
        if self._connection is not None:
            with contextlib.suppress(StoreError):
                self._ask("SELECT pg_advisory_unlock(:of, :host)", host)

    def close(self) -> None:
        """Give back all turns."""
        with self._lock:
            if self._connection is not None:
                self._connection.invalidate()  # not to the pool: its turns would stay with it
                self._connection.close()
                self._connection = None

    def _ask(self, question: str, host: str) -> object:
        number = int.from_bytes(hashlib.sha256(host.encode()).digest()[:4], "big", signed=True)
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                return self._connection.scalar(text(question), {"of": _HOSTS, "host": number})
            except DBAPIError as error:
                if self._connection is not None:
                    self._connection.invalidate()
                    self._connection = None
                raise StoreError(f"the database does not say whose turn it is at {host}: {error.orig}") from error
