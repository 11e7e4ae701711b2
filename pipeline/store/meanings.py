"""What articles mean, as vectors: made once for each content, kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine, select

from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import meanings

#: Database parameters in one question at most.
_PART = 5_000


class Meanings:
    """Reads and writes of vectors."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, ids: Iterable[str], version: str) -> dict[str, tuple[str, bytes]]:
        """Return, of these articles, the content that vectors of this version were made of, and the vectors."""
        wanted: Sequence[str] = sorted(set(ids))
        found: dict[str, tuple[str, bytes]] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), _PART):
                query = select(meanings).where(meanings.c.article.in_(wanted[start : start + _PART]))
                for row in connection.execute(query.where(meanings.c.version == version)):
                    found[row.article] = (row.made_of, row.vectors)
        return found

    def keep(self, rows: Iterable[tuple[str, str, bytes]], version: str) -> None:
        """Keep vectors: article, content they were made of, vectors."""
        with writing(self._engine) as connection:
            for article, made_of, vectors in rows:
                row = {"article": article, "made_of": made_of, "version": version, "vectors": vectors}
                connection.execute(upsert(meanings, row))
