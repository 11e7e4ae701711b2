"""Digests that went out, and what each had in it, so that nothing goes twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import digest_items, digests, newsletter_items, published_states, texts


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest that went out."""

    id: str
    language: str  #: ru | en | both
    period: str
    name: str  #: of its files
    title: str
    at: datetime
    entries: int
    intro: Mapping[str, str] = field(default_factory=dict)  #: language → what stands above the entries


class Issues:
    """Reads and writes of the ledger of digests."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fresh(self, language: str, languages: Sequence[str], since: datetime | None) -> list[tuple[str, str, datetime]]:
        """Return (text, story, when) of what newsletters offered since then and no digest of this kind had; newest first."""
        sent = select(digest_items.c.entry).where(digest_items.c.language == language)
        offered = newsletter_items.c
        query = select(offered.entry, texts.c.story, offered.at).join(texts, texts.c.id == offered.entry)
        query = query.where(offered.feed.in_([f"newsletter-{one}" for one in languages]), offered.state == "offered")
        query = query.where((texts.c.story if language == "both" else texts.c.id).not_in(sent))
        if since is not None:
            query = query.where(offered.at >= since)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(offered.at.desc(), offered.entry)).all()
        return [(row.entry, row.story, row.at) for row in rows]

    def last(self, language: str) -> datetime | None:
        """Return when the last digest of this kind went out."""
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(
                select(func.max(digests.c.at)).where(digests.c.language == language)
            )
            return found

    def record(self, issue: Issue, entries: Sequence[str], slot: tuple[str, str] | None = None) -> bool:
        """Keep that a digest goes out with these entries, before its files are written; False where it went out already.

        slot: the plan it is made by, and for when. That its files are there is `publications.keep_state`'s to say.
        """
        row = {name: getattr(issue, name) for name in ("id", "language", "period", "name", "title", "at", "entries")}
        row["intro"] = dict(issue.intro)
        with writing(self._engine) as connection:
            sent = digest_items.c
            twice = select(sent.entry).where(sent.language == issue.language, sent.entry.in_(entries)).limit(1)
            if connection.scalar(twice) is not None or (slot and _handled(connection, slot)):
                return False
            connection.execute(upsert(digests, row))
            for place, entry in enumerate(entries):
                values = {"language": issue.language, "entry": entry, "digest": issue.id, "place": place}
                connection.execute(upsert(digest_items, values))
            for name, made_of in ((f"digest:{issue.id}", ""), *((slot,) if slot else ())):
                connection.execute(upsert(published_states, {"name": name, "made_of": made_of, "about": {}}))
        return True

    def waiting(self, language: str, languages: Sequence[str]) -> int:
        """Return how many texts or stories no digest of this kind had yet."""
        rows = self.fresh(language, languages, None)
        return len({story if language == "both" else text for text, story, _ in rows})

    def all(self) -> list[Issue]:
        """Return every digest, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(digests).order_by(digests.c.at.desc(), digests.c.id)).all()
        return [Issue(*row) for row in rows]

    def sent(self, language: str, entries: Sequence[str]) -> frozenset[str]:
        """Return those of these texts or stories that a digest of this kind had already."""
        query = select(digest_items.c.entry).where(digest_items.c.language == language)
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(query.where(digest_items.c.entry.in_(entries))))

    def entries(self, issue: str) -> list[str]:
        """Return the ids of the texts or stories a digest had, in their order."""
        query = select(digest_items.c.entry).where(digest_items.c.digest == issue)
        query = query.order_by(digest_items.c.place, digest_items.c.entry)
        with reading(self._engine) as connection:
            return list(connection.scalars(query))


def _handled(connection: Connection, slot: tuple[str, str]) -> bool:
    """Return whether a plan's digest for then, or a later one, was made already."""
    name, at = slot
    known = connection.scalar(select(published_states.c.made_of).where(published_states.c.name == name))
    return known is not None and known >= at
