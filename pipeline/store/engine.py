"""Opening the database: where it is, transactions that wait for each other, migrations.

Every writing transaction on SQLite is BEGIN IMMEDIATE: a deferred one that turns to
writing half-way fails at once under contention, whatever the busy timeout says. On PostgreSQL (postgresql.py) a writing
transaction begins with a lock that all of them take, so that what holds of one writer after the other on SQLite holds there.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from pipeline.errors import ConfigError, StoreError
from pipeline.store import fresh, postgresql, swift
from pipeline.store.place import FILE, VARIABLE

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MIGRATIONS = Path(__file__).parent / "migrations"
#: What means something in an address, and may stand in a folder's name.
_QUOTED = str.maketrans({"%": "%25", "?": "%3F"})
_LIKE = "postgresql://USER:PASSWORD@HOST:5432/DATABASE, with %40 for @, %3A for : and %2F for / in a password"


def database_of(folder: Path) -> str:
    """Return the address of a store's database: the one NEVAWIRE_DATABASE_URL names, else a file in its folder."""
    named = os.environ.get(VARIABLE)
    if named and _parsed(named).get_backend_name() == "sqlite":
        raise ConfigError(f"{VARIABLE}: an SQLite database is a file in --store; leave the variable out")
    return named or file_in(folder)


def file_in(folder: Path) -> str:
    """Return the address of the database that is a file in folder, or would be."""
    return f"sqlite:///{str(folder.resolve() / FILE).translate(_QUOTED)}"


def open_engine(url: str) -> Engine:
    """Return an engine for the database at url, its schema brought up to date.

    Raises StoreError where the database cannot be opened, read or upgraded.
    """
    engine = connect(url)
    upgrade(engine)
    return engine


def connect(url: str) -> Engine:
    """Return an engine for the database at url as it is. Raises ConfigError where that is no address of one."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return postgresql.engine_for(parsed)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def shown(url: URL) -> str:
    """Return an address as it may be told to people: without its secrets."""
    plain = url.difference_update_query(["password", "sslpassword"]).set(drivername=url.get_backend_name())
    return plain.render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    """Return an address in its parts. Errors never repeat it: it may hold a password, and in the wrong place, too."""
    wrong = ConfigError(f"{VARIABLE}: no address of a database this program knows; it should look like {_LIKE}")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise wrong from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    strange = parsed.drivername not in ("sqlite", "postgresql+psycopg")
    if strange or (parsed.drivername != "sqlite" and url.partition("?")[0].count("@") > 1):
        raise wrong
    return parsed


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations this database has not seen, up to a revision.

    One that has seen them all is only read: opening a store waits for no writer. A new one gets what they come to.
    """
    if revision == "head" and seen(engine) == newest():
        return
    with writing(engine) as connection:
        if revision == "head" and connection.dialect.name == "sqlite" and _seen(connection) is None:
            fresh.lay(connection)
        if revision != "head" or _seen(connection) != newest():
            migrate(connection, revision)


def migrate(connection: Connection, revision: str = "head") -> None:
    """Apply the migrations that are missing, in a writing transaction."""
    # Alembic is a third of what it takes to import the store, and hardly ever has anything to do.
    from alembic import command
    from alembic.util.exc import CommandError

    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        where = shown(connection.engine.url)
        raise StoreError(
            f"the database at {where} was made by a newer version of Nevawire than this one: {error}"
        ) from error


def seen(engine: Engine) -> str | None:
    """Return the revision a database stands at; None where it is new."""
    with reading(engine) as connection:
        return _seen(connection)


def _seen(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@cache
def newest() -> str:
    """Return the revision of the newest migration: the number its file's name begins with."""
    return max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def downgrade(engine: Engine, revision: str = "-1") -> None:
    """Undo the last migration, or all after a revision."""
    from alembic import command

    config = alembic_config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def alembic_config() -> AlembicConfig:
    """Return what Alembic needs to find the migrations."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Hold a writing transaction: all of it is kept, or nothing. Raises StoreError where the database will not serve."""
    with _told(engine), engine.connect().execution_options(nevawire_write=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Hold a reading transaction: one consistent view. Raises StoreError where the database will not serve."""
    with _told(engine), engine.connect() as connection, connection.begin():
        yield connection


def along_indexes(connection: Connection) -> None:
    """Let what else a transaction reads be found along indexes, a row at a time: for a page of what is in order there."""
    if connection.dialect.name == "postgresql":
        postgresql.along_indexes(connection)


def streamed(engine: Engine, query: Select[Any], size: int) -> Iterator[Any]:
    """Yield the rows of a question in one reading transaction, size of them in memory at a time."""
    with (
        reading(engine) as connection,
        connection.execution_options(stream_results=True).execute(query) as result,
    ):  # left half-way, the result is closed before its transaction is
        yield from result.yield_per(size)


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Turn what an operator could act upon (damage, a full disk, a lock) into a StoreError; bugs stay bugs."""
    try:
        yield
    except DBAPIError as error:
        if type(error) in (DatabaseError, OperationalError) or postgresql.mendable(error):
            why = " ".join(str(error.orig).split())
            raise StoreError(f"the database at {shown(engine.url)} does not serve: {why}") from error
        raise


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3's own BEGIN is switched off; ours is below
    cursor = connection.cursor()
    # SQLite's own two megabytes of cache are too few for indexes that are written into in no order: kilobytes, negative.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        try:
            cursor.execute(f"PRAGMA {pragma}")
        except UnicodeDecodeError as error:  # what is wrong with a damaged file is told in bytes of its own
            raise sqlite3.DatabaseError(error.object.decode("utf-8", "replace")) from None
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("nevawire_write")
    swift.tell(connection, "BEGIN IMMEDIATE" if write else "BEGIN")
