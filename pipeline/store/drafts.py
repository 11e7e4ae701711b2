"""Digests that are being composed, until they go out; what went out is in issues.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, select, update

from pipeline.model import Draft
from pipeline.store.desk_tables import drafts
from pipeline.store.engine import reading, writing


class Drafts:
    """Reads and writes of drafts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, language: str, title: str, stories: Sequence[str], who: str, now: datetime) -> Draft:
        """Begin a draft with these stories."""
        row = {
            "language": language, "title": title, "intro": {}, "stories": list(stories), "who": who, "changed": now,
            "version": 1, "issue": "",
        }  # fmt: skip
        with writing(self._engine) as connection:
            key = connection.execute(drafts.insert().values(**row)).inserted_primary_key
            assert key is not None
            return _draft(connection.execute(select(drafts).where(drafts.c.id == key[0])).one())

    def get(self, number: int) -> Draft | None:
        """Return a draft; None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(drafts).where(drafts.c.id == number)).first()
        return None if row is None else _draft(row)

    def every(self, *, out: bool = False, size: int = 100) -> list[Draft]:
        """Return the drafts that wait, or those that went out, the latest change first."""
        wanted = drafts.c.issue != "" if out else drafts.c.issue == ""
        query = select(drafts).where(wanted).order_by(drafts.c.changed.desc(), drafts.c.id.desc()).limit(size)
        with reading(self._engine) as connection:
            return [_draft(row) for row in connection.execute(query)]

    def change(
        self, number: int, version: int, now: datetime, *,
        title: str, intro: Mapping[str, str], stories: Sequence[str], who: str,
    ) -> Draft | None:  # fmt: skip
        """Change a draft that stands at this version; None where somebody was faster, or it went out."""
        values = {
            "title": title, "intro": dict(intro), "stories": list(stories), "who": who, "changed": now,
            "version": version + 1,
        }  # fmt: skip
        ours = (drafts.c.id == number) & (drafts.c.version == version) & (drafts.c.issue == "")
        with writing(self._engine) as connection:
            if connection.execute(update(drafts).where(ours).values(**values)).rowcount != 1:
                return None
            return _draft(connection.execute(select(drafts).where(drafts.c.id == number)).one())

    def sent(self, number: int, issue: str, now: datetime) -> None:
        """Keep that a draft went out as a digest."""
        with writing(self._engine) as connection:
            connection.execute(update(drafts).where(drafts.c.id == number).values(issue=issue, changed=now))

    def drop(self, number: int) -> bool:
        """Throw a draft away that did not go out; return whether there was one."""
        with writing(self._engine) as connection:
            gone = connection.execute(delete(drafts).where(drafts.c.id == number, drafts.c.issue == ""))
            return gone.rowcount == 1


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        row.id, row.language, row.title, row.intro, tuple(row.stories), row.who, row.changed, row.version, row.issue
    )
