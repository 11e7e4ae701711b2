"""What is done for all sources at once, after all that was new is read: pair, translate, publish, let it be searched, tell.

What only this needs is a sixth of what a pass imports; so it is apart from collecting (cycle.py), which begins sooner without.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from pipeline import forewords, frugal, mailroom, newsstand, pairs
from pipeline.errors import ConfigError, TranslateError
from pipeline.newsroom import Newsroom
from pipeline.report import PassReport, timed

Given = ParamSpec("Given")
Made = TypeVar("Made")


async def put_together(room: Newsroom, press: Executor | None, stages: dict[str, float]) -> None:
    """Pair what is new, and let machines write what is missing, where that is switched on; note how long it took."""
    with timed(stages, "pair"):
        await _beside(press, pair, room)
    if room.config.translation.on:
        with timed(stages, "translate"):
            await translate(room)
            if room.config.pairing.translated_titles:  # what titles in translation say of what is still open
                await _beside(press, pair, room)


async def bring_out(
    room: Newsroom, press: Executor | None, report: PassReport, stages: dict[str, float],
    words: Awaitable[forewords.Words] | None = None,
) -> PassReport:  # fmt: skip
    """Publish, and let what changed be searched; note how long it took. words: what is made for that beside it."""
    with timed(stages, "publish"):
        report = await _beside(press, put_out, room, report)
    with timed(stages, "index"):
        await _beside(press, room.store.search.catch_up, await words if words else {})
    if press:
        await _beside(press, frugal.give_back)
    return report


async def _beside(
    press: Executor | None, work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
) -> Made:
    """Do work on the press; here, where nobody else's answers would run out of time meanwhile."""
    if press is None:
        return work(*args, **kwargs)
    inside = contextvars.copy_context()  # with the run's id for the log
    return await asyncio.get_running_loop().run_in_executor(press, partial(inside.run, work, *args, **kwargs))


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
