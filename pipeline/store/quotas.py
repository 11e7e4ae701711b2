"""Engines whose quota is spent, as they said themselves, and until when they are not asked again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, delete, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables_translate import quotas


@dataclass(frozen=True, slots=True)
class Quota:
    """What an engine said."""

    engine: str
    until: datetime
    detail: str
    at: datetime


class Quotas:
    """Reads and writes of spent quotas."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, quota: Quota) -> None:
        """Keep that an engine's quota is spent."""
        values = {"engine": quota.engine, "until": quota.until, "detail": quota.detail, "at": quota.at}
        with writing(self._engine) as connection:
            connection.execute(upsert(quotas, values))

    def spent(self, now: datetime) -> dict[str, Quota]:
        """Return the engines that are not to be asked now."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(quotas).where(quotas.c.until > now).order_by(quotas.c.engine))
            return {row.engine: Quota(*row) for row in rows}

    def forget(self) -> int:
        """Let every engine be asked again; return how many could not."""
        with writing(self._engine) as connection:
            return int(connection.execute(delete(quotas)).rowcount)
