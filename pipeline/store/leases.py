"""Leases: a name that one process at a time may hold, such as that of the scheduler.

The holder counts `beat` on. That it died is told by a beat that stands still, as the one who waits
measures it on a clock of its own: clocks of two machines, or one that jumps, decide nothing here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.tables import leases


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as it stands: equal twice, its holder gave no sign of life between."""

    holder: str
    beat: int


class Leases:
    """Reads and writes of leases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look(self, name: str) -> Held | None:
        """Return who holds a lease; None where nobody does."""
        with reading(self._engine) as connection:
            row = connection.execute(select(leases.c.holder, leases.c.beat).where(leases.c.name == name)).first()
        return None if row is None else Held(*row)

    def take(self, name: str, holder: str, seen: Held | None, now: datetime) -> bool:
        """Take a lease that stands as it was seen, and return whether that succeeded.

        Raises StoreError where the database is locked: somebody is alive and writing.
        """
        values = {"holder": holder, "beat": 0, "since": now}
        with writing(self._engine) as connection:
            row = connection.execute(select(leases.c.holder, leases.c.beat).where(leases.c.name == name)).first()
            if (None if row is None else Held(*row)) != seen:
                return False
            if seen is None:
                connection.execute(leases.insert().values(name=name, **values))
                return True
            theirs = (leases.c.name == name) & (leases.c.holder == seen.holder) & (leases.c.beat == seen.beat)
            return connection.execute(leases.update().where(theirs).values(**values)).rowcount == 1

    def beat(self, name: str, holder: str) -> bool:
        """Give a sign of life; return whether the lease is still this holder's."""
        ours = (leases.c.name == name) & (leases.c.holder == holder)
        with writing(self._engine) as connection:
            return connection.execute(leases.update().where(ours).values(beat=leases.c.beat + 1)).rowcount == 1

    def leave(self, name: str, holder: str) -> None:
        """Give a lease back, if it is this holder's."""
        with writing(self._engine) as connection:
            connection.execute(leases.delete().where((leases.c.name == name) & (leases.c.holder == holder)))
