"""What a perfect run over the sample sites finds: `demo/gold.json`, made from the articles themselves.

`python -m demo.gold` writes the file anew; a test keeps it current. Addresses are
`<site>:<path>`, because ports differ from run to run.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from demo.articles import SITES, DemoArticle, load
from demo.site import LANGUAGES, SITE_IDS, DemoSite, load_site

FILE = Path(__file__).with_name("gold.json")
#: The sample sites' present: all articles are older. ISO 8601.
NOW = "2026-11-20T12:00:00+03:00"


def gold() -> dict[str, Any]:
    """Return articles, stories, decoys and broken links as plain values."""
    sites = {site: load_site(site) for site in SITE_IDS}
    articles = [article for site in SITE_IDS for article in load(site)]
    places = {article.key: f"{article.site}:{sites[article.site].path(article)}" for article in articles}
    return {
        "now": NOW,
        "articles": [_article(sites[each.site], each, places[each.key]) for each in articles],
        "stories": _stories(sites, articles, places),
        "decoys": [_decoy(entry, places) for entry in _decoys()],
        "broken_links": [f"{site}:{path}" for site in SITE_IDS for path in sites[site].broken_links],
    }


def as_text() -> str:
    """Return the content of gold.json."""
    return json.dumps(gold(), ensure_ascii=False, indent=1) + "\n"


def _article(site: DemoSite, article: DemoArticle, place: str) -> dict[str, Any]:
    return {
        "at": place,
        "language": article.language,
        "title": article.title,
        "date": f"{article.at:%Y-%m-%d}" if article.dated else None,
        "evidence": (article.evidence or site.evidence) if article.dated else "first-seen",
        "held": article.held,
    }


def _stories(
    sites: dict[str, DemoSite], articles: Sequence[DemoArticle], places: dict[str, str]
) -> list[dict[str, Any]]:
    """Articles of one story, the original before its reprints; `kind` tells how its pair is known."""
    order = sorted(articles, key=lambda each: (each.at, places[each.key]))
    return [
        {
            "story": story,
            "kind": _kind(sites, [each for each in order if each.story == story]),
            **{
                language: [places[each.key] for each in order if (each.story, each.language) == (story, language)]
                for language in LANGUAGES
            },
        }
        for story in dict.fromkeys(each.story for each in order)
    ]


def _kind(sites: dict[str, DemoSite], told: Iterable[DemoArticle]) -> str:
    """single: one language; declared: two, and the address of one gives the other's; undeclared: two, it does not."""
    by_language = {
        language: {(each.site, each.name) for each in told if each.language == language} for language in LANGUAGES
    }
    if not by_language["ru"] or not by_language["en"]:
        return "single"
    return (
        "declared" if any(sites[site].versions for site, _ in by_language["ru"] & by_language["en"]) else "undeclared"
    )


def _decoys() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads((SITES / "decoys.toml").read_text("utf-8"))["pair"]
    return entries


def _decoy(entry: dict[str, str], places: dict[str, str]) -> dict[str, Any]:
    return {"articles": [places[key] for name, key in entry.items() if name != "why"], "why": entry["why"]}


if __name__ == "__main__":
    FILE.write_text(as_text(), "utf-8")
