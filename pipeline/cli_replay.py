"""The verb `replay`: what the archive holds, read again by better code."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipeline import newsroom, permission, sources
from pipeline.errors import ConfigError
from pipeline.model import Config, Source
from pipeline.options import FeedsOption, JsonOption, SourceOption, SourcesOption, StoreOption, YesOption
from pipeline.replay import Difference, replay
from pipeline.settings import Settings, settle
from pipeline.store import require

#: A line is printed after so many pages where there is no terminal.
_EVERY = 200


class Stage(StrEnum):
    """What can be redone."""

    extract = "extract"


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("replay")(redo)


def redo(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    stage: Annotated[Stage, typer.Option("--stage", help="From which stage on.")] = Stage.extract,
    source: SourceOption = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only what was first seen on this day (UTC) or later.")
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Show what would change, and ask before keeping it.")] = False,
    yes: YesOption = False, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Make articles anew from the archive where older code made them, then publish. Nothing is fetched."""
    assert stage is Stage.extract
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    config = sources.load(settings.sources)
    require(settings.store)
    chosen = choose(config, source or [])
    start = since.replace(tzinfo=UTC) if since else None
    found = asyncio.run(_replay(settings, config, chosen, start, review=review, yes=yes, as_json=as_json))
    if found is None:
        typer.echo("nothing was changed")
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    elif not review:
        _say(found)
    raise typer.Exit(3 if found.unreadable else 0)


async def _replay(
    settings: Settings, config: Config, chosen: Sequence[Source], since: datetime | None,
    *, review: bool, yes: bool, as_json: bool,
) -> Difference | None:  # fmt: skip
    shown = _Shown(quiet=as_json)

    def agreed(found: Difference) -> bool:
        shown.over()
        if not as_json:
            _say(found)
        return yes or typer.confirm("Keep this and publish?", err=True)

    guard = permission.guard(settings, config, [])
    async with newsroom.opened(settings, config, guard) as room:
        with shown:
            return await replay(room, chosen, since, shown.tell, agreed if review else None)


def choose(config: Config, names: Sequence[str]) -> tuple[Source, ...]:
    """Return the sources meant; those switched off too, since nothing is asked of them."""
    known = config.by_id
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(f"--source {unknown[0]}: no such source; known are {', '.join(sorted(known))}")
    return tuple(known[name] for name in dict.fromkeys(names)) or config.sources


def _say(found: Difference) -> None:
    for line in found.examples:
        typer.echo(f"  {line}")
    parts = [
        f"{found.titles} titles, {found.dates} dates, {found.texts} texts and {found.languages} languages changed",
        f"{found.new} new articles",
    ]
    if found.lost:
        parts.append(f"{found.lost} pages give no article any more (kept as they were)")
    if found.unreadable:
        parts.append(f"{found.unreadable} pages could not be read from the archive")
    typer.echo(f"{found.pages} pages read again: " + "; ".join(parts))


class _Shown:
    """Progress: a bar a source on a terminal, now and then a line elsewhere, nothing where JSON is wanted."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        if sys.stdout.isatty() and not quiet:
            self._bars = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
            )

    def __enter__(self) -> Self:
        """Take the terminal."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.over()

    def over(self) -> None:
        """Stop drawing."""
        if self._bars:
            self._bars.stop()

    def tell(self, source: str, done: int, total: int) -> None:
        """Show how far a source is."""
        if self._bars:
            if source not in self._tasks:
                self._tasks[source] = self._bars.add_task(source, total=total)
            self._bars.update(self._tasks[source], completed=done)
        elif not self._quiet and (done % _EVERY == 0 or done == total):
            typer.echo(f"{source}: {done} of {total} pages")
