"""Inserts that meet rows of the same primary key: in place of them, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects.sqlite import insert as meeting_insert  # ON CONFLICT as PostgreSQL has it, too (dialect.py)

#: Of fewer rows their values are put together sooner than a statement is.
_MANY = 8
__all__ = ["meeting_insert", "upsert", "upsert_all"]


def upsert(table: Any, values: dict[str, Any]) -> Any:
    """Return an insert of values that replaces the row of the same primary key."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    return meeting_insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)


def upsert_all(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of the same columns in one statement, each in place of the row of the same primary key."""
    if not rows:
        return
    names = tuple(rows[0])
    statement = _replacing(table, names)
    if len(rows) < _MANY or connection.dialect.paramstyle != "qmark":
        connection.execute(statement, rows)
        return
    asked, writers = written(statement, names, connection.dialect)
    columns = ([row[name] for row in rows] for name in writers)
    told = (map(write, column) if write else column for write, column in zip(writers.values(), columns, strict=True))
    connection.exec_driver_sql(asked, list(zip(*told, strict=True)))


@cache
def _replacing(table: Any, names: tuple[str, ...]) -> Any:
    """Return the statement for rows of these columns, made once: that takes longer than to insert a row."""
    keys = [column.name for column in table.primary_key]
    query = meeting_insert(table)
    rest = {name: query.excluded[name] for name in names if name not in keys}
    return query.on_conflict_do_update(index_elements=keys, set_=rest) if rest else query.on_conflict_do_nothing()


@lru_cache(maxsize=100)  # a dialect belongs to an engine, and engines come and go
def written(
    statement: Any, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, dict[str, Callable[[Any], Any] | None]]:
    """Return a statement as the driver takes it, and how the value of each of its columns is written, in their order.

    SQLAlchemy puts the values of each row together anew, which takes longer than to insert it.
    """
    made = statement.compile(dialect=dialect, column_keys=names)
    types = {name: made.binds[name].type.dialect_impl(dialect) for name in made.positiontup}
    return str(made), {name: type_.bind_processor(dialect) for name, type_ in types.items()}
