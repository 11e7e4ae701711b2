"""Sources that somebody paused: they are not asked, by `watch` or `run`, until somebody resumes them.

A source that is asked for by name is asked all the same. Pauses that trouble brings about are in health.py.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, delete, select

from pipeline.record import dataclass
from pipeline.store.desk_tables import pauses
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert


@dataclass(frozen=True, slots=True)
class Pause:
    """That a source is not asked, who said so, and why."""

    source: str
    who: str
    at: datetime
    reason: str


class Pauses:
    """Reads and writes of pauses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def every(self) -> dict[str, Pause]:
        """Return the pauses that are in force, by source."""
        with reading(self._engine) as connection:
            return {row.source: Pause(*row) for row in connection.execute(select(pauses).order_by(pauses.c.source))}

    def begin(self, source: str, who: str, reason: str, now: datetime) -> bool:
        """Pause a source; return whether that is new."""
        with writing(self._engine) as connection:
            if connection.scalar(select(pauses.c.source).where(pauses.c.source == source)) is not None:
                return False
            connection.execute(upsert(pauses, {"source": source, "who": who, "at": now, "reason": reason}))
            return True

    def end(self, source: str) -> bool:
        """Resume a source; return whether it was paused."""
        with writing(self._engine) as connection:
            return connection.execute(delete(pauses).where(pauses.c.source == source)).rowcount == 1
