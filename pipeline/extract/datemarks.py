"""Where in a text a date may begin, told by its numbers: most stand in no date, and each shape of one is dear to try.

What is not here: the shapes (daytext.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.extract.months import MONTHS

_NUMBER_RUN = re.compile(r"\d+")
#: What stands before a year of two digits, or behind it.
_YEAR_SIGNS, _YEAR_WORD = frozenset("-./’‘'`"), frozenset("гГ")
#: No shape has more numbers up to its year: "14:05:30 | 15-16 марта 2019".
_NUMBERS = 6
#: The longest name of a month.
_LONGEST = max(map(len, MONTHS))


def beginnings(text: str) -> tuple[list[int], list[int]]:
    """Return the places where a shape may begin: at a number, a quote before one, or a month before one.

    And of them those where one with a year may: it is one of the next numbers. Of a text there are few: looking at
    each letter of it for each shape costs as much as parsing a page.
    """
    runs = list(_NUMBER_RUN.finditer(text))
    years = [number for number, run in enumerate(runs) if _may_be_year(text, run)]
    near = {year - before for year in years for before in range(_NUMBERS)}
    places: dict[int, bool] = {}
    for number, run in enumerate(runs):
        at = run.start()
        for place in (at, _before(text, at)):
            if not place or not _goes_on(text[place - 1]):
                places[place] = number in near
    every = sorted(places)
    return every, [at for at in every if places[at]]


def matches(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """Yield what pattern.finditer(text) does, where it can begin at these places only."""
    end = 0
    for at in places:
        match = pattern.match(text, at) if at >= end else None
        if match is not None:
            end = match.end()
            yield match


def _may_be_year(text: str, run: re.Match[str]) -> bool:
    """Whether a number may be read as a year: 2019, ’19, 19 г., and 19 behind a dash, dot or slash."""
    start, end = run.span()
    if end - start >= 4 and text.startswith(("19", "20"), start):
        return True
    before, after = text[max(0, start - 2) : start].rstrip(), text[end : end + 2].lstrip()
    return end - start >= 2 and (before[-1:] in _YEAR_SIGNS or after[:1] in _YEAR_WORD)


def _before(text: str, at: int) -> int:
    """Return where the quote or the month begins that stands before the number at a place; that place for neither."""
    if at and text[at - 1] in '«“"':
        return at - 1
    return _month_before(text, at) if at and text[at - 1].isspace() else at


def _month_before(text: str, at: int) -> int:
    """Return where the month begins that stands before the number at a place; that place itself where there is none."""
    end = at
    while end and text[end - 1].isspace():
        end -= 1
    end -= text[end - 1 : end] == "."
    start = end
    while start and end - start <= _LONGEST and text[start - 1].isalpha():
        start -= 1
    return start if text[start:end].lower() in MONTHS else at


def _goes_on(sign: str) -> bool:
    return sign.isalnum() or sign in "_."
