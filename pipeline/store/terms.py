"""Names that people did not want in the glossary; they are not proposed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables_translate import declined_terms


class Terms:
    """Reads and writes of declined names."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def decline(self, ru: str, en: str, who: str, now: datetime) -> None:
        """Keep that somebody did not want this pair of names."""
        with writing(self._engine) as connection:
            connection.execute(upsert(declined_terms, {"ru": ru, "en": en, "who": who, "at": now}))

    def declined(self) -> frozenset[tuple[str, str]]:
        """Return the (Russian, English) names that nobody wants."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(declined_terms.c.ru, declined_terms.c.en))
            return frozenset((row.ru, row.en) for row in rows)
