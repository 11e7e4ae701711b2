"""A filled store made several times as large, inside the database: the same news again under other ids, further back.

So a million articles take minutes and not an hour. Each word then stands in as large a share of the articles as it did,
which is what searching and counting cost by; rows are copied as tables hold them, and what triggers note is done with.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, event

from pipeline.store.engine import connect, writing
from pipeline.store.search_tables import cards, shadows
from pipeline.store.tables import articles, labels, stories, text_items, texts

#: Rows copied in one transaction.
_PART = 20_000
_SHAPE = "'%Y-%m-%dT%H:%M:%S'"
#: Table → its columns that are another in a copy, as SQL with the copy's number `copy` and the days it lies back `back`.
_CHANGED: dict[Table, dict[str, str]] = {
    articles: {
        "id": "{id}", "url": "url || '?{copy}'",
        **dict.fromkeys(("published", "first_seen", "updated", "dated"), f"strftime({_SHAPE}, {{column}}, '-{{back}} days') || '.000000Z'"),
    },
    labels: {"article": "{id}"},
    stories: {
        "id": "{urn}", **dict.fromkeys(("match_ru", "match_en"), "CASE {column} WHEN '' THEN '' ELSE {id} END"),
        **dict.fromkeys(("first_seen", "updated"), f"strftime({_SHAPE}, {{column}}, '-{{back}} days') || '.000000Z'"),
    },
    texts: {"id": "{urn}", "story": "{urn}"},
    text_items: {"article": "{id}", "text": "{urn}"},
    cards: {
        "id": "id + {copy} * {rows}", "article": "{id}", "story": "story + {copy}",
        "dated": "dated - {back} * 86400000000", "change": "change + {copy} * {changes}",
    },
    shadows: {"id": "id + {copy} * {rows}", "article": "{id}"},
}  # fmt: skip
#: The same id for the same copy, and no other's: one hexadecimal digit is replaced by a letter beyond them.
_ID = "'a' || char(102 + {copy}) || substr({column}, 3)"
_URN = "substr({column}, 1, 9) || char(102 + {copy}) || substr({column}, 11)"


def repeat(folder: Path, times: int) -> None:
    """Let a store hold so many times what it holds, up to twenty, searchable as it was."""
    if not 1 <= times <= 20:
        raise ValueError(f"times should be 1 to 20, is {times}")
    engine = connect(f"sqlite:///{folder.resolve() / 'nevawire.sqlite'}")
    event.listen(engine, "connect", _hurry)
    with writing(engine) as connection:
        facts = _facts(connection)
        held = {
            table: connection.exec_driver_sql(f"SELECT max(rowid) FROM {table.name}").scalar_one() or 0
            for table in _CHANGED
        }
    for copy in range(1, times):
        for table, rows in held.items():
            for start in range(0, rows, _PART):
                with writing(engine) as connection:
                    connection.exec_driver_sql(
                        _copied(
                            table,
                            {**facts, "copy": copy, "back": facts["days"] * copy},
                            start,
                            min(start + _PART, rows),
                        )
                    )
                    connection.exec_driver_sql("DELETE FROM cards_due")
    engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    """Keep indexes in memory while rows come in no order of theirs; a store that a crash spoils is made again."""
    for pragma in ("cache_size=-600000", "synchronous=OFF", "wal_autocheckpoint=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _facts(connection: Connection) -> dict[str, int]:
    """Return how far numbers, changes and dates of the store reach."""
    one = connection.exec_driver_sql
    return {
        "rows": one("SELECT max(id) FROM cards").scalar_one(), "changes": one("SELECT max(change) FROM cards").scalar_one(),
        "days": one("SELECT 1 + (max(dated) - min(dated)) / 86400000000 FROM cards").scalar_one(),
    }  # fmt: skip


def _copied(table: Table, facts: dict[str, int], start: int, end: int) -> str:
    names = [column.name for column in table.columns]
    values = ", ".join(_values(table, names, facts))
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name} WHERE rowid > {start} AND rowid <= {end} ORDER BY rowid"


def _values(table: Table, names: list[str], facts: dict[str, int]) -> Iterator[str]:
    for name in names:
        made = _CHANGED[table].get(name, "{column}")
        ids = {"id": _ID.format(column=name, **facts), "urn": _URN.format(column=name, **facts)}
        yield made.format(column=name, **ids, **facts)
