"""The verb `check`: whether sources.yaml is right, and with `--live` whether its sites answer."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from pipeline import sources
from pipeline.options import AllowOption, FeedsOption, JsonOption, SourceOption, SourcesOption, StoreOption, YesOption
from pipeline.settings import settle


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("check")(check)


def check(
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of sources.yaml and stop.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Also ask each site: a request a listing, one article.")] = False,
    source: SourceOption = None, allow: AllowOption = None, yes: YesOption = False, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Read sources.yaml strictly and say everything that is wrong with it. Nothing is fetched without --live."""
    if schema:
        print(json.dumps(sources.json_schema(), ensure_ascii=False, indent=2, sort_keys=True))
        return
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds, allow=allow or ())
    config = sources.load(settings.sources)
    if live:
        from pipeline import cli_scout  # what asks sites takes a second to import

        raise typer.Exit(cli_scout.check_live(settings, source or [], yes=yes, as_json=as_json))
    for warning in sources.warnings(config):
        print(f"{settings.sources}: warning: {warning}", file=sys.stderr)
    enabled = sum(source.enabled for source in config.sources)
    print(f"{settings.sources}: no error; {len(config.sources)} sources, {enabled} enabled")
