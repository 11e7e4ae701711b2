"""One pass through every stage; the story of the program on one page.

- for each source, at the same time (gather.py):
    - collect: listings → links → pages, each archived before it is read
    - extract: pages → articles, in child processes that can be killed
    - language: articles → items, stored
- for all of them, once:
    - pairing: items → stories
    - translate: a story's missing side, made by machine, where that is switched on
    - publish: stories → feeds/ (newsstand.py)
    - index: what changed can be searched (store/cards.py)
    - alarm: how the pass went → what the operator is told (lookout.py)
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from pipeline import forewords, frugal, log, mailroom, newsstand, pairs
from pipeline.errors import ConfigError, TranslateError
from pipeline.gather import gather, keep_robots
from pipeline.lookout import look_over
from pipeline.model import Source
from pipeline.newsroom import AT_ONCE, Newsroom
from pipeline.report import PassReport, SourceReport

Given = ParamSpec("Given")
Made = TypeVar("Made")
#: Turns of the loop that each of the first sources leaves to those before it, so that children have pages to read while
#: the others' listings are still asked for. Where the network is slower than the loop they take no time.
_HEAD_START = 2
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

    with _timed(stages, "collect"), _timed(cpu, "collect", time.process_time):
        reports = await asyncio.gather(*(one(place, source) for place, source in enumerate(sources)))
    keep_robots(room, name)
    words = await forewords.begin(room) if verb == "run" else None
    press = room.press if verb == "watch" else None
    with _timed(cpu, "pair", time.process_time):
        await put_together(room, press, stages)
    with _timed(cpu, "publish", time.process_time):
        report = await bring_out(room, press, PassReport(run=name, sources=tuple(reports)), stages, words)
    report = replace(report, seconds=time.monotonic() - began, stages=stages, cpu=cpu)
    await tell_hub(room, report, start)
    return await conclude(room, report, sources, start)


async def put_together(room: Newsroom, press: Executor | None, stages: dict[str, float]) -> None:
    """Pair what is new, and let machines write what is missing, where that is switched on; note how long it took."""
    with _timed(stages, "pair"):
        await _beside(press, pair, room)
    if room.config.translation.on:
        with _timed(stages, "translate"):
            await translate(room)
            if room.config.pairing.translated_titles:  # what titles in translation say of what is still open
                await _beside(press, pair, room)


async def bring_out(
    room: Newsroom, press: Executor | None, report: PassReport, stages: dict[str, float],
    words: Awaitable[forewords.Words] | None = None,
) -> PassReport:  # fmt: skip
    """Publish, and let what changed be searched; note how long it took. words: what is made for that beside it."""
    with _timed(stages, "publish"):
        report = await _beside(press, put_out, room, report)
    with _timed(stages, "index"):
        await _beside(press, room.store.search.catch_up, await words if words else {})
    if press:
        await _beside(press, frugal.give_back)
    return report


async def conclude(room: Newsroom, report: PassReport, sources: Sequence[Source], start: datetime) -> PassReport:
    """Look over how a pass went, tell what is to be told, and note its end."""
    report = await look_over(room, report, sources, start)
    room.store.ledger.finish(report.run, report.exit_code, report.as_json(), room.clock.now())
    return report


async def _beside(
    press: Executor | None, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
) -> Made:
    """Do work on the press; here, where nobody else's answers would run out of time meanwhile."""
    if press is None:
        return work(*args, **kwargs)
    inside = contextvars.copy_context()  # with the run's id for the log
    return await asyncio.get_running_loop().run_in_executor(press, partial(inside.run, work, *args, **kwargs))


@contextmanager
def _timed(stages: dict[str, float], stage: str, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Note how long a stage took, by whatever clock."""
    since = clock()
    yield
    stages[stage] = clock() - since


def pair(room: Newsroom) -> None:
    """Put the versions of each story together, for what is new and all that it may belong to."""
    pairs.pair_up(room.store, room.config, room.clock.now())


async def translate(room: Newsroom) -> None:
    """Fill missing sides of stories by machine; that it could not be done is noted, and stories go out as they are."""
    from pipeline import translators  # only where it is switched on

    now = room.clock.now()
    try:
        engines = translators.engines_of(room.config, os.environ)
        desk = translators.Room(room.config, room.store, engines, room.clock.now)
        report = await asyncio.to_thread(translators.run, desk)
    except (ConfigError, TranslateError) as error:
        room.store.ledger.event("translate", "", str(error), now)
        return
    for engine in engines:
        engine.close()
    for name, why in sorted(report.off.items()):
        room.store.ledger.event("translate", "", f"{name}: {why}", now)


def put_out(room: Newsroom, report: PassReport) -> PassReport:
    """Publish what the feeds should now show."""
    desk = newsstand.Desk(room.config, room.store, room.feeds, room.clock.now(), room.secret)
    written = newsstand.put_out(desk)
    mailroom.reissue(desk)
    for name, why in written.refused.items():
        room.store.ledger.event("refused", name, why, desk.now)
    articles, kept, pairs = room.store.stories.counts()
    return replace(
        report, articles=articles, stories=kept, pairs=pairs,
        written=written.written, unchanged=len(written.unchanged), refused=written.refused,
    )  # fmt: skip


async def send_digests(room: Newsroom) -> Sequence[str]:
    """Make the digests that are due, and show them in the feed of digests; return the names of their files."""
    desk = newsstand.Desk(room.config, room.store, room.feeds, room.clock.now(), room.secret)
    made, shown = await _beside(room.press, _digests, desk)
    if made:
        why = await mailroom.tell_hub(room.config, room.notifier.guard, shown)
        if why:
            room.store.ledger.event("hub", "", why, desk.now)
    return made


def _digests(desk: newsstand.Desk) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names of the digests that were made, and of all documents that were written for it."""
    made = mailroom.scheduled(desk).written
    return made, newsstand.put_out(desk).written if made else ()


async def tell_hub(room: Newsroom, report: PassReport, start: datetime) -> None:
    """Tell a WebSub hub which feeds changed, if the pass brought news; that it failed is noted and harms nothing."""
    if mailroom.has_news(room.store, start):
        why = await mailroom.tell_hub(room.config, room.notifier.guard, report.written)
        if why:
            room.store.ledger.event("hub", "", why, room.clock.now())
