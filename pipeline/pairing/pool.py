"""All articles of a window side by side: how rare a term is, and how alike any two articles are.

Built from packed sketches alone, so that a window of tens of thousands costs a sort of
its terms and not a look at its words. What is rare in the window weighs most; in a small
window an assumed background keeps rarity sane. Which pairs are worth scoring is decided
in `candidates`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.model import DATE_WINDOW
from pipeline.pairing.duplicates import among, repeats, together
from pipeline.pairing.features import Shingles
from pipeline.pairing.sketch import BLOCKS, Ints, Sketches, Terms, number
from pipeline.pairing.when import UNDATED, When, Window, dated, doubt

Floats = NDArray[np.float64]

#: Share of each block in the similarity that ranks; numbers alone never bring a pair near.
SHARES: Mapping[str, float] = {"keys": 0.5, "words": 0.5, "numbers": 0.0}
#: An imagined archive every window is added to: its size, and the share of it a term stands in.
BACKGROUND = 40
_SHARE: Mapping[str, float] = {"keys": 0.03, "words": 0.08, "numbers": 0.08}
#: A picture that more articles than this carry is a logo.
_LOGO = 4
#: A term that more than this share of the window has (and so many articles at least) is a common one.
_COMMON, _CROWD = 0.05, 50


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

    def __init__(self, standing: Iterable[Row], windows: Windows | None = None) -> None:
        rows = sorted(standing, key=attrgetter("id"))
        self.rows = [*(row for row in rows if row.language == "ru"), *(row for row in rows if row.language != "ru")]
        self._windows = windows or Windows()
        self.place = {one.id: place for place, one in enumerate(self.rows)}
        self.russian = sum(one.language == "ru" for one in self.rows)
        self.sketches = Sketches([one.sketch for one in self.rows])
        self._blocks = {name: _Block(self.sketches, name, self.russian) for name in BLOCKS}
        #: Place → the places of its own language most alike to it, and how alike: what `kin` has found so far.
        self.kin: dict[int, dict[int, float]] = {}
        #: Source → runs of words that were asked for, and those of them that it repeats.
        self._furniture: dict[str, tuple[Shingles, Shingles]] = {}
        self._of_source: dict[str, list[int]] = {}
        for place, one in enumerate(self.rows):
            self._of_source.setdefault(one.source, []).append(place)

    def when(self, place: int) -> When:
        """Return what is known of the day an article was published."""
        row = self.rows[place]
        return dated(row.published, row.evidence, self._windows.of(row.source))

    def others(self, place: int) -> slice:
        """Return the places of the language that place is not of."""
        return slice(self.russian, len(self.rows)) if place < self.russian else slice(0, self.russian)

    def similarities(self, places: Sequence[int], *, own: bool = False) -> Floats:
        """Return the ranking similarity of articles of one language to every one of the other (or own), a row each."""
        others = self.others(places[0])
        if own:
            others = slice(0, self.russian) if others.start else slice(self.russian, len(self.rows))
        blocks = (share * self._blocks[name].against(places, others) for name, share in SHARES.items() if share)
        return sum(blocks, np.zeros((len(places), others.stop - others.start)))

    def similarity(self, ru: int, en: int) -> float:
        """Return the ranking similarity of one pair."""
        return sum(share * self.cosine(name, ru, en) for name, share in SHARES.items() if share)

    def cosine(self, name: str, ru: int, en: int) -> float:
        """Return one block's cosine of one pair."""
        (terms, weights), (others, values) = self._blocks[name].row(ru), self._blocks[name].row(en)
        if not len(terms) or not len(others):
            return 0.0
        at = np.minimum(np.searchsorted(others, terms), len(others) - 1)
        shared = others[at] == terms
        return float(weights[shared] @ values[at[shared]])

    def rarity(self, name: str, term: str) -> float:
        """Return how rare a term of one block is in this window; nought for one that is not in it."""
        return self._blocks[name].rarity_of(term)

    def repeated(self, source: str, runs: Shingles) -> Shingles:
        """Return which of these runs of words a source repeats across its articles, rising."""
        known, repeated = self._furniture.get(source, (runs[:0], runs[:0]))
        return repeated if among(runs, known).all() else self._repeats(source, runs)

    def furnish(self, places: Iterable[int]) -> None:
        """Find once what is asked often: which runs of words of these articles their sources repeat."""
        of_source: defaultdict[str, list[int]] = defaultdict(list)
        for place in places:
            of_source[self.rows[place].source].append(place)
        for source, here in of_source.items():
            wanted = np.unique(together(self.sketches.runs(place) for place in here))
            self._furniture[source] = (wanted, self._repeats(source, wanted))

    def _repeats(self, source: str, runs: Shingles) -> Shingles:
        return repeats([self.sketches.runs(place) for place in self._of_source.get(source, ())], runs)

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


