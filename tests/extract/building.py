"""What the tests of this stage build pages and sources from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pipeline.model import Expect, FetchedPage, Link, Rule, Source, VersionRule

NOW = datetime(2024, 3, 10, 12, 0, tzinfo=UTC)


def page(
    body: str | bytes,
    url: str = "https://site.example/news/1",
    headers: Mapping[str, str] | None = None,
    at: datetime = NOW,
) -> FetchedPage:
    data = body.encode() if isinstance(body, str) else body
    return FetchedPage("site", url, url, 200, dict(headers or {}), data, at, hashlib.sha256(data).hexdigest())


def source(**given: Any) -> Source:
    """A source; rules, versions and expect may be given as plain data."""
    given["rules"] = tuple(
        Rule(
            **{
                **rule,
                "drop": tuple(rule.get("drop", ())),
                "rewrite": tuple(tuple(pair) for pair in rule.get("rewrite", ())),
            }
        )
        for rule in given.get("rules", ())
    )
    given["versions"] = tuple(
        VersionRule(**{**rule, "swap": tuple(rule["swap"]) if "swap" in rule else None})
        for rule in given.get("versions", ())
    )
    given["expect"] = Expect(**given.get("expect", {}))
    return Source(**{"id": "site", "name": {}, "kind": "cluster", "listings": (), **given})


def link(url: str = "https://site.example/news/1", **given: Any) -> Link:
    return Link(url, **given)


def html(title: str, *paragraphs: str, head: str = "", before: str = "", after: str = "", lang: str = "ru") -> str:
    """A page of the simplest template."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{before}'
        f"<div class='main'><h1>{title}</h1>{text}</div>{after}</body></html>"
    )
