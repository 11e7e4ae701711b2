"""Words of either language brought to one alphabet, so that names and cognates meet.

"Панкевича", "Pankevich" and "Pankewitsch" all become `pnkfc`: stemmed, spelt in Latin
letters, vowels dropped, look-alike consonants merged, cut. What a word means is not
here but in `lexicon`. Every function depends on its argument alone; the memory they
keep only saves time.

Words nobody has met are looked at all together, one a line: a pattern goes over a hundred of them in
the time that a few calls take.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import snowballstemmer

#: Letters a key keeps: enough to tell names apart, few enough to forgive endings.
KEY_LENGTH = 6
#: A key of one consonant tells nothing.
KEY_SHORTEST = 2

#: Words met are forgotten, all at once, when they are more than this.
_MOST = 1 << 16

_STEMMERS = {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}
for _stemmer in _STEMMERS.values():
    _stemmer.maxCacheSize = 0  # the memory that PyStemmer keeps of words takes it five times as long as a stem
_WORD = r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*"
_WORDS = re.compile(_WORD)
_PARTS = re.compile(f"({_WORD})")
_CASE_ENDING = re.compile("(?:[аеиоуыэюяйь]|[оеыи]м|[аоя]й|[ая]ми|[ая]х|[оеы]го|[оеы]му)+$", re.MULTILINE)
_SILENT = re.compile("h(?<=[aeiou]h)(?![aeiouy])")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SPELLING = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "s", "ч": "C", "ш": "Q", "щ": "Q", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
    "і": "i", "ї": "i", "є": "e", "ў": "u", "ґ": "g",
})  # fmt: skip
# The same sound in the spellings the two languages give it; order matters: the longest first.
# In both alphabets C then stands for "ch", Q for "sh", j for "zh".
_CYRILLIC_SOUNDS = ((re.compile("дж"), "ж"), (re.compile("т[сц]"), "ц"))
_LATIN_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"'", ""), (r"shch|sch|sh", "Q"), (r"tch|tsch", "C"), (r"ch(?=[nlr])", "h"), (r"ch", "C"),
        (r"zh|dj", "j"), (r"kh", "h"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"), (r"wh|w", "v"),
        (r"ck|cq", "k"), (r"ts|tz", "s"), (r"c(?=[eiy])", "s"), (r"c|q", "k"), (r"x", "ks"),
    )
)  # fmt: skip
# Sounds the transliterations confuse: Hamburg–Гамбург, Basel–Базель; vowels go.
_VOWELS = b"aeiouy"
_BONES = bytes.maketrans(b"zgCQ", b"shcq")
_DOUBLED = re.compile(r"(.)\1+")


class Forms(NamedTuple):
    """What a lower-case word is compared by."""

    stem: str  #: by the rules of the language its letters show
    #: Its skeletons, none where too little is left to tell it by. Two where the stemmer may have bitten into a name
    #: ("Байден" loses its "ен", "Rechits" its "s"): one of the stem, one of the word with only its case ending
    #: (its silent h, "Johnson") off.
    keys: tuple[str, ...]


#: What words were met.
_MET: dict[str, Forms] = {}


def words(text: str) -> list[str]:
    """Return the words of text as written, in their order."""
    return _WORDS.findall(text)


def placed(text: str) -> tuple[list[str], list[int]]:
    """Return the words of text as written, and the place each starts at."""
    parts = _PARTS.split(text)  # what is between words, and words, in turn
    return parts[1::2], list(accumulate(map(len, parts)))[:-1:2]


def is_cyrillic(word: str) -> bool:
    """Return whether word has a Cyrillic letter."""
    return not word.isascii() and _CYRILLIC.search(word) is not None


def stem(word: str) -> str:
    """Return the stem of a lower-case word."""
    return forms((word,))[word].stem


def keys(word: str) -> tuple[str, ...]:
    """Return the skeletons of a lower-case word."""
    return forms((word,))[word].keys


def forms(every: Iterable[str]) -> dict[str, Forms]:
    """Return what lower-case words are compared by, in the order of the words."""
    found = {word: _MET.get(word) for word in every}
    made = _made([word for word, known in found.items() if known is None])
    if len(_MET) + len(made) > _MOST:
        _MET.clear()
    _MET.update(made)
    return {word: known or made[word] for word, known in found.items()}


def _made(new: Sequence[str]) -> dict[str, Forms]:
    cyrillic = [word for word in new if is_cyrillic(word)]
    latin = [word for word in new if not is_cyrillic(word)] if cyrillic else new
    made: dict[str, Forms] = {}
    for some, language in ((cyrillic, "ru"), (latin, "en")):
        if some:
            stems, lights = stems_of(some, language), _lights(some, language)
            keys = _keys([*stems, *lights], language)
            both = map(_told_apart, keys[: len(some)], keys[len(some) :])
            made |= zip(some, map(Forms, stems, both), strict=True)
    return made


def stems_of(some: Sequence[str], language: str) -> list[str]:
    """Return the stems of lower-case words, all Cyrillic (ru) or none (en)."""
    folded = [word.replace("ё", "е") if language == "ru" else word.replace("\u2019", "'") for word in some]
    stems: list[str] = _STEMMERS[language].stemWords(folded)
    return stems


def _lights(some: Sequence[str], language: str) -> list[str]:
    """Return words without their case endings, or their silent letters."""
    return (_CASE_ENDING if language == "ru" else _SILENT).sub("", "\n".join(some)).split("\n")


def _told_apart(one: str, other: str) -> tuple[str, ...]:
    if one and other and one != other:
        return one, other
    return (one or other,) if one or other else ()


def _keys(stemmed: Sequence[str], language: str) -> list[str]:
    """Return the skeleton of each, "" where too little is left."""
    spelt = _spelt("\n".join(stemmed), language)
    hard = spelt.encode().translate(_BONES, _VOWELS).decode()
    bare = _DOUBLED.sub(r"\1", hard).split("\n")
    return list(map(_key, spelt.split("\n"), bare))


def _key(spelt: str, bones: str) -> str:
    if len(bones) < KEY_SHORTEST:
        return ""
    # A short skeleton says more with its first vowel: "Орел" and "роль" part.
    return ("a" + bones if len(bones) <= 3 and spelt[0] in "aeiouy" else bones)[:KEY_LENGTH]


def _spelt(text: str, language: str) -> str:
    if language == "en":
        text = text.replace("\u2019", "'")
    for pattern, sound in _CYRILLIC_SOUNDS if language == "ru" else _LATIN_SOUNDS:
        text = pattern.sub(sound, text)
    return text.translate(_SPELLING) if language == "ru" else text
