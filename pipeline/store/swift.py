"""Statements of a row or two that every page says, told to SQLite in its driver's own words.

What SQLAlchemy makes around each of them (keys of what it has compiled, contexts, results) takes three times as long as
SQLite does to keep the row. Elsewhere they are said as all others are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pipeline.store.inserts import written


def say(connection: Connection, statement: Any, *rows: Mapping[str, Any]) -> None:
    """Say a statement with the values of each row."""
    if connection.dialect.paramstyle == "qmark":
        for values in rows:
            _said(connection, statement, values)
    elif rows:
        connection.execute(statement, list(rows))


def add(connection: Connection, statement: Any, values: Mapping[str, Any]) -> int:
    """Insert a row of these values, and return the number it got."""
    if connection.dialect.paramstyle == "qmark":
        return _said(connection, statement, values).lastrowid or 0
    key = connection.execute(statement, values).inserted_primary_key
    assert key is not None
    return int(key[0])


def tell(connection: Connection, words: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Tell SQLite something in its own words; what it cannot do is raised as SQLAlchemy raises it."""
    driver: Any = connection.connection.driver_connection
    try:
        said: sqlite3.Cursor = driver.execute(words, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, tuple(values), error, sqlite3.Error, dialect=connection.dialect) from error
    return said


def _said(connection: Connection, statement: Any, values: Mapping[str, Any]) -> sqlite3.Cursor:
    words, writers = written(statement, tuple(values), connection.dialect)
    return tell(connection, words, [write(values[name]) if write else values[name] for name, write in writers.items()])
