"""Saved searches: where their feeds are found, and how a new one comes into sources.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import newsstand, otherwords, publish, sources
from pipeline.errors import ConfigError
from pipeline.model import Query, Search
from pipeline.query import written
from pipeline.sources import edit

#: Letters of an id, so that a number fits behind it.
_LONGEST = 50


def addresses(desk: newsstand.Desk) -> list[tuple[Search, Mapping[str, str]]]:
    """Return each saved search with the addresses of its feeds, those with tokens included."""
    tokens = desk.tokens
    every = {one.name: replace(one, token=tokens.get(one.name, "")) for one in publish.channels(desk.config)}
    return [
        (one, publish.addresses(every[f"search-{one.id}"], desk.config.publisher)) for one in desk.config.searches
    ]  # fmt: skip


def save(file: Path, title: str, language: str, query: Query, *, public: bool) -> str:
    """Write a search into the sources file, its comments kept, and return its id.

    Raises ConfigError where the file cannot be read or written, was changed meanwhile, or would not read cleanly.
    """
    try:
        before = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror or error})") from error
    taken = {one.id for one in sources.parse(before, str(file)).searches}
    id_ = _free(_slug(title), taken)
    block = {"query": written(query), "title": {language: title}, **({"public": True} if public else {})}
    after = edit.added(before, id_, block, str(file), section="searches")
    edit.replace(file, before, after, [id_], section="searches")
    return id_


def _slug(title: str) -> str:
    """Return a title as an id: Latin letters, digits and hyphens."""
    latin = otherwords.in_latin(title.lower())
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:_LONGEST].strip("-") or "search"


def _free(id_: str, taken: set[str]) -> str:
    number, found = 1, id_
    while found in taken:
        number += 1
        found = f"{id_}-{number}"
    return found
