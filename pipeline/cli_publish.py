"""The verbs that touch what was published: `withdraw`, `purge`, `digest`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline import mailroom, newsstand, publish, sources
from pipeline.errors import ConfigError, NevawireError
from pipeline.newsstand import Desk
from pipeline.options import FeedsOption, SourcesOption, StoreOption
from pipeline.settings import settle
from pipeline.store import Removed, reopened

WhatArgument = Annotated[
    str, typer.Argument(metavar="URL|ID", help="The article's address or id, or the id of a feed's entry.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept in the store, not published.")]


class DigestLanguage(StrEnum):
    """What a digest speaks."""

    ru = "ru"
    en = "en"
    both = "both"


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("withdraw")(withdraw)
    app.command("purge")(purge)
    app.command("digest")(digest)


def withdraw(
    what: WhatArgument, reason: ReasonOption,
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
) -> None:  # fmt: skip
    """Take an article out of every feed; the store keeps it."""
    with _desk(sources_file, store, feeds) as desk:
        removed = _remove(desk, what, reason, desk.store.removals.withdraw)
        _put_out(desk)
    typer.echo(_said("withdrawn", removed))


def purge(
    what: WhatArgument, reason: ReasonOption,
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:  # fmt: skip
    """Remove an article for good, from the store and from everything published. What was sent cannot be called back."""
    with _desk(sources_file, store, feeds) as desk:
        found = _found(desk, what)
        if not yes:
            typer.confirm(f"Remove {', '.join(found)} for good?", abort=True)
        urls = [item.article.url for item in desk.store.articles.each() if item.id in found]
        removed = _remove(desk, what, reason, desk.store.removals.purge)
        _put_out(desk)
        with desk.store.alone.publishing():
            swept = publish.sweep(desk.feeds, [*urls, *removed.entries], desk.known)
    for name in swept:
        typer.echo(f"removed the leftover {name}")
    typer.echo(_said("purged", removed))


def digest(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    period: Annotated[str, typer.Option("--period", metavar="day|week|N", help="How far back, or how many.")] = "week",
    language: Annotated[DigestLanguage, typer.Option("--language", help="What it speaks.")] = DigestLanguage.both,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and write nothing.")] = False,
) -> None:  # fmt: skip
    """Make a digest of what no digest of this language had yet; nothing where there is nothing new."""
    if period not in ("day", "week") and not (period.isdigit() and int(period)):
        raise ConfigError(f"--period {period}: should be day, week or a number of entries")
    with _desk(sources_file, store, feeds) as desk:
        made = mailroom.prepared(desk, period, language.value)
        if made is None:
            typer.echo("nothing new; no digest")
            return
        if dry_run:
            typer.echo(mailroom.documents(desk, made)[f"digest/{made.name}.txt"].decode(), nl=False)
            return
        written = mailroom.send(desk, made, period)
        _put_out(desk)
    for name in written.written:
        typer.echo(str(desk.feeds / name))


@contextmanager
def _desk(sources_file: Path | None, store: Path | None, feeds: Path | None) -> Iterator[Desk]:
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    config = sources.load(settings.sources)
    with reopened(settings.store) as opened:
        yield Desk(config, opened, settings.feeds, settings.clock.now(), settings.secret)


def _found(desk: Desk, what: str) -> tuple[str, ...]:
    found = desk.store.removals.find(what)
    if not found:
        raise NevawireError(
            f"{what}: no article is known by this; give its address, its id (a…) or an entry's (urn:uuid:…)"
        )
    return found


def _remove(desk: Desk, what: str, reason: str, how: Callable[[Sequence[str], str, datetime], Removed]) -> Removed:
    return how(_found(desk, what), reason, desk.now)


def _put_out(desk: Desk) -> None:
    done = newsstand.put_out(desk)
    mailroom.reissue(desk)
    for name, why in done.refused.items():
        typer.echo(f"{name} was kept as it is: {why}", err=True)


def _said(how: str, removed: Removed) -> str:
    entries = f"; entries gone: {', '.join(removed.entries)}" if removed.entries else ""
    return f"{how}: {', '.join(removed.articles)}{entries}"
