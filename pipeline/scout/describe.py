"""Trials and samples as plain values, for `--json`."""

from __future__ import annotations

from typing import Any

from pipeline.scout.findings import Sample, Trial


def trial(one: Trial) -> dict[str, Any]:
    """Return a listing: its address, how asking ended, what it announces and why these links."""
    return {
        "url": one.listing.url, "outcome": one.fetch.kind, "seconds": one.fetch.seconds, "kind": one.kind,
        "language": one.listing.language, "links": [{"url": link.url, "title": link.title} for link in one.links],
        "group": one.group, "selector": one.listing.links or "", "problem": one.problem,
    }  # fmt: skip


def sample(one: Sample) -> dict[str, Any]:
    """Return an article as it would come out."""
    article = one.article
    values: dict[str, Any] = {
        "url": one.link.url, "outcome": one.fetch.kind, "seconds": one.fetch.seconds, "reading_seconds": one.seconds,
        "problem": one.problem,
    }  # fmt: skip
    if article is None:
        return values
    published = article.published
    return values | {
        "title": article.title, "text_chars": len(article.text), "first_lines": article.text.split("\n")[:3],
        "language": one.language.code if one.language else "", "made_by": article.made_by,
        "published": published.at.isoformat() if published else None,
        "published_evidence": published.evidence if published else "", "dropped": list(article.dropped),
        "versions": [{"url": a.url, "language": a.language, "evidence": a.evidence} for a in article.alternates],
    }  # fmt: skip
