"""Inserts that meet rows of the same primary key: in place of them, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as meeting_insert  # ON CONFLICT as PostgreSQL has it, too (dialect.py)

from pipeline.store import swift

__all__ = ["meeting_insert", "upsert", "upsert_all"]


def upsert(table: Any, values: dict[str, Any]) -> Any:
    """Return an insert of values that replaces the row of the same primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    return meeting_insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)


def upsert_all(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of the same columns in one statement, each in place of the row of the same primary key."""
    if rows:
        swift.say(connection, _replacing(table, tuple(rows[0])), *rows)


@cache
def _replacing(table: Any, names: tuple[str, ...]) -> Any:
    """Return the statement for rows of these columns, made once: that takes longer than to insert a row."""
    keys = [column.name for column in table.primary_key]
    query = meeting_insert(table)
    rest = {name: query.excluded[name] for name in names if name not in keys}
    return query.on_conflict_do_update(index_elements=keys, set_=rest) if rest else query.on_conflict_do_nothing()
