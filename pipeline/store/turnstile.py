"""Whose turn it is at a host, among all processes that share a PostgreSQL database.

A lock for each host, held by one session for the whole process (sessions.py): where the process dies, or loses its
connection, its turns are free at once. On SQLite there is one process that collects, and nothing to share.
"""

from __future__ import annotations

from sqlalchemy import Engine

from pipeline.store.sessions import Session


class Turnstile:
    """Turns at hosts; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._session = Session(engine)
        #: Whether there is anybody to share hosts with.
        self.shared = engine.dialect.name == "postgresql"

    def take(self, host: str) -> bool:
        """Take the turn at a host; return whether it was free. Raises StoreError where the database does not serve."""
        return self._session.take(f"host {host}")

    def give_back(self, host: str) -> None:
        """Let the next one take the turn; where the connection is gone, it is free already."""
        self._session.give_back(f"host {host}")

    def close(self) -> None:
        """Give back all turns."""
        self._session.close()
