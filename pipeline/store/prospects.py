"""Whether a pass is likely to bring pages, by one look at the database as it is: for what is better begun before it.

A file is asked by sqlite3 alone, for what the store is made of takes a third of a second to import; a server as ever.
Nothing is made or upgraded here, and whatever is wrong with the database is for the pass to say.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.store.place import FILE, VARIABLE

_LIKELY = (
    "SELECT EXISTS (SELECT 1 FROM sources WHERE last_new = last_pass)"
    " OR NOT EXISTS (SELECT 1 FROM sources WHERE last_pass IS NOT NULL)"
)


def pages_likely(folder: Path) -> bool:
    """Return whether the latest visit to some source brought something new, or there was none yet."""
    named = os.environ.get(VARIABLE)
    return _on_server(named) if named else _in_file(folder / FILE)


def _in_file(file: Path) -> bool:
    if not file.is_file():
        return True
    address = f"{file.resolve().as_uri()}?mode=rw"
    # Another version's may have no such columns; what is wrong with a damaged one is told in bytes of its own.
    with suppress(sqlite3.Error, UnicodeError), closing(sqlite3.connect(address, uri=True)) as connection:
        return bool(connection.execute(_LIKELY).fetchone()[0])
    return False


def _on_server(url: str) -> bool:
    from pipeline.store import presence
    from pipeline.store.engine import connect, newest, reading, seen

    with suppress(StoreError):
        if not presence.there(url):
            return True
        engine = connect(url)
        try:
            if seen(engine) == newest():
                with reading(engine) as connection:
                    return bool(connection.exec_driver_sql(_LIKELY).scalar())
        finally:
            engine.dispose()
    return False
