"""Statements that every page says, told to SQLite in its driver's own words.

What SQLAlchemy makes around each of them (keys of what it has compiled, contexts, results, the values of each row) takes three
times as long as SQLite does to keep the row. Elsewhere they are said as all others are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError


def say(connection: Connection, statement: Any, *rows: Mapping[str, Any]) -> None:
    """Say a statement with the values of each row, all of the same names."""
    if rows and connection.dialect.paramstyle == "qmark":
        words, writers = _written(statement, tuple(rows[0]), connection.dialect)
        tell(connection, words, [_values(row, writers) for row in rows])
    elif rows:
        connection.execute(statement, list(rows))


def add(connection: Connection, statement: Any, values: Mapping[str, Any]) -> int:
    """Insert a row of these values, and return the number it got."""
    if connection.dialect.paramstyle == "qmark":
        words, writers = _written(statement, tuple(values), connection.dialect)
        return tell(connection, words, [_values(values, writers)]).lastrowid or 0
    key = connection.execute(statement, values).inserted_primary_key
    assert key is not None
    return int(key[0])


def ask(connection: Connection, question: Any, values: Mapping[str, Any]) -> Any:
    """Return the first row of an answer, None where there is none; all that a question goes by is named in values."""
    if connection.dialect.paramstyle != "qmark":
        return connection.execute(question, values).first()
    words, writers = _written(question, (), connection.dialect)
    row = tell(connection, words, [_values(values, writers)]).fetchone()
    readers = _readers(question, connection.dialect)
    return row and SimpleNamespace(**{
        name: read(value) if read else value for (name, read), value in zip(readers, row, strict=True)
    })  # fmt: skip


def empty(connection: Connection, *tables: Table) -> bool:
    """Return whether SQLite has no row in any of these tables, which is told at once; of other databases it is not known.

    Many stores never need some of them, and what stands there of hundreds of articles need not be asked.
    """
    if connection.dialect.paramstyle != "qmark":
        return False
    asked = (f"SELECT 1 FROM {one.name} LIMIT 1" for one in tables)  # noqa: S608 - names of tables of ours
    return all(tell(connection, one).fetchone() is None for one in asked)


def tell(connection: Connection, words: str, rows: Sequence[Sequence[Any]] = ((),)) -> sqlite3.Cursor:
    """Tell SQLite something in its own words; what it cannot do is raised as SQLAlchemy raises it."""
    driver: Any = connection.connection.driver_connection
    several = len(rows) > 1
    try:
        said: sqlite3.Cursor = driver.executemany(words, rows) if several else driver.execute(words, rows[0])
    except sqlite3.Error as error:
        values = [tuple(row) for row in rows] if several else tuple(rows[0])
        raise DBAPIError.instance(
            words, values, error, sqlite3.Error, dialect=connection.dialect, ismulti=several
        ) from error
    return said


#: Names of values, and how each is written, or read.
_Ways = Sequence[tuple[str, Callable[[Any], Any] | None]]


def _values(row: Mapping[str, Any], writers: _Ways) -> list[Any]:
    return [write(row[name]) if write else row[name] for name, write in writers]


@lru_cache(maxsize=100)  # a dialect belongs to an engine, and engines come and go
def _written(statement: Any, names: tuple[str, ...], dialect: Dialect) -> tuple[str, _Ways]:
    """Return a statement as the driver takes it, and how the value of each of its columns is written, in their order."""
    made = statement.compile(dialect=dialect, column_keys=names)
    types = [(name, made.binds[name].type.dialect_impl(dialect)) for name in made.positiontup]
    return str(made), [(name, type_.bind_processor(dialect)) for name, type_ in types]


@lru_cache(maxsize=100)
def _readers(question: Any, dialect: Dialect) -> _Ways:
    """Return how the value of each column of an answer is read."""
    types = [(column.key, column.type.dialect_impl(dialect)) for column in question.selected_columns]
    return [(name, type_.result_processor(dialect, None)) for name, type_ in types]
