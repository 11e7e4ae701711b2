"""What looking at a site brings, as frozen values: candidate listings tried, articles sampled, versions, a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from pipeline.model import Article, Fetch, FetchedPage, Language, Link, Listing, VersionRule
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Survey:
    """What one page says of its site, and where it points: feeds, news, the other language, its own next page."""

    url: str
    language: str = ""  #: as the page declares it
    site_name: str = ""
    generator: str = ""
    feeds: tuple[str, ...] = ()
    news: tuple[str, ...] = ()  #: links called news, in the page's order
    switches: Mapping[str, str] = field(default_factory=dict)  #: language → where the RU/EN switch leads
    next: str | None = None  #: for Listing.next
    second: str = ""  #: address of the second page
    pages: int = 1  #: the highest page number shown
    apis: tuple[str, ...] = ()  #: addresses in its scripts that may answer JSON
    shell: bool = False  #: next to no words, and scripts that may fill it


@dataclass(frozen=True, slots=True)
class Sample:
    """One article as it would come out, or why it does not."""

    link: Link
    fetch: Fetch
    article: Article | None = None
    language: Language | None = None
    problem: str = ""  #: kind and detail; "" where there is an article
    seconds: float = 0.0  #: reading it

    @property
    def page(self) -> FetchedPage | None:
        """The page it was read from."""
        return self.fetch.page


@dataclass(frozen=True, slots=True)
class Trial:
    """One candidate listing, tried."""

    listing: Listing  #: as it would be declared
    why: str  #: how it was come by
    fetch: Fetch
    kind: str = ""  #: html | feed | sitemap
    links: tuple[Link, ...] = ()
    first: int = 0  #: links on its first page
    group: str = ""
    samples: tuple[Sample, ...] = ()
    problem: str = ""
    dropped: str = ""  #: why it is not proposed although it works
    survey: Survey | None = None
    drifted: bool = False  #: the links of earlier visits are gone

    @property
    def works(self) -> bool:
        """Whether it announces articles that can be read."""
        good = sum(sample.article is not None for sample in self.samples)
        return not self.problem and good * 2 > len(self.samples) > 0

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its samples, each once."""
        return tuple(dict.fromkeys(sample.language.code for sample in self.samples if sample.language))


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was seen of a site, and the source it is proposed to become."""

    url: str
    front: Fetch
    robots: str  #: what robots.txt says, in a few words
    trials: tuple[Trial, ...] = ()
    version: VersionRule | None = None
    pair: tuple[str, str] | None = None  #: two versions of one article the rule was checked on, Russian first
    id: str = ""
    block: Mapping[str, Any] = field(default_factory=dict)  #: the proposal as sources.yaml holds it
    text: str = ""  #: the same as YAML
    note: str = ""  #: what the proposal's comment says
    hint: str = ""  #: what the operator could do to see more
    render: bool = False  #: its pages were read as a browser shows them

    @property
    def proposed(self) -> tuple[Trial, ...]:
        """The listings the proposal names."""
        return tuple(trial for trial in self.trials if trial.works and not trial.dropped)
