"""One article as all others of its window are ranked against it: numbered terms, packed to be kept.

What ranks is weighed in three blocks: skeleton keys (names, cognates), lexicon words (a
Russian word counts as the English ones it may come out as) and numbers. Terms are their
checksums, so that a window of packed articles becomes one array without a look at a single
word. The words themselves, which reasons are made of, are in `features`.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import Bag, Features, Shingles
from pipeline.pairing.lexicon import Lexicon

Terms = NDArray[np.uint32]
Counts = NDArray[np.float32]
#: The blocks, in the order they are packed.
BLOCKS = ("keys", "words", "numbers")


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Terms of one article, rising, with how loud each is; and its runs of three words."""

    terms: Mapping[str, Terms]  #: block → checksums
    loud: Mapping[str, Counts]  #: block → log2(1 + count)
    shingles: Shingles


def sketch(features: Features, language: str, lexicon: Lexicon) -> Sketch:
    """Return the sketch of an article whose features are known."""
    terms: dict[str, Terms] = {}
    loud: dict[str, Counts] = {}
    for name in BLOCKS:
        terms[name], loud[name] = _numbered(_counted(name, features.whole, language, lexicon))
    return Sketch(terms, loud, features.shingles)


def number(term: str) -> int:
    """Return the number of a term."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def packed(one: Sketch) -> bytes:
    """Return a sketch as bytes: four lengths, terms of each block, runs, loudness of each block."""
    lengths = [len(one.terms[name]) for name in BLOCKS] + [len(one.shingles)]
    parts = [np.array(lengths, dtype="<u4"), *(one.terms[name] for name in BLOCKS), one.shingles]
    return b"".join(part.astype("<u4").tobytes() for part in parts) + b"".join(
        one.loud[name].astype("<f4").tobytes() for name in BLOCKS
    )


def unpacked(data: bytes) -> Sketch:
    """Return the sketch that `packed` made."""
    every = np.frombuffer(data, dtype="<u4")
    keys, words, numbers, runs = (int(length) for length in every[:4])
    ends = np.cumsum([4, keys, words, numbers, runs, keys, words, numbers])
    parts = [every[start:end] for start, end in zip(ends[:-1], ends[1:], strict=True)]
    loud = (part.view("<f4") for part in parts[4:])
    return Sketch(dict(zip(BLOCKS, parts, strict=False)), dict(zip(BLOCKS, loud, strict=True)), parts[3])


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
    """Number the terms; two of one number count together."""
    numbers = np.fromiter(map(number, counted), dtype=np.uint32, count=len(counted))
    counts = np.fromiter(counted.values(), dtype=np.float64, count=len(counted))
    terms, places = np.unique(numbers, return_inverse=True)
    return terms, np.log2(1 + np.bincount(places, weights=counts, minlength=len(terms))).astype(np.float32)
