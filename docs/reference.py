"""Writes the references in this folder: what the command line, sources.yaml and the metrics say of themselves.

    python docs/reference.py

A test compares; nothing here is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import typer.main
from prometheus_client.parser import text_string_to_metric_families

from pipeline import metrics, sources
from pipeline.cli import app
from pipeline.store import Figures, SourceFigures, Spent

HERE = Path(__file__).parent
_NOTE = "Written by `python docs/reference.py`; do not edit.\n"


def commands() -> str:
    """Return every verb with its arguments and options."""
    parts = ["# Reference: the command line\n", _NOTE]
    root = typer.main.get_command(app)
    for words, command in _leaves(root, ("nevawire",)):
        parts.append(f"## {' '.join(words)}\n")
        parts.append(f"{_line(command.help)}\n")
        rows = [row for parameter in command.params if (row := _parameter(parameter))]
        if rows:
            parts += ["| option | meaning |\n| --- | --- |\n" + "\n".join(rows) + "\n"]
    parts.append("Exit codes: 0 all went well, 3 some source failed, 2 the configuration is wrong, 1 anything else.\n")
    return "\n".join(parts)


def keys() -> str:
    """Return every key of sources.yaml."""
    schema = sources.json_schema()
    parts = ["# Reference: sources.yaml\n", _NOTE, "## The file\n", _table(schema)]
    for name, definition in schema["$defs"].items():
        parts += [f"## {name}\n", f"{_line(definition.get('description', ''))}\n", _table(definition)]
    return "\n".join(parts)


def figures() -> str:
    """Return every metric."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    summary = {"seconds": 1.0, "stages": {"collect": 1.0}, "feeds": {"refused": {}}}
    one = SourceFigures("bureau", at, at, 0)
    found = Figures(
        1,
        {},
        0,
        (one,),
        {("bureau", "ok"): 1},
        {"drift": 1},
        {"all.rss": 1},
        at,
        summary,
        (Spent("", "argos", "", 1, 1, 1, 1, 1),),
        {"done": 1},
        jobs={("fetch", "todo"): 1},
    )
    rows = []
    for family in text_string_to_metric_families(metrics.text(found, 1.0, {"argos": 1.0}).decode()):
        labels = ", ".join(f"`{label}`" for label in sorted(family.samples[0].labels))
        rows.append(f"| `{family.name}` | {labels} | {family.documentation} |")
    head = "| metric | labels | meaning |\n| --- | --- | --- |\n"
    return "\n".join(
        [
            "# Reference: metrics\n",
            _NOTE,
            "`nevawire metrics` prints them, and `nevawire serve` gives them at `/metrics`.\n",
            head + "\n".join(rows) + "\n",
        ]
    )


DOCUMENTS = {"reference-cli.md": commands, "reference-sources.md": keys, "reference-metrics.md": figures}


def _leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not hasattr(command, "commands"):
        yield words, command
        return
    for name in sorted(command.commands):
        yield from _leaves(command.commands[name], (*words, name))


def _parameter(parameter: Any) -> str:
    about = _line(getattr(parameter, "help", "") or "")
    names = list(parameter.opts)
    if "--help" in names:
        return ""
    shown = parameter.metavar or ""
    if not names[0].startswith("-"):
        return f"| `{shown or names[0].upper()}` | {about} |"
    given = "" if getattr(parameter, "is_flag", False) else f" {shown or 'VALUE'}"
    return f"| `{names[0]}{given}` | {about} |"


def _table(definition: Mapping[str, Any]) -> str:
    required = set(definition.get("required", ()))
    rows = []
    for name, about in definition.get("properties", {}).items():
        examples = about.get("examples", [])
        example = f"`{json.dumps(examples[0], ensure_ascii=False)}`" if examples else ""
        star = " (required)" if name in required else ""
        rows.append(f"| `{name}`{star} | {_line(about.get('description', ''))} | {_cell(example)} |")
    return "| key | meaning | such as |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


def _line(text: str | None) -> str:
    return _cell(" ".join((text or "").split()))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for name, make in DOCUMENTS.items():
        (HERE / name).write_text(make(), encoding="utf-8")
        click.echo(HERE / name)
