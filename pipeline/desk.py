"""What the verbs that help the operator share: the sources file, a room to work in, a yes before anything is written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeVar

import typer
from rich.console import Console

from pipeline import address, collect, newsroom, permission, terminal
from pipeline.errors import ConfigError, NevawireError
from pipeline.model import Config, Source
from pipeline.newsroom import Newsroom
from pipeline.scout.show import Page
from pipeline.settings import Settings

Made = TypeVar("Made")
#: The id a site goes by while it is looked at.
STRANGER = "new-source"


def at_work(
    settings: Settings,
    config: Config,
    urls: Sequence[str],
    work: Callable[[Newsroom], Awaitable[Made]],
    *,
    of: Collection[Source] = (),
    keep: bool = True,
) -> Made:
    """Open the installation for a verb that asks for urls; keep: remember the robots.txt files met.

    Raises ConfigError where one of the sources asked for needs what is not there: a browser, a proxy, a certificate.
    """
    collect.ready(of, os.environ)
    guard = permission.guard(settings, config, urls)

    async def inside() -> Made:
        async with newsroom.opened(settings, config, guard, terminal.Silent().tell) as room:
            with _waiting():
                made = await work(room)
            files = room.fetcher.robots_files.items() if keep else ()
            asked = room.fetcher.take_robots_fetches() if keep else ()
            kept = [(origin, one.text, one.status, one.fetched_at) for origin, one in files]
            room.store.collected.record_robots("scout", asked, kept)
            room.store.collected.record_holds(room.fetcher.hosts.held)
            return made

    return asyncio.run(inside())


def _waiting() -> AbstractContextManager[object]:
    """Return a sign of life for a terminal: politeness takes its time."""
    console = Console(stderr=True)
    return console.status("Asking, one page at a time …") if console.is_terminal else nullcontext()


def address_of(url: str) -> str:
    """Return an address as it was typed, cleaned; raises ConfigError where it is none."""
    try:
        return address.clean(url if "://" in url else f"https://{url}")
    except ValueError as error:
        raise ConfigError(f"{url}: is no address; write it like https://site.ru/news/") from error


def file_of(settings: Settings) -> bytes:
    """Return the sources file's bytes; raises ConfigError where it cannot be read."""
    try:
        return settings.sources.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError(f"{settings.sources}: cannot be read ({why}); name another with --sources") from error


def named(config: Config, names: Collection[str]) -> tuple[Source, ...]:
    """Return the sources of these ids, enabled or not; all where none is named."""
    by_id = config.by_id
    if unknown := [name for name in names if name not in by_id]:
        raise ConfigError(f"{unknown[0]}: no such source; known are {', '.join(sorted(by_id))}")
    return tuple(by_id[name] for name in dict.fromkeys(names)) or config.sources


def agreed(page: Page, yes: bool, question: str, *, quiet: bool = False) -> bool:
    """Tell whether the operator says yes; where nobody can be asked, the answer is no."""
    if yes:
        return True
    try:
        if not quiet and typer.confirm(question):
            return True
    except typer.Abort:
        page.line()
    if not quiet:
        page.line("Nothing is written; --yes writes without asking.")
    return False


def write_text(path: Path, text: str) -> None:
    """Write a file the operator asked for; raises NevawireError where that cannot be done."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NevawireError(f"cannot write {path}: {error.strerror}") from error
