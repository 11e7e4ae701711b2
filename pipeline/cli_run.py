"""The verbs `run`, `watch` and `worker`: one pass, passes without end, and a part in the passes of others.

What they do stands in passes.py, which takes half a second to import.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline import frugal
from pipeline.options import AllowOption, DeferOption, FeedsOption, JsonOption, SourceOption, SourcesOption, StoreOption
from pipeline.settings import settle


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
    with frugal.unsearched():
        from pipeline import newsroom, passes
    orders = newsroom.Orders(recheck, backfill)
    raise typer.Exit(passes.once(settings, source or [], orders, as_json=as_json, defer=defer))


def watch(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    allow: AllowOption = None, defer: DeferOption = False,
) -> None:  # fmt: skip
    """Stay, and run every source at its own pace, until Ctrl-C or SIGTERM."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    with frugal.unsearched():
        from pipeline import passes
    passes.stay(settings, defer=defer)


def worker(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None, allow: AllowOption = None,
    queues: Annotated[str, typer.Option("--queues", metavar="NAMES", help="Of fetch, extract, pair, publish.  [default: all]")] = "",
    concurrency: Annotated[int, typer.Option("--concurrency", metavar="N", min=1, max=200, help="Sources worked on at once in each queue, and pages read at once.")] = 2,
) -> None:  # fmt: skip
    """Stay, and do what a `watch --defer` or `run --defer` on the same PostgreSQL leaves to workers."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    with frugal.unsearched():
        from pipeline import passes
    passes.help_out(settings, queues, concurrency)
