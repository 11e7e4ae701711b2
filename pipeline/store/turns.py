"""Passes that are left to workers: what each source's part came to, and when all of them are in.

A turn is `out` until its source's part is done, then `in`, and `paired` once its articles are. Whoever ends the last turn
of a pass learns so in the same transaction; that workers end in another order, or one of them twice, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, exists, func, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import runs, standing_orders, turns

#: Stands for the pass itself, so that one of no source is a pass, too.
_WHOLE = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A pass whose sources' parts are all in."""

    run: str
    started: datetime
    reports: tuple[Mapping[str, Any], ...]  #: by source


class Turns:
    """Reads and writes of turns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, run: str, sources: Iterable[str]) -> None:
        """Note that these sources have a turn each."""
        rows = [{"run": run, "source": one, "state": "out", "report": {}, "lost": 0} for one in sources]
        rows.append({"run": run, "source": _WHOLE, "state": "in", "report": {}, "lost": 0})
        with writing(self._engine) as connection:
            connection.execute(turns.insert(), rows)

    def end(self, run: str, source: str, report: Mapping[str, Any]) -> bool:
        """Keep what a turn came to, where it is still out; return whether none of its pass is out any more."""
        ours = (turns.c.run == run) & (turns.c.source == source) & (turns.c.state == "out")
        out = select(func.count()).where(turns.c.run == run, turns.c.state == "out")
        with writing(self._engine) as connection:
            connection.execute(turns.update().where(ours).values(state="in", report=dict(report)))
            return not connection.scalar(out)

    def lose(self, run: str, source: str) -> int:
        """Count one more worker that died over a turn; return how many did."""
        ours = (turns.c.run == run) & (turns.c.source == source)
        with writing(self._engine) as connection:
            connection.execute(turns.update().where(ours).values(lost=turns.c.lost + 1))
            return connection.scalar(select(turns.c.lost).where(ours)) or 0

    def gathered(self) -> tuple[str, ...]:
        """Return the passes that are in and not yet paired."""
        other = turns.alias()
        out = exists(select(other.c.run).where(other.c.run == turns.c.run, other.c.state == "out"))
        query = select(turns.c.run).where(turns.c.state == "in", turns.c.source == _WHOLE, ~out).order_by(turns.c.run)
        with reading(self._engine) as connection:
            return tuple(connection.scalars(query))

    def pair(self, names: Sequence[str]) -> None:
        """Note that what these passes brought is paired."""
        with writing(self._engine) as connection:
            connection.execute(turns.update().where(turns.c.run.in_(names)).values(state="paired"))

    def paired(self) -> tuple[Turn, ...]:
        """Return the passes that are paired, the oldest first."""
        query = select(turns, runs.c.started).join(runs, runs.c.id == turns.c.run).where(turns.c.state == "paired")
        found: dict[str, list[Row[Any]]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(query.order_by(runs.c.started, turns.c.run, turns.c.source)):
                found.setdefault(row.run, []).append(row)
        return tuple(
            Turn(run, rows[0].started, tuple(row.report for row in rows if row.source != _WHOLE))
            for run, rows in found.items()
        )

    def close(self, run: str) -> None:
        """Forget the turns of a pass that is over."""
        self._drop(turns.c.run == run)

    def forget(self, before: datetime) -> None:
        """Forget the passes begun so long ago that nobody is at work on them."""
        self._drop(turns.c.run.in_(select(runs.c.id).where(runs.c.started < before)))

    def orders(self, name: str) -> str:
        """Return what workers go by; "" where nothing was said."""
        with reading(self._engine) as connection:
            return connection.scalar(select(standing_orders.c.value).where(standing_orders.c.name == name)) or ""

    def order(self, name: str, value: str, now: datetime) -> None:
        """Say what workers go by from now on."""
        with writing(self._engine) as connection:
            connection.execute(upsert(standing_orders, {"name": name, "value": value, "at": now}))

    def _drop(self, which: ColumnElement[bool]) -> None:
        with writing(self._engine) as connection:
            connection.execute(turns.delete().where(which))
