"""How much of what two articles say has its translation in the other.

Rarity and cosines come from the `pool`; here are the words and names one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import field
from itertools import chain, compress

from pipeline.pairing.features import Features
from pipeline.pairing.learned import Learned
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.pool import Pool
from pipeline.record import dataclass

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
    _english: dict[Features, _Translated] = field(default_factory=dict, repr=False)

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
        found, other = mine.words.among(theirs.meant), theirs.words.among(mine.meant)
        if learned and self.learned.english:
            more = self._learned_in_common(ru, en)
            return min(
                (found + more + 1) / (mine.words.every + more + 3), (other + more + 1) / (theirs.words.every + more + 3)
            )
        return min((found + 1) / (mine.words.every + 3), (other + 1) / (theirs.words.every + 3))

    def _learned_in_common(self, ru: Features, en: Features) -> float:
        """Return what learned words are worth that have their counterpart in the other text."""
        known, stems = self.learned.english, en.whole.stems
        ours = (known[stem] for stem in ru.whole.stems if stem in known and stem not in self.lexicon.english)
        return _WORTH * sum(max((worth for word, worth in one.items() if word in stems), default=0.0) for one in ours)

    def _russian_words(self, one: Features) -> _Translated:
        known = self._russian.get(one)
        if known is None:
            english = self.lexicon.english
            targets = {stem: english[stem] for stem in one.whole.stems if english.get(stem)}
            meant = frozenset(chain.from_iterable(targets.values()))
            rarity = dict(zip(meant, self.pool.rarities("words", meant), strict=True)).__getitem__
            worth = [max(map(rarity, words)) for words in targets.values()]
            known = self._russian[one] = _Translated(_weighed(list(targets), worth), meant)
        return known

    def _english_words(self, one: Features) -> _Translated:
        known = self._english.get(one)
        if known is None:
            russian = self.lexicon.russian
            stems = [stem for stem in one.whole.stems if stem in russian]
            meant = frozenset(chain.from_iterable(map(russian.__getitem__, stems)))
            known = self._english[one] = _Translated(_weighed(stems, self.pool.rarities("words", stems)), meant)
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
    words: _Weighed  #: those of a text that the lexicon has
    meant: frozenset[str]  #: all words of the other language that one of them may stand for


def _weighed(terms: Sequence[str], worth: Sequence[float]) -> _Weighed:
    return _Weighed(terms, worth, sum(worth))
