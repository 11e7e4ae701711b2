"""An installation's rows moved from one database into another, and proved to be the same there.

All of it happens in one transaction on either side: what is read is of one moment, and a copy that breaks off, or turns out
to differ, leaves the other database as empty as it was. Rows go as the drivers have them, a few at a time.
The page archive is no part of it: that is a folder, and stays one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, Table, column, delete, func, insert, select, table, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import presence
from pipeline.store.engine import reading, shown, writing
from pipeline.store.tables import metadata

#: Rows in memory at a time; among them are whole pages of robots.txt and private feeds.
_PART = 100
#: What triggers of other tables fill comes last; who is on duty now is no business of another database.
_LAST, _LEFT_OUT = "cards_due", "leases"

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that is the same in both databases."""

    table: str
    rows: int
    digest: str  #: SHA-256 of all its rows in the order of their keys


def copy(source: Engine, target: Engine, tell: Tell = lambda _table, _rows: None) -> tuple[Copied, ...]:
    """Copy every row into a database that has none, compare each, and return what there is by table.

    tell: which table, how many of its rows so far. Raises StoreError where the target holds something, or differs.
    """
    with reading(source) as here, writing(target) as there:
        if full := presence.filled(there):
            raise StoreError(
                f"{shown(target.url)} is not empty: there are rows in {', '.join(full)}; copy into a new one"
            )
        done = _filled(here, there, tell)
    _learn(target)
    return done


def replace(source: Engine, target: Engine) -> tuple[Copied, ...]:
    """Copy every row into a database in place of those it has."""
    with reading(source) as here, writing(target) as there:
        for one in reversed(_tables()):
            there.execute(delete(one))
        done = _filled(here, there, lambda _table, _rows: None)
    _learn(target)
    return done


def _filled(here: Connection, there: Connection, tell: Tell) -> tuple[Copied, ...]:
    for one in _tables():
        try:
            _fill(one, here, there, tell)
        except DBAPIError as error:
            why = " ".join(str(error.orig).split())
            raise StoreError(f"a row of {one.name} cannot be copied: {why}") from error
    if there.dialect.name == "postgresql":
        _count_on(there)
    return tuple(_compared(one, here, there) for one in _tables())


def _tables() -> tuple[Table, ...]:
    """Return the tables in an order in which no row points to one that is still to come."""
    known = [one for one in metadata.sorted_tables if one.name != _LEFT_OUT]
    return tuple(sorted(known, key=lambda one: one.name == _LAST))


def _fill(one: Table, here: Connection, there: Connection, tell: Tell) -> None:
    names = [own.name for own in one.columns]
    into = insert(table(one.name, *map(column, names)))
    there.execute(delete(one))  # triggers of the tables before it have been at work
    rows = 0
    for part in _parts(one, here):
        there.execute(into, [dict(zip(names, row, strict=True)) for row in part])
        rows += len(part)
        tell(one.name, rows)


def _parts(one: Table, connection: Connection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield a table's rows in the order of its key, some at a time, without what their types make of them."""
    query = select(table(one.name, *(column(own.name) for own in one.columns)))
    query = query.order_by(*(column(own.name) for own in one.primary_key))
    # Options of a statement: those of a connection would stay with it.
    with connection.execute(query, execution_options={"stream_results": True, "yield_per": _PART}) as result:
        for part in result.partitions(_PART):
            yield [tuple(row) for row in part]


def _compared(one: Table, here: Connection, there: Connection) -> Copied:
    rows, digest = 0, hashlib.sha256()
    keys = [place for place, own in enumerate(one.columns) if own.primary_key]
    for theirs, ours in zip_longest(_each(one, here), _each(one, there)):
        if theirs != ours:
            row = theirs or ours or ()
            raise StoreError(f"{one.name}: the row {[row[place] for place in keys]} reads otherwise in the copy")
        rows += 1
        digest.update(repr(theirs).encode())
    return Copied(one.name, rows, digest.hexdigest())


def _each(one: Table, connection: Connection) -> Iterator[tuple[Any, ...]]:
    for part in _parts(one, connection):
        yield from part


def _count_on(connection: Connection) -> None:
    """Let keys that count up go on behind the last one."""
    for one in metadata.sorted_tables:
        sequence = (
            connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": one.name})
            if "id" in one.c
            else None
        )
        if sequence:
            last = connection.scalar(select(func.max(one.c.id))) or 0
            connection.execute(select(func.setval(sequence, last + 1, False)))


def _learn(engine: Engine) -> None:
    """Let the database count what it has, so that it plans by that from the first question on."""
    with writing(engine) as connection:
        connection.exec_driver_sql("ANALYZE")
