"""Words of either language brought to one alphabet, so that names and cognates meet.

"Панкевича", "Pankevich" and "Pankewitsch" all become `pnkfc`: stemmed, spelt in Latin
letters, vowels dropped, look-alike consonants merged, cut. What a word means is not
here but in `lexicon`. Every function depends on its argument alone; the memory they
keep only saves time.
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

#: Letters a key keeps: enough to tell names apart, few enough to forgive endings.
KEY_LENGTH = 6
#: A key of one consonant tells nothing.
KEY_SHORTEST = 2

_STEMMERS = {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_CASE_ENDING = re.compile("(?:[аеиоуыэюяйь]|[оеыи]м|[аоя]й|[ая]ми|[ая]х|[оеы]го|[оеы]му)+$")
_SILENT = re.compile("(?<=[aeiou])h(?![aeiouy])")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SPELLING = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "s", "ч": "C", "ш": "Q", "щ": "Q", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
    "і": "i", "ї": "i", "є": "e", "ў": "u", "ґ": "g",
})  # fmt: skip
# The same sound in the spellings the two languages give it; order matters: the longest first.
# In both alphabets C then stands for "ch", Q for "sh", j for "zh". Before each, a letter without which it cannot occur:
# most words have none of what is looked for, and to see that takes a letter ten times less than a pattern.
_CYRILLIC_SOUNDS = (("д", re.compile("дж"), "ж"), ("т", re.compile("т[сц]"), "ц"))
_LATIN_SOUNDS = tuple(
    (letter, re.compile(pattern), sound)
    for letter, pattern, sound in (
        ("'", r"'", ""), ("h", r"shch|sch|sh", "Q"), ("c", r"tch|tsch", "C"), ("h", r"ch(?=[nlr])", "h"), ("h", r"ch", "C"),
        ("", r"zh|dj", "j"), ("h", r"kh", "h"), ("h", r"ph", "f"), ("h", r"th", "t"), ("h", r"gh", "g"), ("w", r"wh|w", "v"),
        ("c", r"ck|cq", "k"), ("t", r"ts|tz", "s"), ("c", r"c(?=[eiy])", "s"), ("", r"c|q", "k"), ("x", r"x", "ks"),
    )
)  # fmt: skip
# Sounds the transliterations confuse: Hamburg–Гамбург, Basel–Базель; vowels go.
_BONES = str.maketrans({"z": "s", "g": "h", "C": "c", "Q": "q"} | dict.fromkeys("aeiouy"))


def words(text: str) -> list[tuple[str, int]]:
    """Return the words of text as written, with the place each starts at."""
    return [(found.group(), found.start()) for found in _WORD.finditer(text)]


def is_cyrillic(word: str) -> bool:
    """Return whether word has a Cyrillic letter."""
    return not word.isascii() and _CYRILLIC.search(word) is not None


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the stem of a lower-case word, by the rules of the language its letters show."""
    if is_cyrillic(word):
        return str(_STEMMERS["ru"].stemWord(word.replace("ё", "е")))
    return str(_STEMMERS["en"].stemWord(word.replace("\u2019", "'")))


@lru_cache(maxsize=1 << 17)
def keys(word: str) -> tuple[str, ...]:
    """Return the skeletons of a lower-case word, none where too little is left to tell it by.

    Two where the stemmer may have bitten into a name ("Байден" loses its "ен",
    "Rechits" its "s"): one of the stem, one of the word with only its case ending
    (its silent h, "Johnson") off.
    """
    light = _CASE_ENDING.sub("", word) if is_cyrillic(word) else _SILENT.sub("", word)
    found = map(_key, dict.fromkeys((stem(word), light)))
    return tuple(dict.fromkeys(one for one in found if one))


def _key(stemmed: str) -> str:
    bare = _spelt(stemmed)
    hard = bare.translate(_BONES)
    bones = "".join([one for one, before in zip(hard, " " + hard, strict=False) if one != before])
    if len(bones) < KEY_SHORTEST:
        return ""
    # A short skeleton says more with its first vowel: "Орел" and "роль" part.
    return ("a" + bones if bare[0] in "aeiouy" and len(bones) <= 3 else bones)[:KEY_LENGTH]


def _spelt(stemmed: str) -> str:
    if is_cyrillic(stemmed):
        for letter, pattern, sound in _CYRILLIC_SOUNDS:
            if letter in stemmed:
                stemmed = pattern.sub(sound, stemmed)
        return stemmed.translate(_SPELLING)
    stemmed = stemmed.replace("\u2019", "'")
    for letter, pattern, sound in _LATIN_SOUNDS:
        if letter in stemmed:
            stemmed = pattern.sub(sound, stemmed)
    return stemmed
