"""One source's part of a pass: listings → links → pages → articles, stored as they come.

Every step begins by asking the store what is left to do, so a pass that was killed
anywhere is finished by the next one. What one source does wrong stays its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from pipeline import address, backoff, collect
from pipeline.children import ChildLost
from pipeline.errors import ListingError, SourceError
from pipeline.model import GONE, Fetch, FetchedPage, Listing, Source
from pipeline.newsroom import Newsroom
from pipeline.reading import Readings, finish, read_on
from pipeline.report import Problem, SourceReport
from pipeline.store import Due, Waiting

#: Failures of what a listing shows, not of asking for it: it was read to its end all the same.
OF_CONTENT = frozenset({"shrink", "drift"})
#: Failures after which nothing else of the same site would answer either.
SITE_DOWN = frozenset({"dns", "tls", "refused", "reset", "timeout", "blocked-address", "proxy"})
#: How far back `run --recheck` goes.
RECHECK = timedelta(days=30)
#: A version leads to another's version at most so often: it ends, whatever the pages declare.
ROUNDS = 3


async def gather(room: Newsroom, run: str, source: Source) -> SourceReport:
    """Collect and read what one source has that is new; its failures stay its own."""
    report = SourceReport(source.id)
    try:
        report = await follow_listings(room, run, source, report)
        report = await read_pages(room, run, source, report)
    except SourceError as error:
        report = broken_off(report, error)
    room.store.collected.record_holds(room.fetcher.hosts.held)
    if room.stopping():  # cut short: its turn does not count, so the next watch begins with it
        room.tell(report, "done")
        return report
    return concluded(room, source, report)


def broken_off(report: SourceReport, error: SourceError) -> SourceReport:
    """Return the report of a source that an error of its own put an end to."""
    failure = Problem(getattr(error, "kind", "error"), getattr(error, "url", ""), str(error))
    return replace(report, failure=failure)


def concluded(room: Newsroom, source: Source, report: SourceReport) -> SourceReport:
    """Judge what one source's part of a pass came to, and note it."""
    if report.failure is None or report.failure.of_listing:
        report = let_go(room, source, report.judged())
    failure, trouble = None, 0.0
    if report.failure:
        failure = (report.failure.kind, f"{report.failure.url} {report.failure.detail}".strip())
        trouble = backoff.weight(report.failure.kind)
    room.store.ledger.record_pass(source.id, new=report.new, failure=failure, now=room.clock.now(), trouble=trouble)
    room.tell(report, "failed" if failure else "done")
    return report


async def follow_listings(room: Newsroom, run: str, source: Source, report: SourceReport) -> SourceReport:
    """Walk a source's listings and note the addresses they announce."""
    for listing in source.listings:
        if room.stopping():
            break
        room.tell(report, "listing")
        walk = await walk_listing(room, source, listing)
        kind = walk.failure[0] if walk.failure else ""
        new = room.store.collected.record_walk(
            run, source, listing.url, walk.fetches, walk.links,
            whole=kind in OF_CONTENT or not kind, good=not kind, now=room.clock.now(), backfill=room.orders.backfill > 0,
            children=walk.children, index=walk.index,
        )  # fmt: skip
        if walk.group:
            remember_group(room, source, listing, walk.group)
        report = replace(
            report, listed=report.listed + len(walk.links), announced=report.announced + new,
            unchanged=report.unchanged + walk.unchanged,
        )  # fmt: skip
        if walk.failure:
            report = report.with_failure(Problem(kind, listing.url, walk.failure[1]))
    return report


async def walk_listing(room: Newsroom, source: Source, listing: Listing) -> collect.Walk:
    """Walk one listing, reading its pages in a child."""
    validators = room.store.collected.validators(listing.url)
    if room.orders.backfill:
        listing, validators = replace(listing, pages=max(listing.pages, room.orders.backfill)), None

    def known(url: str) -> bool:
        # A listing not yet walked to its end is walked as if nothing on it were known: what
        # stands behind the page that failed would never be reached otherwise.
        return validators is not None and not room.store.collected.unknown([url])

    async def read(page: FetchedPage, listing: Listing) -> collect.Reading:
        profile = room.store.articles.profile(source.id)  # most listings are as they were, and nobody asks for it
        try:
            return await room.children.run(collect.read_page, page, listing, profile)
        except ChildLost as lost:
            raise ListingError(lost.kind, page.url, lost.detail) from lost

    return await collect.walk(
        source, listing, fetcher=room.fetcher, validators=validators, known=known, read=read,
        remembered=room.store.collected.validators,
    )  # fmt: skip


def remember_group(room: Newsroom, source: Source, listing: Listing, group: str) -> None:
    """Keep which of a listing's links were its articles, so that the next visit looks in the same place."""
    profile = room.store.articles.profile(source.id)
    if profile.link_groups.get(listing.url) != group:
        room.store.articles.save_profile(replace(profile, link_groups={**profile.link_groups, listing.url: group}))


async def read_pages(room: Newsroom, run: str, source: Source, report: SourceReport) -> SourceReport:
    """Fetch the addresses that are due, and read every archived page not yet read."""
    if not (room.orders.recheck or room.store.collected.any_pending(source.id, room.clock.now())):
        return report
    batch = Readings()
    report = await read_waiting(room, run, source, batch, report)
    return await _ask(room, run, source, batch, report, set(), lambda _page: True)


async def fetch_pages(room: Newsroom, run: str, source: Source, report: SourceReport, seen: set[str]) -> SourceReport:
    """Fetch the addresses that are due, to be read later, maybe by another worker.

    A page the archive could not take is at hand here alone: it is read at once, or it would be fetched at each turn.
    """
    return await _ask(room, run, source, Readings(), report, seen, lambda page: not page.held)


