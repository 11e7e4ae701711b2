"""One pass through every stage; the story of the program on one page.

- for each source, at the same time (gather.py):
    - collect: listings → links → pages, each archived before it is read
    - extract: pages → articles, in child processes that can be killed
    - language: articles → items, stored
- for all of them, once (closing.py):
    - pairing: items → stories
    - translate: a story's missing side, made by machine, where that is switched on
    - publish: stories → feeds/ (newsstand.py)
    - index: what changed can be searched (store/cards.py)
    - alarm: how the pass went → what the operator is told (lookout.py)
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Protocol

from pipeline import forewords, frugal, log
from pipeline.gather import gather, keep_robots
from pipeline.lookout import look_over
from pipeline.model import Source
from pipeline.newsroom import AT_ONCE, Newsroom
from pipeline.report import PassReport, SourceReport, timed

#: Turns of the loop that each of the first sources leaves to those before it, so that children have pages to read while
#: the others' listings are still asked for. Where the network is slower than the loop they take no time.
_HEAD_START = 2
#: What the end of a pass needs, in parts that take some hundredths of a second each: children have pages in hand for so long.
_NEEDED = (
    "numpy", "pipeline.pairing.neighbours", "pipeline.pairing.stories", "pipeline.store.search", "pipeline.publish",
    "pipeline.closing",
)  # fmt: skip
#: Between two of them, seconds.
_BETWEEN = 0.1
PARTING = "the pages in hand are finished and published first"


class Work(Protocol):
    """Who makes passes and digests: this module in its own process, `dispatch` by workers."""

    PARTING: str  #: what becomes of passes under way when who asked for them is told to stop

    async def run(self, room: Newsroom, sources: Sequence[Source], verb: str = "run") -> PassReport:
        """Take these sources through every stage and publish; return how that went."""

    async def send_digests(self, room: Newsroom) -> Sequence[str]:
        """Make the digests that are due; return the names of those known to be made."""


async def run(room: Newsroom, sources: Sequence[Source], verb: str = "run") -> PassReport:
    """Take these sources through every stage and publish. Raises StoreError where the store will not serve."""
    name = uuid.uuid4().hex[:12]
    with log.run(name):
        report = await _pass(room, sources, verb, name)
        facts = {"new": sum(one.new for one in report.sources), "written": len(report.written)}
        (log.warn if report.exit_code else log.say)("pass ended", exit_code=report.exit_code, **facts)
    return report


async def _pass(room: Newsroom, sources: Sequence[Source], verb: str, name: str) -> PassReport:
    began, start = time.monotonic(), room.clock.now()
    stages: dict[str, float] = {}
    cpu = {"start": time.process_time()} if verb == "run" else {}  # what stays works on more than one pass
    room.store.ledger.start(name, verb, start)

    async def one(place: int, source: Source) -> SourceReport:
        async with room.gate:
            for _ in range(_HEAD_START * place if place < AT_ONCE else 0):
                await asyncio.sleep(0)
            return await gather(room, name, source)

    ahead = asyncio.create_task(_read_ahead(room))
    try:
        with timed(stages, "collect"), timed(cpu, "collect", time.process_time):
            reports = await asyncio.gather(*(one(place, source) for place, source in enumerate(sources)))
    finally:
        ahead.cancel()
        await room.fetcher.rest()
    from pipeline import closing

    keep_robots(room, name)
    words = await forewords.begin(room) if verb == "run" else None
    if room.last:
        frugal.end_soon()
    press = room.press if verb == "watch" else None
    with timed(cpu, "pair", time.process_time):
        await closing.put_together(room, press, stages)
    with timed(cpu, "publish", time.process_time):
        report = await closing.bring_out(room, press, PassReport(run=name, sources=tuple(reports)), stages, words)
    report = replace(report, seconds=time.monotonic() - began, stages=stages, cpu=cpu)
    await closing.tell_hub(room, report, start)
    return await conclude(room, report, sources, start)


async def conclude(room: Newsroom, report: PassReport, sources: Sequence[Source], start: datetime) -> PassReport:
    """Look over how a pass went, tell what is to be told, and note its end."""
    report = await look_over(room, report, sources, start)
    room.store.ledger.finish(report.run, report.exit_code, report.as_json(), room.clock.now())
    return report


async def send_digests(room: Newsroom) -> Sequence[str]:
    """Make the digests that are due, and show them in the feed of digests; return the names of their files."""
    from pipeline import closing

    return await closing.send_digests(room)


async def _read_ahead(room: Newsroom) -> None:
    """Import what the end of a pass needs while children read, and the loop has moments with nothing to do.

    Not while they start: that is done in a thread, which would wait for its turn again and again.
    """
    await room.children.begun.wait()
    for part in _NEEDED:
        if part not in sys.modules:  # of what is there nothing more is made to stay
            with frugal.staying():
                import_module(part)
        await asyncio.sleep(_BETWEEN)
    import_module("pipeline.pairing").shipped_lexicon()  # which takes as long to be read as a part
