"""Work that was asked for at the desk, until it is done: a pass over a source now, a probe of it, a look by the doctor.

An errand is `asked`, `taken` by who does it, then `done` or `failed`. One that was taken and never ended is
`lost` once it is older than any work may take: it is read as failed, and may be asked anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update

from pipeline.record import dataclass
from pipeline.store.desk_tables import errands
from pipeline.store.engine import reading, writing

#: No errand takes longer than this.
LONGEST = timedelta(minutes=30)
_LOST = "whoever took this ended before it was done; ask again"


@dataclass(frozen=True, slots=True)
class Errand:
    """One piece of work."""

    id: int
    kind: str  #: run | probe | doctor | …
    source: str
    target: str  #: an address, where the errand is about one
    who: str
    asked: datetime
    state: str  #: asked | taken | done | failed
    holder: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in ("asked", "taken")


class Errands:
    """Reads and writes of errands."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, kind: str, source: str, who: str, now: datetime, target: str = "") -> Errand:
        """Ask for work; where the same waits or is under way, that is returned."""
        same = and_(errands.c.kind == kind, errands.c.source == source, errands.c.target == target, _open(now))
        row = {
            "kind": kind, "source": source, "target": target, "who": who, "asked": now, "state": "asked", "holder": "",
            "began": None, "ended": None, "outcome": {},
        }  # fmt: skip
        with writing(self._engine) as connection:
            there = connection.execute(select(errands).where(same).limit(1)).first()
            if there is None:
                connection.execute(errands.insert().values(**row))
                there = connection.execute(select(errands).where(same).limit(1)).one()
        return _errand(there, now)

    def waiting(self, kinds: Sequence[str]) -> list[Errand]:
        """Return what was asked for and nobody has taken, oldest first."""
        query = select(errands).where(errands.c.state == "asked", errands.c.kind.in_(kinds)).order_by(errands.c.id)
        with reading(self._engine) as connection:
            return [_errand(row, None) for row in connection.execute(query)]

    def take(self, number: int, holder: str, now: datetime) -> bool:
        """Take an errand; return whether it was still to be had."""
        free = and_(errands.c.id == number, errands.c.state == "asked")
        values = {"state": "taken", "holder": holder, "began": now}
        with writing(self._engine) as connection:
            return connection.execute(update(errands).where(free).values(**values)).rowcount == 1

    def end(self, number: int, outcome: Mapping[str, Any], now: datetime, *, good: bool) -> None:
        """Keep what came of an errand."""
        values = {"state": "done" if good else "failed", "ended": now, "outcome": dict(outcome)}
        with writing(self._engine) as connection:
            connection.execute(update(errands).where(errands.c.id == number).values(**values))

    def get(self, number: int, now: datetime) -> Errand | None:
        """Return an errand; None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(errands).where(errands.c.id == number)).first()
        return None if row is None else _errand(row, now)

    def about(self, targets: Sequence[str], now: datetime) -> list[Errand]:
        """Return the errands about these addresses, oldest first."""
        query = select(errands).where(errands.c.target.in_(targets)).order_by(errands.c.id)
        with reading(self._engine) as connection:
            return [_errand(row, now) for row in connection.execute(query)]

    def latest(self, kind: str, now: datetime, size: int = 20) -> list[Errand]:
        """Return the latest errands of a kind, the newest first."""
        query = select(errands).where(errands.c.kind == kind).order_by(errands.c.id.desc()).limit(size)
        with reading(self._engine) as connection:
            return [_errand(row, now) for row in connection.execute(query)]

    def of(self, source: str, now: datetime, size: int = 10) -> list[Errand]:
        """Return the latest errands of a source, the newest first; "" of all sources."""
        query = select(errands).order_by(errands.c.id.desc()).limit(size)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(errands.c.source == source) if source else query)
            return [_errand(row, now) for row in rows]


def _open(now: datetime) -> ColumnElement[bool]:
    return or_(errands.c.state == "asked", and_(errands.c.state == "taken", errands.c.began > now - LONGEST))


def _errand(row: Any, now: datetime | None) -> Errand:
    made = Errand(*row)
    if now is not None and made.state == "taken" and made.began is not None and now - made.began >= LONGEST:
        return replace(made, state="failed", outcome={"why": _LOST})
    return made
