"""The verbs that answer readers: `serve`, and `searches`, which tells what private feeds there are.

What a server is made of is imported when one is started: every other verb would wait for it.
"""

from __future__ import annotations

import ipaddress
import json
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import log, metrics, newsstand, savedsearches, sources
from pipeline.errors import ConfigError
from pipeline.options import FeedsOption, JsonOption, SourcesOption, StoreOption
from pipeline.settings import Settings, settle
from pipeline.store import Store, open_store
from pipeline.translation_report import prices_in

if TYPE_CHECKING:
    from pipeline import serve as server
    from pipeline.web.shelf import Shelf


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("serve")(serve)
    app.command("searches")(searches)


def serve(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    feeds_only: Annotated[
        bool, typer.Option("--feeds-only", help="Only the files under feeds/; the store is not opened.")
    ] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = 8080,
) -> None:  # fmt: skip
    """Serve the feeds, and at /desk/ the analysts' desk, over HTTP until Ctrl-C or SIGTERM."""
    from pipeline import serve as server
    from pipeline.web import figures
    from pipeline.web.shelf import Shelf

    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    shelf = Shelf(settings.feeds)
    with server.bound(host, port) as listening, ExitStack() as opened:
        log.configure(sys.stderr, os.environ)
        desk: Sequence[server.Part] = ()
        if feeds_only:
            parts = [figures.probes(lambda: metrics.Answer(True, {}), lambda: metrics.shown(settings.feeds))]
        else:
            kept = open_store(settings.store)
            opened.callback(kept.close)
            desk = desk_of(settings, kept, host, opened)
            parts = [*figures_of(settings, kept), searches_of(settings, kept, shelf), *desk]
        app = server.application(shelf, parts)
        at = listening.getsockname()
        shown = f"[{at[0]}]" if ":" in at[0] else at[0]
        typer.echo(f"serving {settings.feeds} at http://{shown}:{at[1]}/; stop with Ctrl-C or SIGTERM")
        if desk:
            typer.echo(f"the desk is at http://{shown}:{at[1]}/desk/")
        if not settings.feeds.is_dir():
            typer.echo(f"{settings.feeds} is not there yet; `nevawire run` makes it", err=True)
        server.serve(app, listening)


def searches(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Give private feeds new addresses; the old ones lead nowhere from now on.")
    ] = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List the saved searches and the addresses of their feeds."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    config = sources.load(settings.sources)
    if renew and settings.secret:
        raise ConfigError("NEVAWIRE_SECRET: tokens are made from it; change it there to have new addresses")
    with closing(open_store(settings.store)) as kept:
        desk = newsstand.Desk(config, kept, settings.feeds, settings.clock.now(), settings.secret)
        if renew:
            kept.private.renew(desk.now)
            newsstand.put_out(desk)
        rows = savedsearches.addresses(desk)
    if as_json:
        print(json.dumps([{"id": one.id, "public": one.public, "addresses": dict(where)} for one, where in rows]))
        return
    for one, where in rows:
        typer.echo(f"{one.id} ({'public' if one.public else 'private'})")
        for address in where.values():
            typer.echo(f"  {address}")
    if not rows:
        typer.echo(f"{settings.sources}: no saved search; `searches:` there holds them")


def searches_of(settings: Settings, kept: Store, shelf: Shelf) -> server.Part:
    """Return the part of the server that gives private searches."""
    from pipeline.web import searches as private

    return private.part(kept.private.get, lambda: settings.secret or kept.private.secret(settings.clock.now()), shelf)


def figures_of(settings: Settings, kept: Store) -> Sequence[server.Part]:
    """Return the parts of the server that tell machines how the installation does."""
    from pipeline.web import figures

    now = settings.clock.now
    return (
        figures.probes(lambda: metrics.healthy(kept, now()), lambda: metrics.ready(kept, now())),
        figures.part(
            lambda: metrics.render(kept, now(), prices_in(settings.sources)),
            lambda: metrics.token(kept, settings.secret, now()),
        ),
    )


def desk_of(settings: Settings, kept: Store, host: str, opened: ExitStack) -> Sequence[server.Part]:
    """Return the part of the server that is the analysts' desk; none where there is no right sources.yaml yet."""
    from pipeline.review import app, items, office

    name = os.environ.get("USER") or os.environ.get("USERNAME") or "desk"
    try:
        room = office.opened(settings, kept, loopback=_is_loopback(host), local_name=name)
    except ConfigError as error:
        typer.echo(f"the desk stays closed until this is mended, and `serve` started anew:\n{error}", err=True)
        return ()
    opened.callback(room.close)
    warming = threading.Thread(target=items.warm, args=(room,), name="warming", daemon=True)
    warming.start()  # feeds are served meanwhile
    opened.callback(warming.join)
    return (app.part(room),)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
