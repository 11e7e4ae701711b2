"""Words that translate each other as this installation's certain pairs show: what the shipped lexicon lacks.

Brown et al.'s first model, on the words of a pair that the lexicon and the names leave over: each
English word is shared out among the Russian ones by what is known so far, a few times over. Pairs
are counted in batch by batch, so that no text is read twice. A word counts only where several pairs
bear it out, the more the louder; an article that was learned from is judged without any of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from pipeline.pairing import words
from pipeline.pairing.features import Features
from pipeline.pairing.lexicon import Lexicon
from pipeline.record import dataclass

#: How often the words of a batch are shared out anew.
_ROUNDS = 5
#: What a translation never seen is worth beside one that was seen once.
_UNSEEN = 0.001
#: In how many pairs a translation is thought to have come out so at least, and in which share of those either word is in.
FEWEST, SHARE = 1.5, 0.35
#: A translation borne out so often counts half as much as one of the lexicon.
_HALF = 6.0
#: Shares below this are forgotten, and so many translations of a word are kept.
_LEAST, _MOST = 0.1, 8
#: What gets less than this of a word is no candidate for it.
_LITTLE = 0.005
#: A word that stands in more than this share of the pairs tells nothing.
_COMMON = 0.3

Translations = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Told:
    """A certain pair: the articles' ids, and the words that lexicon and names leave over."""

    ids: tuple[str, str]
    ru: frozenset[str]
    en: frozenset[str]


@dataclass(frozen=True)
class Learned:
    """What was learned, and from which articles."""

    #: Russian stem → English stem → number of pairs in which it is thought to have come out as that
    counts: Translations = field(default_factory=dict)
    ru: Mapping[str, int] = field(default_factory=dict)  #: stem → pairs it stood in
    en: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def articles(self) -> frozenset[str]:
        """The ids of the articles it was learned from."""
        return frozenset(one for pair in self.pairs for one in pair)

    @cached_property
    def english(self) -> Translations:
        """Russian stem → English stems that are borne out → their worth beside a word of the lexicon, below 1."""
        crowd = _crowd(len(self.pairs))
        found: dict[str, dict[str, float]] = {}
        for stem, options in self.counts.items():
            for other, count in options.items():
                share = count / max(self.ru[stem], self.en[other])
                if count >= FEWEST and share >= SHARE and max(self.ru[stem], self.en[other]) <= crowd:
                    found.setdefault(stem, {})[other] = share * count / (count + _HALF)
        return found

    @cached_property
    def russian(self) -> Translations:
        """The same, by the English stem."""
        found: dict[str, dict[str, float]] = {}
        for stem, options in self.english.items():
            for other, worth in options.items():
                found.setdefault(other, {})[stem] = worth
        return found

    def packed(self) -> dict[str, Any]:
        """Return it as plain values, to be kept."""
        counts = {one: {other: round(n, 4) for other, n in options.items()} for one, options in self.counts.items()}
        return {"counts": counts, "ru": dict(self.ru), "en": dict(self.en), "pairs": [list(one) for one in self.pairs]}


def unpacked(kept: Mapping[str, Any]) -> Learned:
    """Return what was kept."""
    return Learned(kept["counts"], kept["ru"], kept["en"], tuple((ru, en) for ru, en in kept["pairs"]))


def told(ids: tuple[str, str], ru: Features, en: Features, lexicon: Lexicon) -> Told:
    """Return what a certain pair has to teach: words without a counterpart in the lexicon or by their sound."""
    mine = {stem for stem in ru.whole.stems if stem not in lexicon.english and words.is_cyrillic(stem)}
    theirs = {stem for stem in en.whole.stems if stem not in lexicon.targets and not words.is_cyrillic(stem)}
    return Told(ids, _unlike(mine, en.whole.keys), _unlike(theirs, ru.whole.keys))


def _unlike(stems: Iterable[str], keys: Mapping[str, int]) -> frozenset[str]:
    """Return the stems that do not sound like any word of the other text."""
    return frozenset(one for one in stems if len(one) > 2 and keys.keys().isdisjoint(words.keys(one)))


def learn(before: Learned, pairs: Iterable[Told]) -> Learned:
    """Return what is known after these pairs, too; one that was learned from is not counted again."""
    known = before.articles
    new = sorted((one for one in pairs if not known & set(one.ids)), key=lambda one: one.ids)
    ru = Counter(before.ru) + Counter(stem for one in new for stem in one.ru)
    en = Counter(before.en) + Counter(stem for one in new for stem in one.en)
    crowd = _crowd(len(before.pairs) + len(new))
    telling = [
        (sorted(stem for stem in one.ru if ru[stem] <= crowd), sorted(stem for stem in one.en if en[stem] <= crowd))
        for one in new
    ]
    gained = _gained(before.counts, telling, ru)
    counts = {
        stem: _kept(before.counts.get(stem, {}), gained.get(stem, {})) for stem in sorted({*before.counts, *gained})
    }
    pairs_ = (*before.pairs, *(one.ids for one in new))
    return Learned(counts, dict(sorted(ru.items())), dict(sorted(en.items())), pairs_)


def _crowd(pairs: int) -> float:
    """Return in how many of so many pairs a word may stand and still tell something."""
    return max(4 * FEWEST, _COMMON * pairs)


def _gained(
    before: Translations, new: Sequence[tuple[Sequence[str], Sequence[str]]], seen: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Share out each English word among the Russian ones of its pair, by what is known so far."""
    found: dict[str, dict[str, float]] = {}
    for mine, theirs in new:  # to begin with: how often they stand in one pair
        for stem in mine:
            options = found.setdefault(stem, {})
            for other in theirs:
                options[other] = options.get(other, 0.0) + 1.0
    for _ in range(_ROUNDS):
        now: dict[str, dict[str, float]] = {}
        for mine, theirs in new:
            rows = [(stem, before.get(stem, {}), found.get(stem, {}), seen[stem] + 1.0) for stem in mine]
            for other in theirs:
                worth = [(old.get(other, 0.0) + new_.get(other, 0.0) + _UNSEEN) / every for _, old, new_, every in rows]
                total = sum(worth)
                for (stem, *_), part in zip(rows, worth, strict=True):
                    if part >= _LITTLE * total:
                        options = now.setdefault(stem, {})
                        options[other] = options.get(other, 0.0) + part / total
        found = now
    return found


def _kept(before: Mapping[str, float], gained: Mapping[str, float]) -> dict[str, float]:
    whole = {other: before.get(other, 0.0) + gained.get(other, 0.0) for other in sorted({*before, *gained})}
    best = sorted(whole, key=lambda other: (-whole[other], other))[:_MOST]
    return {other: whole[other] for other in sorted(best) if whole[other] >= _LEAST}
