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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.pairing.features import Bag, Features, Shingles
from pipeline.pairing.lexicon import Lexicon

Terms = NDArray[np.uint32]
Counts = NDArray[np.float32]
Ints = NDArray[np.int64]
#: The blocks, in the order they are packed.
BLOCKS = ("keys", "words", "numbers")
#: Bytes of the four lengths a sketch begins with.
_HEAD = 16
#: What the parts of a sketch are kept as: terms of each block, runs, how loud the terms of each block are.
_KINDS = ("<u4",) * 4 + ("<f4",) * 3
#: Sketches taken apart together: of more the pieces would not stay near the processor, and memory not had yet is dear.
_AT_ONCE = 250


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
    *blocks, runs = np.frombuffer(sketched, dtype="<u4", count=4).tolist()
    return np.frombuffer(sketched, dtype="<u4", count=runs, offset=_HEAD + 4 * sum(blocks))


class Sketches:
    """Many sketches, each of their parts as one array."""

    def __init__(self, every: Sequence[bytes], before: Sketches | None = None) -> None:
        """Before: those of an earlier window, of which the very same ones are not taken apart again."""
        self.packed = every
        #: How many terms of each block, runs, and again terms (their loudness) each sketch has.
        self.sizes: Ints
        self._parts: list[NDArray[Any]]
        if before is None:
            self.sizes, self._parts = _taken_apart(every)
        else:
            self.sizes, self._parts = _put_together(every, before)
        self._ends = np.concatenate([np.zeros((1, 7), dtype=np.int64), np.cumsum(self.sizes, axis=0)])

    def terms(self, block: str, place: int) -> Terms:
        """Return one sketch's terms, rising."""
        return self.span(BLOCKS.index(block), place, place + 1)

    def loud(self, block: str, place: int) -> Counts:
        """Return how loud each of these is."""
        return self.span(4 + BLOCKS.index(block), place, place + 1)

    def runs(self, place: int) -> Shingles:
        """Return one sketch's runs of words."""
        return self.span(3, place, place + 1)

    def runs_of(self, places: Sequence[int]) -> Shingles:
        """Return the runs of words of some sketches, one after the other."""
        runs, ends = self._parts[3], self._ends[:, 3]
        at = np.asarray(places, dtype=np.intp)  # of none, too
        spans = zip(ends[at].tolist(), ends[at + 1].tolist(), strict=True)
        return np.concatenate([runs[:0], *(runs[first:last] for first, last in spans)])

    def every(self, block: str) -> tuple[Terms, Counts, Ints]:
        """Return the terms of all sketches in order, how loud each is, and how many each sketch has."""
        at = BLOCKS.index(block)
        return self._parts[at], self._parts[4 + at], self.sizes[:, at]

    def every_run(self) -> tuple[Shingles, Ints]:
        """Return the runs of all sketches in order, and how many each sketch has."""
        return self._parts[3], self.sizes[:, 3]

    def span(self, part: int, first: int, last: int) -> NDArray[Any]:
        """Return one part of some neighbouring sketches."""
        return self._parts[part][self._ends[first, part] : self._ends[last, part]]


def _taken_apart(every: Sequence[bytes]) -> tuple[Ints, list[NDArray[Any]]]:
    """Return how many terms of each block, runs, and again terms (their loudness) each sketch has; and all of these."""
    heads = np.frombuffer(b"".join([one[:_HEAD] for one in every]), dtype="<u4").reshape(len(every), 4)
    lengths = heads.astype(np.int64)
    sizes = np.concatenate([lengths, lengths[:, :3]], axis=1)
    parts: list[NDArray[Any]] = [
        np.empty(count, dtype=kind) for count, kind in zip(sizes.sum(axis=0).tolist(), _KINDS, strict=True)
    ]
    whole = np.concatenate([np.full((len(every), 1), _HEAD // 4), sizes], axis=1)
    filled = [0] * len(parts)
    for first in range(0, len(every), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        words = np.frombuffer(b"".join(every[some]), dtype="<u4")
        part_of = np.repeat(np.tile(np.arange(-1, len(parts), dtype=np.int8), len(whole[some])), whole[some].ravel())
        for at, part in enumerate(parts):
            found = words[part_of == at]
            part[filled[at] : filled[at] + len(found)] = found.view(part.dtype)
            filled[at] += len(found)
    return sizes, parts


def _put_together(every: Sequence[bytes], before: Sketches) -> tuple[Ints, list[NDArray[Any]]]:
    """Return the same, what stands in before taken from there: neighbours stay neighbours, so that is few pieces."""
    known = {id(one): place for place, one in enumerate(before.packed)}
    new = Sketches([one for one in every if id(one) not in known])
    pieces: list[tuple[Sketches, int, int]] = []
    fresh = 0
    for one in every:
        place = known.get(id(one))
        source, at = (new, fresh) if place is None else (before, place)
        fresh += place is None
        if pieces and pieces[-1][0] is source and pieces[-1][2] == at:
            pieces[-1] = (source, pieces[-1][1], at + 1)
        else:
            pieces.append((source, at, at + 1))
    sizes = np.concatenate([new.sizes[:0], *(source.sizes[first:last] for source, first, last in pieces)])
    parts = [
        np.concatenate([new.span(part, 0, 0), *(source.span(part, first, last) for source, first, last in pieces)])
        for part in range(len(_KINDS))
    ]
    return sizes, parts


def _counted(name: str, bag: Bag, language: str, lexicon: Lexicon) -> Mapping[str, float]:
    if name == "keys":
        return bag.keys
    if name == "numbers":
        return bag.numbers
    if language != "ru":
        known = lexicon.targets
        return {stem: count for stem, count in bag.stems.items() if stem in known}
    translated: dict[str, float] = {}
    for stem, count in bag.stems.items():
        targets = lexicon.english.get(stem, ())
        for word in targets:
            translated[word] = translated.get(word, 0.0) + count / math.sqrt(len(targets))
    return translated


def _numbered(counted: Mapping[str, float]) -> tuple[Terms, Counts]:
    """Return the terms by number, and how loud; two of one number count together."""
    signs = "\n".join(counted).encode("utf-8", "surrogatepass").split(b"\n") if counted else ()
    numbers = np.fromiter(map(zlib.crc32, signs), dtype=np.uint32, count=len(counted))
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    first = np.ones(len(numbers), dtype=np.bool_)
    first[1:] = numbers[1:] != numbers[:-1]
    counts = np.fromiter(counted.values(), dtype=np.float64, count=len(counted))[order]
    if not first.all():
        counts = np.add.reduceat(counts, np.flatnonzero(first))
    return numbers[first], np.log2(1 + counts).astype(np.float32)