async def _ask(
    room: Newsroom, run: str, source: Source, batch: Readings, report: SourceReport, seen: set[str],
    here: Callable[[Waiting], bool],
) -> SourceReport:  # fmt: skip
    """Fetch the addresses that are due and those they lead to; read the pages that are to be read here."""
    for _ in range(ROUNDS):
        asked = len(seen)
        report = await _fetch_due(room, run, source, batch, report, seen, here)
        if len(seen) == asked and not batch.readings:
            break  # nobody can have announced anything since
        report = await finish(room, source, batch, report, run)
    return report


async def _fetch_due(
    room: Newsroom, run: str, source: Source, batch: Readings, report: SourceReport, seen: set[str],
    here: Callable[[Waiting], bool],
) -> SourceReport:  # fmt: skip
    """Fetch the addresses that are due now, one after the other; while an answer is kept, the next one is asked for.

    What an answer says of its host is known before that. Two pages at most are on their way into the store: one is
    archived while the one before it is noted, as they are in the order they were asked for.
    """
    keeping: asyncio.Task[SourceReport] | None = None
    archiving: asyncio.Task[bool | None] | None = None
    try:
        for due in to_ask(room, source, seen, report):
            room.tell(report, "fetching")
            fetch = await room.fetcher.fetch(due.url, source=source, validators=due.validators, role="article")
            archiving = asyncio.create_task(_archived(room, fetch))
            report = await keeping if keeping else report
            keeping = asyncio.create_task(_keep(room, run, source, batch, due, fetch, archiving, report, here))
        return await keeping if keeping else report
    finally:
        left = [task for task in (archiving, keeping) if task]
        for task in left:  # what was broken off is asked for again by the next pass
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _archived(room: Newsroom, fetch: Fetch) -> bool | None:
    """Archive the page that came, and return whether it is there now; None where none came."""
    if fetch.page is None or fetch.kind != "ok":
        return None
    # Beside the loop: a disk that takes its time must not make the other requests late.
    return await asyncio.to_thread(room.store.collected.archive, fetch.page)


async def _keep(
    room: Newsroom, run: str, source: Source, batch: Readings, due: Due, fetch: Fetch, archiving: Awaitable[bool | None],
    report: SourceReport, here: Callable[[Waiting], bool],
) -> SourceReport:  # fmt: skip
    """Keep an answer, and begin to read the page that came with it where it is to be read here."""
    waiting, report = keep_answer(room, run, source, due, fetch, await archiving, report)
    if waiting is not None and here(waiting):
        report = await read_on(room, source, batch, waiting, report, run)
    return report


async def read_waiting(
    room: Newsroom, run: str, source: Source, batch: Readings, report: SourceReport
) -> SourceReport:  # fmt: skip
    """Begin to read every page that is archived and not yet read, in the order they came."""
    for waiting in room.store.collected.waiting(source):
        if room.stopping():
            break
        report = await read_on(room, source, batch, waiting, report, run)
    return report


def let_go(room: Newsroom, source: Source, report: SourceReport) -> SourceReport:
    """Withdraw the articles whose pages are gone, where the source's rules say so; otherwise they stay, marked."""
    lost = room.store.missing.shown(source.id) if source.on_gone == "withdraw" else ()
    for one in lost:
        why = f"its page is gone since {one.since:%Y-%m-%d} ({one.kind})"
        room.store.removals.withdraw([one.article], why, room.clock.now())
        report = report.with_problem("gone", one.url, "withdrawn")
    return report


def to_ask(room: Newsroom, source: Source, seen: set[str], report: SourceReport) -> Iterator[Due]:
    """Yield the addresses due now that this pass has not asked yet; none of a site that is down or wants quiet.

    It ends where the room is closing: the page in hand is the last.
    """
    now = room.clock.now()
    down = {address.origin(one.url) for one in report.problems if one.of_listing and one.kind in SITE_DOWN}
    due = room.store.collected.due(source, now)
    if room.orders.recheck:
        due += room.store.collected.recheckable(source, now - RECHECK)
    for one in due:
        if room.stopping():
            return
        if one.url in seen or address.origin(one.url) in down or room.fetcher.hosts.is_held(one.url):
            continue
        seen.add(one.url)
        yield one


def keep_answer(
    room: Newsroom, run: str, source: Source, due: Due, fetch: Fetch, held: bool | None, report: SourceReport
) -> tuple[Waiting | None, SourceReport]:
    """Note what one address answered, whose page is held by the archive; return it to be read, if a new one came."""
    waiting = room.store.collected.record_fetch(run, source, due, fetch, room.clock.now(), held)
    if due.link.by == "version" and not fetch.good:
        return None, report  # a guess; it is remembered, and is nobody's failure
    report = replace(report, asked=report.asked + 1)
    if waiting is not None:
        return waiting, replace(report, fetched=report.fetched + 1)
    if fetch.good or (due.known and fetch.kind in GONE):  # that a page was taken down is an answer, too
        return None, report
    return None, replace(report, failed=report.failed + 1).with_problem(fetch.kind, due.url, fetch.detail)


def keep_robots(room: Newsroom, run: str) -> None:
    """Keep how asking for robots.txt ended since the last time, and what came of it."""
    asked = room.fetcher.take_robots_fetches()
    if asked:
        origins = {address.origin(one.url) for one in asked}
        files = [(origin, one) for origin, one in room.fetcher.robots_files.items() if origin in origins]
        room.store.collected.record_robots(
            run, asked, [(origin, one.text, one.status, one.fetched_at) for origin, one in files]
        )
