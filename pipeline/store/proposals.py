"""What pairing would change of what stands, kept until it is decided or no longer so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, or_, select

from pipeline.model import Proposal
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import proposals

_PART = 2_500


class Proposed:
    """Reads and writes of proposals."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def renew(self, judged: Iterable[str], found: Sequence[Proposal], now: datetime) -> None:
        """Keep these proposals in place of all that are about these articles."""
        ids = sorted(set(judged))
        with writing(self._engine) as connection:
            for start in range(0, len(ids), _PART):
                part = ids[start : start + _PART]
                connection.execute(delete(proposals).where(or_(proposals.c.ru.in_(part), proposals.c.en.in_(part))))
            for one in found:
                row = {
                    "ru": one.ru, "en": one.en, "kind": one.kind, "at": now, "probability": one.probability,
                    "reasons": list(one.reasons),
                }  # fmt: skip
                connection.execute(upsert(proposals, row))

    def every(self) -> list[tuple[Proposal, datetime]]:
        """Return every proposal and since when it stands, the latest first."""
        query = select(proposals).order_by(proposals.c.at.desc(), proposals.c.ru, proposals.c.en)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [(Proposal(row.kind, row.ru, row.en, row.probability, tuple(row.reasons)), row.at) for row in rows]
