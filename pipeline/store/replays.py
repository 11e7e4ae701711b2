"""What is to be read again: archived pages whose articles an older version of the stages made.

Which versions those are is the caller's to say; reading and recording are not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from pipeline import address
from pipeline.errors import ArchiveAway, StoreError
from pipeline.store.archive import Archive
from pipeline.store.collected import Waiting, waiting_of
from pipeline.store.engine import reading
from pipeline.store.tables import absent_pages, addresses, captures

#: Versions of versions of versions are read together.
_ROUNDS = 2
#: Database parameters in one question at most.
_PART = 5_000


def _round(link: Mapping[str, Any], links: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many pages lead from a listing to a page: 0 where the listing shows it itself."""
    count = 0
    while link["by"] == "version" and count < _ROUNDS:
        count += 1
        try:
            link = links[address.key(link["listing"])]
        except (KeyError, ValueError):
            break  # the page that declared it is gone
    return count


class Replays:
    """Reads of archived pages."""

    def __init__(self, engine: Engine, archive: Archive) -> None:
        self._engine = engine
        self._archive = archive

    def stale(self, source: str, version: str, since: datetime | None = None) -> tuple[tuple[str, ...], ...]:
        """Return the keys of a source's addresses whose page other stage versions read, as a pass would read them.

        That is in rounds: first what listings announced, then what pages of the round before declared to be
        their versions. since: only those first seen then or later. Pages the archive let go are not among them.
        """
        table = addresses.c
        held = select(captures.c.id).where(captures.c.digest.not_in(select(absent_pages.c.digest)))
        query = select(table.key, table.link, table.first_seen, table.read_by).where(
            table.source == source, table.state.in_(("article", "refused")), table.capture.in_(held)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        links = {row.key: row.link for row in rows}
        rounds: dict[int, list[tuple[int, str]]] = {}
        for row in rows:
            if row.read_by != version and (since is None or row.first_seen >= since):
                rounds.setdefault(_round(row.link, links), []).append((row.link["place"], row.key))
        return tuple(tuple(key for _, key in sorted(rounds[number])) for number in sorted(rounds))

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
                except ArchiveAway:
                    raise
                except StoreError as error:
                    yield key, error
