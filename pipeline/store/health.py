"""How it goes: runs, how each source fares, and what happened beside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert, upsert_all
from pipeline.store.questions import HEALTH, WELL
from pipeline.store.tables import events, runs, sources


@dataclass(frozen=True, slots=True)
class Health:
    """How one source fares."""

    source: str
    last_pass: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    failures: int = 0  #: passes in a row that failed
    kind: str = ""  #: of the last failure, while it lasts
    detail: str = ""
    trouble: float = 0.0  #: failed listings since the last success: hard ones 1, soft ½, passing ¼
    quiet_until: datetime | None = None  #: until then it gives no reason for an alarm, if its pages stay as they are


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass; without an end it is under way, or was killed."""

    id: str
    verb: str
    started: datetime
    finished: datetime | None
    exit_code: int | None
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened beside: a missed turn, a refused feed, a notice that could not be sent."""

    at: datetime
    kind: str
    source: str
    detail: str


class Ledger:
    """Reads and writes of runs, health and events."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, run: str, verb: str, now: datetime) -> None:
        """Note that a run began."""
        row = {"id": run, "verb": verb, "started": now, "finished": None, "exit_code": None, "summary": {}}
        with writing(self._engine) as connection:
            connection.execute(upsert(runs, row))

    def finish(self, run: str, exit_code: int, summary: Mapping[str, Any], now: datetime) -> None:
        """Note how a run ended."""
        values = {"finished": now, "exit_code": exit_code, "summary": dict(summary)}
        with writing(self._engine) as connection:
            connection.execute(runs.update().where(runs.c.id == run).values(**values))

    def health(self) -> dict[str, Health]:
        """Return how each source fares, by id."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(sources)).all()
        return {row.id: Health(*row) for row in rows}

    def of(self, source: str) -> Health:
        """Return how one source fares."""
        with reading(self._engine) as connection:
            return _health(connection, source)

    def record_pass(
        self, source: str, *, new: int, failure: tuple[str, str] | None, now: datetime, trouble: float = 0.0
    ) -> None:
        """Note how a pass over a source ended; `failure` is (kind, detail), `trouble` its weight."""
        kind, detail = failure or ("", "")
        with writing(self._engine) as connection:
            well = None if failure else {"of": source, "now": now, "new": now if new else None}
            if well and connection.execute(WELL, well).rowcount:
                return
            before = _health(connection, source)
            row = {
                "id": source, "last_pass": now, "last_success": before.last_success if failure else now,
                "last_new": now if new else before.last_new, "failures": before.failures + 1 if failure else 0,
                "kind": kind, "detail": detail, "trouble": before.trouble + trouble if failure else 0.0,
            }  # fmt: skip
            upsert_all(connection, sources, [row])

    def keep_quiet(self, until: Mapping[str, datetime]) -> None:
        """Note until when sources need not be looked over, if their pages stay as they are."""
        rows = [{"of": source, "until": at} for source, at in sorted(until.items())]
        known = sources.update().where(sources.c.id == bindparam("of")).values(quiet_until=bindparam("until"))
        if rows:
            with writing(self._engine) as connection:
                connection.execute(known, rows)

    def passes(self, size: int) -> list[Pass]:
        """Return the latest passes, the newest first."""
        query = select(runs).order_by(runs.c.started.desc(), runs.c.id).limit(size)
        with reading(self._engine) as connection:
            return [Pass(*row) for row in connection.execute(query)]

    def ended(self, names: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Return what those of these runs that have ended said of themselves."""
        query = select(runs.c.id, runs.c.summary).where(runs.c.id.in_(names), runs.c.finished.is_not(None))
        with reading(self._engine) as connection:
            return {row.id: row.summary for row in connection.execute(query)}

    def events(self, size: int) -> list[Event]:
        """Return what happened beside lately, the newest first."""
        query = select(events.c.at, events.c.kind, events.c.source, events.c.detail).order_by(events.c.id.desc())
        with reading(self._engine) as connection:
            return [Event(*row) for row in connection.execute(query.limit(size))]

    def event(self, kind: str, source: str, detail: str, now: datetime) -> None:
        """Note something that happened, such as a missed job or a refused feed."""
        with writing(self._engine) as connection:
            connection.execute(events.insert().values(at=now, kind=kind, source=source, detail=detail))


def _health(connection: Connection, source: str) -> Health:
    row = connection.execute(HEALTH, {"source": source}).first()
    return Health(*row) if row else Health(source)
