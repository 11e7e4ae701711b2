"""What pairing looks at in one article, worked out once and kept by content digest.

No comparison happens here and no other article is consulted: rarity, rivals and
probabilities belong to `space` and `score`.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.model import LANGUAGES, Item
from pipeline.numbers import numbers
from pipeline.pairing import words

#: Part of the cache key: raise it with any change of what this module yields.
VERSION = 2
#: Characters of text read; longer pages say nothing new about which story it is.
READ = 20_000
#: Words in one run (see `duplicates`).
RUN = 3
Shingles = NDArray[np.uint32]
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
    whole, found, lowered, aside = _words(title, text)
    return Features(
        whole=_bag(found, lowered, whole),
        title={words.stem(word.lower()): word for word, _ in words.words(title)},
        names=_names(found, whole),
        latin=frozenset(words.stem(word) for word in set(lowered) if len(word) > 1 and not words.is_cyrillic(word)),
        shingles=_shingles(lowered[aside:]),
        length=sum(len(word) for word, _ in found),
    )


def skim(title: str, text: str) -> Features:
    """Return of the features those alone that tell whether an article repeats another."""
    whole, found, lowered, aside = _words(title, text)
    length = sum(len(word) for word, _ in found)
    return Features(Bag({}, {}, numbers(whole, found)), {}, {}, frozenset(), _shingles(lowered[aside:]), length)


def _words(title: str, text: str) -> tuple[str, list[tuple[str, int]], list[str], int]:
    """Return what is read of an article, its words and where they start, in lower case, and how many are the title's."""
    body = text[:READ]
    whole = body if body.startswith(title) else f"{title}\n{body}"
    found = words.words(whole)
    aside = 0 if whole is body else sum(start <= len(title) for _, start in found)
    return whole, found, [word.lower() for word, _ in found], aside


def _shingles(lowered: list[str]) -> Shingles:
    plain = " ".join(lowered).replace("ё", "е").encode().split(b" ")
    runs = {zlib.crc32(b" ".join(run)) for run in zip(*(plain[at:] for at in range(RUN)), strict=False)}
    return np.array(sorted(runs), dtype=np.uint32)


def _bag(found: list[tuple[str, int]], lowered: list[str], text: str) -> Bag:
    counted = Counter(lowered)
    keys: dict[str, int] = {}
    stems: dict[str, int] = {}
    for word, count in counted.items():
        stemmed = words.stem(word)
        stems[stemmed] = stems.get(stemmed, 0) + count
        for key in words.keys(word):
            keys[key] = keys.get(key, 0) + count
    return Bag(keys, stems, numbers(text, found))


def _names(found: list[tuple[str, int]], text: str) -> dict[str, str]:
    """Collect words capitalised inside a sentence: people, places, organisations."""
    names: dict[str, str] = {}
    for word, _ in capitalised(found, text):
        for key in words.keys(word.lower()):
            names.setdefault(key, word)
    return names


def capitalised(found: Iterable[tuple[str, int]], text: str) -> Iterator[tuple[str, int]]:
    """Yield the words of text that are capitalised inside a sentence, with the place each starts at."""
    for word, start in found:
        if len(word) < 3 or not word[0].isupper():
            continue
        before = (
            text[:start].rstrip(" \u00a0")[-1:] if start < 3 else text[max(0, start - 3) : start].rstrip(" \u00a0")[-1:]
        )
        if before and before not in _SENTENCE_ENDS:
            yield word, start
