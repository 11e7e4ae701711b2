"""A drifting source mended from its own past: where the articles we know now stand on their pages.

known articles ─► asked again ─► read by the rule in force ─► complaints? ─► selectors learned
    ─► tried on all of them ─► a new rule, only if they read as they were

The same for a listing: the selector that picks the articles known to have been announced. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any
from zoneinfo import ZoneInfo

from pipeline import address, collect
from pipeline.errors import ListingError
from pipeline.extract.article import rule_for
from pipeline.model import Item, Link, Listing, Rule, Source
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.scout import anchors, judge, learn
from pipeline.scout.findings import Sample
from pipeline.scout.judge import Reread
from pipeline.scout.visitor import Visitor

#: Articles asked again, and how few of them teach nothing.
ASKED, FEWEST = 6, 2
#: Articles whose addresses tell a listing's links.
_ADDRESSES = 200
#: Share of the articles that must read as they were before a rule is proposed.
_MENDED = 0.75


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a source, and what would mend it."""

    source: Source
    complaints: tuple[str, ...] = ()
    rule: Mapping[str, Any] = field(default_factory=dict)  #: the new rule, as sources.yaml writes it
    links: Mapping[str, str | None] = field(default_factory=dict)  #: listing → new selector; None: by itself
    before: tuple[Reread, ...] = ()
    after: tuple[Reread, ...] = ()
    unmended: tuple[str, ...] = ()  #: what no proposal was found for

    @property
    def mends(self) -> bool:
        """Whether there is something to change in sources.yaml."""
        return bool(self.rule or self.links)


async def examine(room: Newsroom, source: Source) -> Diagnosis:
    """Look at a source as it is now, and find what would make it read as it did."""
    visitor = Visitor(room, source)
    items = room.store.articles.newest(source.id, _ADDRESSES)
    diagnosis = await _listings(visitor, items, Diagnosis(source))
    return await _articles(visitor, items, diagnosis)


# ── listings ────────────────────────────────────────────────────────────────────────────────
async def _listings(visitor: Visitor, items: Sequence[Item], diagnosis: Diagnosis) -> Diagnosis:
    keys = frozenset(address.key(item.article.url) for item in items)
    for listing in diagnosis.source.listings:
        fetch = await visitor.fetch(listing.url)
        if fetch.page is None:
            diagnosis = _complained(diagnosis, f"{listing.url}: {fetch.kind}: {fetch.detail}", mended=False)
        elif collect.kind_of(fetch.page, listing) == "html":
            diagnosis = await _links(visitor, listing, keys, diagnosis)
    return diagnosis


async def _links(visitor: Visitor, listing: Listing, keys: frozenset[str], diagnosis: Diagnosis) -> Diagnosis:
    page = (await visitor.fetch(listing.url)).page
    assert page is not None
    found = await _shown(visitor, listing)
    match = await visitor.room.children.run(anchors.learn, page, keys)
    if match is None or len(found & keys) * 2 > match.known:
        nothing = not found and bool(diagnosis.source.expect.links)
        what = f"{listing.url}: no link to an article, and none that is known"
        return _complained(diagnosis, what, mended=False) if nothing else diagnosis
    by = f"the selector {listing.links!r}" if listing.links else "the finder"
    diagnosis = _complained(diagnosis, f"{listing.url}: {by} picks {len(found & keys)} of {match.known} known articles")
    return replace(diagnosis, links={**diagnosis.links, listing.url: match.selector})


async def _shown(visitor: Visitor, listing: Listing) -> frozenset[str]:
    page = (await visitor.fetch(listing.url)).page
    try:
        reading = await visitor.read(page, listing) if page else collect.Reading()
    except ListingError:
        return frozenset()
    return frozenset(address.key(link.url) for link in reading.links)


