"""The verb `history`: an article's wordings, and what changed from one to the next."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from pipeline.errors import NevawireError
from pipeline.history import Change, Step, shortened, steps
from pipeline.model import Revision
from pipeline.options import JsonOption, SourcesOption, StoreOption
from pipeline.settings import settle
from pipeline.store import open_store

_STYLES = {"gone": "red strike", "come": "green"}
_MARKS = {"gone": ("[-", "-]"), "come": ("{+", "+}"), "same": ("", "")}


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("history")(history)


def history(
    what: Annotated[str, typer.Argument(metavar="URL|ID", help="An article's address or id, or an entry's id.")],
    sources_file: SourcesOption = None, store: StoreOption = None,
    full: Annotated[bool, typer.Option("--full", help="Show what stayed, too.")] = False,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Show how an article read before, and what was changed when."""
    settings = settle(os.environ, sources=sources_file, store=store)
    opened = open_store(settings.store)
    try:
        ids = opened.removals.find(what)
        kept = {one: opened.articles.history(one) for one in ids}
    finally:
        opened.close()
    if not any(kept.values()):
        raise NevawireError(
            f"{what}: no article is known by this; give its address, its id (a…) or an entry's (urn:uuid:…)"
        )
    told = {one: steps(revisions) for one, revisions in kept.items()}
    if as_json:
        typer.echo(json.dumps([as_row(one, found) for one, found in told.items()], ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for one, found in told.items():
        console.print(shown(one, found, full=full, styled=sys.stdout.isatty()))


def as_row(article: str, told: Sequence[Step]) -> dict[str, Any]:
    """Return an article's history for JSON: its revisions, each with the changes that led to it."""
    return {
        "article": article,
        "revisions": [
            {
                **_facts(step.revision), "title": step.revision.title, "text": step.revision.text,
                "changes": {
                    "title": [asdict(one) for one in step.title], "text": [asdict(one) for one in step.text],
                    "published": step.published, "language": step.language, "html": step.html,
                },
            }
            for step in told
        ],
    }  # fmt: skip


def shown(article: str, told: Sequence[Step], *, full: bool = False, styled: bool = False) -> Text:
    """Return an article's history as text: what went struck out, what came in green, or in brackets where not styled."""
    newest = told[-1].revision
    page = Text(f"{newest.title}\n{article}  {len(told)} wording{'s' * (len(told) > 1)}\n")
    for number, step in enumerate(told, 1):
        one = step.revision
        page.append(f"\n{number}  {one.at:%Y-%m-%d %H:%M} UTC  read by {one.version or '?'}  {_dated(one)}\n", "bold")
        if number == 1:
            page.append(f"   first read: {len(one.text.splitlines())} lines, {len(one.text)} characters\n")
            continue
        before = told[number - 2].revision
        for name, changes in (("title", step.title), ("text", step.text)):
            if changes:
                page.append(f"   {name}: ")
                _append(page, changes if full else shortened(changes), styled=styled)
                page.append("\n")
        if step.published:
            page.append(f"   date: {_dated(before)} → {_dated(one)}\n")
        if step.language:
            page.append(f"   language: {before.language} → {one.language}\n")
        if step.html:
            page.append("   mark-up, links or pictures changed\n")
        if not (step.title or step.text or step.published or step.language or step.html):
            page.append("   nothing of these changed\n")
    return page


def _append(page: Text, changes: Sequence[Change], *, styled: bool) -> None:
    for change in changes:
        opening, closing = ("", "") if styled else _MARKS[change.kind]
        page.append(f"{opening}{change.text}{closing}".replace("\n", "\n      "), _STYLES.get(change.kind))


def _dated(one: Revision) -> str:
    return f"{one.published:%Y-%m-%d %H:%M} UTC ({one.evidence})" if one.published else "no date"


def _facts(one: Revision) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(), "version": one.version, "digest": one.digest, "language": one.language,
        "published": one.published.isoformat() if one.published else None, "published_evidence": one.evidence,
    }  # fmt: skip
