"""All articles of a window side by side: how rare a term is, and how alike any two articles are.

Built from packed sketches alone, so that a window of tens of thousands costs a sort of
its terms and not a look at its words. What is rare in the window weighs most; in a small
window an assumed background keeps rarity sane. Which pairs are worth scoring is decided
in `candidates`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Protocol

import numpy as np

from pipeline.model import DATE_WINDOW
from pipeline.pairing.duplicates import repeats
from pipeline.pairing.features import Shingles
from pipeline.pairing.index import Floats, Index
from pipeline.pairing.sketch import Sketches
from pipeline.pairing.when import UNDATED, When, Window, dated, doubt
from pipeline.record import dataclass

#: The blocks that rank, either as much as the other, and those that do not: numbers alone never bring a pair near.
#: With the share of an imagined archive that a term of each stands in.
_RANKING: Mapping[str, float] = {"keys": 0.03, "words": 0.08}
_BESIDE: Mapping[str, float] = {"numbers": 0.08}
#: A picture that more articles than this carry is a logo.
_LOGO = 4


class Row(Protocol):
    """One article of the window, as whoever keeps it has it: tens of thousands are not made over."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def language(self) -> str:
        """Its language: ru | en."""

    @property
    def source(self) -> str:
        """The id of its source."""

    @property
    def published(self) -> datetime | None:
        """When it was published, as far as its page says."""

    @property
    def evidence(self) -> str:
        """What that is known from."""

    @property
    def sketch(self) -> bytes:
        """Its sketch."""

    @property
    def hub(self) -> float | None:
        """The mean similarity to its ten nearest as measured earlier."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of the articles its page declares to be versions of it."""

    @property
    def pictures(self) -> tuple[str, ...]:
        """The names of its picture files."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One article of the window, where nobody else keeps it."""

    id: str
    language: str
    source: str
    sketch: bytes
    published: datetime | None = None
    evidence: str = ""
    hub: float | None = None
    url: str = ""
    claims: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Windows:
    """How long after a Russian article an English one may come, by source."""

    usual: Window = DATE_WINDOW
    own: Mapping[str, Window] = field(default_factory=dict)

    def of(self, source: str) -> Window:
        """Return the window of a source."""
        return self.own.get(source, self.usual)


class Pool:
    """The articles of a window, by places: the Russian ones first, each language in order of id."""

    def __init__(self, standing: Iterable[Row], windows: Windows | None = None, before: Sketches | None = None) -> None:
        """Before: the sketches of an earlier pool, which most of these may be the same as."""
        rows = sorted(standing, key=attrgetter("id"))
        self.rows = [*(row for row in rows if row.language == "ru"), *(row for row in rows if row.language != "ru")]
        self._windows = windows or Windows()
        self.place = {one.id: place for place, one in enumerate(self.rows)}
        self.russian = sum(one.language == "ru" for one in self.rows)
        self.sketches = Sketches([one.sketch for one in self.rows], before)
        self._ranking = Index(self.sketches, self.russian, _RANKING)
        self._beside = Index(self.sketches, self.russian, _BESIDE)
        #: Place → the places of its own language most alike to it, and how alike: what `kin` has found so far.
        self.kin: dict[int, dict[int, float]] = {}
        self._when: dict[int, When] = {}
        #: Source → the places of its articles.
        self._of_source: dict[str, list[int]] = {}
        for place, one in enumerate(self.rows):
            self._of_source.setdefault(one.source, []).append(place)
        #: Source → what it repeats.
        self._furniture: dict[str, Shingles] = {}

    def when(self, place: int) -> When:
        """Return what is known of the day an article was published."""
        known = self._when.get(place)
        if known is None:
            row = self.rows[place]
            known = self._when[place] = dated(row.published, row.evidence, self._windows.of(row.source))
        return known

    def others(self, place: int) -> slice:
        """Return the places of the language that place is not of."""
        return slice(self.russian, len(self.rows)) if place < self.russian else slice(0, self.russian)

    def similarities(self, places: Sequence[int], *, own: bool = False) -> Floats:
        """Return the ranking similarity of articles of one language to every one of the other (or own), a row each."""
        similar = self._ranking.against(places, english=(places[0] >= self.russian) == own)
        similar *= 1 / len(_RANKING)  # exact, being a power of two: the sum of a pair's cosines as in `similarity`
        return similar

    def similarity(self, ru: int, en: int) -> float:
        """Return the ranking similarity of one pair."""
        return sum(self.cosine(name, ru, en) for name in _RANKING) / len(_RANKING)

    def cosine(self, name: str, ru: int, en: int) -> float:
        """Return one block's cosine of one pair."""
        return self._of(name).cosine(name, ru, en)

    def cosines(self, name: str, pairs: Sequence[tuple[int, int]]) -> list[float]:
        """Return one block's cosine of each of these pairs."""
        ones, others = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2).T
        found: list[float] = self._of(name).cosines(name, ones, others).tolist()
        return found

    def rarities(self, name: str, terms: Collection[str]) -> list[float]:
        """Return how rare each of these terms of one block is."""
        return self._of(name).rarities(name, terms)

    def rarity(self, name: str, term: str) -> float:
        """Return how rare a term of one block is in this window; nought for one that is not in it."""
        return self._of(name).rarity_of(name, term)

    def _of(self, name: str) -> Index:
        return self._ranking if name in _RANKING else self._beside

    def repeated(self, source: str) -> Shingles:
        """Return the runs of words that a source repeats across its articles, rising."""
        if source not in self._furniture:
            self._furniture[source] = repeats([self.sketches.runs_of(self._of_source.get(source, []))])
        return self._furniture[source]

    @cached_property
    def logos(self) -> frozenset[str]:
        """Names of the picture files that too many articles carry to tell anything."""
        held = Counter(name for one in self.rows for name in one.pictures)
        return frozenset(name for name, count in held.items() if count > _LOGO)

    @cached_property
    def days(self) -> Floats:
        """The day of each article since 1970; not a number where it is undated."""
        dates = [row.published if row.evidence != UNDATED else None for row in self.rows]
        return np.array([np.nan if at is None else at.timestamp() / 86_400 for at in dates])

    @cached_property
    def doubt(self) -> Floats:
        """Days of doubt about it."""
        return np.array([doubt(row.evidence) for row in self.rows])

    @cached_property
    def window(self) -> tuple[Floats, Floats]:
        """From how many days after the Russian article, and to how many, the English one is looked for."""
        of_source = {one: self._windows.of(one) for one in self._of_source}
        days = {one: [end.total_seconds() / 86_400 for end in window] for one, window in of_source.items()}
        first, last = np.array([days[row.source] for row in self.rows]).reshape(len(self.rows), 2).T
        return first, last
