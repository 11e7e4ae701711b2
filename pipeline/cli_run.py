"""The verbs `run`, `watch` and `worker`: one pass, passes without end, and a part in the passes of others."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from typing import Annotated

import typer

from pipeline import children, collect, cycle, frugal, handover, log, newsroom, permission, schedule, sources, terminal
from pipeline.errors import ConfigError
from pipeline.model import Config, Source
from pipeline.options import AllowOption, DeferOption, FeedsOption, JsonOption, SourceOption, SourcesOption, StoreOption
from pipeline.report import PassReport
from pipeline.settings import Settings, settle
from pipeline.store import open_store


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("run")(run)
    app.command("watch")(watch)
    app.command("worker")(worker)


def run(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, source: SourceOption = None, as_json: JsonOption = False, defer: DeferOption = False,
    recheck: Annotated[bool, typer.Option("--recheck", help="Ask all articles of 30 days for corrections.")] = False,
    backfill: Annotated[int, typer.Option("--backfill", metavar="N", min=0, help="Walk listings N pages deep, once.")] = 0,
) -> None:  # fmt: skip
    """Make one pass: collect what is new, pair it, publish the feeds."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config, chosen, guard = prepare(settings, source or [])
    if not settings.store.exists() and not defer:  # everything is new
        children.warm_up()
    if not source:
        chosen = _unpaused(settings, chosen)
    orders = newsroom.Orders(recheck, backfill)
    if defer and orders != newsroom.Orders():
        raise ConfigError("--recheck and --backfill are for a pass made here; leave out --defer")
    report = asyncio.run(_one_pass(settings, config, chosen, guard, orders, as_json=as_json, defer=defer))
    text = report.summary() if isinstance(report, handover.Handed) else terminal.summary(report)
    print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else text)
    raise typer.Exit(report.exit_code)


def watch(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, defer: DeferOption = False,
) -> None:  # fmt: skip
    """Stay, and run every source at its own pace, until Ctrl-C or SIGTERM."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config, chosen, guard = prepare(settings, [])
    asyncio.run(_watch(settings, config, chosen, guard, defer=defer))


def worker(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None, allow: AllowOption = None,
    queues: Annotated[str, typer.Option("--queues", metavar="NAMES", help="Of fetch, extract, pair, publish.  [default: all]")] = "",
    concurrency: Annotated[int, typer.Option("--concurrency", metavar="N", min=1, max=200, help="Sources worked on at once in each queue, and pages read at once.")] = 2,
) -> None:  # fmt: skip
    """Stay, and do what a `watch --defer` or `run --defer` on the same PostgreSQL leaves to workers."""
    _needs_workers()
    from pipeline import inbox, shift

    chosen = tuple(dict.fromkeys(queues.replace(",", " ").split())) or inbox.QUEUES
    if unknown := [one for one in chosen if one not in inbox.QUEUES]:
        raise ConfigError(f"--queues: {unknown[0]!r} is none; there are {', '.join(inbox.QUEUES)}")
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config, _, guard = prepare(settings, [])
    log.configure(sys.stdout, os.environ)
    frugal.begin()
    asyncio.run(shift.work(settings, config, guard, _Renew(settings), chosen, concurrency))


def prepare(settings: Settings, names: Sequence[str]) -> tuple[Config, tuple[Source, ...], collect.Guard]:
    """Return the configuration, the sources to work on and the guard of addresses.

    Raises ConfigError where a source is unknown or disabled or needs what is not there, an allowance
    cannot be read, or listings lie beyond loopback while nobody could tell who is asking.
    """
    config = sources.load(settings.sources)
    chosen = _choose(config, names)
    collect.ready(chosen, os.environ)
    urls = [listing.url for source in chosen for listing in source.listings]
    return config, chosen, permission.guard(settings, config, urls)


def _unpaused(settings: Settings, chosen: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources that nobody paused, and say which are left out."""
    with closing(open_store(settings.store)) as opened:
        paused = opened.pauses.every()
    for one in (paused[source.id] for source in chosen if source.id in paused):
        print(f"{one.source}: paused by {one.who}; `nevawire sources resume {one.source}` ends it", file=sys.stderr)
    return tuple(source for source in chosen if source.id not in paused)


async def _one_pass(
    settings: Settings, config: Config, chosen: tuple[Source, ...], guard: collect.Guard, orders: newsroom.Orders,
    *, as_json: bool, defer: bool,
) -> PassReport | handover.Handed:  # fmt: skip
    # Under a table that is redrawn, only what is wrong is told; the table tells the rest. So it is beside an answer as JSON.
    shown = as_json or sys.stdout.isatty()
    log.configure(sys.stderr, os.environ, level=logging.WARNING if shown else logging.INFO)
    with terminal.progress([source.id for source in chosen], as_json=as_json) as display:
        async with (
            newsroom.opened(settings, config, guard, display.tell, orders) as room,
            _work(room, settings, defer) as work,
        ):
            return await handover.in_turn(room, chosen, log.warn, work)


async def _watch(
    settings: Settings, config: Config, chosen: tuple[Source, ...], guard: collect.Guard, *, defer: bool
) -> None:
    log.configure(sys.stdout, os.environ)
    frugal.begin()
    async with (
        newsroom.opened(settings, config, guard, terminal.Logged().tell) as room,
        _work(room, settings, defer) as work,
    ):
        await schedule.watch(room, chosen, say=log.say, done=_alarms, renew=_Renew(settings), work=work)


@asynccontextmanager
async def _work(room: newsroom.Newsroom, settings: Settings, defer: bool) -> AsyncIterator[cycle.Work]:
    """Who makes the passes: this process, or workers."""
    if not defer:
        yield cycle
        return
    _needs_workers()
    from pipeline import dispatch

    async with dispatch.opened(room.store, settings.sources) as found:
        yield found


def _needs_workers() -> None:
    if importlib.util.find_spec("procrastinate") is None:
        raise ConfigError("workers need a further package: pip install 'nevawire[workers]'")


def _alarms(report: PassReport) -> None:
    for line in report.alarms:
        log.warn(line, run=report.run)


class _Renew:
    """Reads the sources file anew for a running watch."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.sources
        self._settings = settings

    def __call__(self) -> tuple[Config, tuple[Source, ...], collect.Guard]:
        return prepare(self._settings, [])


def _choose(config: Config, names: Sequence[str]) -> tuple[Source, ...]:
    by_id = {source.id: source for source in config.sources}
    if unknown := [name for name in names if name not in by_id]:
        raise ConfigError(f"--source {unknown[0]}: no such source; known are {', '.join(sorted(by_id))}")
    if off := [name for name in names if not by_id[name].enabled]:
        raise ConfigError(
            f"--source {off[0]}: disabled in the sources file ({by_id[off[0]].reason or 'no reason given'})"
        )
    chosen = tuple(by_id[name] for name in dict.fromkeys(names)) or tuple(one for one in config.sources if one.enabled)
    if not chosen:
        raise ConfigError("no source is enabled; set `enabled: true` on one in the sources file")
    return chosen
