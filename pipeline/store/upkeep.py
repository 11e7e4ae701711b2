"""Keeping a store in shape: old pages let go, space given back, everything published made anew.

What is let go is bytes, never facts: a page's capture stays, and `absent_pages` says why its bytes are not there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, delete, func, select, update

from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import fulltext, postgresql
from pipeline.store.absent import PRUNED
from pipeline.store.archive import Archive
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import meeting_insert
from pipeline.store.tables import absent_pages, addresses, archive_pages, captures, metadata, published_states


@dataclass(frozen=True, slots=True)
class Pruned:
    """The pages that are old enough to go."""

    digests: tuple[str, ...]
    size: int  #: bytes on the disk
    kept: int  #: old ones that stay, because they are the latest of their article or still to be read


class Upkeep:
    """What the operator does to a store now and then."""

    def __init__(self, engine: Engine, archive: Archive, folder: Path) -> None:
        self._engine = engine
        self._archive = archive
        self._folder = folder

    def prunable(self, before: datetime, *, latest: bool = False) -> Pruned:
        """Return the pages last fetched before then; latest: also those an article was last made of.

        A page that is still to be read is never among them.
        """
        old = select(captures.c.digest).group_by(captures.c.digest).having(func.max(captures.c.fetched_at) < before)
        old = old.where(captures.c.digest.not_in(select(absent_pages.c.digest)))
        needed = select(captures.c.digest).join(addresses, addresses.c.capture == captures.c.id)
        if latest:
            needed = needed.where(addresses.c.state == "fetched")
        with reading(self._engine) as connection:
            every = set(connection.scalars(old))
            going = sorted(every - set(connection.scalars(needed)))
        return Pruned(tuple(going), sum(map(self._archive.size, going)), len(every) - len(going))

    def prune(self, pruned: Pruned, now: datetime) -> None:
        """Let these pages go: first it is kept that they are gone, then they go."""
        self.note_absent(pruned.digests, PRUNED, now)
        for digest in pruned.digests:
            self._archive.remove(digest)

    def note_absent(self, digests: Collection[str], why: str, now: datetime) -> None:
        """Keep that the archive does not hold these pages, and why."""
        rows = [{"digest": one, "at": now, "why": why} for one in sorted(digests)]
        if rows:
            with writing(self._engine) as connection:
                connection.execute(meeting_insert(absent_pages).on_conflict_do_nothing(), rows)

    def vacuum(self) -> tuple[int, int]:
        """Write the database anew without its gaps; return its size before and after, in bytes.

        Raises StoreError where it is in use, or the disk has no room for a second copy.
        """
        self._archive.sweep()
        if self._engine.dialect.name == "postgresql":
            return postgresql.vacuum(self._engine, [*metadata.tables, fulltext.TABLE])
        before = self._size()
        with self._engine.connect() as connection:
            raw = connection.connection
            try:
                for statement in ("VACUUM", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    raw.cursor().execute(statement)
            except Exception as error:
                if type(error).__module__ != "sqlite3":
                    raise
                raise StoreError(
                    f"the database cannot be written anew: {error}; stop `watch` and look at the disk"
                ) from error
        return before, self._size()

    def publish_anew(self) -> None:
        """Forget what was last made of what, so that the next pass writes every document again."""
        with writing(self._engine) as connection:
            connection.execute(delete(published_states).where(published_states.c.name == "feeds"))
            connection.execute(update(published_states).values(made_of=""))
            connection.execute(update(archive_pages).values(made_of=""))

    def _size(self) -> int:
        files = (self._folder / f"nevawire.sqlite{end}" for end in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
