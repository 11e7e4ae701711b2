"""Articles that somebody asked for by their addresses: who, when, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select, update

from pipeline.model import Addition
from pipeline.store.desk_tables import additions
from pipeline.store.engine import reading, writing


class Additions:
    """Reads and writes of what was asked for by hand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, url: str, source: str, who: str, now: datetime) -> Addition:
        """Keep that somebody wants an address; one that already waits is not asked for twice."""
        open_ = select(additions).where(additions.c.url == url, additions.c.state.in_(("waiting", "running")))
        with writing(self._engine) as connection:
            known = connection.execute(open_.limit(1)).first()
            if known is not None:
                return _addition(known)
            row = {
                "url": url, "source": source, "who": who, "at": now, "state": "waiting", "outcome": "", "article": "",
                "done": None,
            }  # fmt: skip
            added = connection.execute(additions.insert().values(**row)).inserted_primary_key
            assert added is not None
            return _addition(connection.execute(select(additions).where(additions.c.id == added[0])).one())

    def take(self) -> Addition | None:
        """Return the one that has waited longest, as running from now on."""
        waiting = select(additions).where(additions.c.state == "waiting").order_by(additions.c.id).limit(1)
        with writing(self._engine) as connection:
            row = connection.execute(waiting).first()
            if row is None:
                return None
            connection.execute(update(additions).where(additions.c.id == row.id).values(state="running"))
            return _addition(row)

    def finish(self, number: int, state: str, outcome: str, article: str, now: datetime) -> None:
        """Keep what became of one."""
        values = {"state": state, "outcome": outcome, "article": article, "done": now}
        with writing(self._engine) as connection:
            connection.execute(update(additions).where(additions.c.id == number).values(**values))

    def again(self) -> int:
        """Let those wait anew that were at work when the program ended; say how many."""
        with writing(self._engine) as connection:
            stale = update(additions).where(additions.c.state == "running").values(state="waiting")
            return int(connection.execute(stale).rowcount)

    def get(self, number: int) -> Addition | None:
        """Return one by its number; None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(additions).where(additions.c.id == number)).first()
        return None if row is None else _addition(row)

    def newest(self, count: int) -> tuple[Addition, ...]:
        """Return what was asked for last, the newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(additions).order_by(additions.c.id.desc()).limit(count)).all()
        return tuple(map(_addition, rows))

    def of(self, ids: list[str]) -> tuple[Addition, ...]:
        """Return by whom these articles were asked for, oldest first."""
        query = select(additions).where(additions.c.article.in_(ids)).order_by(additions.c.id)
        with reading(self._engine) as connection:
            return tuple(map(_addition, connection.execute(query)))


def _addition(row: Row[Any]) -> Addition:
    return Addition(
        row.id, row.url, row.source, row.who, row.at, row.state, row.outcome, row.article, row.done
    )  # fmt: skip
