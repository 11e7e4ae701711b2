"""The verbs `sources …`: pause a source and let it work again; sources.yaml stays as it is."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from pipeline import desk, sources
from pipeline.options import SourcesOption, StoreOption
from pipeline.settings import Settings, settle
from pipeline.store import Store, open_store

verbs = typer.Typer(no_args_is_help=True, help="Sources: pause and resume them.")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A source's id in sources.yaml.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(verbs, name="sources")


@verbs.command("pause")
def pause(
    source: IdArgument, sources_file: SourcesOption = None, store: StoreOption = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; shown by `status` and at the desk.")] = "",
) -> None:  # fmt: skip
    """Leave a source alone until it is resumed; `run --source ID` still asks it. Survives restarts."""
    with _opened(source, sources_file, store) as (settings, kept):
        new = kept.pauses.begin(source, _who(), reason, settings.clock.now())
        if new:
            kept.audit.note(_who(), "source paused", source, settings.clock.now(), reason=reason)
    typer.echo(
        f"{source} is paused; `nevawire sources resume {source}` ends it" if new else f"{source} was paused already"
    )


@verbs.command("resume")
def resume(source: IdArgument, sources_file: SourcesOption = None, store: StoreOption = None) -> None:
    """Let a paused source work again."""
    with _opened(source, sources_file, store) as (settings, kept):
        ended = kept.pauses.end(source)
        if ended:
            kept.audit.note(_who(), "source resumed", source, settings.clock.now())
    typer.echo(f"{source} is resumed" if ended else f"{source} was not paused")


@contextmanager
def _opened(source: str, sources_file: SourcesOption, store: StoreOption) -> Iterator[tuple[Settings, Store]]:
    settings = settle(os.environ, sources=sources_file, store=store)
    desk.named(sources.load(settings.sources), [source])
    with closing(open_store(settings.store)) as kept:
        yield settings, kept


def _who() -> str:
    """Return who is at this terminal; a container may know no name for its user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"
