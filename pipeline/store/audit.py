"""Who did what at the desk; only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.tables_users import audit


@dataclass(frozen=True, slots=True)
class Deed:
    """One change somebody made."""

    id: int
    at: datetime
    who: str
    what: str  #: a word for the kind of change, as in "verdict"
    about: str  #: id or address of what was changed
    facts: Mapping[str, Any]


class Audit:
    """Reads and writes of what was done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, who: str, what: str, about: str, now: datetime, **facts: Any) -> None:
        """Keep that somebody made a change."""
        with writing(self._engine) as connection:
            noted(connection, who, what, about, now, **facts)

    def latest(self, limit: int, before: int = 0) -> tuple[Deed, ...]:
        """Return what was done last, newest first; before: only what is older than the deed of this id."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(audit.c.id < before) if before else query)
            return tuple(Deed(row.id, row.at, row.who, row.what, row.about, row.facts) for row in rows)


def noted(connection: Connection, who: str, what: str, about: str, now: datetime, **facts: Any) -> None:
    """Keep that somebody made a change, in the transaction that makes it."""
    connection.execute(audit.insert().values(who=who, what=what, about=about, at=now, facts=facts))
