"""The verb `notify`: whether the operator can be told at all."""

from __future__ import annotations

import asyncio
import json
import os

import typer

from pipeline import collect, permission, sources
from pipeline.errors import ConfigError
from pipeline.notify import Notifier
from pipeline.options import AllowOption, FeedsOption, JsonOption, SourcesOption, StoreOption
from pipeline.settings import settle

notices = typer.Typer(no_args_is_help=True, help="Notices of alarms, by webhook and mail.")


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.add_typer(notices, name="notify")


@notices.callback()
def notify() -> None:
    """Notices of alarms, by webhook and mail."""


@notices.command("test")
def try_out(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Send a test message through every channel of `notify`, and say how it went."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config = sources.load(settings.sources)
    hook = config.notify.webhook
    guard: collect.Guard = permission.guard(settings, config, [hook.url] if hook else [])
    notifier = Notifier(config, guard, os.environ)
    if not notifier.channels:
        raise ConfigError(f"{settings.sources}: nobody is told; write `webhook` or `smtp` under `notify`")
    went = asyncio.run(notifier.test(settings.clock.now()))
    if as_json:
        typer.echo(json.dumps({name: {"taken": not why, "failure": why} for name, why in went.items()}))
    else:
        for name, why in went.items():
            typer.echo(f"{name}: {f'failed: {why}' if why else 'taken'}")
    raise typer.Exit(1 if any(went.values()) else 0)
