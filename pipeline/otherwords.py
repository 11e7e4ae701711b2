"""What a word is in the other language, for a search: by the lexicon, by official names, by its spelling.

More than one answer may be given, and some will be wrong: what is found by them comes last in a
list. Which pairs the words were learned from is not known here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from pipeline import names, pairing, stems
from pipeline.record import dataclass
from pipeline.stems import Part

#: A word that may come out as more words than these says too little.
_MOST = 6
#: A spelling shorter than this would find anything.
_SHORTEST = 4
_CYRILLIC = re.compile("[а-я]")
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_SOUNDS = ("shch", "zh", "kh", "ts", "ch", "sh", "yu", "ya", "yo", "ye", *"abvgdezijklmnoprstufhcy")
_RUSSIAN = {
    **{latin: russian for russian, latin in _LATIN.items() if latin}, "yo": "е", "ye": "е", "h": "х", "j": "дж", "c": "к",
    "e": "е", "y": "й",
}  # fmt: skip
_SPELT = re.compile("|".join(_SOUNDS))


@dataclass(frozen=True, eq=False)
class OtherWords:
    """Words of either language and what they may be in the other."""

    lexicon: pairing.Lexicon

    def __call__(self, part: Part) -> Sequence[Part]:
        """Return what a word, or a name in several, may be in the other language; nothing for other phrases."""
        known = self._names.get(part.stems, ())
        if part.prefix or known or len(part.stems) != 1:
            return known
        (stem,) = part.stems
        found = self._words.get(stem, ())
        if found:
            return [Part((one,)) for one in found] if len(found) <= _MOST else ()
        spelt = _spelt(stem)
        return (Part((), spelt),) if len(spelt) >= _SHORTEST else ()

    @property
    def digest(self) -> str:
        """A short name of what is known, for caches of what was found with it."""
        return f"{self.lexicon.digest}-{names.shipped().digest}"

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for russian, english in self.lexicon.english.items():
            for word in english:
                one, other = stems.stem(russian), stems.stem(word)
                found[one][other] = found[other][one] = None
        return {word: tuple(others) for word, others in found.items()}

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], tuple[Part, ...]]:
        """Return for each form of a name the others that are in the other alphabet."""
        return {
            form: tuple(Part(other) for other in forms if _is_russian(other) != _is_russian(form))
            for forms in names.shipped().forms.values()
            for form in forms
        }


@lru_cache(maxsize=1)
def shipped() -> OtherWords:
    """Return what the program knows of words in the other language."""
    return OtherWords(pairing.shipped_lexicon())


def in_latin(text: str) -> str:
    """Return text in small letters with Cyrillic ones spelt in Latin; what is neither stays."""
    return "".join(_LATIN.get(sign, sign) for sign in text.replace("ё", "e"))


def _is_russian(words: Sequence[str]) -> bool:
    return any(_CYRILLIC.search(word) for word in words)


def _spelt(stem: str) -> str:
    """Return how a name's stem begins in the other alphabet; "" where it is no word of either."""
    if not stem.isalpha():
        return ""
    if _CYRILLIC.search(stem):
        return in_latin(stem)
    if not stem.isascii():
        return ""
    return "".join(_RUSSIAN.get(sound, "") for sound in _SPELT.findall(stem.rstrip("aeiouy")))
