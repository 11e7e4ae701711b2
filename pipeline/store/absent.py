"""Pages that captures name and the archive does not hold: there was no room, or they were pruned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, update

from pipeline.store import questions
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import meeting_insert
from pipeline.store.tables import absent_pages, addresses

PRUNED, NO_ROOM = "pruned", "disk"


def note_held(connection: Connection, digest: str, now: datetime, *, held: bool) -> None:
    """Keep whether a page that just came is in the archive."""
    if held:
        connection.execute(questions.HELD, {"digest": digest})
    else:
        row = {"digest": digest, "at": now, "why": NO_ROOM}
        connection.execute(meeting_insert(absent_pages).values(row).on_conflict_do_nothing())


def ask_again(engine: Engine, source: str) -> None:
    """Let the addresses of a source be fetched anew that were to be read from pages there are not."""
    with reading(engine) as connection:
        if connection.execute(questions.LOST, {"source": source}).first() is None:
            return
    values = {"state": "new", "etag": "", "last_modified": "", "digest": "", "due": None}
    with writing(engine) as connection:
        connection.execute(update(addresses).where(addresses.c.source == source, questions.IS_LOST).values(**values))
