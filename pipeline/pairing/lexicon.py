"""Words that translate each other: the shipped list, and whatever was learned on top of it.

`lexicon.tsv` is written by hand: a family of Russian words a line, a tab, the English
words each of them may come out as. Both sides are stemmed on loading, so any form of a
word will do. Names are not here: their skeletons meet by themselves (see `words`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from importlib.resources import files

from pipeline.pairing import words
from pipeline.record import dataclass

_FILE = "lexicon.tsv"


@dataclass(frozen=True)
class Lexicon:
    """Russian stem → English stems it may come out as."""

    english: Mapping[str, tuple[str, ...]]
    name: str = ""  #: the digest of the file it was read from, if it is what that file says

    @cached_property
    def targets(self) -> frozenset[str]:
        """Every English stem that some Russian one may come out as."""
        return frozenset(word for translations in self.english.values() for word in translations)

    @cached_property
    def russian(self) -> Mapping[str, Sequence[str]]:
        """English stem → the Russian ones that may come out as it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for stem, translations in self.english.items():
            for word in translations:
                found[word].append(stem)
        return dict(found)

    @cached_property
    def digest(self) -> str:
        """A short name of the content, for caches of what was made with it."""
        if self.name:
            return self.name
        lines = "\n".join(f"{stem} {' '.join(self.english[stem])}" for stem in sorted(self.english))
        return hashlib.sha256(lines.encode()).hexdigest()[:12]

    def extended(self, learned: Mapping[str, tuple[str, ...]]) -> Lexicon:
        """Return this lexicon with learned translations added to the ones it has."""
        merged = {stem: tuple(dict.fromkeys((*self.english.get(stem, ()), *more))) for stem, more in learned.items()}
        return Lexicon({**self.english, **merged})


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """Return the lexicon that comes with the program."""
    return replace(parse(_file().decode()), name=shipped_digest())


@lru_cache(maxsize=1)
def shipped_digest() -> str:
    """Return the digest of the lexicon that comes with the program, without reading a word of it."""
    return hashlib.sha256(_file()).hexdigest()[:12]


def _file() -> bytes:
    return (files(__package__) / _FILE).read_bytes()


def parse(text: str) -> Lexicon:
    """Read lines "русские слова<TAB>english words"; "#" starts a comment.

    Raises ValueError naming the line that is neither.
    """
    families: list[tuple[list[str], list[str]]] = []
    for number, line in enumerate(text.lower().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        russian, tab, translations = line.partition("\t")
        if not tab or not russian.strip() or not translations.strip():
            raise ValueError(f"{_FILE} line {number}: expected Russian words, a tab and English words, got {line!r}")
        families.append((russian.split(), translations.split()))
    ours = _stems((word for family, _ in families for word in family), "ru")
    theirs = _stems((word for _, translations in families for word in translations), "en")
    english: dict[str, tuple[str, ...]] = {}
    for family, translated in families:
        targets = tuple(dict.fromkeys(map(theirs.__getitem__, translated)))
        for stem in map(ours.__getitem__, family):
            before = english.get(stem)
            english[stem] = targets if before is None else tuple(dict.fromkeys((*before, *targets)))
    return Lexicon(english)


def _stems(every: Iterable[str], language: str) -> dict[str, str]:
    some = list(dict.fromkeys(every))
    return dict(zip(some, words.stems_of(some, language), strict=True))
