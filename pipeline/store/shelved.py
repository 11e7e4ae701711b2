"""The rows of what pairing keeps of articles, written wherever an article was read or looked at."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from pipeline.model import Shelved
from pipeline.store.inserts import meeting_insert, upsert_all
from pipeline.store.tables import counters, features

_COUNT = (
    meeting_insert(counters).values(name=features.name, value=1)
    .on_conflict_do_update(index_elements=[counters.c.name], set_={"value": counters.c.value + 1})
    .returning(counters.c.value)
)  # fmt: skip


def put(connection: Connection, rows: Iterable[Shelved]) -> None:
    """Keep what was made of articles; a mean measured on another content or by other code is forgotten."""
    values = [
        {
            "article": row.article, "made_of": row.made_of, "version": row.version, "url": row.url, "hub": None,
            "claims": " ".join(row.claims), "pictures": "/".join(row.pictures), "sketch": row.sketch,
            "told": row.told,
        }
        for row in rows
    ]  # fmt: skip
    if values:
        stamp = next_stamp(connection)
        upsert_all(connection, features, [{**value, "stamp": stamp} for value in values])


def next_stamp(connection: Connection) -> int:
    """Return the number of one more change of these rows."""
    return int(connection.scalar(_COUNT) or 0)
