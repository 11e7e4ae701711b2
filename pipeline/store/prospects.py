"""Whether a pass is likely to bring pages, by one look at the database as it is: for what is better begun before it.

Nothing is made or upgraded here, and whatever is wrong with the database is for the pass to say.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select

from pipeline.errors import StoreError
from pipeline.store import engine as engines
from pipeline.store import presence
from pipeline.store.engine import connect, newest, reading, seen
from pipeline.store.tables import sources


def pages_likely(folder: Path) -> bool:
    """Return whether the latest visit to some source brought something new, or there is no database yet."""
    url = engines.database_of(folder)
    with suppress(StoreError):
        if not presence.there(url):
            return True
        engine = connect(url)
        try:
            if seen(engine) == newest():
                with reading(engine) as connection:
                    return _brought(connection)
        finally:
            engine.dispose()
    return False


def _brought(connection: Connection) -> bool:
    latest = select(sources.c.id).where(sources.c.last_new == sources.c.last_pass).limit(1)
    return connection.execute(latest).first() is not None
