"""Is an answer a translation? What is asked of every segment before its text is used.

Numbers and dates, links, names of the glossary and signs of markup must all be there and
none must be new; script, language and length must be right; nothing may run in circles, come
back as it went, or sing («♪», what one engine answers when it has nothing to say).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline import numbers
from pipeline.record import dataclass
from pipeline.translate.marks import Mark, Segment, bare, numbers_in, shown
from pipeline.translate.words import COMMON, OTHERS, SPELT_ALSO

#: Every fault there is, in the order in which they are looked for.
FAULTS = ("empty", "song", "tags", "number", "date", "link", "name", "script", "language", "length", "loop", "identity")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(r"https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
#: 10:26 PM is 22:26 in Russian.
_AFTERNOON = re.compile(r"\b(\d{1,2}):(\d\d)\s*p\.?m\b\.?", re.IGNORECASE)
_ONE_AND_A_HALF = re.compile(r"\b(?:полтор[аы]|полутора)\b", re.IGNORECASE)
#: With fewer words no language can be told.
_FEW = 12
#: A translation is between so much and so much as long as its original, the short ones freer.
_SHORTEST, _LONGEST, _SLACK = 0.35, 3.0, 25
#: So often in a row a word, or a run of words, is no style any more.
_WORD_AGAIN, _RUN_AGAIN, _LONGEST_RUN = 4, 3, 12


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both texts as their readers see them."""

    source: str
    target: str
    into: str  #: language of the target


def faults(segment: Segment, answer: str, source: str, target: str) -> tuple[str, ...]:
    """Return what is wrong with the answer to a segment (both with signs); nothing where it may be used."""
    if not answer.strip():
        return ("empty",)
    found = [] if marks_are_there(segment, answer) else ["tags"]
    # A space for each tag: an address ends where a tag begins.
    said = shown(answer, segment.marks, tags=" ")
    found += faults_of_text(shown(segment.text, segment.marks, source=True, tags=" "), said, source, target)
    names = (mark.said for mark in segment.marks if mark.kind == "value" and not mark.html)
    if any(name not in said for name in names):
        found.append("name")
    return tuple(sorted(set(found), key=FAULTS.index))


def faults_of_text(source_text: str, target_text: str, source: str, target: str) -> list[str]:
    """Return what is wrong with a plain text as a translation of another, from source into target."""
    assert {source, target} == {"ru", "en"}
    pair = _Pair(source_text, target_text, target)
    if not target_text.strip():
        return ["empty"]
    found = ["song"] if "♪" in target_text and "♪" not in source_text else []
    found += _numbers(pair)
    if sorted(_LINK.findall(source_text)) != sorted(_LINK.findall(target_text)):
        found.append("link")
    for name, wrong in (
        ("script", _script),
        ("language", _language),
        ("length", _length),
        ("loop", _loop),
        ("identity", _identity),
    ):
        if wrong(pair):
            found.append(name)
    return found


def marks_are_there(segment: Segment, answer: str) -> bool:
    """Tell whether every sign of a segment is in the answer once, and its tags begin and end in order."""
    return sorted(numbers_in(answer)) == sorted(numbers_in(segment.text)) and tags_are_there(segment, answer)


def tags_are_there(segment: Segment, answer: str) -> bool:
    """Tell whether every tag of a segment is in the answer once, and they begin and end in order."""
    here, there = (
        sorted(number for number in numbers_in(text) if segment.marks[number].kind != "value")
        for text in (segment.text, answer)
    )
    return here == there and _nesting(segment.text, segment.marks) == _nesting(answer, segment.marks) is not None


