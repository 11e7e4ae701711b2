"""What pairing looks at in one article, worked out once and kept by content digest.

No comparison happens here and no other article is consulted: rarity, rivals and
probabilities belong to `space` and `score`.
"""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.model import LANGUAGES, Item
from pipeline.numbers import numbers
from pipeline.pairing import words
from pipeline.record import dataclass

#: Part of the cache key: raise it with any change of what this module yields.
VERSION = 2
#: Characters of text read; longer pages say nothing new about which story it is.
READ = 20_000
#: Words in one run (see `duplicates`).
RUN = 3
Shingles = NDArray[np.uint32]
Kind = TypeVar("Kind", bound=np.generic)
_SENTENCE_ENDS = frozenset('.!?:;\u2026"\u00ab\u201e\u201c\n\u2022')


@dataclass(frozen=True, slots=True)
class Bag:
    """Counted terms of a stretch of text."""

    keys: Mapping[str, int]  #: skeleton → how often
    stems: Mapping[str, int]  #: stem → how often; Latin words of a Russian text among them
    numbers: Mapping[str, int]  #: canonical number or day → how often


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """All that is compared of one article."""

    whole: Bag  #: title and text
    title: Mapping[str, str]  #: stem → the title's word it came from
    names: Mapping[str, str]  #: skeleton → the capitalised word it came from
    latin: frozenset[str]  #: stems of the Latin words (of a Russian text)
    shingles: Shingles  #: checksums of the text's three-word runs, rising
    length: int  #: letters read


Cache = MutableMapping[str, Features]


def features(item: Item, cache: Cache | None = None) -> Features:
    """Return the features of item, from cache where its content was seen before."""
    if cache is None:
        return _features(item)
    name = digest(item)
    if name not in cache:
        cache[name] = _features(item)
    return cache[name]


def digest(item: Item) -> str:
    """Return the name of what item's features are made of, for caches."""
    content = f"{VERSION}\0{item.article.title}\0{item.article.text}" + ("" if _has_sides(item) else "\0skimmed")
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _features(item: Item) -> Features:
    return (read if _has_sides(item) else skim)(item.article.title, item.article.text)


def _has_sides(item: Item) -> bool:
    """Whether an article is in a language that stories have sides in; others can only repeat one another."""
    return item.language.code in LANGUAGES


def read(title: str, text: str) -> Features:
    """Return the features of an article; text may repeat the title in its first line."""
    told = _told(title, text)
    titled = words.words(title)
    counted = Counter(told.lowered)
    met = words.forms([*counted, *map(str.lower, titled)])
    return Features(
        whole=_bag(counted, met, told.numbers),
        title={met[word.lower()].stem: word for word in titled},
        names=_names(told, met),
        latin=frozenset(met[word].stem for word in counted if len(word) > 1 and not words.is_cyrillic(word)),
        shingles=told.shingles,
        length=told.length,
    )


def skim(title: str, text: str) -> Features:
    """Return of the features those alone that tell whether an article repeats another."""
    told = _told(title, text)
    return Features(Bag({}, {}, told.numbers), {}, {}, frozenset(), told.shingles, told.length)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is read of an article, taken apart."""

    whole: str
    words: Sequence[str]  #: as written
    starts: Sequence[int]  #: where each stands
    lowered: Sequence[str]
    aside: int  #: how many of the words are the title's, and in no run

    @property
    def numbers(self) -> Mapping[str, int]:
        return numbers(self.whole, (self.lowered, self.starts))

    @property
    def shingles(self) -> Shingles:
        return _shingles(self.lowered[self.aside :])

    @property
    def length(self) -> int:
        return sum(map(len, self.words))


def _told(title: str, text: str) -> _Told:
    body = text[:READ]
    whole = body if body.startswith(title) else f"{title}\n{body}"
    found, starts = words.placed(whole)
    aside = 0 if whole is body else bisect_right(starts, len(title))
    return _Told(whole, found, starts, list(map(str.lower, found)), aside)


def _shingles(lowered: Sequence[str]) -> Shingles:
    plain = " ".join(lowered).replace("ё", "е").encode().split(b" ")
    runs = map(b" ".join, zip(*(plain[at:] for at in range(RUN)), strict=False))
    return rising(np.fromiter(map(zlib.crc32, runs), dtype=np.uint32))


def rising(values: NDArray[Kind]) -> NDArray[Kind]:
    """Return the different ones of values, in order; `numpy.unique` imports what it does without."""
    values = np.sort(values)
    first = np.ones(len(values), dtype=np.bool_)
    first[1:] = values[1:] != values[:-1]
    return values[first]


def _bag(counted: Mapping[str, int], met: Mapping[str, words.Forms], stated: Mapping[str, int]) -> Bag:
    keys: dict[str, int] = {}
    stems: dict[str, int] = {}
    for word, count in counted.items():
        stem, skeletons = met[word]
        stems[stem] = stems.get(stem, 0) + count
        for key in skeletons:
            keys[key] = keys.get(key, 0) + count
    return Bag(keys, stems, stated)


def _names(told: _Told, met: Mapping[str, words.Forms]) -> dict[str, str]:
    """Collect words capitalised inside a sentence: people, places, organisations."""
    names: dict[str, str] = {}
    for word, _ in capitalised(told.words, told.starts, told.whole):
        for key in met[word.lower()].keys:
            names.setdefault(key, word)
    return names


def capitalised(written: Sequence[str], starts: Sequence[int], text: str) -> Iterator[tuple[str, int]]:
    """Yield the words of text that are capitalised inside a sentence, with the place each starts at."""
    for word, start in zip(written, starts, strict=True):
        if len(word) < 3 or not word[0].isupper():
            continue
        before = text[max(0, start - 3) : start].rstrip(" \u00a0")[-1:]
        if before and before not in _SENTENCE_ENDS:
            yield word, start
