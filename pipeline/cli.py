"""The command line: thin. Each verb settles where things are, calls one function, and says how it ended.

A verb's module is imported when the verb is called, or all are told: most verbs look something up, and what a pass
needs takes a second to import. Exit codes: 0 all well; 1 anything not named here; 2 configuration; 3 finished, but some
source failed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from pipeline import __version__, frugal
from pipeline.errors import ConfigError, NevawireError

#: What one is about → verb → the module that has it, in the order they are told in.
PANELS = {
    "Running it": {
        "init": "cli_init", "check": "cli_check", "run": "cli_run", "watch": "cli_run", "worker": "cli_run",
        "serve": "cli_serve", "status": "cli_status", "users": "cli_users",
    },
    "Sources": {
        "add": "cli_scout", "opml": "cli_scout", "probe": "cli_scout", "doctor": "cli_scout", "sources": "cli_sources",
    },
    "Articles and stories": {
        "fetch": "cli_scout", "pairs": "cli_pairs", "translate": "cli_translate", "history": "cli_history",
        "withdraw": "cli_publish", "purge": "cli_publish", "replay": "cli_replay", "export": "cli_export",
    },
    "Feeds": {"digest": "cli_publish", "searches": "cli_serve", "rebuild": "cli_store"},
    "Upkeep": {
        "backup": "cli_store", "restore": "cli_store", "verify": "cli_store", "prune": "cli_store", "vacuum": "cli_store",
        "db": "cli_store", "metrics": "cli_store", "notify": "cli_notify",
    },
}  # fmt: skip
_PANEL_OF = {verb: panel for panel, verbs in PANELS.items() for verb in verbs}


class _Commands(Mapping[str, Any]):
    """The verbs' commands, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, verb: str) -> Any:
        if verb not in self._made:
            verbs = typer.Typer()
            with frugal.unsearched():
                import_module(f"pipeline.{PANELS[_PANEL_OF[verb]][verb]}").register(verbs)
            for name, command in get_group(verbs).commands.items():
                command.rich_help_panel = _PANEL_OF[name]  # type: ignore[attr-defined]  # typer's commands have one
                self._made[name] = command
        return self._made[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(_PANEL_OF)

    def __len__(self) -> int:
        return len(_PANEL_OF)


class _Desk(TyperGroup):
    """The command `nevawire`."""

    def __init__(self, **about: Any) -> None:
        super().__init__(**about)
        self.commands = _Commands()  # type: ignore[assignment]  # it is only read


app = typer.Typer(
    name="nevawire", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True, cls=_Desk,
    help="Collects bilingual news from web pages, pairs the language versions, publishes merged feeds.",
)  # fmt: skip


@app.callback(invoke_without_command=True)
def nevawire(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Collect bilingual news from web pages, pair the language versions, publish merged feeds."""
    if version:
        print(f"nevawire {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; every error of ours becomes one plain message and its exit code."""
    try:
        app()
    except ConfigError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except NevawireError as error:
        print(f"nevawire: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader of our output had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
