"""What is to be read again: archived pages whose articles an older version of the stages made.

Which versions those are is the caller's to say; reading and recording are not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from pipeline.errors import StoreError
from pipeline.store.archive import Archive
from pipeline.store.collected import Waiting, waiting_of
from pipeline.store.engine import reading
from pipeline.store.tables import addresses, captures

#: Database parameters in one question at most.
_PART = 5_000


class Replays:
    """Reads of archived pages."""

    def __init__(self, engine: Engine, archive: Archive) -> None:
        self._engine = engine
        self._archive = archive

    def stale(self, source: str, version: str, since: datetime | None = None) -> tuple[str, ...]:
        """Return the keys of a source's addresses whose page other stage versions read, in the order of reading.

        since: only those first seen then or later.
        """
        table = addresses.c
        query = select(table.key, table.link).where(
            table.source == source, table.state.in_(("article", "refused")), table.capture.is_not(None),
            table.read_by != version,
        )  # fmt: skip
        if since is not None:
            query = query.where(table.first_seen >= since)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(row.key for row in sorted(rows, key=lambda row: (row.link["place"], row.key)))

    def pages(self, keys: Sequence[str]) -> Iterator[tuple[str, Waiting | StoreError]]:
        """Yield the archived page of each of these addresses, in their order, or why it cannot be read."""
        joined = addresses.join(captures, addresses.c.capture == captures.c.id)
        query = select(addresses.c.link, addresses.c.key, addresses.c.history, captures).select_from(joined)
        rows: dict[str, Any] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(keys), _PART):
                part = keys[start : start + _PART]
                rows |= {row.key: row for row in connection.execute(query.where(addresses.c.key.in_(part)))}
        for key in keys:
            if key in rows:  # its page may have been purged meanwhile
                try:
                    yield key, waiting_of(rows[key], self._archive)
                except StoreError as error:
                    yield key, error
