"""One pass through every stage; the story of the program on one page.

for each source, at the same time (gather.py):
collect   listings → links → pages, each archived before it is read
extract   pages → articles, in child processes that can be killed
language  articles → items, stored
for all of them, once:
pairing   items → stories
publish   stories → feeds/
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline import pairing, publish
from pipeline.gather import gather
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.report import PassReport, SourceReport

#: Items dated this near a new one are paired anew with it; wider than any window of the pairing stage.
WINDOW = timedelta(days=30)
#: So many stories beyond a feed's size are looked at, as some of the newest may be held.
HELD = 50
#: Sources worked on at the same time.
AT_ONCE = 24


async def run(room: Newsroom, sources: Sequence[Source], verb: str = "run") -> PassReport:
    """Take these sources through every stage and publish. Raises StoreError where the store will not serve."""
    began, name = time.monotonic(), uuid.uuid4().hex[:12]
    room.store.ledger.start(name, verb, room.clock.now())
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> SourceReport:
        async with gate:
            return await gather(room, name, source)

    reports = await asyncio.gather(*(one(source) for source in sources))
    files = room.fetcher.robots_files.items()
    room.store.collected.record_robots(
        name, room.fetcher.robots_fetches, [(origin, one.text, one.status, one.fetched_at) for origin, one in files]
    )
    pair(room)
    report = put_out(room, PassReport(run=name, sources=tuple(reports), seconds=time.monotonic() - began))
    room.store.ledger.finish(name, report.exit_code, report.as_json(), room.clock.now())
    return report


def pair(room: Newsroom) -> None:
    """Put the versions of each story together, for what is new and all that is dated near it."""
    items = room.store.articles.window(WINDOW)
    if not items:
        return
    now = room.clock.now()
    paired = pairing.pair(
        items,
        stories=room.store.stories.of_items(items),
        verdicts=room.store.stories.verdicts(),
        sources={source.id: source for source in room.config.sources},
        home=room.config.publisher.home,
        now=now,
    )
    room.store.stories.record(paired.stories, paired.merged, items, now)


def put_out(room: Newsroom, report: PassReport) -> PassReport:
    """Publish what the feeds should now show."""
    stories, now, config = room.store.stories, room.clock.now(), room.config
    present = stories.sources()
    wanted: set[str] = set()
    for channel in publish.channels(config, present):
        limited = sorted(channel.sources) if channel.sources is not None else ()
        wanted.update(stories.newest(channel.size + HELD, language=channel.language or "", sources=limited))
    aliased = stories.aliases(wanted)
    shown = stories.published({*wanted, *aliased})
    edition = publish.publish(stories.load(wanted), config, now, shown, present)
    written = publish.write(room.feeds, edition.documents)
    stories.record_published(
        [
            (feed, entry)
            for feed, entries in edition.entries.items()
            for entry in entries
            if entry not in shown.get(feed, ())
        ],
        now,
    )
    for name, why in written.refused.items():
        room.store.ledger.event("refused", name, why, now)
    articles, kept, pairs = stories.counts()
    return replace(
        report, articles=articles, stories=kept, pairs=pairs,
        written=written.written, unchanged=len(written.unchanged), refused=written.refused,
    )  # fmt: skip
