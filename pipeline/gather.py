"""One source's part of a pass: listings → links → pages → articles, stored as they come.

Every step begins by asking the store what is left to do, so a pass that was killed
anywhere is finished by the next one. What one source does wrong stays its own.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pipeline import address, collect, extract, language
from pipeline.children import ChildLost
from pipeline.errors import ListingError, SourceError
from pipeline.model import Article, FetchedPage, Listing, Refusal, Source
from pipeline.newsroom import Newsroom
from pipeline.report import Problem, SourceReport
from pipeline.store import Outcome, Waiting

#: Pages read together, so that what a source repeats is seen as such.
BATCH = 200
#: Pages on their way through the children at once: bodies are large.
IN_HAND = 8

Reading = tuple[Waiting, "asyncio.Future[extract.PageReading]"]


async def gather(room: Newsroom, run: str, source: Source) -> SourceReport:
    """Collect and read what one source has that is new; its failures stay its own."""
    report = SourceReport(source.id)
    try:
        report = await follow_listings(room, run, source, report)
        report = await read_pages(room, run, source, report)
    except SourceError as error:
        report = replace(
            report, failure=Problem(getattr(error, "kind", "error"), getattr(error, "url", ""), str(error))
        )
    failure = (report.failure.kind, f"{report.failure.url} {report.failure.detail}".strip()) if report.failure else None
    room.store.ledger.record_pass(source.id, new=report.new, failure=failure, now=room.clock.now())
    room.tell(report, "failed" if failure else "done")
    return report


async def follow_listings(room: Newsroom, run: str, source: Source, report: SourceReport) -> SourceReport:
    """Walk a source's listings and note the addresses they announce."""
    for listing in source.listings:
        room.tell(report, "listing")
        walk = await walk_listing(room, source, listing)
        good = walk.failure is None
        room.store.collected.record_walk(
            run, source, listing.url, walk.fetches, walk.links, good=good, now=room.clock.now()
        )
        if walk.group:
            profile = room.store.articles.profile(source.id)
            groups = dict(profile.link_groups) | {listing.url: walk.group}
            room.store.articles.save_profile(replace(profile, link_groups=groups))
        report = replace(report, listed=report.listed + len(walk.links), unchanged=report.unchanged + walk.unchanged)
        if walk.failure:
            problem = Problem(walk.failure[0], listing.url, walk.failure[1])
            report = replace(report, failure=report.failure or problem, problems=(*report.problems, problem))
    return report


async def walk_listing(room: Newsroom, source: Source, listing: Listing) -> collect.Walk:
    """Walk one listing, reading its pages in a child."""
    profile = room.store.articles.profile(source.id)
    validators = room.store.collected.validators(listing.url)

    def known(url: str) -> bool:
        # A listing not yet walked to its end is walked as if nothing on it were known: what
        # stands behind the page that failed would never be reached otherwise.
        return validators is not None and not room.store.collected.unknown([url])

    async def read(page: FetchedPage, listing: Listing) -> collect.Reading:
        try:
            return await room.children.run(collect.read_page, page, listing, profile)
        except ChildLost as lost:
            raise ListingError(lost.kind, page.url, lost.detail) from lost

    return await collect.walk(
        source, listing,
        fetcher=room.fetcher,
        validators=validators,
        known=known,
        read=read,
    )  # fmt: skip


async def read_pages(room: Newsroom, run: str, source: Source, report: SourceReport) -> SourceReport:
    """Fetch the addresses that are due, and read every archived page not yet read."""
    batch: list[Reading] = []
    for waiting in room.store.collected.waiting(source):
        report = await read_on(room, source, batch, waiting, report)
    asked = answered = 0
    for due in room.store.collected.due(source, room.clock.now()):
        room.tell(report, "fetching")
        fetch = await room.fetcher.fetch(due.url, source=source, validators=due.validators, role="article")
        waiting_now = room.store.collected.record_fetch(run, source, due, fetch, room.clock.now())
        asked, answered = asked + 1, answered + fetch.good
        if waiting_now is not None:
            report = replace(report, fetched=report.fetched + 1)
            report = await read_on(room, source, batch, waiting_now, report)
        elif not fetch.good:
            report = replace(report, failed=report.failed + 1).with_problem(fetch.kind, due.url, fetch.detail)
    report = await finish(room, source, batch, report)
    if asked and not answered and report.failure is None:
        report = replace(report, failure=report.problems[-1])
    return report


async def read_on(
    room: Newsroom, source: Source, batch: list[Reading], waiting: Waiting, report: SourceReport
) -> SourceReport:
    """Start reading one more page; wait where enough are in hand, and finish the batch when it is full."""
    batch.append((waiting, asyncio.ensure_future(read_page(room, source, waiting))))
    open_tasks = [task for _, task in batch if not task.done()]
    if len(open_tasks) >= IN_HAND:
        await asyncio.wait(open_tasks, return_when=asyncio.FIRST_COMPLETED)
    return await finish(room, source, batch, report) if len(batch) >= BATCH else report


async def read_page(room: Newsroom, source: Source, waiting: Waiting) -> extract.PageReading:
    """Read one page in a child; whatever a page does to its reader, it does to itself alone."""
    try:
        return await room.children.run(extract.read, waiting.page, source, waiting.link)
    except ChildLost as lost:
        refusal = Refusal(waiting.page.url, lost.kind, lost.detail)
        return extract.PageReading(article=None, refusal=refusal, lines=(), suffix="")


async def finish(room: Newsroom, source: Source, batch: list[Reading], report: SourceReport) -> SourceReport:
    """Compare the pages of a batch with each other, tell their language, and keep what they became."""
    if not batch:
        return report
    room.tell(report, "extracting")
    readings = {address.key(waiting.page.url): await task for waiting, task in batch}
    results, profile = extract.finish(tuple(readings.values()), room.store.articles.profile(source.id), source)
    became = dict(zip(readings, results, strict=True))
    outcomes = [outcome(waiting, became[address.key(waiting.page.url)]) for waiting, _ in batch]
    # Two addresses may lead to one page: it is one article, under the address reached.
    first = {address.key(one.waiting.page.url): one for one in reversed(outcomes)}
    leading = [one for one in outcomes if first[address.key(one.waiting.page.url)] is one]
    also = [one for one in outcomes if first[address.key(one.waiting.page.url)] is not one]
    recorded = room.store.articles.record(source, leading, also, profile, room.clock.now())
    for one in leading:
        if isinstance(one.result, Refusal):
            report = report.with_problem(one.result.kind, one.result.url, one.result.detail)
    batch.clear()
    return replace(
        report, new=report.new + recorded.new, changed=report.changed + recorded.changed,
        refused=report.refused + recorded.refused,
    )  # fmt: skip


def outcome(waiting: Waiting, result: Article | Refusal) -> Outcome:
    """Join what a page became with its language."""
    return Outcome(waiting, result, language.identify(result) if isinstance(result, Article) else None)
