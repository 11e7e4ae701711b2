"""How much of what two articles say has its translation in the other.

Rarity and cosines come from the `pool`; here are the words and names one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from operator import not_

from pipeline.pairing.features import Features
from pipeline.pairing.learned import Learned
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.pool import Pool

#: What the surest of learned words is worth: as much as a rather common word of the lexicon.
_WORTH = 2.5


@dataclass(frozen=True)
class Space:
    """A window's articles, and the words that translate each other; each article is weighed once."""

    pool: Pool
    lexicon: Lexicon
    learned: Learned = field(default_factory=Learned)
    _names: dict[Features, _Weighed] = field(default_factory=dict, repr=False)
    _russian: dict[Features, _Translated] = field(default_factory=dict, repr=False)
    _english: dict[Features, _Weighed] = field(default_factory=dict, repr=False)

    def names(self, one: Features, other: Features) -> float:
        """Return the share of one's names, by rarity, whose skeleton is in the other; unsure while names are few."""
        known = self._names.get(one)
        if known is None:
            known = self._names[one] = _weighed(list(one.names), self.pool.rarities("keys", one.names))
        return (known.among(other.whole.keys) + 1) / (known.every + 2)

    def coverage(self, ru: Features, en: Features, *, learned: bool = False) -> float:
        """Return the share of lexicon words with their counterpart in the other text, by rarity, the lesser of both.

        learned: whether words that were learned count where they have their counterpart; they never count against.
        """
        mine, theirs = self._russian_words(ru), self._english_words(en)
        found, other = mine.among(en.whole.stems), theirs.among(mine.meant)
        if learned and self.learned.english:
            more = self._learned_in_common(ru, en)
            return min((found + more + 1) / (mine.every + more + 3), (other + more + 1) / (theirs.every + more + 3))
        return min((found + 1) / (mine.every + 3), (other + 1) / (theirs.every + 3))

    def _learned_in_common(self, ru: Features, en: Features) -> float:
        """Return what learned words are worth that have their counterpart in the other text."""
        known, stems = self.learned.english, en.whole.stems
        ours = (known[stem] for stem in ru.whole.stems if stem in known and stem not in self.lexicon.english)
        return _WORTH * sum(max((worth for word, worth in one.items() if word in stems), default=0.0) for one in ours)

    def _russian_words(self, one: Features) -> _Translated:
        known = self._russian.get(one)
        if known is None:
            english = self.lexicon.english
            targets = [english[stem] for stem in one.whole.stems if english.get(stem)]
            meant = frozenset(chain.from_iterable(targets))
            rarity = dict(zip(meant, self.pool.rarities("words", meant), strict=True)).__getitem__
            worth = [max(map(rarity, words)) for words in targets]
            known = self._russian[one] = _Translated(targets, worth, sum(worth), meant)
        return known

    def _english_words(self, one: Features) -> _Weighed:
        known = self._english.get(one)
        if known is None:
            stems = [stem for stem in one.whole.stems if stem in self.lexicon.targets]
            known = self._english[one] = _weighed(stems, self.pool.rarities("words", stems))
        return known


@dataclass(frozen=True, slots=True)
class _Weighed:
    terms: Sequence[str]
    worth: Sequence[float]  #: the rarity of each
    every: float  #: sum of these

    def among(self, others: Collection[str]) -> float:
        """Return what those are worth that are among others."""
        return sum(compress(self.worth, map(others.__contains__, self.terms)))


@dataclass(frozen=True, slots=True)
class _Translated:
    terms: Sequence[Sequence[str]]  #: what a Russian word may come out as
    worth: Sequence[float]  #: the rarity of that
    every: float
    meant: frozenset[str]

    def among(self, others: Mapping[str, object]) -> float:
        """Return what those are worth of which one is among others."""
        return sum(compress(self.worth, map(not_, map(others.keys().isdisjoint, self.terms))))


def _weighed(terms: Sequence[str], worth: Sequence[float]) -> _Weighed:
    return _Weighed(terms, worth, sum(worth))
