"""The options that verbs of the command line share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SourcesOption = Annotated[Path | None, typer.Option("--sources", help="The sources file.  [default: sources.yaml]")]
StoreOption = Annotated[Path | None, typer.Option("--store", help="The store's folder.  [default: store]")]
FeedsOption = Annotated[Path | None, typer.Option("--feeds", help="The folder to publish into.  [default: feeds]")]
AllowOption = Annotated[
    list[str] | None,
    typer.Option("--allow-address", metavar="HOST:PORT", help="Also connect to this address, though it is not public."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
SourceOption = Annotated[list[str] | None, typer.Option("--source", metavar="ID", help="Only this source.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Write without asking.")]
DeferOption = Annotated[
    bool, typer.Option("--defer", help="Leave the work to `nevawire worker`s on the same PostgreSQL.")
]
