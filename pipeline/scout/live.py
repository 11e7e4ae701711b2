"""sources.yaml against the sites themselves: one request for each listing and one article for each source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline import address
from pipeline.model import Source
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass
from pipeline.scout import describe, trial, versions
from pipeline.scout.findings import Sample, Trial
from pipeline.scout.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Checked:
    """What one source's site showed."""

    source: Source
    robots: str
    listings: tuple[Trial, ...]
    sample: Sample | None = None
    version: str = ""  #: address of the other language's version, where a page or a listing shows it
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that was looked at is as sources.yaml says."""
        return not self.problems

    @property
    def unseen(self) -> tuple[str, ...]:
        """The keys that nothing confirmed: their `# unverified` stays."""
        return ("versions",) if self.source.versions and not self.version else ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values, the way `check --live --json` prints them."""
        return {
            "source": self.source.id, "enabled": self.source.enabled, "passed": self.passed, "robots": self.robots,
            "listings": [describe.trial(one) for one in self.listings],
            "article": describe.sample(self.sample) if self.sample else None,
            "version": self.version, "problems": list(self.problems),
        }  # fmt: skip


async def check(room: Newsroom, source: Source) -> Checked:
    """Look at a source's listings and at one of its articles."""
    visitor = Visitor(room, source)
    trials = [await _listing(visitor, each) for each in range(len(source.listings))]
    announcing = next((one for one in trials if one.links), None)
    sample = (await visitor.samples(announcing.links[:1]))[0] if announcing else None
    return Checked(
        source=source,
        robots=visitor.robots_says(source.listings[0].url),
        listings=tuple(trials),
        sample=sample,
        version=_version(source, sample, trials),
        problems=tuple(_problems(trials, sample)),
    )


async def _listing(visitor: Visitor, number: int) -> Trial:
    one = await trial.declared(visitor, visitor.source.listings[number])
    expected = visitor.source.expect.links
    short = f"{one.first} links, expected at least {expected}"
    return one if one.problem or one.kind == "sitemap" or one.first >= expected else replace(one, problem=short)


def _version(source: Source, sample: Sample | None, trials: list[Trial]) -> str:
    """Return the other version of an article, as its page declares it or as the listings show it by the rules."""
    article = sample.article if sample else None
    listed = {address.key(link.url) for one in trials for link in one.links}
    for alternate in article.alternates if article else ():
        if alternate.evidence != "rule" or address.key(alternate.url) in listed:
            return alternate.url
    for rule in source.versions:
        for one in (one for one in trials if one.listing.language == "ru"):
            for two in (two for two in trials if two.listing.language == "en"):
                pairs = ((a.url, b.url) for a in one.links for b in two.links)
                found = next((pair for pair in pairs if versions.holds(rule, pair)), None)
                if found:
                    return found[1]
    return ""


def _problems(trials: list[Trial], sample: Sample | None) -> Iterator[str]:
    for one in trials:
        if one.problem:
            yield f"{one.listing.url}: {one.problem}"
    if sample is None:
        return
    if sample.article is None:
        yield f"{sample.link.url}: {sample.problem}"
    elif sample.link.language and sample.language and sample.language.code != sample.link.language:
        declared = sample.link.language
        yield f"{sample.link.url}: is in {sample.language.code}, its listing is declared as {declared}"
