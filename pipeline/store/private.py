"""Feeds that are served behind a token: their documents, and the secret their tokens are made from.

Under feeds/ any web server would give them to everybody, so they are kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Engine, delete, select

from pipeline import access
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import private_documents, secrets

_TOKENS = "tokens"


class Private:
    """Reads and writes of what is not public."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> tuple[bytes, datetime] | None:
        """Return a document and when it last changed; None where there is none of this name."""
        table = private_documents.c
        with reading(self._engine) as connection:
            row = connection.execute(select(table.body, table.changed).where(table.name == name)).first()
        return None if row is None else (row.body, row.changed)

    def names(self) -> frozenset[str]:
        """Return the names of all documents."""
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(select(private_documents.c.name)))

    def keep(self, documents: Mapping[str, bytes], also: Collection[str], now: datetime) -> None:
        """Keep these documents; of the others only those named in also. What stays the same keeps its date."""
        table = private_documents
        with writing(self._engine) as connection:
            for name in sorted(documents):
                old = connection.scalar(select(table.c.body).where(table.c.name == name))
                if old != documents[name]:
                    row = {"name": name, "body": documents[name], "changed": now}
                    connection.execute(upsert(table, row))
            connection.execute(delete(table).where(table.c.name.not_in({*documents, *also})))

    def secret(self, now: datetime) -> str:
        """Return the secret that tokens are made from, made at the first time."""
        with writing(self._engine) as connection:
            known = connection.scalar(select(secrets.c.value).where(secrets.c.name == _TOKENS))
            if known is not None:
                return str(known)
            row = {"name": _TOKENS, "value": access.new_secret(), "at": now}
            connection.execute(upsert(secrets, row))
            return row["value"]  # type: ignore[return-value]  # the row's values are of several types

    def renew(self, now: datetime) -> None:
        """Make another secret: every address with a token leads nowhere from now on."""
        with writing(self._engine) as connection:
            connection.execute(upsert(secrets, {"name": _TOKENS, "value": access.new_secret(), "at": now}))
