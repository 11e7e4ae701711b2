"""Whether a store is whole: the database by its own checks and by ours, every page by its digest.

Looks and says; mends nothing. Whether feeds/ is as it should be is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from pipeline.errors import ArchiveAway, StoreError
from pipeline.record import dataclass
from pipeline.store import postgresql
from pipeline.store.archive import Archive
from pipeline.store.engine import reading
from pipeline.store.search_tables import cards, shadows
from pipeline.store.tables import (
    absent_pages,
    addresses,
    aliases,
    archive_items,
    archive_pages,
    articles,
    captures,
    edition_parts,
    features,
    labels,
    proofs,
    revisions,
    stories,
    text_items,
    texts,
)

#: Of one kind of finding so many are named, the rest is counted.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    kind: str  #: database | orphan | missing-page | damaged-page | stray-page | feed
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was looked at, and what is wrong with it."""

    findings: tuple[Finding, ...]
    pages: int  #: read and compared with their digests
    absent: int  #: known not to be there: pruned, or no room for them


def inspect(
    engine: Engine, archive: Archive, tell: Callable[[int, int], None] = lambda _done, _all: None
) -> Inspection:
    """Look through a store; tell: how many pages were read, of how many."""
    with reading(engine) as connection:
        findings = [*_database(connection, engine), *_orphans(connection)]
        named = set(connection.scalars(select(captures.c.digest).distinct()))
        absent = set(connection.scalars(select(absent_pages.c.digest)))
    wanted, wrong = sorted(named - absent), dict[str, list[str]](missing=[], damaged=[], stray=[])
    for number, digest in enumerate(wanted, start=1):
        if state := _state(archive, digest):
            wrong[state].append(digest)
        tell(number, len(wanted))
    wrong["stray"] = sorted(one for one in set(archive.digests()) - named - absent if archive.settled(one))
    for kind, digests in wrong.items():
        findings += _told(f"{kind}-page", digests)
    return Inspection(tuple(findings), len(wanted), len(absent & named))


def _state(archive: Archive, digest: str) -> str:
    """Return what is wrong with a page that should be there; "" where nothing is."""
    try:
        archive.read(digest)
    except ArchiveAway:
        raise
    except StoreError:
        return "damaged" if archive.size(digest) else "missing"
    return ""


def _database(connection: Connection, engine: Engine) -> Iterable[Finding]:
    if engine.dialect.name == "postgresql":  # which keeps its foreign keys by itself
        yield from (Finding("database", what) for what in postgresql.faults(connection))
        return
    for row in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Finding("database", str(row[0]))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding("database", f"row {row} of {table} points to a row of {parent} that is not there")


def _orphans(connection: Connection) -> Iterable[Finding]:
    """Yield what points to rows that are not there, in columns that the database does not watch over."""
    for what, query in _POINTERS.items():
        rows = [str(row[0]) for row in connection.execute(query.limit(_NAMED))]
        if rows:
            count = connection.scalar(select(func.count()).select_from(query.subquery()))
            yield Finding("orphan", f"{count} × {what}: {_few(rows, count or 0)}")


def _told(kind: str, digests: list[str]) -> Iterable[Finding]:
    if digests:
        yield Finding(kind, f"{len(digests)}: {_few(digests[:_NAMED], len(digests))}")


def _few(names: list[str], count: int) -> str:
    return ", ".join(names) + (" …" if count > len(names) else "")


def _nowhere(column: Any, target: Any) -> Select[Any]:
    """Return the question for values of a column that the target column does not have."""
    return select(column).where(column.is_not(None), column != "", column.not_in(select(target))).distinct()


_POINTERS: dict[str, Select[Any]] = {
    "article in a text, not there": _nowhere(text_items.c.article, articles.c.id),
    "text of an article, not there": _nowhere(text_items.c.text, texts.c.id),
    "story of a text, not there": _nowhere(texts.c.story, stories.c.id),
    "text without an article": _nowhere(texts.c.id, text_items.c.text),
    "story without a text": _nowhere(stories.c.id, texts.c.story),
    "article of an address, not there": _nowhere(addresses.c.article, articles.c.id).where(
        addresses.c.state.in_(("article", "alias"))
    ),
    "address to be read, without its page": select(addresses.c.key).where(
        addresses.c.state == "fetched", addresses.c.capture.is_(None)
    ),
    "earlier wording of no article": _nowhere(revisions.c.article, articles.c.id),
    "features of no article": _nowhere(features.c.article, articles.c.id),
    "label of no article": _nowhere(labels.c.article, articles.c.id),
    "entry of no archive document": select(archive_items.c.entry).where(
        ~select(archive_pages.c.page)
        .where(archive_pages.c.feed == archive_items.c.feed, archive_pages.c.page == archive_items.c.page)
        .exists()
    ),
    "shadow of no article": _nowhere(shadows.c.article, articles.c.id),
    "card of no article": _nowhere(cards.c.article, articles.c.id),
    "alias that is a story's own id": select(aliases.c.id).where(aliases.c.id == aliases.c.story),
    "frame of an edition, not there": select(edition_parts.c.name)
    .where(edition_parts.c.frame.not_in(select(proofs.c.id)))
    .distinct(),
}
