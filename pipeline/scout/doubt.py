"""Where default extraction is in doubt (no date, lines that other pages carry), a rule that takes the doubt away.

A rule is kept only if, with it, the sampled articles come out as well as without it and better where the
doubt was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bs4 import Tag

from pipeline.collect import markup
from pipeline.extract import daytext
from pipeline.model import FetchedPage, Rule
from pipeline.scout import learn, selectors
from pipeline.scout.findings import Sample
from pipeline.scout.visitor import Visitor

_OUTSIDE = ("nav", "footer", "form")


async def rules(visitor: Visitor, samples: Sequence[Sample]) -> Mapping[str, str]:
    """Return the parts of a rule that the samples need, tried on them; nothing where none is in doubt."""
    distinct = {sample.article.url: sample for sample in samples if sample.article and sample.page}
    good = list(distinct.values())
    if len(good) < 2:
        return {}
    found: dict[str, str] = {}
    zone = visitor.source.timezone
    if 2 * sum(_undated(sample) for sample in good) > len(good):
        pages = [sample.page for sample in good if sample.page]
        selector = await visitor.room.children.run(date_selector, pages, zone)
        if selector and await _better(visitor, good, Rule(date=selector)):
            found["date"] = selector
    if 2 * sum(bool(sample.article and sample.article.dropped) for sample in good) > len(good):
        known = [learn.Known(s.page, s.article.title, s.article.text) for s in good if s.page and s.article]
        for selector in (await visitor.room.children.run(learn.learn, known, zone)).text:
            if await _same_text(visitor, good, Rule(text=selector)):
                found["text"] = selector
                break
    return found


def date_selector(pages: Sequence[FetchedPage], zone: str) -> str:
    """Return what selects, on every page, an element that is a date and nothing else, not the same on all; or ""."""
    targets = []
    days: dict[int, object] = {}
    for page in pages:
        soup, now = markup.read(page), page.fetched_at.astimezone(ZoneInfo(zone))
        tags = []
        for tag in soup.find_all(True, limit=4_000):
            text = tag.get_text(" ", strip=True) if tag.find(True) is None else ""
            if text and daytext.is_only_date(text, now) and not any(parent.name in _OUTSIDE for parent in tag.parents):
                tags.append(tag)
                days[id(tag)] = next(daytext.find(text, now, yearless=True, relative=True)).day
        targets.append((soup, tags))
    for selector in selectors.shared(targets):
        firsts = [soup.select_one(selector) for soup, _ in targets]
        if len({days.get(id(tag)) for tag in firsts if isinstance(tag, Tag)}) > 1:
            return selector
    return ""


def _undated(sample: Sample) -> bool:
    published = sample.article.published if sample.article else None
    return published is None or published.evidence == "prose"


async def _better(visitor: Visitor, samples: Sequence[Sample], rule: Rule) -> bool:
    """Tell whether with the rule every article has a date of its own."""
    again = await visitor.samples([sample.link for sample in samples], replace(visitor.source, rules=(rule,)))
    return all(sample.article and not _undated(sample) for sample in again)


async def _same_text(visitor: Visitor, samples: Sequence[Sample], rule: Rule) -> bool:
    """Tell whether the rule alone reads the text that comparing the pages gave."""
    again = await visitor.samples([sample.link for sample in samples], replace(visitor.source, rules=(rule,)))
    return all(
        two.article and one.article and (two.article.text, two.article.dropped) == (one.article.text, ())
        for one, two in zip(samples, again, strict=True)
    )
