"""Which numbers, days and names of a text its counterpart has too: the clues of the score, shown where they stand.

Compared as the score compares them: numbers in their canonical form, names by their skeletons or by the words of the
lexicon that translate each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.grammar import MONTHS
from pipeline.numbers import placed
from pipeline.pairing import words
from pipeline.pairing.features import Bag, capitalised, read
from pipeline.pairing.lexicon import Lexicon
from pipeline.record import dataclass

#: Where more of the words are capitalised, it is a headline's habit, and names cannot be told by it.
_HEADLINE = 0.6
#: Endings of Russian months by the last letter of their genitive: "в июне", "март", "к маю".
_ENDINGS = {"я": "(?:ь|й|я|ю|ем|е)", "а": "(?:а|у|ом|е)?"}


def _any_of(forms: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Return the pattern of words, a group a month."""
    return re.compile(rf"\b(?:{'|'.join(f'({one})' for one in forms)})\b", flags)


#: English months are written with a capital, and "may" without.
_MONTHS = (
    _any_of((name[:-1] + _ENDINGS[name[-1]] for name in MONTHS["ru"]), re.IGNORECASE),
    _any_of(MONTHS["en"]),
)
#: Wednesday only where it can be nothing else: "среда" is a milieu, too.
_WEEKDAYS = (
    _any_of(("понедельник(?:а|у|ом|е|и|ам)?", "вторник(?:а|у|ом|е|и|ам)?", "(?<=[Вв] )среду", "четверг(?:а|у|ом|е|и|ам)?",
             "пятниц(?:а|ы|е|у|ей|ам)", "суббот(?:а|ы|е|у|ой|ам)", "воскресень(?:е|я|ю|ем|ям)"), re.IGNORECASE),
    _any_of(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text; kind "" where it is neither number nor name."""

    text: str
    kind: str = ""  #: number | day | name
    shared: bool = False  #: whether the other text has it


@dataclass(frozen=True)
class Other:
    """What the other text says, to look up in; `lexicon` leads from this text's language to that one's."""

    whole: Bag
    calendar: frozenset[int]  #: months that it names, by themselves or in a day, and weekdays after them
    lexicon: Lexicon
    language: str  #: ru | en

    def has_number(self, number: str) -> bool:
        """Return whether it states a number or day."""
        return number in self.whole.numbers

    def has_name(self, word: str) -> bool:
        """Return whether it has a name: spelt alike, or in translation."""
        lowered, stemmed = word.lower(), words.stem(word.lower())
        if stemmed in self.whole.stems or any(key in self.whole.keys for key in words.keys(lowered)):
            return True
        english = self.lexicon.english
        if self.language == "en":
            return any(target in self.whole.stems for target in english.get(stemmed, ()))
        return any(stemmed in english.get(stem, ()) for stem in self.whole.stems)


def marked(paragraphs: Sequence[str], other: Sequence[str], language: str, lexicon: Lexicon) -> list[tuple[Run, ...]]:
    """Return paragraphs in runs, marked by what other has too; language: of paragraphs, which is ru or en."""
    text = "\n".join(other)
    whole = read("", text).whole
    calendar = {one for one, _, _ in _calendar(text)} | {int(one[:2]) for one in whole.numbers if "-" in one}
    there = Other(whole, frozenset(calendar), lexicon, "en" if language == "ru" else "ru")
    return [tuple(_runs(paragraph, there)) for paragraph in paragraphs]


def _runs(text: str, there: Other) -> Iterator[Run]:
    at = 0
    for start, end, kind, shared in _joined(_marks(text, there), text):
        if start < at:
            continue
        if start > at:
            yield Run(text[at:start])
        yield Run(text[start:end], kind, shared)
        at = end
    if at < len(text):
        yield Run(text[at:])


def _joined(found: list[tuple[int, int, str, bool]], text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield marks, names of several words as one where the other text has all of them or none."""
    last: tuple[int, int, str, bool] | None = None
    for one in found:
        if last and last[2:] == one[2:] == ("name", last[3]) and text[last[1] : one[0]] in (" ", "\u00a0", "-"):
            last = (last[0], *one[1:])
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def _marks(text: str, there: Other) -> list[tuple[int, int, str, bool]]:
    """Return where numbers, days and names stand, in their order."""
    found = [
        (start, end, "day" if "-" in value else "number", there.has_number(value)) for value, start, end in placed(text)
    ]
    days = [(start, end) for start, end, kind, _ in found if kind == "day"]
    found += [
        (start, end, "day", named in there.calendar)
        for named, start, end in _calendar(text)
        if not any(one <= start and end <= other for one, other in days)
    ]
    taken = [(start, end) for start, end, _, _ in found]
    every, starts = words.placed(text)
    names = list(capitalised(every, starts, text))
    if len(names) > _HEADLINE * sum(len(word) > 2 for word in every):
        names = []
    for word, start in names:
        end = start + len(word)
        if not any(one < end and start < other for one, other in taken):
            found.append((start, end, "name", there.has_name(word)))
    return sorted(found)


def _calendar(text: str) -> list[tuple[int, int, int]]:
    """Return which months text names, from 1 to 12, and weekdays, from 13 on, with where each stands."""
    return [
        (before + (one.lastindex or 0), *one.span())
        for before, patterns in ((0, _MONTHS), (12, _WEEKDAYS))
        for pattern in patterns
        for one in pattern.finditer(text)
    ]
