"""The command line: thin. Each verb settles where things are, calls one function, and says how it ended.

A verb's module is imported when the verb is called, or all are told: most verbs look something up, and what a pass
needs takes a second to import. Exit codes: 0 all well; 1 anything not named here; 2 configuration; 3 finished, but some
source failed.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from pipeline import __version__
from pipeline.errors import ConfigError, NevawireError

#: Verb → the module that has it, in the order they are told in.
VERBS = {
    "init": "cli_init", "status": "cli_status", "add": "cli_scout", "fetch": "cli_scout", "opml": "cli_scout", "probe": "cli_scout",
    "doctor": "cli_scout", "replay": "cli_replay", "export": "cli_export", "history": "cli_history", "withdraw": "cli_publish",
    "purge": "cli_publish", "digest": "cli_publish", "serve": "cli_serve", "searches": "cli_serve", "backup": "cli_store",
    "restore": "cli_store", "prune": "cli_store", "vacuum": "cli_store", "verify": "cli_store", "rebuild": "cli_store",
    "metrics": "cli_store", "check": "cli_check", "run": "cli_run", "watch": "cli_run", "worker": "cli_run", "notify": "cli_notify",
    "pairs": "cli_pairs", "sources": "cli_sources", "db": "cli_store", "translate": "cli_translate", "users": "cli_users",
}  # fmt: skip


@contextmanager
def _unsearched() -> Iterator[None]:
    """Import without searching for cycles: what is imported stays, and to look through it all again and again takes a fifth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


class _Commands(Mapping[str, Any]):
    """The verbs' commands, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, verb: str) -> Any:
        if verb not in self._made:
            verbs = typer.Typer()
            with _unsearched():
                import_module(f"pipeline.{VERBS[verb]}").register(verbs)
            self._made |= get_group(verbs).commands
        return self._made[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


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
