"""Words in the form they are compared in: folded, and brought to their stem.

Cyrillic words are stemmed by the rules of Russian, Latin ones by those of English; ё is е, accents
are gone. Topics, saved searches and the desk's search go by these very functions, so that what one
of them finds the others do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain

import snowballstemmer

from pipeline.record import dataclass

_RUSSIAN, _ENGLISH = (snowballstemmer.stemmer(language) for language in ("russian", "english"))
for _stemmer in (_RUSSIAN, _ENGLISH):
    _stemmer.maxCacheSize = 0  # the memory that PyStemmer keeps of words takes it five times as long as a stem
#: The stems of words of the latest texts, of so many.
_lately: list[dict[str, str]] = [{}]
_MOST = 1 << 15
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
#: Text whose words need no more than lower case and ё made е; most is such.
_PLAIN = re.compile("[\x00-\x7fА-яЁё\u00a0«»\u2010-\u2027№]*")
#: The breve is part of й and ў; every other mark is an accent, or the dots of ё.
_BREVE = "\u0306"
_HYPHEN = "\u00ad"  # a place where a word may be broken, no sign of its own


def words(text: str) -> list[str]:
    """Return the words of text, folded, in their order."""
    if _PLAIN.fullmatch(text):
        return _WORD.findall(text.lower().replace("ё", "е"))
    if _unbroken(text) is not text or "İ" in text or "Σ" in text:  # whose small forms depend on their word
        return [word for word, _, _ in places(text)]
    found = _WORD.findall(text.lower())  # as places, for all of it at once
    odd = {word: _folded(word) for word in set(found) if not word.isascii()}
    if all(len(parts) == 1 for parts in odd.values()):
        alone = {word: part for word, (part,) in odd.items()}
        return [alone.get(word, word) for word in found]
    return [*chain.from_iterable(odd.get(word, (word,)) for word in found)]


def places(text: str, only: re.Pattern[str] = _WORD) -> Iterator[tuple[str, int, int]]:
    """Yield the words of text, folded, with where each starts and ends in it; only: those of `beginning` alone."""
    if _PLAIN.fullmatch(text):
        for found in only.finditer(text.lower().replace("ё", "е")):  # letter by letter, so places are the same
            yield found.group(), found.start(), found.end()
        return
    for found in _WORD.finditer(_unbroken(text)):
        for word in _folded(text[found.start() : found.end()]):
            if only.match(word):
                yield word, found.start(), found.end()


@lru_cache(maxsize=1 << 8)
def beginning(parts: tuple[Part, ...]) -> re.Pattern[str]:
    """Return the pattern of every word that may be the first of one of these parts, and of some others.

    A word begins as its stem does, but for the last two letters of English ones: "city" is "citi", "dying" is "die".
    """
    first = (part.stems[0] if part.stems else part.prefix for part in parts)
    begun = {said if _CYRILLIC.search(said) else said[:-2] for said in first}
    if not all(begun):
        return _WORD
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(begun)))})\w*")


def stems(text: str) -> list[str]:
    """Return the stems of the words of text, in their order."""
    return list(map(stem, words(text)))


def stemmed(folded: Sequence[str]) -> list[str]:
    """Return the stems of the words of a long text, in their order; those of new Latin ones are found in one go, in half the time."""
    known = _lately[0]
    if len(known) > _MOST:
        known = _lately[0] = {}
    if new := {*folded}.difference(known):
        cyrillic = {word for word in new if not word.isascii() and _CYRILLIC.search(word)}
        latin = [*(new - cyrillic)]
        found = zip(latin, _ENGLISH.stemWords(latin), strict=True)
        known.update((word, short if len(short) > 1 else word) for word, short in found)  # as `stem` does
        known.update((word, stem(word)) for word in cyrillic)
    return [known[word] for word in folded]


@dataclass(frozen=True, slots=True)
class Part:
    """One word or phrase that is looked for."""

    stems: tuple[str, ...]  #: in a row
    prefix: str = ""  #: what the word after them begins with; "" where none is asked for


#: What a word or phrase may be in the other language.
Translations = Callable[[Part], Sequence[Part]]


def part(text: str) -> Part:
    """Return what a word, a phrase or the beginning of a word ("терминал*") looks for."""
    found = words(text)
    if found and text.rstrip().endswith("*"):
        return Part(tuple(map(stem, found[:-1])), found[-1])
    return Part(tuple(map(stem, found)))


class Wording:
    """The words of a text, to look for others in."""

    def __init__(self, text: str) -> None:
        self.words = words(text)
        self._stems = _spaced(map(stem, self.words))
        self._words = _spaced(self.words)

    def has(self, text: str) -> bool:
        """Return whether a word, a phrase or the beginning of a word occurs, in whatever grammatical form."""
        return self.finds(part(text))

    def finds(self, sought: Part) -> bool:
        """Return whether it occurs.

        A beginning is compared with words as they stand; behind other words of a phrase, with their stems.
        """
        if not sought.prefix:
            return _spaced(sought.stems) in self._stems
        begun = f"{_spaced(sought.stems)}{sought.prefix}" if sought.stems else f" {sought.prefix}"
        return begun in self._stems or (not sought.stems and begun in self._words)


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the stem of a folded word, and of Russian words the stem of that as long as there is one.

    Once is not enough: the rules take the "л" of "водоканал" for a verb's, but not that of "водоканалом".
    """
    cyrillic = not word.isascii() and _CYRILLIC.search(word) is not None
    found = str((_RUSSIAN if cyrillic else _ENGLISH).stemWord(word))
    if len(found) < 2:  # of "ААНИИ" nothing would be left but "а"
        return word
    return found if found == word or not cyrillic else stem(found)


def _spaced(found: Iterable[str]) -> str:
    """Return words with a blank around each, so that a row of them is found by `in`."""
    return f" {' '.join(found)} "


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> tuple[str, ...]:
    """Return a word in lower case and compatibility forms, without accents; "½" comes out as two."""
    if word.isascii() or _PLAIN.fullmatch(word):
        return (word.lower().replace("ё", "е"),)
    parts = unicodedata.normalize("NFKD", word.lower())
    bare = "".join([sign for sign in parts if sign == _BREVE or not _belongs(sign)])
    return tuple(_WORD.findall(unicodedata.normalize("NFC", bare)))


def _unbroken(text: str) -> str:
    """Return text of the same length with accents and soft hyphens made part of the word they stand in."""
    marks = {ord(sign): "_" for sign in set(text) if _belongs(sign)}
    return text.translate(marks) if marks else text


@cache
def _belongs(sign: str) -> bool:
    return sign == _HYPHEN or unicodedata.category(sign) == "Mn"
