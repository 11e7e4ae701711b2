"""Which alphabet a text is in, and letters and words that rule a language out.

Told by counting only; what is not here: declarations and the statistical detector.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping

from pipeline.record import dataclass

_CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_ASCII, _ENGLISH = bytes(range(128)), string.ascii_letters.encode()
_RUSSIAN = re.compile("[А-яЁё]+")
#: A text has dashes, quotation marks and a few more signs; of one with more than this they are not replaced one by one.
_MOST = 50
#: What becomes of each byte of a text in UTF-8 whose other signs are letters all.
_BLANKS = bytes(code if code >= len(_ASCII) or code in _ENGLISH else ord(" ") for code in range(256))
# Bounded, and only from a word's beginning: a word of a million letters is searched once.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S{1,200}@\S+")
#: One of these is in every address.
_ADDRESS_SIGNS = ("://", "www.", "@")
_WORD = re.compile(r"[^\W\d_]+")
#: Ukrainian, Belarusian, Serbian, Macedonian, Kazakh, Tatar, Bashkir, Chuvash … letters that Russian has not.
_FOREIGN = re.compile("[ґєіїўәғқңөұүһђѓѕјљњћќџѝѐӑӗҫӳҗҙҡҥӣӯҳҷӂ]")
#: In Russian the hard sign only stands before е ё ю я (in Bulgarian it is a vowel), the soft sign never
#: makes -аць (Belarusian verbs), an apostrophe never parts a consonant from я ю є ї, and no verb ends in -ував.
_HARD = re.compile(r"ъ(?:(?=[а-я])(?![еёюя])|\b)")
_UNRUSSIAN = re.compile(rf"{_HARD.pattern}|[аяуюі]ць\b|[а-я]ував\b|[бвмпфркзд]['’ʼ][яюєї]")
#: One of these is in every such form but for the hard sign.
_UNRUSSIAN_SIGNS = ("ць", "ував", "'", "’", "ʼ")
#: Endings of Bulgarian and Macedonian nouns with the article, and of their past tense; Russian words have them
#: now and then (the weak ones in every imperative), so that they count only where nothing Russian stands beside.
_ARTICLE = re.compile(
    r"\w{3,}(?:ата|ята|ето|ото|ията|ият|еят|ерта|остта|[аяи]ха|еше|уваат?)$|[бвгдзклмнпстхцчшж]р[бвгдзкмнпстхцчшж]"
)
_WEAK_ARTICLE = re.compile(r"\w{3,}(?:ите|ците|от|ува)$")
#: Plurals and genitives of Turkic languages.
_TURKIC = re.compile(r"\w{3,}(?:лар|ләр|ның|нің|дың|тың)$")
_RUSSIAN_ENDING = re.compile(
    r"\w{2,}(?:т[ь]?ся|л[аои]?с[ья]|[ое]го|[ое]му|ый|[ую]ю|ых|[ая]ми|ост[ьи]|[иаея]ть|[аяеу]ет|[аую]ют|ени[еяй])$"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RUSSIAN_WORDS = _words(
    "что это как был была были было его для также или из после который которые которая которое года году со она он они но "
    "же об во если только уже когда чтобы более сегодня еще ещё при этом этой этого все их ее её будет может быть нет очень "
    "мы вы меня тебя нас вас мне тебе где там так вот ли бы что-то"
)
#: … but for those that Bulgarian or Macedonian have too.
_ONLY_RUSSIAN = _RUSSIAN_WORDS - _words("как во при или ли там нас вас о")
_FOREIGN_WORDS = (
    _words(
        # Bulgarian and Macedonian
        "се са че това който която което които като през беше ще към след обаче съм има най му ѝ със този тази тези няма може "
        "во со што кои како ќе ги го беше дека ова оваа овој една нема бидат сите "
        # Serbian
        "је су као који која које није али ће од са због само више између био било смо сте овај ова ово тај "
        # Ukrainian and Belarusian
        "та що як це від або який яка яке також було буде він вона вони щодо під із який про "
        "гэта ад што таксама быў яго якія для каб пра ён яна яны "
        # Tatar, Kazakh, Bashkir
        "һәм белән бу өчен дә да мен және үшін бір бұл менән"
    )
    - _RUSSIAN_WORDS
    - _words("да для про ад")
)
_ENGLISH_WORDS = _words(
    "the of and to in a is that for on with as by at from it be are was were this which has have an will not or its but they "
    "their he his she her you your we our i my me can all more about who what when there if do no so up out one been would "
    "had said after also than into new how just only over get"
)
_RUSSIAN_CODED, _FOREIGN_CODED, _ENGLISH_CODED = (
    frozenset(word.encode() for word in words) for words in (_RUSSIAN_WORDS, _FOREIGN_WORDS, _ENGLISH_WORDS)
)
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
#: Fewer words show no grammar.
_SENTENCE = 4
#: A line needs so many letters to have a language of its own.
_LINE = 30


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of a text by script; shares are of all its letters."""

    total: int
    cyrillic: float
    latin: float
    leading: str  #: Cyrillic | Latin | other


