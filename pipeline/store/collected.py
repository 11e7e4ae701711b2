"""What was collected: listings walked, addresses known, requests made, pages archived.

An address is `new` (to be fetched), `fetched` (archived, not yet read), `article`,
`alias` (leads to another address's article), `refused` (read, no article) or `failed` (given up).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, case, func, literal, select, true, type_coerce

from pipeline import address
from pipeline.errors import ArchiveAway
from pipeline.model import Fetch, FetchedPage, Link, Source, Validators
from pipeline.record import dataclass
from pipeline.store import absent, announced, missing, questions, swift
from pipeline.store.archive import Archive
from pipeline.store.asking import after
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import addresses, captures, holds, listings, robots
from pipeline.store.types import Instant

#: When what was never put off has been waiting since.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """An address to ask now, with what a conditional request needs."""

    url: str
    link: Link
    validators: Validators
    known: bool  #: it was an article already: this asks for corrections


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that is archived and not yet read."""

    capture: int
    page: FetchedPage
    link: Link
    history: bool = False
    held: bool = True  #: the archive holds it; else it is here alone


class Collected:
    """Reads and writes of the collect stage's tables."""

    def __init__(self, engine: Engine, archive: Archive) -> None:
        self._engine = engine
        self._archive = archive

    def validators(self, listing_url: str) -> Validators | None:
        """Return what the last good answer of a listing left; None where it was not read to its end."""
        with reading(self._engine) as connection:
            row = swift.ask(connection, questions.LISTING, {"url": listing_url})
        return Validators(row.etag, row.last_modified, row.digest) if row is not None and row.complete else None

    def unknown(self, urls: Sequence[str]) -> frozenset[str]:
        """Return which of these addresses were never seen."""
        keys = {address.key(url): url for url in urls}
        with reading(self._engine) as connection:
            known = connection.execute(select(addresses.c.key).where(addresses.c.key.in_(keys))).scalars()
            return frozenset(keys.values()) - {keys[key] for key in known}

    def record_walk(
        self, run: str, source: Source, listing_url: str, walked: Sequence[Fetch], links: Iterable[Link],
        *, whole: bool, good: bool, now: datetime, backfill: bool = False, children: Sequence[Fetch] = (),
        index: bool = False,
    ) -> int:  # fmt: skip
        """Keep a walk over a listing as one fact: its requests, its links, and what a conditional request needs.

        whole: it was read to where it ends; good: and showed what was expected; children: the sitemaps
        of an index that were read; index: it names such. Returns how many links were new. Validators and links stand
        in one transaction, or a crash between them would lose links behind a 304.
        """
        with writing(self._engine) as connection:
            record_fetches(connection, run, "listing", walked)
            links = tuple(links)
            _add_visit(connection, source.id, listing_url, walked, len(links), now)
            # Whoever found nothing changed has no links to note.
            first_pass = bool(links) and swift.ask(connection, questions.LISTING, {"url": listing_url}) is None
            history = first_pass or backfill
            new = announced.note(connection, source.id, links, now, history=history)
            for child in children:
                assert child.page is not None
                _save_validators(connection, child.url, source.id, child.page, now, complete=True)
            first = next((fetch for fetch in walked if fetch.page is not None), None)
            if whole and first is not None and first.page is not None:
                page = replace(first.page, headers={}) if index else first.page  # an index is never asked conditionally
                _save_validators(connection, listing_url, source.id, page, now, complete=good)
            elif not whole:
                connection.execute(listings.update().where(listings.c.url == listing_url).values(complete=False))
        return new

    def add(self, source: Source, links: Iterable[Link], now: datetime, *, history: bool) -> int:
        """Note addresses found elsewhere than on a listing; return how many were new."""
        with writing(self._engine) as connection:
            return announced.note(connection, source.id, links, now, history=history)

    def due(self, source: Source, now: datetime) -> tuple[Due, ...]:
        """Return the addresses of a source to ask now: new ones first, in the order of their listing."""
        with reading(self._engine) as connection:
            rows = connection.execute(questions.DUE, {"source": source.id, "now": now}).all()
        return tuple(_due(row) for row in sorted(rows, key=_turn))

    def any_pending(self, source: str, now: datetime) -> bool:
        """Return whether a source has addresses to ask now, or pages not yet read; most have neither."""
        with reading(self._engine) as connection:
            return connection.execute(questions.PENDING, {"source": source, "now": now}).first() is not None

    def coming(self, source: str, now: datetime) -> int:
        """Return how many addresses a source has to ask now, and pages not yet read."""
        with reading(self._engine) as connection:
            return int(connection.scalar(questions.COMING, {"source": source, "now": now}) or 0)

    def next_due(self, source: str) -> datetime | None:
        """Return when the next address of a source waits to be asked; the beginning of time where one does already."""
        table = addresses.c
        waiting = case((table.state == "new", func.coalesce(table.due, literal(LONG_AGO, Instant))), else_=table.due)
        wanted = (table.source == source) & table.state.in_(("new", "article", "refused"))
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(select(func.min(type_coerce(waiting, Instant))).where(wanted))
        return found

    def recheckable(self, source: Source, since: datetime) -> tuple[Due, ...]:
        """Return every article of a source first seen after `since`, to ask for corrections whether due or not."""
        table = addresses.c
        query = select(addresses).where(table.source == source.id, table.state == "article", table.first_seen >= since)
        with reading(self._engine) as connection:
            return tuple(_due(row) for row in sorted(connection.execute(query).all(), key=_turn))

    def archive(self, page: FetchedPage) -> bool:
        """Put a page into the archive, and return whether it is there now: there may be no room."""
        self._archive.keep(page.body, page.digest)
        return self._archive.holds(page.digest)

    def record_fetch(
        self, run: str, source: Source, due: Due, fetch: Fetch, now: datetime, held: bool | None = None
    ) -> Waiting | None:
        """Keep how asking one address ended, and return the page to be read, if a new one came.

        held: what `archive` said of the page, where it was asked already; a page is there before the row says so.
        """
        page = fetch.page if fetch.kind == "ok" else None
        if held is None:  # before the transaction: other writers need not wait for the place that pages lie in
            held = page is not None and self.archive(page)
        with writing(self._engine) as connection:
            record_fetches(connection, run, "article", [fetch])
            digest = page.digest if page is not None else ""
            row = swift.ask(connection, questions.ASKED, {"own": address.key(due.url), "page": digest})
            values = after(row, source, fetch, now) | missing.noted(connection, row, fetch, now)
            if page is not None:
                values["capture"] = _add_capture(connection, page)
                if row.is_absent or not held:
                    absent.note_held(connection, page.digest, now, held=held)
            swift.say(connection, questions.CHANGE_ADDRESS, {"own": row.key, **values})
        if page is None:
            return None
        return Waiting(values["capture"], page, due.link, row.history, held)

    def waiting(self, source: Source) -> tuple[Waiting, ...]:
        """Return the pages of a source that are archived and not yet read, as they came; none where the archive is away."""
        absent.ask_again(self._engine, source.id)  # what was never archived, and lost with the pass that had it
        with reading(self._engine) as connection:
            ordered = sorted(connection.execute(questions.UNREAD, {"source": source.id}), key=lambda row: row.id)
        try:
            return tuple(waiting_of(row, self._archive) for row in ordered)
        except ArchiveAway:
            return ()

    def any_waiting(self, source: str) -> bool:
        """Return whether pages of a source are archived and not yet read."""
        with reading(self._engine) as connection:
            return connection.execute(questions.WAITING, {"source": source}).first() is not None

    def captured(self, digests: Sequence[str]) -> tuple[Row[Any], ...]:
        """Return the last capture of each of these pages, in their order."""
        last = select(func.max(captures.c.id)).where(captures.c.digest.in_(digests)).group_by(captures.c.digest)
        with reading(self._engine) as connection:
            found = {row.digest: row for row in connection.execute(select(captures).where(captures.c.id.in_(last)))}
        return tuple(found[one] for one in digests if one in found)

    def robots(self, since: datetime, of: Sequence[str] | None = None) -> dict[str, tuple[str, int, datetime]]:
        """Return the robots.txt files fetched after `since`, all or `of` origins: origin → text, status, when."""
        wanted = (robots.c.fetched_at > since) & (robots.c.origin.in_(of) if of is not None else true())
        with reading(self._engine) as connection:
            rows = connection.execute(select(robots).where(wanted))
            return {row.origin: (row.text, row.status, row.fetched_at) for row in rows}

    def record_robots(self, run: str, asked: Sequence[Fetch], files: Iterable[tuple[str, str, int, datetime]]) -> None:
        """Keep how asking for robots.txt ended, and the files (origin, text, status, when) for later passes."""
        with writing(self._engine) as connection:
            record_fetches(connection, run, "robots", asked)
            columns = (robots.c.origin, robots.c.text, robots.c.status, robots.c.fetched_at)
            known = {tuple(row) for row in connection.execute(select(*columns))}
            new = [file for file in files if file not in known]  # most were asked for by an earlier pass
            names = ("origin", "text", "status", "fetched_at")
            upsert_all(connection, robots, [dict(zip(names, file, strict=True)) for file in new])

    def holds(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that asked to be left alone until later than now."""
        with reading(self._engine) as connection:
            return {row.host: row.until for row in connection.execute(select(holds).where(holds.c.until > now))}

    def record_holds(self, held: Mapping[str, datetime]) -> None:
        """Keep until when hosts want to be left alone."""
        if not held:
            return
        with writing(self._engine) as connection:
            upsert_all(connection, holds, [{"host": host, "until": until} for host, until in held.items()])

    def counts(self) -> dict[str, int]:
        """Return how many addresses stand in each state."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(addresses.c.state, func.count()).group_by(addresses.c.state)).all()
        return dict(tuple(row) for row in rows)


def waiting_of(row: Row[Any], archive: Archive) -> Waiting:
    """Return the archived page a joined row of `addresses` and `captures` tells of. Raises StoreError like `read`."""
    page = FetchedPage(
        source=row.source, asked=row.asked, url=row.url, status=row.status, headers=row.headers,
        body=archive.read(row.digest), fetched_at=row.fetched_at, digest=row.digest,
    )  # fmt: skip
    return Waiting(row.id, page, Link(**row.link), row.history)


def record_fetches(connection: Connection, run: str, role: str, ended: Sequence[Fetch]) -> None:
    """Add a row for each request."""
    rows = [{"run": run, "role": role} | {name: getattr(fetch, name) for name in _FETCH_COLUMNS} for fetch in ended]
    swift.say(connection, questions.ADD_FETCH, *rows)


def _add_visit(
    connection: Connection, source: str, listing: str, walked: Sequence[Fetch], links: int, now: datetime
) -> None:
    """Note how many links a listing showed, unless it, or a part of it, was merely found unchanged."""
    pages = sum(fetch.kind == "ok" and fetch.page is not None for fetch in walked)
    if pages and not any(fetch.kind in ("not-modified", "same-digest") for fetch in walked):
        row = {"source": source, "listing": listing, "at": now, "pages": pages, "links": links}
        swift.say(connection, questions.ADD_VISIT, row)


_FETCH_COLUMNS = ("source", "url", "kind", "at", "seconds", "size", "detail", "conditional")


def _turn(row: Row[Any]) -> tuple[bool, int, str]:
    """Return where an address stands in the queue: new ones first, in the order of their listing."""
    return (row.state != "new", row.link["place"], row.key)


def _save_validators(
    connection: Connection, url: str, source: str, page: FetchedPage, now: datetime, *, complete: bool
) -> None:
    values = {
        "url": url, "source": source, "etag": page.headers.get("etag", ""),
        "last_modified": page.headers.get("last-modified", ""), "digest": page.digest, "last_ok": now, "complete": complete,
    }  # fmt: skip
    upsert_all(connection, listings, [values])


def _due(row: Row[Any]) -> Due:
    known = row.state != "new"
    validators = Validators(row.etag, row.last_modified, row.digest) if known else Validators()
    return Due(url=row.url, link=Link(**row.link), validators=validators, known=known)


def _add_capture(connection: Connection, page: FetchedPage) -> int:
    row = {
        "source": page.source, "asked": page.asked, "url": page.url, "status": page.status,
        "headers": dict(page.headers), "digest": page.digest, "fetched_at": page.fetched_at,
    }  # fmt: skip
    return swift.add(connection, questions.ADD_CAPTURE, row)
