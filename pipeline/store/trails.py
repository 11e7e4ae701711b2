"""Everything that ever happened to some articles and entries: what was asked, archived, shown, judged, taken away.

Each question goes by an index, so that it costs the same in a store of a hundred articles and of a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, or_, select

from pipeline.model import Verdict
from pipeline.record import dataclass
from pipeline.store.archive import Archive
from pipeline.store.engine import reading
from pipeline.store.tables import (
    addresses,
    aliases,
    captures,
    digest_items,
    digests,
    fetches,
    missing,
    newsletter_items,
    publications,
    translations,
    verdicts,
    withdrawals,
)

#: Of one address, so many requests are told of at most, the newest.
_FETCHES = 200


@dataclass(frozen=True, slots=True)
class Known:
    """An address that leads to an article."""

    key: str
    url: str
    article: str | None  #: of a page that holds two, the first
    source: str
    by: str  #: listing | version | hand
    first_seen: datetime
    due: datetime | None  #: when it is asked for corrections


@dataclass(frozen=True, slots=True)
class Requested:
    """One request for a page."""

    url: str
    kind: str
    at: datetime
    size: int
    detail: str


@dataclass(frozen=True, slots=True)
class Capture:
    """One page that was archived."""

    id: int
    source: str
    asked: str
    url: str
    status: int
    headers: Mapping[str, str]
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry that a feed, a newsletter or a digest shows from then on."""

    where: str  #: name of the feed; of the digest's files
    entry: str
    at: datetime
    kind: str  #: feed | newsletter | digest
    title: str = ""  #: of a digest


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a side that a machine was to write."""

    text: str
    original: str
    language: str
    state: str
    reason: str
    engine: str
    model: str
    at: datetime


class Trails:
    """Reads of what happened; nothing is written here."""

    def __init__(self, engine: Engine, archive: Archive) -> None:
        self._engine = engine
        self._archive = archive

    def addresses(self, articles: Sequence[str], keys: Sequence[str]) -> tuple[Known, ...]:
        """Return the addresses that lead to these articles, or have these keys, as they came to be known."""
        table = addresses.c
        query = select(table.key, table.url, table.article, table.source, table.by, table.first_seen, table.due)
        here = or_(table.article.in_(articles), table.key.in_(keys))
        return tuple(Known(*row) for row in self._rows(query.where(here).order_by(table.first_seen, table.url)))

    def fetches(self, urls: Sequence[str]) -> tuple[Requested, ...]:
        """Return the requests for these addresses, oldest first; of very many the newest."""
        table = fetches.c
        query = select(table.url, table.kind, table.at, table.size, table.detail, table.id)
        rows = self._rows(query.where(table.url.in_(urls)).order_by(table.id.desc()).limit(_FETCHES * len(urls)))
        return tuple(Requested(*row[:5]) for row in reversed(rows))

    def captures(self, urls: Sequence[str]) -> tuple[Capture, ...]:
        """Return the archived pages that were asked for, or reached, at these addresses, newest first."""
        here = or_(captures.c.url.in_(urls), captures.c.asked.in_(urls))
        return tuple(map(_capture, self._rows(select(captures).where(here).order_by(captures.c.id.desc()))))

    def capture(self, number: int) -> Capture | None:
        """Return an archived page by its number; None where there is none."""
        rows = self._rows(select(captures).where(captures.c.id == number))
        return _capture(rows[0]) if rows else None

    def body(self, capture: Capture) -> bytes | None:
        """Return a page as it came; None where its bytes were given up. Raises StoreError where they are damaged."""
        return self._archive.read(capture.digest) if self._archive.holds(capture.digest) else None

    def holds(self, capture: Capture) -> bool:
        """Tell whether a page's bytes are still there."""
        return self._archive.holds(capture.digest)

    def shown(self, entries: Sequence[str]) -> tuple[Shown, ...]:
        """Return where and since when these entries were shown, oldest first."""
        kept, offered, sent = publications.c, newsletter_items.c, digest_items.c
        feeds = select(kept.feed, kept.entry, kept.at).where(kept.entry.in_(entries))
        news = select(offered.feed, offered.entry, offered.at).where(offered.entry.in_(entries))
        issues = select(digests.c.name, sent.entry, digests.c.at, digests.c.title)
        issues = issues.join(digest_items, sent.digest == digests.c.id).where(sent.entry.in_(entries))
        found = [
            Shown(row.feed, row.entry, row.at, "newsletter")
            for row in self._rows(news.where(offered.state == "offered"))
        ]
        taken = {(one.where, one.entry) for one in found}
        found += [
            Shown(row.feed, row.entry, row.at, "feed")
            for row in self._rows(feeds)
            if (row.feed, row.entry) not in taken
        ]
        found += [Shown(row[0], row[1], row[2], "digest", row[3]) for row in self._rows(issues)]
        return tuple(sorted(found, key=lambda one: (one.at, one.kind, one.where, one.entry)))

    def verdicts(self, articles: Sequence[str]) -> tuple[Verdict, ...]:
        """Return what analysts said of pairs of these articles with any others, oldest first."""
        here = or_(verdicts.c.ru.in_(articles), verdicts.c.en.in_(articles))
        rows = self._rows(select(verdicts).where(here).order_by(verdicts.c.id))
        return tuple(Verdict(row.kind, row.ru, row.en, row.who, row.at, tuple(row.digests)) for row in rows)

    def merged(self, story: str) -> tuple[tuple[str, datetime], ...]:
        """Return the ids that went into a story, and when."""
        query = select(aliases.c.id, aliases.c.at).where(aliases.c.story == story).order_by(aliases.c.at, aliases.c.id)
        return tuple((row.id, row.at) for row in self._rows(query))

    def successor(self, story: str) -> str:
        """Return the story that another went into; "" where it went into none."""
        rows = self._rows(select(aliases.c.story).where(aliases.c.id == story))
        return str(rows[0].story) if rows else ""

    def translations(self, texts: Sequence[str]) -> tuple[Made, ...]:
        """Return what became of the sides that machines were to write of these texts, or under their ids."""
        table = translations.c
        columns = (table.text, table.original, table.language, table.state, table.reason, table.engine, table.model)
        here: ColumnElement[bool] = or_(table.original.in_(texts), table.text.in_(texts))
        rows = self._rows(select(*columns, table.at).where(here).order_by(table.at, table.text))
        return tuple(Made(*row) for row in rows)

    def withdrawn(self, articles: Sequence[str]) -> dict[str, tuple[datetime, str]]:
        """Return which of these articles must not be shown, since when and why."""
        rows = self._rows(select(withdrawals).where(withdrawals.c.article.in_(articles)))
        return {row.article: (row.at, row.reason) for row in rows}

    def missing(self, keys: Sequence[str]) -> dict[str, tuple[datetime, str]]:
        """Return which of these addresses' pages are gone for sure, since when and how they answered."""
        rows = self._rows(select(missing).where(missing.c.key.in_(keys), missing.c.sure.is_not(None)))
        return {row.key: (row.since, row.kind) for row in rows}

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        with reading(self._engine) as connection:
            return connection.execute(query).all()


def _capture(row: Row[Any]) -> Capture:
    return Capture(row.id, row.source, row.asked, row.url, row.status, row.headers, row.digest, row.fetched_at)