def letters(text: str) -> Letters:
    """Return how many letters text has, which scripts they are of and which script carries the sentence."""
    text = _without_addresses(text)
    english, russian, others = _counted(text)
    total = english + russian + _count(_LETTER, others)
    if not total:
        return Letters(0, 0.0, 0.0, "other")
    cyrillic, latin = (russian + _count(_CYRILLIC, others)) / total, (english + _count(_LATIN, others)) / total
    if max(cyrillic, latin) < 0.5:
        leading = "other"
    elif cyrillic >= latin or (cyrillic and _only_names(text)):
        leading = "Cyrillic"
    else:
        leading = "Latin"
    return Letters(total, cyrillic, latin, leading)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text) if any(sign in text for sign in _ADDRESS_SIGNS) else text


def _counted(text: str) -> tuple[int, int, Mapping[str, int]]:
    """Return how many English and how many Russian letters text has, and how often each other sign beyond ASCII.

    Most of a text is of one of these alphabets, and they are counted without a look at each letter.
    """
    coded = text.encode("utf-8", "surrogatepass")
    beyond = coded.translate(None, _ASCII).decode("utf-8", "surrogatepass")
    others = _RUSSIAN.sub("", beyond)
    english = len(coded) - len(coded.translate(None, _ENGLISH))
    return english, len(beyond) - len(others), Counter(others)


def _coded_words(text: str) -> list[bytes]:
    """Return the words of text in UTF-8: what is no letter becomes a blank, and blanks part them."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    others = [sign for sign in set(beyond) if not _LETTER.match(sign)]
    if len(others) > _MOST:
        return [word.encode() for word in _WORD.findall(text)]
    for sign in others:
        text = text.replace(sign, " ")
    return text.encode().translate(_BLANKS).split()


def _count(letters: re.Pattern[str], signs: Mapping[str, int]) -> int:
    return sum(signs[sign] for sign in letters.findall("".join(signs)))


def _only_names(text: str) -> bool:
    """Whether the Latin words beside Cyrillic ones are names and brands: next to no English word among them."""
    words = [word for word in _WORD.findall(text.casefold()) if len(word) > 1]
    latin = [word for word in words if _LATIN.match(word)]
    usual = sum(1 for word in latin if word in _ENGLISH_WORDS)
    return usual * 10 <= len(latin) and any(len(word) > 2 and _CYRILLIC.match(word) for word in words)


def blocks(lines: Iterable[str]) -> tuple[float, float]:
    """Return the shares of letters in lines that are wholly (nine tenths) Cyrillic and wholly Latin."""
    cyrillic = latin = total = 0
    for line in lines:
        found = letters(line)
        total += found.total
        if found.total >= _LINE and found.cyrillic >= 0.9:
            cyrillic += found.total
        elif found.total >= _LINE and found.latin >= 0.9:
            latin += found.total
    return (cyrillic / total, latin / total) if total else (0.0, 0.0)


def not_russian(text: str) -> str:
    """Return what rules out that a Cyrillic text is Russian ("letters ї є", "words се че"), or ""."""
    folded = text.casefold()
    _, russian, others = _counted(folded)
    cyrillic = russian + _count(_CYRILLIC, others)
    foreign = _FOREIGN.findall(folded)
    if len(foreign) * 100 > cyrillic:
        return "letters " + " ".join(sorted(set(foreign))[:5])
    forms = (_UNRUSSIAN if any(sign in folded for sign in _UNRUSSIAN_SIGNS) else _HARD).findall(folded)
    if len(forms) * 150 > cyrillic:
        return "forms " + " ".join(sorted(set(forms))[:5])
    words = _coded_words(folded)
    strange = [word.decode() for word in words if word in _FOREIGN_CODED]
    usual = sum(map(_RUSSIAN_CODED.__contains__, words))
    typical = sum(map(folded.count, "ыэё"))
    if len(strange) > usual + typical and (len(strange) > 1 or len(words) > 3):
        return "words " + " ".join(sorted(set(strange))[:5])
    plurals = [] if usual else [word for word in map(bytes.decode, words) if _TURKIC.match(word)]
    if len(plurals) > 1:
        return "endings " + " ".join(sorted(set(plurals))[:5])
    if cyrillic >= 60 and not typical and not usual and "и" not in folded:
        return "neither и nor ы"
    return ""


def looks_southern(text: str) -> bool:
    """Return whether nothing in a Cyrillic text is Russian and something in it is Bulgarian or Macedonian.

    Not certain enough to rule Russian out alone: the detector must agree.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < _SENTENCE or any(sign in "ыэё" for sign in text.casefold()):
        return False
    if any(word in _ONLY_RUSSIAN or _RUSSIAN_ENDING.match(word) for word in words):
        return False
    strong = sum(1 for word in words if _ARTICLE.search(word))
    weak = sum(1 for word in words if _WEAK_ARTICLE.match(word))
    return strong > 0 or weak > 1


def not_english(text: str) -> str:
    """Return what rules out that a Latin text is English, or ""."""
    words = _coded_words(_without_addresses(text.casefold()))
    share = sum(map(_ENGLISH_CODED.__contains__, words)) / len(words) if words else 0.0
    if len(words) >= 25 and share < 0.08:
        return f"only {share:.0%} common English words"
    if len(words) >= 8 and share < 0.2 and len(_ACCENTED.findall(text)) * 40 > len(text):
        return "accented letters"
    return ""
