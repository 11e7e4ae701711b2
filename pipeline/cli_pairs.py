"""The verbs `pairs …`: what was paired and why, and the analysts' word on it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import analysts, pair_rows, sources, vocabulary
from pipeline.model import Config
from pipeline.options import JsonOption, SourcesOption, StoreOption
from pipeline.record import dataclass
from pipeline.settings import settle
from pipeline.store import Store, reopened

desk = typer.Typer(no_args_is_help=True, help="Pairs of articles: what was paired and why, and your word on it.")

WhichArgument = Annotated[
    list[str],
    typer.Argument(metavar="URL URL|STORY", help="Two articles by address or id, or the id of a story with a pair."),
]
WhoOption = Annotated[str, typer.Option("--who", help="Who says so; kept in the store, never published.")]


class State(StrEnum):
    """Which pairs are listed."""

    review = "review"
    linked = "linked"
    rejected = "rejected"
    proposed = "proposed"


@dataclass(frozen=True)
class Opened:
    """An open installation and the moment it is looked at."""

    store: Store
    config: Config
    now: datetime


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(desk, name="pairs")


@desk.command("list")
def list_(
    sources_file: SourcesOption = None, store: StoreOption = None,
    state: Annotated[State, typer.Option("--state", help="Which pairs.")] = State.review,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many at most, the latest first; 0: all.")] = 50,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """List pairs: those that wait for a word, are linked, were spoken against, or would change what is linked."""
    with _opened(sources_file, store) as opened:
        rows = list(pair_rows.listed(opened.store, state.value, limit))
    _say({"pairs": rows}, as_json, [pair_rows.pair_line(row) for row in rows] or [f"none ({state.value})"])


@desk.command("show")
def show(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A story's id, or the address of one of its articles.")],
    sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Show a story: its texts, its pair with the reasons, what stands beside it, what was said of it."""
    with _opened(sources_file, store) as opened:
        found = analysts.story_of(opened.store, story)
        ids = {item.id for text in found.texts.values() for item in text.items}
        said = [one for one in opened.store.verdicts.every() if {one.ru, one.en} & ids]
        row = pair_rows.story_row(found, pair_rows.titles_of(opened.store, [found]), said)
    _say(row, as_json, list(pair_rows.story_lines(row)))


def _judging(kind: str, told: str) -> None:
    """Add the verb that says one kind of word."""

    def judge(
        which: WhichArgument, sources_file: SourcesOption = None, store: StoreOption = None,
        who: WhoOption = "", as_json: JsonOption = False,
    ) -> None:  # fmt: skip
        with _opened(sources_file, store) as opened:
            pair = analysts.find(opened.store, which)
            stories = analysts.judge(opened.store, opened.config, pair, kind, who or _user(), opened.now)
            titles = pair_rows.titles_of(opened.store, stories)
        rows = [pair_rows.story_row(story, titles) for story in stories]
        lines = [f"kept: {kind}", *(line for row in rows for line in pair_rows.story_lines(row))]
        _say({"kept": kind, "stories": rows}, as_json, lines)

    desk.command(kind, help=told)(judge)


_judging("confirm", "Say that two articles are one story: linked from now on, whatever the score says.")
_judging(
    "reject",
    "Say that two articles are not one story: not proposed again unless one of the texts changes. Of two in one "
    "language: that they are neither copies nor of one event.",
)
_judging(
    "related",
    "Say that two articles, in two languages or in one, tell of the same event but are not versions of each other.",
)
_judging("undo", "Take back the latest word on a pair: the one before it holds again, or none.")
_judging(
    "split",
    "Take a linked pair apart; the older side keeps the story's id. Of two articles in one language: take apart what was "
    "wrongly taken for one text.",
)


@desk.command("explain")
def explain(
    which: WhichArgument, sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Say what is thought of two articles, and why."""
    with _opened(sources_file, store) as opened:
        pair = analysts.find(opened.store, which)
        told = (analysts.beside if pair.within else analysts.explain)(opened.store, opened.config, pair)
    data = pair_rows.explained(told, pair.ru, pair.en)
    _say(data, as_json, told.sentences(pair.ru, pair.en, opened.config.pairing))


@desk.command("fit")
def fit(sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Refit the score on verdicts and declared pairs; the old weights stay unless the new ones are better."""
    with _opened(sources_file, store) as opened:
        told = analysts.fit(opened.store, opened.config, opened.now)
    data = {
        "kept": told.better, "before": round(told.before, 5), "after": round(told.after, 5), "pairs": told.pairs,
        "others": told.others, "weights": asdict(told.weights),
    }  # fmt: skip
    learned = f"{told.pairs} certain pairs, {told.others} others; mean surprise on unseen pairs: "
    learned += f"{told.before:.4f} with the old weights, {told.after:.4f} with new ones"
    _say(data, as_json, [learned, "the new weights are kept" if told.better else "the old weights stay"])


@desk.command("learned")
def learned(sources_file: SourcesOption = None, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say which words the certain pairs have taught, the surest first."""
    with _opened(sources_file, store) as opened:
        table = vocabulary.known(opened.store)
    every = [(worth, ru, en) for ru, options in table.english.items() for en, worth in options.items()]
    words = [
        {"ru": ru, "en": en, "worth": round(worth, 3)}
        for worth, ru, en in sorted(every, key=lambda one: (-one[0], *one[1:]))
    ]
    lines = [f"{len(words)} words from {len(table.pairs)} certain pairs"]
    lines += [f"{one['worth']:>6.2f}  {one['ru']} – {one['en']}" for one in words]
    _say({"pairs": len(table.pairs), "words": words}, as_json, lines)


@contextmanager
def _opened(sources_file: Path | None, store: Path | None) -> Iterator[Opened]:
    settings = settle(os.environ, sources=sources_file, store=store)
    config = sources.load(settings.sources)
    with reopened(settings.store) as opened:
        yield Opened(opened, config, settings.clock.now())


def _say(data: Mapping[str, Any], as_json: bool, lines: Sequence[str]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "desk"
