"""A filled store made several times as large, inside the database: the same news again under other ids, further back.

So a million articles take minutes and not an hour. Each word then stands in as large a share of the articles as it did,
which is what searching and counting cost by; rows are copied as tables hold them, and what triggers note is done with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, event

from pipeline.store.engine import connect, database_of, writing
from pipeline.store.search_tables import cards, shadows
from pipeline.store.tables import articles, labels, stories, text_items, texts

#: Rows copied in one transaction.
_PART = 20_000
#: Table → its columns that are another in a copy, as SQL with the copy's number `copy` and the days it lies back `back`.
_CHANGED: dict[Table, dict[str, str]] = {
    articles: {
        "id": "{id}", "url": "url || '?' || {copy}",
        **dict.fromkeys(("published", "first_seen", "updated", "dated"), "{at}"),
    },
    labels: {"article": "{id}"},
    stories: {
        "id": "{urn}", **dict.fromkeys(("match_ru", "match_en"), "CASE {column} WHEN '' THEN '' ELSE {id} END"),
        **dict.fromkeys(("first_seen", "updated"), "{at}"),
    },
    texts: {"id": "{urn}", "story": "{urn}"},
    text_items: {"article": "{id}", "text": "{urn}"},
    cards: {
        "id": "id + {copy} * {rows}", "article": "{id}", "story": "story + {copy}",
        "dated": "dated - {back} * 86400000000", "change": "change + {copy} * {changes}",
    },
    shadows: {"id": "id + {copy} * {rows}", "article": "{id}"},
}  # fmt: skip
#: How each database writes them. The same id for the same copy, and no other's: one hexadecimal digit is replaced by a
#: letter beyond them.
_SAID = {
    "sqlite": {
        "id": "'a' || char(102 + {copy}) || substr({column}, 3)",
        "urn": "substr({column}, 1, 9) || char(102 + {copy}) || substr({column}, 11)",
        "at": "strftime('%Y-%m-%dT%H:%M:%S', {column}, '-' || {back} || ' days') || '.000000Z'",
    },
    "postgresql": {
        "id": "'a' || chr(102 + {copy}) || substr({column}, 3)",
        "urn": "substr({column}, 1, 9) || chr(102 + {copy}) || substr({column}, 11)",
        "at": 'to_char({column}::timestamp - make_interval(days => {back}), \'YYYY-MM-DD"T"HH24:MI:SS".000000Z"\')',
    },
}


def repeat(folder: Path, times: int) -> None:
    """Let a store hold so many times what it holds, up to twenty, searchable as it was."""
    if not 1 <= times <= 20:
        raise ValueError(f"times should be 1 to 20, is {times}")
    engine = connect(database_of(folder))
    with writing(engine) as connection:
        facts = _facts(connection)
    if engine.dialect.name == "postgresql":
        _repeat_at_once(engine, facts, times)
    else:
        _repeat_in_parts(engine, facts, times)
    engine.dispose()


def _repeat_in_parts(engine: Engine, facts: dict[str, int], times: int) -> None:
    event.listen(engine, "connect", _hurry)
    engine.dispose()  # the next connection is a hurried one
    with writing(engine) as connection:
        held = {table: _most(connection, "rowid", table) for table in _CHANGED}
    for copy in range(1, times):
        for table, rows in held.items():
            made = _copied(table, "sqlite", {**facts, "copy": str(copy), "back": str(facts["days"] * copy)})
            for start in range(0, rows, _PART):
                with writing(engine) as connection:
                    connection.exec_driver_sql(
                        f"{made} WHERE rowid > {start} AND rowid <= {min(start + _PART, rows)} ORDER BY rowid"
                    )
                    connection.exec_driver_sql("DELETE FROM cards_due")


def _repeat_at_once(engine: Engine, facts: dict[str, int], times: int) -> None:
    """Copy a table in one statement, which sees its rows of before; words are taken from the index, not read again."""
    many = f" CROSS JOIN generate_series(1, {times - 1}) AS copies (copy)"
    said = {**facts, "copy": "copy", "back": f"({facts['days']} * copy)"}
    with writing(engine) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no triggers
        for table in _CHANGED:
            connection.exec_driver_sql(_copied(table, "postgresql", said) + many)
        connection.exec_driver_sql(
            f"INSERT INTO fulltext (id, words) SELECT id + copy * {facts['rows']}, words FROM fulltext{many}"
        )
        for table in (cards, shadows):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {_most(connection, 'id', table)})"
            )
        connection.exec_driver_sql("ANALYZE")


def _hurry(connection: Any, _record: Any) -> None:
    """Keep indexes in memory while rows come in no order of theirs; a store that a crash spoils is made again."""
    for pragma in ("cache_size=-600000", "synchronous=OFF", "wal_autocheckpoint=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _facts(connection: Connection) -> dict[str, Any]:
    """Return how far numbers, changes and dates of the store reach."""
    span = connection.exec_driver_sql("SELECT 1 + (max(dated) - min(dated)) / 86400000000 FROM cards").scalar_one()
    return {"rows": _most(connection, "id", cards), "changes": _most(connection, "change", cards), "days": span}


def _most(connection: Connection, column: str, table: Table) -> int:
    return connection.exec_driver_sql(f"SELECT max({column}) FROM {table.name}").scalar_one() or 0


def _copied(table: Table, dialect: str, facts: dict[str, Any]) -> str:
    names = [column.name for column in table.columns]
    values = ", ".join(_values(table, names, dialect, facts))
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name}"


def _values(table: Table, names: list[str], dialect: str, facts: dict[str, Any]) -> Iterator[str]:
    for name in names:
        made = _CHANGED[table].get(name, "{column}")
        said = {key: form.format(column=name, **facts) for key, form in _SAID[dialect].items()}
        yield made.format(column=name, **said, **facts)
