"""One article as all others of its window are ranked against it: numbered terms, packed to be kept.

What ranks is weighed in three blocks: skeleton keys (names, cognates), lexicon words (a
Russian word counts as the English ones it may come out as) and numbers. Terms are their
checksums, so that a window of packed articles becomes one array without a look at a single
word. The words themselves, which reasons are made of, are in `features`.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import Bag, Features, Shingles
from pipeline.pairing.lexicon import Lexicon

Terms = NDArray[np.uint32]
Counts = NDArray[np.float32]
Ints = NDArray[np.int64]
#: The blocks, in the order they are packed.
BLOCKS = ("keys", "words", "numbers")


def sketch(features: Features, language: str, lexicon: Lexicon) -> bytes:
    """Return the sketch of an article whose features are known.

    Four lengths, the terms of each block, the runs of three words (all rising), and how loud
    each term is, log2(1 + count); all of them in four bytes, little-endian.
    """
    blocks = [_numbered(_counted(name, features.whole, language, lexicon)) for name in BLOCKS]
    lengths = [len(terms) for terms, _ in blocks] + [len(features.shingles)]
    whole = [np.array(lengths), *(terms for terms, _ in blocks), features.shingles]
    return b"".join(part.astype("<u4").tobytes() for part in whole) + b"".join(
        loud.astype("<f4").tobytes() for _, loud in blocks
    )


def number(term: str) -> int:
    """Return the number of a term."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def runs(sketched: bytes) -> Shingles:
    """Return the runs of words of one sketch."""
    return Sketches([sketched]).runs(0)


class Sketches:
    """Many sketches as one array."""

    def __init__(self, every: Sequence[bytes]) -> None:
        self._all = np.frombuffer(b"".join(every), dtype="<u4")
        starts = np.cumsum([0, *(len(one) // 4 for one in every)])[:-1].astype(np.int64)
        lengths = self._all[starts[:, None] + np.arange(4)].astype(np.int64).reshape(len(every), 4)
        sizes = np.concatenate([np.full((len(every), 1), 4), lengths, lengths[:, :3]], axis=1)
        ends = starts[:, None] + np.cumsum(sizes, axis=1)
        #: Of each sketch, where its parts begin and end: blocks, runs, loudness of the blocks.
        self._spans = np.stack([ends[:, :-1], ends[:, 1:]], axis=2)

    def terms(self, block: str, place: int) -> Terms:
        """Return one sketch's terms, rising."""
        return self._part(BLOCKS.index(block), place)

    def loud(self, block: str, place: int) -> Counts:
        """Return how loud each of these is."""
        return self._part(4 + BLOCKS.index(block), place).view("<f4")

    def runs(self, place: int) -> Shingles:
        """Return one sketch's runs of words."""
        return self._part(3, place)

    def every(self, block: str) -> tuple[Terms, Counts, Ints]:
        """Return the terms of all sketches in order, how loud each is, and how many each sketch has."""
        terms, loud = self._gathered(BLOCKS.index(block)), self._gathered(4 + BLOCKS.index(block))
        return terms, loud.view("<f4"), self._sizes(BLOCKS.index(block))

    def every_run(self) -> tuple[Shingles, Ints]:
        """Return the runs of all sketches in order, and how many each sketch has."""
        return self._gathered(3), self._sizes(3)

    def _part(self, part: int, place: int) -> Terms:
        start, end = self._spans[place, part]
        return self._all[start:end]

    def _sizes(self, part: int) -> Ints:
        return np.asarray(self._spans[:, part, 1] - self._spans[:, part, 0])

    def _gathered(self, part: int) -> Terms:
        sizes = self._sizes(part)
        shift = self._spans[:, part, 0] - (np.cumsum(sizes) - sizes)
        return self._all[np.repeat(shift, sizes) + np.arange(int(sizes.sum()))]


def _counted(name: str, bag: Bag, language: str, lexicon: Lexicon) -> Mapping[str, float]:
    if name == "keys":
        return bag.keys
    if name == "numbers":
        return bag.numbers
    if language != "ru":
        return {stem: count for stem, count in bag.stems.items() if stem in lexicon.targets}
    translated: dict[str, float] = {}
    for stem, count in bag.stems.items():
        targets = lexicon.english.get(stem, ())
        for word in targets:
            translated[word] = translated.get(word, 0.0) + count / math.sqrt(len(targets))
    return translated


def _numbered(counted: Mapping[str, float]) -> tuple[Terms, Counts]:
    """Return the terms by number, and how loud; two of one number count together."""
    numbers = np.fromiter(map(number, counted), dtype=np.uint32, count=len(counted))
    counts = np.fromiter(counted.values(), dtype=np.float64, count=len(counted))
    terms, places = np.unique(numbers, return_inverse=True)
    return terms, np.log2(1 + np.bincount(places, weights=counts, minlength=len(terms))).astype(np.float32)