# ── articles ────────────────────────────────────────────────────────────────────────────────
async def _articles(visitor: Visitor, items: Sequence[Item], diagnosis: Diagnosis) -> Diagnosis:
    known = {address.key(item.article.url): item for item in items[:ASKED]}
    if len(known) < FEWEST:  # a source this young cannot have drifted
        return diagnosis
    links = [Link(item.article.url, language=item.article.declared.get("listing")) for item in known.values()]
    samples = await visitor.samples(links)
    answered = [sample for sample in samples if sample.page is not None]
    if len(answered) < FEWEST:
        what = f"only {len(answered)} of its known articles answered; {FEWEST} are needed to compare"
        return _complained(diagnosis, what, mended=False)
    before = [judge.reread(known[address.key(sample.link.url)], sample) for sample in answered]
    wrong = await _wrong(visitor, before)
    diagnosis = replace(diagnosis, before=tuple(before), complaints=(*diagnosis.complaints, *wrong))
    if not wrong:
        return diagnosis
    rule, after = await _mend(visitor, before)
    sound = sum(not one.complaints for one in after)
    if rule is None or sound < _MENDED * len(after) or judge.score(after) < judge.score(before):
        what = f"no selectors were found with which the known articles read as they did ({sound} of {len(after)} would)"
        return replace(diagnosis, unmended=(*diagnosis.unmended, what))
    return replace(diagnosis, rule=_as_written(rule), after=tuple(after))


async def _wrong(visitor: Visitor, rereads: Sequence[Reread]) -> tuple[str, ...]:
    """Return what is wrong with most of the articles, and which selectors match nothing."""
    kinds = Counter(what.partition(":")[0] for one in rereads for what in dict.fromkeys(one.complaints))
    most = [what for what, count in sorted(kinds.items()) if count * 2 > len(rereads)]
    told = [next(text for one in rereads for text in one.complaints if text.startswith(what)) for what in most]
    rule = _in_force(visitor)
    pages = [one.sample.page for one in rereads if one.sample.page]
    lost = await visitor.room.children.run(judge.unmatched, pages, rule)
    return (*told, *(f"the rule's selector of the {name} ({getattr(rule, name)!r}) matches nothing" for name in lost))


async def _mend(visitor: Visitor, before: Sequence[Reread]) -> tuple[Rule | None, Sequence[Reread]]:
    """Return the rule with which the articles read best, and how they read by it."""
    known = [_known(one, visitor.source) for one in before if one.sample.page]
    learned = await visitor.room.children.run(learn.learn, known, visitor.source.timezone)
    old = _in_force(visitor)
    pages = [each.page for each in known]
    drop = await visitor.room.children.run(judge.matching, pages, old.drop)
    base = Rule(
        title=next(iter(learned.title), None), date=next(iter(learned.date), None),
        date_format=old.date_format if learned.date else None, drop=drop, rewrite=old.rewrite,
    )  # fmt: skip
    best: tuple[float, Rule, Sequence[Reread]] | None = None
    for text in (*learned.text, None):
        rule = replace(base, text=text)
        after = await _read_by(visitor, rule, before)
        if text and any(one.extra for one in after):
            extra = [one.extra for one in after]
            more = await visitor.room.children.run(learn.surplus, known, text, extra)
            rule = replace(rule, drop=tuple(dict.fromkeys((*drop, *more))))
            after = await _read_by(visitor, rule, before)
        worth = judge.score(after) + (0.01 if text else 0.0)
        if best is None or worth > best[0]:
            best = (worth, rule, after)
        if not any(one.complaints or one.extra for one in after):
            break
    return (best[1], best[2]) if best else (None, before)


async def _read_by(visitor: Visitor, rule: Rule, before: Sequence[Reread]) -> list[Reread]:
    source = replace(visitor.source, rules=(rule,))
    samples: Sequence[Sample] = await visitor.samples([one.sample.link for one in before], source)
    return [judge.reread(one.item, sample) for one, sample in zip(before, samples, strict=True)]


def _known(one: Reread, source: Source) -> learn.Known:
    article, page = one.item.article, one.sample.page
    assert page is not None
    stated = article.published if article.published and article.published.evidence != "prose" else None
    day = stated.at.astimezone(ZoneInfo(source.timezone)).date() if stated else None
    return learn.Known(page, article.title, article.text, day)


def _in_force(visitor: Visitor) -> Rule:
    found = rule_for(visitor.source, visitor.room.clock.now().astimezone(ZoneInfo(visitor.source.timezone)).date())
    return found[1] if found else Rule()


def _as_written(rule: Rule) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": rule.title,
        "text": rule.text,
        "date": rule.date,
        "date_format": rule.date_format,
    }
    values |= {"drop": list(rule.drop), "rewrite": [list(pair) for pair in rule.rewrite]}
    return {name: value for name, value in values.items() if value}


def _complained(diagnosis: Diagnosis, what: str, *, mended: bool = True) -> Diagnosis:
    unmended = diagnosis.unmended if mended else (*diagnosis.unmended, what)
    return replace(diagnosis, complaints=(*diagnosis.complaints, what), unmended=unmended)
