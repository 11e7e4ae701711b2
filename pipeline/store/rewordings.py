"""What people made of sentences that a machine wrote: added to, never changed; the newest of a sentence holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Engine, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.tables_translate import rewordings


@dataclass(frozen=True, slots=True)
class Rewording:
    """One sentence as a person wrote it, or ("") gave it back to the machine."""

    text: str  #: id of the machine's text
    segment: str  #: what the sentence is known by within the text
    source: str  #: the original's sentence
    machine: str  #: with signs, as the machine wrote it; "" where it failed
    answer: str  #: with signs
    who: str
    at: datetime
    article: str  #: of the original; it goes with it when that is purged


class Rewordings:
    """Reads and writes of what people made of machines' wording."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, rows: Sequence[Rewording]) -> None:
        """Keep these wordings."""
        with writing(self._engine) as connection:
            connection.execute(rewordings.insert(), [asdict(row) for row in rows])

    def standing(self, texts: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return what holds of these texts: text → segment → wording; what was given back to the machine is left out."""
        found: dict[str, dict[str, str]] = {}
        for one in self.of(texts):
            found.setdefault(one.text, {})[one.segment] = one.answer
        return {text: left for text, own in found.items() if (left := {key: said for key, said in own.items() if said})}

    def of(self, texts: Iterable[str]) -> list[Rewording]:
        """Return every wording of these texts, the oldest first."""
        columns = [column for column in rewordings.c if column.name != "id"]
        ids = sorted(set(texts))
        with reading(self._engine) as connection:
            rows = [
                row
                for start in range(0, len(ids), 5_000)
                for row in connection.execute(
                    select(*columns).where(rewordings.c.text.in_(ids[start : start + 5_000])).order_by(rewordings.c.id)
                )
            ]
        return [Rewording(*row) for row in rows]
