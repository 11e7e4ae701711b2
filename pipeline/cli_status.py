"""The verb `status`: how each source fares, what alarms there are, which addresses went astray."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Annotated

import typer

from pipeline import lookout, screen, sources, terminal, translation_report
from pipeline.model import Alarm, Config
from pipeline.options import FeedsOption, JsonOption, SourcesOption, StoreOption
from pipeline.settings import settle
from pipeline.store import Health, Pause, reopened

AtomOption = Annotated[bool, typer.Option("--atom", help="Print the alarms as an Atom feed (never a file in feeds/).")]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("status")(status)


def status(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    as_json: JsonOption = False, as_atom: AtomOption = False,
) -> None:  # fmt: skip
    """Say how each source fares: last success, last new article, failures in a row and why; and what alarms there are."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    config = sources.load(settings.sources)
    now = settings.clock.now()
    with reopened(settings.store) as opened:
        known = opened.ledger.health()
        paused = opened.pauses.every()
        alarms = opened.alarms.shown(now)
        astray = opened.strays.counts()
        gone = opened.missing.counts()
        jobs = opened.jobs.counts()
        made = translation_report.figures(opened, config, now) if config.translation.on else {}
    rows = [(known.get(one.id, Health(one.id)), one.enabled) for one in config.sources]
    if as_atom:
        typer.echo(lookout.ops_atom(config, alarms), nl=False)
    elif as_json:
        fares = {
            one.source: _health(one, enabled, astray.get(one.source, {}))
            | {"gone": gone.get(one.source, 0), "paused": _paused(paused.get(one.source))}
            for one, enabled in rows
        }
        data = {"sources": fares, "alarms": [_alarm(one, config) for one in alarms]}
        data |= {"translation": made} if made else {}
        data |= {"jobs": terminal.by_queue(jobs)} if jobs else {}
        typer.echo(json.dumps(data, ensure_ascii=False))
    else:
        screen.status(rows, now, paused)
        screen.astray(astray)
        screen.gone(gone, {one.id: one.on_gone for one in config.sources})
        screen.alarms([lookout.line(config, one) for one in alarms if one.closed is None])
        screen.jobs(jobs)
        if made:
            typer.echo("\n  ".join(["translation:", *translation_report.lines(made)]))


def _alarm(alarm: Alarm, config: Config) -> dict[str, object]:
    return {
        "source": alarm.source, "kind": alarm.kind, "state": "closed" if alarm.closed else "open",
        "since": alarm.since.isoformat(), "closed": alarm.closed.isoformat() if alarm.closed else None,
        "text": lookout.line(config, alarm), "facts": alarm.facts,
    }  # fmt: skip


def _paused(pause: Pause | None) -> dict[str, str] | None:
    return {"who": pause.who, "at": pause.at.isoformat(), "reason": pause.reason} if pause else None


def _health(health: Health, enabled: bool, astray: Mapping[str, int]) -> dict[str, object]:
    failure = {"kind": health.kind, "detail": health.detail} if health.failures else None
    return {
        "enabled": enabled,
        "last_pass": health.last_pass.isoformat() if health.last_pass else None,
        "last_success": health.last_success.isoformat() if health.last_success else None,
        "last_new": health.last_new.isoformat() if health.last_new else None,
        "failures": health.failures,
        "failure": failure,
        "astray": dict(astray),
    }
