"""The articles of one date window as weighted vectors, and how alike any two of them are.

Three blocks, each with its own cosine: skeleton keys (names, cognates), lexicon words
(a Russian word counts as the English ones it may come out as), numbers. What is rare in
the window weighs most; in a small window an assumed background keeps rarity sane. Every
row is compared by walking an inverted index, so unrelated articles cost nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import Bag
from pipeline.pairing.lexicon import Lexicon

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Share of each block in the similarity that ranks; numbers alone never bring a pair near.
BLOCKS: Mapping[str, float] = {"keys": 0.5, "words": 0.5, "numbers": 0.0}
#: An imagined archive every window is added to: its size, and the share of it a term stands in.
BACKGROUND = 40
_SHARE: Mapping[str, float] = {"keys": 0.03, "words": 0.08, "numbers": 0.08}


@dataclass(frozen=True)
class Side:
    """One language's vectors of one block, row by row and, turned round, term by term."""

    starts: Ints
    terms: Ints
    weights: Floats
    by_term: tuple[Ints, Ints, Floats]  #: starts, rows, weights

    def row(self, place: int) -> tuple[Ints, Floats]:
        """Return terms (rising) and weights of one article."""
        part = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return self.terms[part], self.weights[part]


class Space:
    """Vectors of the Russian and the English articles of a window, by their places in the lists given."""

    def __init__(self, russian: Sequence[Bag], english: Sequence[Bag], lexicon: Lexicon) -> None:
        self.sizes = (len(russian), len(english))
        self._targets = frozenset(word for words in lexicon.english.values() for word in words)
        self._lexicon = lexicon
        self._rarity: dict[str, Mapping[str, float]] = {}
        self.blocks = {name: self._block(name, russian, english) for name in BLOCKS}

    def rows(self, side: int) -> Iterator[Floats]:
        """Yield, for each article of one side (0 Russian, 1 English), its ranking similarity to all of the other."""
        for place in range(self.sizes[side]):
            blocks = (share * self.against(name, side, place) for name, share in BLOCKS.items() if share)
            yield sum(blocks, np.zeros(self.sizes[1 - side]))

    def against(self, name: str, side: int, place: int) -> Floats:
        """Return one block's cosines of an article with every one of the other side."""
        terms, weights = self.blocks[name][side].row(place)
        starts, rows, values = self.blocks[name][1 - side].by_term
        spans = [slice(int(starts[term]), int(starts[term + 1])) for term in terms]
        if not spans:
            return np.zeros(self.sizes[1 - side])
        where = np.concatenate([rows[span] for span in spans])
        amount = np.concatenate([values[span] * weight for span, weight in zip(spans, weights, strict=True)])
        return np.bincount(where, weights=amount, minlength=self.sizes[1 - side]).astype(np.float64)

    def similarity(self, ru: int, en: int) -> float:
        """Return the ranking similarity of one pair."""
        return sum(share * self.cosine(name, ru, en) for name, share in BLOCKS.items())

    def cosine(self, name: str, ru: int, en: int) -> float:
        """Return one block's cosine of one pair."""
        russian, english = self.blocks[name]
        (terms, weights), (others, values) = russian.row(ru), english.row(en)
        _, mine, theirs = np.intersect1d(terms, others, assume_unique=True, return_indices=True)
        return float(weights[mine] @ values[theirs])

    def rarity(self, name: str, term: str) -> float:
        """Return how rare a term of one block is in this window."""
        return self._rarity[name].get(term, 0.0)

    def coverage(self, ru: Bag, en: Bag) -> float:
        """Return the share of lexicon words with their counterpart in the other text, by rarity, the lesser of both."""
        return min(self._russian_covered(ru, en), self._english_covered(ru, en))

    def _russian_covered(self, ru: Bag, en: Bag) -> float:
        every = found = 0.0
        for stem in ru.stems:
            targets = self._lexicon.english.get(stem)
            if targets:
                weight = max(self.rarity("words", word) for word in targets)
                every += weight
                found += weight if any(word in en.stems for word in targets) else 0.0
        return (found + 1) / (every + 3)

    def _english_covered(self, ru: Bag, en: Bag) -> float:
        meant = {word for stem in ru.stems for word in self._lexicon.english.get(stem, ())}
        every = found = 0.0
        for word in en.stems:
            if word in self._targets:
                weight = self.rarity("words", word)
                every += weight
                found += weight if word in meant else 0.0
        return (found + 1) / (every + 3)

    def _block(self, name: str, russian: Sequence[Bag], english: Sequence[Bag]) -> tuple[Side, Side]:
        sides = ([self._terms(name, bag, "ru") for bag in russian], [self._terms(name, bag, "en") for bag in english])
        vocabulary: dict[str, int] = {}
        for side in sides:
            for counted in side:
                for term in counted:
                    vocabulary.setdefault(term, len(vocabulary))
        frequency = np.zeros(len(vocabulary))
        for side in sides:
            for counted in side:
                frequency[[vocabulary[term] for term in counted]] += 1
        total = sum(self.sizes) + BACKGROUND
        rarity = np.log(total / (frequency + BACKGROUND * _SHARE[name]))
        self._rarity[name] = {term: float(rarity[place]) for term, place in vocabulary.items()}
        return _side(sides[0], vocabulary, rarity), _side(sides[1], vocabulary, rarity)

    def _terms(self, name: str, bag: Bag, language: str) -> Mapping[str, float]:
        if name == "keys":
            return bag.keys
        if name == "numbers":
            return bag.numbers
        if language == "en":
            return {stem: count for stem, count in bag.stems.items() if stem in self._targets}
        translated: dict[str, float] = {}
        for stem, count in bag.stems.items():
            targets = self._lexicon.english.get(stem, ())
            for word in targets:
                translated[word] = translated.get(word, 0.0) + count / math.sqrt(len(targets))
        return translated


def _side(side: Sequence[Mapping[str, float]], vocabulary: Mapping[str, int], rarity: Floats) -> Side:
    lengths = np.array([len(counted) for counted in side], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    terms = np.fromiter((vocabulary[t] for counted in side for t in counted), dtype=np.int64, count=int(starts[-1]))
    counts = np.fromiter((c for counted in side for c in counted.values()), dtype=np.float64, count=int(starts[-1]))
    rows = np.repeat(np.arange(len(side)), lengths)
    order = np.lexsort((terms, rows))
    terms, counts = terms[order], counts[order]
    weights = (np.log1p(counts) / math.log(2)) * np.maximum(rarity[terms], 0.0)
    norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(side)))
    weights = weights / np.maximum(norms, 1e-9)[rows]
    turned = np.lexsort((rows, terms))
    heads = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.bincount(terms, minlength=len(vocabulary)))])
    return Side(starts, terms, weights, (heads, rows[turned], weights[turned]))
