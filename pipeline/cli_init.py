"""The verb `init`, and what `doctor --system` shows."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline import surroundings
from pipeline.errors import ConfigError
from pipeline.found import Answers, found
from pipeline.settings import Settings

_MARKS = {"ok": "✓", "warning": "!", "wrong": "✗"}


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the installation goes.")],
    title: Annotated[str, typer.Option("--title", help="What your feeds are called.")] = "",
    home: Annotated[str, typer.Option("--home", metavar="URL", help="The public address of the folder feeds/.")] = "",
    contact: Annotated[str, typer.Option("--contact", metavar="MAIL", help="Where a site's owner can write to.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", help="Of the dates on the pages.")] = "Europe/Moscow",
) -> None:
    """Make a working installation from nothing: sources.yaml with comments, folders, settings, service files."""
    answers = Answers(
        _asked("--title", title, "What are your feeds called?"),
        _asked("--home", home, "At which address will the folder feeds/ be found?"),
        _asked("--contact", contact, "Where can a site's owner write to you?"),
        timezone,
    )
    program = Path(shutil.which(sys.argv[0]) or Path(sys.executable).with_name("nevawire")).absolute()
    for path in found(folder, answers, program):
        typer.echo(str(path))
    typer.echo(f"next: cd {folder} && nevawire add https://the.first.site/news/ && nevawire run")


def system(settings: Settings, *, as_json: bool = False) -> int:
    """Show what the installation stands on, and return the exit code."""
    checks = list(surroundings.look(settings, os.environ))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in checks], ensure_ascii=False))
    else:
        for one in checks:
            typer.echo(f"{_MARKS[one.state]} {one.about}: {one.what}")
    return 1 if any(one.state == "wrong" for one in checks) else 0


def _asked(option: str, given: str, question: str) -> str:
    """Return what was given as an option, or is typed in answer."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise ConfigError(f"{option}: nobody can be asked here, so say it as an option")
    return str(typer.prompt(question))
