"""How an article reads now against how it is known to read; pure."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

from pipeline.collect import markup
from pipeline.extract.blocks import fold
from pipeline.model import Article, FetchedPage, Item, Rule
from pipeline.record import dataclass
from pipeline.scout.findings import Sample

#: Share of a known text that must be there again, and how much more there may be, in texts.
_KEPT, _MORE = 0.9, 0.15
#: Evidence of a date that a lost selector would fall back upon.
_WEAK = ("prose", "first-seen")


@dataclass(frozen=True, slots=True)
class Reread:
    """One known article, read again."""

    item: Item
    sample: Sample
    kept: float  #: share of its text that is there again
    extra: tuple[str, ...]  #: lines it did not have
    complaints: tuple[str, ...]


def reread(item: Item, sample: Sample) -> Reread:
    """Compare an article with what was kept of it."""
    article = sample.article
    if article is None:
        return Reread(item, sample, 0.0, (), (sample.problem,))
    old = [key for line in item.article.text.split("\n") if (key := fold(line))]
    letters = fold(article.text)
    total = sum(map(len, old)) or 1
    kept = sum(len(line) for line in old if line in letters) / total
    known = "".join(old) + fold(item.article.title)
    extra = tuple(line for line in article.text.split("\n") if fold(line) and fold(line) not in known)
    complaints = []
    if kept < _KEPT:
        complaints.append(f"text: {kept:.0%} of what it was")
    if sum(len(fold(line)) for line in extra) > _MORE * total:
        complaints.append(f"text: {len(extra)} lines it did not have")
    if fold(article.title) != fold(item.article.title):
        complaints.append("title: another than before")
    if not _same_day(item.article, article):
        complaints.append("date: another than before, or none")
    return Reread(item, sample, kept, extra, tuple(complaints))


def unmatched(pages: Sequence[FetchedPage], rule: Rule) -> tuple[str, ...]:
    """Return the parts of a rule whose selector matches nothing on most of the pages."""
    soups: list[BeautifulSoup] = [markup.read(page) for page in pages]
    parts = {"title": rule.title, "text": rule.text, "date": rule.date}
    return tuple(
        name
        for name, selector in parts.items()
        if selector and 2 * sum(soup.select_one(selector) is None for soup in soups) > len(soups)
    )


def matching(pages: Sequence[FetchedPage], selectors: Sequence[str]) -> tuple[str, ...]:
    """Return the selectors that match something on some of the pages."""
    soups = [markup.read(page) for page in pages]
    return tuple(one for one in selectors if any(soup.select_one(one) is not None for soup in soups))


def score(rereads: Sequence[Reread]) -> float:
    """Return how well articles read: 1 where each is as it was, less for each complaint and each extra line."""
    return sum(one.kept - 0.3 * len(one.complaints) - 0.02 * len(one.extra) for one in rereads) / max(len(rereads), 1)


def _same_day(old: Article, new: Article) -> bool:
    if old.published is None or old.published.evidence in _WEAK:
        return True
    if new.published is None:
        return False
    try:
        zone = ZoneInfo(old.published.zone)
    except (KeyError, ValueError):  # an offset, which names no zone
        return abs(old.published.at - new.published.at).total_seconds() < 86_400
    return old.published.at.astimezone(zone).date() == new.published.at.astimezone(zone).date()
