"""Did a run over the sample sites find what is there? Exports and feeds against the gold, as lists of complaints.

An empty list means that all is as it should be. Pure but for `feeds`, which reads files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser

from demo.site import LANGUAGES

#: How many of the pairs that no address declares have to be found.
UNDECLARED_FLOOR = 0.8

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Expected:
    """The part of the gold that can be seen now."""

    articles: Mapping[str, Mapping[str, Any]]  #: place → title, language, date, evidence
    stories: Sequence[Mapping[str, Any]]  #: story, kind, ru and en places
    decoys: Sequence[Mapping[str, Any]]

    def pairs(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the stories told in both languages, of one kind."""
        return [story for story in self.stories if story["kind"] == kind and story["ru"] and story["en"]]


def expected(gold: Mapping[str, Any], released: Iterable[str] = ()) -> Expected:
    """Return what can be found once the held articles at these places are released."""
    shown = set(released)
    articles = {each["at"]: each for each in gold["articles"] if not each["held"] or each["at"] in shown}
    stories = [
        {**story, **{side: [at for at in story[side] if at in articles] for side in LANGUAGES}}
        for story in gold["stories"]
    ]
    return Expected(articles, [story for story in stories if story["ru"] or story["en"]], gold["decoys"])


def place(url: str, addresses: Mapping[str, str]) -> str:
    """Return an address as the gold writes it, `<site>:<path>`; as it is where it is none of the sites'."""
    for site, base in addresses.items():
        if url.startswith(f"{base}/"):
            return f"{site}:{url[len(base) :]}"
    return url


def articles(rows: Rows, gold: Expected, addresses: Mapping[str, str]) -> list[str]:
    """Compare `export articles` with the gold: none missing, none invented, each with its language, title and date."""
    found = {place(row["url"], addresses): row for row in rows}
    told = [f"not found: {at}" for at in gold.articles if at not in found]
    told += [f"no article of the sites: {at}" for at in found if at not in gold.articles]
    if len(found) < len(rows):
        told.append(f"{len(rows) - len(found)} articles are there twice")
    for at, want in gold.articles.items():
        if row := found.get(at):
            told += [
                f"{at}: {name} is {got!r}, should be {right!r}"
                for name, got, right in _facts(row, want)
                if got != right
            ]
    return told


def _facts(row: Mapping[str, Any], want: Mapping[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    yield "language", row["language"], want["language"]
    yield "title", row["title"], want["title"]
    yield "evidence of the date", row["published_evidence"], want["evidence"]
    if want["date"]:
        yield "date", row["published"][:10], want["date"]


def stories(rows: Rows, gold: Expected, addresses: Mapping[str, str]) -> list[str]:
    """Compare `export stories` with the gold: pairs found, nothing joined that is not one story."""
    found = [_places(row, addresses) for row in rows]
    story_of = {at: story["story"] for story in gold.stories for side in LANGUAGES for at in story[side]}
    mixed = [places for places in found if len({story_of.get(at, at) for at in places}) > 1]
    told = [f"joined, though not one story: {', '.join(places)}{_temptation(places, gold)}" for places in mixed]
    told += [
        f"declared pair not found: {story['story']}" for story in gold.pairs("declared") if not _paired(story, found)
    ]
    undeclared = gold.pairs("undeclared")
    missed = [story["story"] for story in undeclared if not _paired(story, found)]
    if len(undeclared) - len(missed) < UNDECLARED_FLOOR * len(undeclared):
        told.append(f"{len(missed)} of {len(undeclared)} undeclared pairs not found: {', '.join(missed)}")
    told += [
        f"the same text on two sites not told as one: {', '.join(copies)}"
        for copies in _copies(gold)
        if not _together(copies, found)
    ]
    return told


def found_pairs(rows: Rows, gold: Expected, addresses: Mapping[str, str]) -> Counter[str]:
    """Count the true pairs found, by kind."""
    found = [_places(row, addresses) for row in rows]
    return Counter(
        story["kind"] for kind in ("declared", "undeclared") for story in gold.pairs(kind) if _paired(story, found)
    )


def feeds(folder: Path, told_stories: int, told_articles: Mapping[str, int]) -> list[str]:
    """Read every feed as a subscriber would: well-formed, ids its own, the main ones complete.

    told_stories: how many stories there are; told_articles: language → how many texts.
    """
    files = sorted((*folder.glob("*.rss"), *folder.glob("*.atom")))
    wanted = [f"{name}.{form}" for name in ("all", *LANGUAGES) for form in ("rss", "atom")]
    told = [f"no feed {name}" for name in wanted if not (folder / name).is_file()]
    sizes = {"all": told_stories, **told_articles}
    for file in files:
        read = feedparser.parse(file.read_bytes())
        ids = [entry.get("id") for entry in read.entries]
        if read.bozo:
            told.append(f"{file.name}: {read.bozo_exception}")
        # What a source's first pass brings is history, and never offered to a newsletter.
        may_be_empty = file.stem.startswith("newsletter-")
        if (not ids and not may_be_empty) or len(set(ids)) < len(ids) or not all(ids):
            told.append(f"{file.name}: {len(ids)} entries, {len(set(ids))} ids")
        if file.stem in sizes and len(ids) != sizes[file.stem]:
            told.append(f"{file.name}: {len(ids)} entries, should be {sizes[file.stem]}")
    return told


def entries(file: Path) -> list[Any]:
    """Return the entries of a feed."""
    return list(feedparser.parse(file.read_bytes()).entries)


def late(before: Rows, after: Rows, at: str, addresses: Mapping[str, str]) -> list[str]:
    """Compare the story at a place before and after its translation came: one story still, the same id, two languages."""
    old = [row for row in before if at in _places(row, addresses)]
    new = [row for row in after if at in _places(row, addresses)]
    if len(old) != 1 or len(new) != 1:
        return [f"{at} stands in {len(old)} stories before and {len(new)} after"]
    told = []
    if old[0]["id"] != new[0]["id"]:
        told.append(f"the story's id changed from {old[0]['id']} to {new[0]['id']}")
    if not (new[0]["ru"] and new[0]["en"]):
        told.append("the story has not got both languages")
    if len(before) != len(after):
        told.append(f"there were {len(before)} stories, now there are {len(after)}")
    return told


def _places(row: Mapping[str, Any], addresses: Mapping[str, str]) -> list[str]:
    sides = [row[side] for side in LANGUAGES if row[side]]
    return [place(each["url"], addresses) for side in sides for each in side.get("articles", [side])]


def _paired(story: Mapping[str, Any], found: Sequence[Sequence[str]]) -> bool:
    return any(set(places) & set(story["ru"]) and set(places) & set(story["en"]) for places in found)


def _copies(gold: Expected) -> list[Sequence[str]]:
    return [story[side] for story in gold.stories for side in LANGUAGES if len(story[side]) > 1]


def _together(copies: Sequence[str], found: Sequence[Sequence[str]]) -> bool:
    return any(set(copies) <= set(places) for places in found)


def _temptation(places: Sequence[str], gold: Expected) -> str:
    return next((f" ({decoy['why']})" for decoy in gold.decoys if set(decoy["articles"]) <= set(places)), "")
