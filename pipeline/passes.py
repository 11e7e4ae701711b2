"""What `run`, `watch` and `worker` do once they know where things are: read sources.yaml, open the installation, work.

The verbs and their options stand in cli_run.py, which does not import this before it must.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from pipeline import collect, cycle, frugal, handover, log, newsroom, permission, sources, terminal
from pipeline.errors import ConfigError
from pipeline.model import Config, Source
from pipeline.report import PassReport
from pipeline.settings import Settings
from pipeline.store import Store


def once(settings: Settings, names: Sequence[str], orders: newsroom.Orders, *, as_json: bool, defer: bool) -> int:
    """Make one pass over the sources of these names, all where none is given; tell how it went, return the exit code."""
    config, chosen, guard = prepare(settings, names)
    if defer and orders != newsroom.Orders():
        raise ConfigError("--recheck and --backfill are for a pass made here; leave out --defer")
    report = asyncio.run(
        _one_pass(settings, config, chosen, guard, orders, named=bool(names), as_json=as_json, defer=defer)
    )
    text = report.summary() if isinstance(report, handover.Handed) else terminal.summary(report)
    print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else text)
    return report.exit_code


def stay(settings: Settings, *, defer: bool) -> None:
    """Make passes without end."""
    config, chosen, guard = prepare(settings, [])
    asyncio.run(_watch(settings, config, chosen, guard, defer=defer))


def help_out(settings: Settings, queues: str, concurrency: int) -> None:
    """Do what others leave to workers, without end. queues: names, "" for all."""
    _needs_workers()
    from pipeline import inbox, shift

    chosen = tuple(dict.fromkeys(queues.replace(",", " ").split())) or inbox.QUEUES
    if unknown := [one for one in chosen if one not in inbox.QUEUES]:
        raise ConfigError(f"--queues: {unknown[0]!r} is none; there are {', '.join(inbox.QUEUES)}")
    config, _, guard = prepare(settings, [])
    log.configure(sys.stdout, os.environ)
    frugal.begin()
    asyncio.run(shift.work(settings, config, guard, Renew(settings), chosen, concurrency))


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


def _unpaused(store: Store, chosen: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources that nobody paused, and say which are left out."""
    paused = store.pauses.every()
    for one in (paused[source.id] for source in chosen if source.id in paused):
        print(f"{one.source}: paused by {one.who}; `nevawire sources resume {one.source}` ends it", file=sys.stderr)
    return tuple(source for source in chosen if source.id not in paused)


async def _one_pass(
    settings: Settings, config: Config, chosen: tuple[Source, ...], guard: collect.Guard, orders: newsroom.Orders,
    *, named: bool, as_json: bool, defer: bool,
) -> PassReport | handover.Handed:  # fmt: skip
    """named: the sources were chosen by name, paused or not."""
    # Under a table that is redrawn, only what is wrong is told; the table tells the rest. So it is beside an answer as JSON.
    shown = as_json or sys.stdout.isatty()
    log.configure(sys.stderr, os.environ, level=logging.WARNING if shown else logging.INFO)
    async with newsroom.opened(settings, config, guard, orders=orders) as room, _work(room, settings, defer) as work:
        chosen = chosen if named else _unpaused(room.store, chosen)
        with terminal.progress([source.id for source in chosen], as_json=as_json) as display:
            return await handover.in_turn(replace(room, tell=display.tell, last=True), chosen, log.warn, work)


async def _watch(
    settings: Settings, config: Config, chosen: tuple[Source, ...], guard: collect.Guard, *, defer: bool
) -> None:
    from pipeline import schedule  # not for those who do not stay

    log.configure(sys.stdout, os.environ)
    frugal.begin()
    async with (
        newsroom.opened(settings, config, guard, terminal.Logged().tell) as room,
        _work(room, settings, defer) as work,
    ):
        await schedule.watch(room, chosen, say=log.say, done=_alarms, renew=Renew(settings), work=work)


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


class Renew:
    """Reads the sources file anew for whoever stays."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.sources
        self._settings = settings

    def __call__(self) -> tuple[Config, tuple[Source, ...], collect.Guard]:
        """Return what `prepare` makes of the file as it is now."""
        return prepare(self._settings, [])


def _choose(config: Config, names: Sequence[str]) -> tuple[Source, ...]:
    by_id = config.by_id
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
