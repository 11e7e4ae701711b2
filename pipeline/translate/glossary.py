"""Official names: which Russian and which English name belong together, found in any grammatical form.

A term's words are compared by their stems, so that «Кластера чистых технологий» is found by
«Кластер чистых технологий»; what is put in its place is the name as the glossary writes it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cache, lru_cache

import snowballstemmer

from pipeline.record import dataclass
from pipeline.translate.marks import number_of

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One name in both languages."""

    ru: str
    en: str

    def of(self, language: str) -> str:
        """Return the name in a language."""
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True)
class Glossary:
    """The names an installation has laid down; `version` changes with any of them."""

    terms: tuple[Term, ...] = ()
    _starts: dict[str, dict[str, list[tuple[tuple[str, ...], Term]]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def version(self) -> str:
        """A digest of the names; "" where there are none."""
        lines = sorted(f"{term.ru}\t{term.en}" for term in self.terms)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12] if lines else ""

    def found(self, text: str, source: str, target: str) -> Iterator[tuple[int, int, str]]:
        """Yield the names in a text of the source language: start, end, the name in the target language."""
        if not self.terms:
            return
        starts = self._by_start(source)
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            match = self._longest(starts, words, at, text)
            if match is None:
                at += 1
                continue
            length, term = match
            yield words[at].start(), words[at + length - 1].end(), term.of(target)
            at += length

    def _longest(
        self, starts: dict[str, list[tuple[tuple[str, ...], Term]]], words: list[re.Match[str]], at: int, text: str
    ) -> tuple[int, Term] | None:
        for stems, term in starts.get(stem(words[at][0]), ()):
            here = words[at : at + len(stems)]
            if len(here) == len(stems) and all(stem(word[0]) == one for word, one in zip(here, stems, strict=True)):
                stretch = text[here[0].start() : here[-1].end()]
                if here[0][0][0].isupper() == term.of(_language(stretch))[0].isupper() and not _broken(stretch):
                    return len(stems), term
        return None

    def _by_start(self, language: str) -> dict[str, list[tuple[tuple[str, ...], Term]]]:
        if language not in self._starts:
            found: dict[str, list[tuple[tuple[str, ...], Term]]] = defaultdict(list)
            for term in self.terms:
                stems = tuple(stem(word) for word in _WORD.findall(term.of(language)))
                if stems:
                    found[stems[0]].append((stems, term))
            for rows in found.values():
                rows.sort(key=lambda row: (-len(row[0]), row[1].ru, row[1].en))
            self._starts[language] = dict(found)
        return self._starts[language]


NOTHING = Glossary()


def glossary(names: Iterable[tuple[str, str]]) -> Glossary:
    """Return the glossary of (Russian, English) names."""
    return Glossary(tuple(Term(ru, en) for ru, en in names))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return what a word's forms have in common."""
    lowered = word.lower().replace("ё", "е")
    stemmed: str = _stemmer(_language(lowered)).stemWord(lowered)
    return stemmed


def _language(text: str) -> str:
    return "ru" if _CYRILLIC.search(text) else "en"


def _broken(stretch: str) -> bool:
    """Tell whether markup or the end of a sentence stands between the words."""
    return any(number_of(character) is not None or character in ".!?;:" for character in stretch)


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("russian" if language == "ru" else "english")
