"""Whose an address is: the source that has its listings at the same site, or a stranger with the defaults of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

from pipeline import address, sources
from pipeline.model import Config, Source
from pipeline.sources import edit

#: The id that articles of no source go by; a source of this id in sources.yaml gives them rules and rights of their own.
ADDED = "added"


def owner(config: Config, url: str) -> Source | None:
    """Return the source whose listings stand at the same origin."""
    return next(
        (one for one in config.sources for each in one.listings if address.origin(each.url) == address.origin(url)),
        None,
    )


def neighbour(config: Config, url: str) -> Source | None:
    """Return the source that an article at url would be listed by: of the same host, the one whose listing is nearest.

    A host with and without www., over http and https, is one.
    """
    near = [
        (not one.enabled, -_shared(each.url, url), number, one)
        for number, one in enumerate(config.sources)
        for each in one.listings
        if _host(each.url) == _host(url)
    ]
    return min(near, key=lambda row: row[:3])[3] if near else None


def stranger(data: bytes, name: str, url: str, kind: str, id_: str) -> Source:
    """Return a source for a site that is none yet, with the defaults of the file. Raises ConfigError like `sources.parse`.

    data: sources.yaml, called name.
    """
    block: Mapping[str, Any] = {"name": {"en": urlsplit(url).hostname}, "kind": kind, "listings": [{"url": url}]}
    config = sources.parse(edit.added(data, id_, block, name), name)
    return replace(next(source for source in config.sources if source.id == id_), name={})


def of_article(data: bytes, name: str, config: Config, url: str) -> Source:
    """Return the source that an article added by its address belongs to; one of nobody's has the id ADDED."""
    own = next((one for one in config.sources if one.id == ADDED), None)
    home = f"{address.origin(url)}/"  # a source's listing is no article
    return neighbour(config, url) or own or stranger(data, name, home, ADDED, ADDED)


def _host(url: str) -> str:
    return (urlsplit(url).netloc or "").lower().removeprefix("www.")


def _shared(one: str, other: str) -> int:
    """Return how many steps from the root two addresses go together."""
    steps = zip(*(urlsplit(url).path.strip("/").split("/") for url in (one, other)), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], steps))
