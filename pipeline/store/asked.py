"""What is asked of a search, and what it answers: values only. Finding it is search.py's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from pipeline.model import Query
from pipeline.query import FIELDS
from pipeline.record import dataclass

FACETS = ("source", "kind", "language", "topic", "state", "origin", "tag", "star", "organisation", "place")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; a facet's values are alternatives, everything else must hold together."""

    words: tuple[str, ...] = ()  #: words, "phrases in a row", begin*
    not_words: tuple[str, ...] = ()
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: facet → one of these
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: facet → none of these
    since: datetime | None = None
    until: datetime | None = None  #: up to, and not with, this instant
    best: bool = False  #: where words stand in titles first; else the newest first

    @classmethod
    def of(cls, query: Query) -> Asked:
        """Return what a search, as people write it, asks for."""
        wanted, unwanted = (
            {facet: values for facet, name in FIELDS.items() if (values := getattr(query, before + name))}
            for before in ("", "not_")
        )
        return cls(query.words, query.not_words, wanted, unwanted)


@dataclass(frozen=True, slots=True)
class Hit:
    """One story of a list, by the article that it was found by."""

    article: str
    where: str  #: one of TIERS; "" where no words were asked for
    key: str  #: what the list goes on after


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list, and what is known of all of it."""

    hits: tuple[Hit, ...] = ()
    stories: int = 0
    articles: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  #: facet → value → stories
    after: str = ""  #: key of the next page; "" on the last
    waiting: int = 0  #: changes that are not taken up yet
