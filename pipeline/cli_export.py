"""The verb that takes things out of the store: `export`, for spreadsheets, other programs, translators, archives."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__, cuttings, export, export_pairs, otherwords, query, sheets, sources
from pipeline.errors import ConfigError, NevawireError
from pipeline.model import Config
from pipeline.options import FeedsOption, SourcesOption, StoreOption
from pipeline.settings import Settings, settle
from pipeline.sheets import plain, warc
from pipeline.store import Asked, Store, reopened


class What(StrEnum):
    """What can be exported."""

    items = "items"  # articles with their stories, as the desk exports them; --query narrows them
    articles = "articles"
    stories = "stories"
    revisions = "revisions"
    pairs = "pairs"
    documents = "documents"


class Format(StrEnum):
    """How it can be written."""

    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"  # extra nevawire[parquet]
    warc = "warc"  # the pages of items, as they were fetched
    tmx = "tmx"  # a translation memory of confirmed pairs


QueryOption = Annotated[
    str,
    typer.Option(
        "--query", metavar="SEARCH", help='Only items that a search finds: порт "морской терминал" kind:bureau.'
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("export")(export_)


def export_(
    what: Annotated[What, typer.Argument(help="What to write out.")],
    sources_file: SourcesOption = None, store: StoreOption = None, feeds: FeedsOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.jsonl,
    sought: QueryOption = "",
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file instead of the terminal.")] = None,
) -> None:  # fmt: skip
    """Write every item, article, story, pair, document or earlier wording of an article, one a row, for other programs."""
    settings = settle(os.environ, sources=sources_file, store=store, feeds=feeds)
    _fits(what, form, sought, output)
    with reopened(settings.store) as opened:
        if form is Format.tmx:
            with _text(output) as file:
                export_pairs.write_tmx(opened.stories.each(), file)
            return
        _write(_parts(opened, settings, what, form, sought), output)


def _fits(what: What, form: Format, sought: str, output: Path | None) -> None:
    """Raise ConfigError where one option does not go with another."""
    if form is Format.tmx and what is not What.pairs:
        raise ConfigError(f"--format tmx: a translation memory is made of pairs, not of {what.value}")
    if form is Format.warc and what is not What.items:
        raise ConfigError(f"--format warc: pages are those of items, not of {what.value}")
    if sought and what is not What.items:
        raise ConfigError(f"--query: narrows items, not {what.value}")
    if extra := sheets.missing(form.value):
        raise ConfigError(f"--format {form.value}: is not installed; pip install 'nevawire[{extra}]'")
    shown = form is Format.tmx or (form.value in sheets.FORMS and sheets.FORMS[form.value].text)
    if output is None and not shown:
        raise ConfigError(f"--format {form.value}: is no text to be shown; give a file with --output")


def _parts(store: Store, settings: Settings, what: What, form: Format, sought: str) -> Iterator[bytes]:
    if what is What.items:
        config = sources.load(settings.sources)
        ids = _found(store, config, sought)
        if form is Format.warc:
            return warc.written(cuttings.pages(store, ids), f"nevawire {__version__}")
        return sheets.FORMS[form.value].written(cuttings.rows(store, config, ids), cuttings.COLUMNS)
    columns = {**export.COLUMNS, "pairs": export_pairs.COLUMNS}[what.value]
    return sheets.FORMS[form.value].written(_rows(store, what), columns)


def _found(store: Store, config: Config, sought: str) -> Iterator[str]:
    try:
        asked = query.read(sought)
    except ValueError as error:
        raise ConfigError(f"--query: {error}") from error
    store.search.catch_up()
    kinds = {source.id: source.kind for source in config.sources}
    return store.search.articles(Asked.of(asked), kinds, otherwords.shipped())


def _rows(store: Store, what: What) -> Iterator[dict[str, Any]]:
    if what is What.pairs:
        return export_pairs.rows(store.stories.each())
    if what is What.articles:
        return export.article_rows(store.articles.each(), store.missing.since())
    if what is What.revisions:
        return export.revision_rows(store.articles.revisions())
    if what is What.documents:
        return export.document_rows(store.articles.each(), store.strays.documents())
    return export.story_rows(store.stories.each())


def _write(parts: Iterator[bytes], path: Path | None) -> None:
    if path is None:
        for part in parts:
            sys.stdout.write(part.removeprefix(plain.MARK).decode())
        return
    try:
        with path.open("wb") as file:
            for part in parts:
                file.write(part)
    except OSError as error:
        raise NevawireError(f"cannot write {path}: {error.strerror}") from error


@contextmanager
def _text(path: Path | None) -> Iterator[Any]:
    if path is None:
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise NevawireError(f"cannot write {path}: {error.strerror}") from error
