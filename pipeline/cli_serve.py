"""The verb that answers readers: `serve`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline import serve as server
from pipeline.options import FeedsOption, SourcesOption, StoreOption
from pipeline.settings import settle
from pipeline.web.shelf import Shelf


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("serve")(serve)


def serve(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = 8080,
) -> None:  # fmt: skip
    """Serve the feeds over HTTP until Ctrl-C or SIGTERM."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    app = server.application(Shelf(settings.feeds))
    with server.bound(host, port) as listening:
        at = listening.getsockname()
        shown = f"[{at[0]}]" if ":" in at[0] else at[0]
        typer.echo(f"serving {settings.feeds} at http://{shown}:{at[1]}/; stop with Ctrl-C or SIGTERM")
        if not settings.feeds.is_dir():
            typer.echo(f"{settings.feeds} is not there yet; `nevawire run` makes it", err=True)
        server.serve(app, listening)
