"""A dry run over one source or address: what would be taken, and how it would come out. Nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline import address
from pipeline.collect.robots import Robots
from pipeline.model import Fetch, Link, Source
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.scout import describe, trial
from pipeline.scout.findings import Sample, Trial
from pipeline.scout.visitor import Visitor

#: Articles read of each listing.
ARTICLES = 3


@dataclass(frozen=True, slots=True)
class Probe:
    """What a dry run saw."""

    source: Source
    robots: str
    forbidden: tuple[str, ...]  #: links that robots.txt would keep us from
    listings: tuple[Trial, ...]
    samples: tuple[Sample, ...]
    fetches: tuple[Fetch, ...]

    @property
    def failed(self) -> bool:
        """Whether some listing or article did not come out."""
        return any(one.problem for one in self.listings) or any(one.problem for one in self.samples)

    def as_json(self) -> dict[str, Any]:
        """Return plain values, the way `probe --json` prints them."""
        return {
            "source": self.source.id, "robots": self.robots, "forbidden": list(self.forbidden),
            "listings": [describe.trial(one) for one in self.listings],
            "articles": [describe.sample(one) for one in self.samples],
            "requests": len(self.fetches), "seconds": round(sum(fetch.seconds for fetch in self.fetches), 3),
        }  # fmt: skip


async def probe(room: Newsroom, source: Source) -> Probe:
    """Read a source's listings and its first articles, as a pass would."""
    visitor = Visitor(room, source, room.store.articles.profile(source.id))
    trials = [await _listing(visitor, number) for number in range(len(source.listings))]
    links: dict[str, Link] = {}
    for one in trials:
        for link in one.links[:ARTICLES]:
            links.setdefault(address.key(link.url), link)
    samples = await visitor.samples(list(links.values()))
    return _seen(visitor, trials, samples)


async def page(room: Newsroom, source: Source, url: str) -> Probe:
    """Read one address both ways: as a listing, and as an article where it announces none or is one."""
    source = replace(source, listings=tuple(replace(each, url=url, pages=1) for each in source.listings[:1]))
    visitor = Visitor(room, source)
    trial = await _listing(visitor, 0)
    alone = replace(source, listings=())  # a source's own listing is never read as an article
    own = (await visitor.samples([Link(url)], alone))[0] if trial.fetch.page is not None else None
    samples = await visitor.samples(list(trial.links[:ARTICLES]))
    article = own is not None and own.article is not None and own.article.published is not None
    if own is not None and (article or not samples):
        return _seen(visitor, [] if article else [trial], [own])
    return _seen(visitor, [trial], samples)


async def _listing(visitor: Visitor, number: int) -> Trial:
    one = await trial.declared(visitor, visitor.source.listings[number])
    if one.problem:
        return one
    gone = "drift: the links of earlier visits are gone" if one.drifted else ""
    none = "" if one.first else "no-links: no article link"
    return replace(one, kind="sitemap index" if one.kind == "sitemap" else one.kind, problem=none or gone)


def _seen(visitor: Visitor, trials: list[Trial], samples: list[Sample] | tuple[Sample, ...]) -> Probe:
    url = visitor.source.listings[0].url
    file = visitor.room.fetcher.robots_files.get(address.origin(url))
    rules = Robots(file) if file else None
    own = [link.url for one in trials for link in one.links if address.origin(link.url) == address.origin(url)]
    forbidden = tuple(each for each in own if rules and rules.refusal(each))
    return Probe(visitor.source, visitor.robots_says(url), forbidden, tuple(trials), tuple(samples), visitor.fetches)