class _Block:
    """One block of all articles: weights by article and, turned round, by term and language.

    A term that a good part of the window has would make every article somebody to compare
    with; such terms stand in a dense table beside the index and are multiplied at once.
    """

    def __init__(self, sketches: Sketches, name: str, russian: int) -> None:
        self._sketches, self._name, self._russian = sketches, name, russian
        terms, loud, lengths = sketches.every(name)
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        # One sort of (term, language, place) gives the index, and the frequency of each term.
        order = (terms.astype(np.uint64) << np.uint64(32)) | ((rows >= russian).astype(np.uint64) << np.uint64(31))
        order |= np.arange(len(terms), dtype=np.uint64)
        order.sort()
        places = (order & np.uint64(0x7FFFFFFF)).astype(np.int64)
        cells = order >> np.uint64(31)
        fresh = np.concatenate([np.ones(min(1, len(cells)), dtype=np.bool_), cells[1:] != cells[:-1]])
        self._starts = np.flatnonzero(fresh)
        self._sizes = np.diff(np.append(self._starts, len(cells)))
        self._cells = cells[self._starts]
        self._terms, which = np.unique(self._cells >> np.uint64(1), return_inverse=True)
        frequency = np.bincount(which, weights=self._sizes, minlength=len(self._terms))
        self._rarity = np.log((len(lengths) + BACKGROUND) / (frequency + BACKGROUND * _SHARE[name]))
        self._rows = rows[places]
        weights = loud[places] * np.repeat(np.maximum(self._rarity, 0.0)[which], self._sizes)
        norms = np.sqrt(np.bincount(self._rows, weights=weights**2, minlength=len(lengths)))
        self._norms = np.maximum(norms, 1e-9)
        self._weights = weights / self._norms[self._rows]
        self._known: dict[int, tuple[Terms, Floats]] = {}
        self._rare: dict[str, float] = {}

    def row(self, place: int) -> tuple[Terms, Floats]:
        """Return terms, rising, and weights of one article."""
        if place not in self._known:
            terms = self._sketches.terms(self._name, place)
            rarity = self._rarity[np.searchsorted(self._terms, terms.astype(np.uint64))]
            loud = self._sketches.loud(self._name, place)
            self._known[place] = (terms, loud * np.maximum(rarity, 0.0) / self._norms[place])
        return self._known[place]

    def against(self, places: Sequence[int], others: slice) -> Floats:
        """Return the cosines of articles with every one of the other language, a row each."""
        count = others.stop - others.start
        cells, table = self._common
        out = np.zeros((len(places), count))
        asked = np.zeros((len(places), len(cells)))
        for line, place in enumerate(places):
            found, weights = self._found(place, others.start == self._russian and others.stop == len(self._norms))
            column = np.minimum(np.searchsorted(cells, found), max(0, len(cells) - 1))
            common = cells[column] == found if len(cells) else np.zeros(len(found), dtype=np.bool_)
            asked[line, column[common]] = weights[common]
            found, weights = found[~common], weights[~common]
            sizes = self._sizes[found]
            at = np.repeat(self._starts[found] - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
            amount = self._weights[at] * np.repeat(weights, sizes)
            out[line] = np.bincount(self._rows[at] - others.start, weights=amount, minlength=count)
        return out + asked @ table[others].T

    def rarity_of(self, term: str) -> float:
        """Return how rare a term is, nought for one that no article has."""
        if term not in self._rare:
            wanted = np.uint64(number(term))
            at = int(np.searchsorted(self._terms, wanted))
            there = at < len(self._terms) and self._terms[at] == wanted
            self._rare[term] = float(self._rarity[at]) if there else 0.0
        return self._rare[term]

    def _found(self, place: int, english: bool) -> tuple[Ints, Floats]:
        """Return where an article's terms stand in the index of a language, and their weights in it."""
        terms, weights = self.row(place)
        wanted = (terms.astype(np.uint64) << np.uint64(1)) | np.uint64(english)
        cells = np.searchsorted(self._cells, wanted)
        there = cells < len(self._cells)
        there[there] = self._cells[cells[there]] == wanted[there]
        return cells[there], weights[there]

    @cached_property
    def _common(self) -> tuple[Ints, Floats]:
        """Which cells of the index are crowded, and their weights by article."""
        count = len(self._norms)
        crowded = np.flatnonzero(self._sizes > max(_CROWD, count * _COMMON))
        table = np.zeros((count, len(crowded)))
        for column, cell in enumerate(crowded):
            span = slice(int(self._starts[cell]), int(self._starts[cell] + self._sizes[cell]))
            table[self._rows[span], column] = self._weights[span]
        return crowded, table