def _nesting(text: str, marks: Sequence[Mark]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return which tags end here that began before, and which begin and do not end; None where they cross."""
    opened: list[str] = []
    ended: list[str] = []
    for number in numbers_in(text):
        mark = marks[number]
        name = re.sub(r"^</?|[\s>/].*$", "", mark.raw, flags=re.DOTALL).lower()
        if mark.kind == "open":
            opened.append(name)
        elif mark.kind == "close" and not opened:
            ended.append(name)
        elif mark.kind == "close" and opened.pop() != name:
            return None
    return tuple(ended), tuple(opened)


def _numbers(pair: _Pair) -> list[str]:
    """Compare what both state in figures; a number may be a word on the other side."""
    found = []
    here, there = _Stated.of(pair.source), _Stated.of(pair.target)
    if here.days - there.days or there.days - here.days:
        found.append("date")
    if not (here.figures <= there.any and there.figures <= here.any and here.spelt <= there.any):
        found.append("number")
    return found


@dataclass(frozen=True, slots=True)
class _Stated:
    """The numbers of a text."""

    days: Counter[str]
    figures: Counter[str]
    spelt: Counter[str]  #: written in words
    any: Counter[str]  #: these, and what may be meant for one: ordinals, both, twice

    @staticmethod
    def of(text: str) -> _Stated:
        text = _AFTERNOON.sub(lambda found: f"{int(found[1]) % 12 + 12}:{found[2]}", text)
        figures = Counter(numbers.figures(text))
        spelt = Counter(numbers.spelt(text))
        also = Counter(value for word in _WORD.findall(text.lower()) if (value := SPELT_ALSO.get(word)))
        halves: Counter[str] = Counter()
        if _ONE_AND_A_HALF.search(text):
            halves = Counter(numbers.figures(_ONE_AND_A_HALF.sub("1,5", text))) - figures
        return _Stated(Counter(numbers.days(text)), figures, spelt, figures + spelt + also + halves)


def _script(pair: _Pair) -> bool:
    """Tell whether the target is written in other letters than its language's, names of the source left out."""
    mine, others = (_CYRILLIC, _LATIN) if pair.into == "ru" else (_LATIN, _CYRILLIC)
    own, wrong = len(mine.findall(pair.target)), len(others.findall(pair.target))
    alien = len(_LETTER.findall(pair.target)) - own - wrong
    if wrong and pair.into == "ru":
        known = set(_WORD.findall(pair.source))
        wrong = sum(len(_LATIN.findall(word)) for word in _WORD.findall(pair.target) if word not in known)
    if not own and not wrong and not alien:
        return False
    return wrong + alien > 0.3 * (own + wrong + alien) or (own == 0 and wrong + alien > 0)


def _language(pair: _Pair) -> bool:
    """Tell whether the target is in another language of the right letters."""
    words = [word.lower() for word in _WORD.findall(pair.target)]
    if len(words) < _FEW:
        return False
    common = sum(word in COMMON[pair.into] for word in words)
    others = sum(word in OTHERS[pair.into] for word in words)
    foreign = len(re.findall("[ґїєіўљњћђџјѓќѕәғқңөұүһ]", pair.target.lower())) if pair.into == "ru" else 0
    return others > common or foreign > 0.02 * len(pair.target)


def _length(pair: _Pair) -> bool:
    here, there = len(pair.source), len(pair.target)
    return not (_SHORTEST * here - _SLACK <= there <= _LONGEST * here + _SLACK)


def _loop(pair: _Pair) -> bool:
    often = _again(pair.target)
    return often > 1.0 and often > _again(pair.source)


def _again(text: str) -> float:
    """Return how often text says the same in a row, beside what is usual: above 1 it runs in circles."""
    words = [word.lower() for word in re.findall(r"\w+|[^\w\s]", text)]
    most = 0.0
    for size in range(1, min(_LONGEST_RUN, len(words) // 2) + 1):
        limit = _WORD_AGAIN if size == 1 else _RUN_AGAIN
        same = longest = 0
        for place in range(size, len(words)):
            same = same + 1 if words[place] == words[place - size] else 0
            if same > longest and any(_LETTER.match(word) for word in words[place - size + 1 : place + 1]):
                longest = same
        most = max(most, (longest / size + 1.01) / limit)
    return most


def _identity(pair: _Pair) -> bool:
    """Tell whether the target is the source again, where there was something to translate."""
    if _folded(pair.source) != _folded(pair.target):
        return False
    wrong = _CYRILLIC if pair.into == "en" else _LATIN
    words = [word for word in _WORD.findall(_LINK.sub(" ", pair.source)) if wrong.search(word)]
    # A row of names (Microsoft Azure) is the same in both; a sentence has words in lower case.
    return any(word.islower() for word in words) if pair.into == "ru" else bool(words)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(bare(text).lower()))
