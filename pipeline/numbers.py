"""Numbers and days a text states, written one way whatever the language.

"20 тыс.", "20,000" and "двадцать тысяч" are `20000`; "сорок" and "forty" `40`;
"20 декабря 2019 года" and "December 20, 2019" give `12-20` beside `2019`.
Units, currencies and clock times are not told apart. Imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import compress

#: A number or day in its canonical form, and where it stands: from, and to before.
Placed = tuple[str, int, int]
#: Where a run of figures starts and ends.
Run = tuple[int, int]
#: Day, month, and where they stand: from, and to before.
Day = tuple[int, int, int, int]
#: A text's words in lower case, and where each starts.
Written = tuple[Sequence[str], Sequence[int]]

_RU_ONES = (
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
    "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать",
    "девятнадцать",
)  # fmt: skip
_EN_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_RU_TENS = (
    "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто", "сто",
)  # fmt: skip
_EN_TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
)  # fmt: skip
_RU_FORMS = {
    "две": 2, "двух": 2, "двумя": 2, "трех": 3, "тремя": 3, "четырех": 4, "четырьмя": 4, "пяти": 5, "шести": 6,
    "семи": 7, "восьми": 8, "девяти": 9, "десяти": 10, "двадцати": 20, "тридцати": 30, "сорока": 40,
    "пятидесяти": 50, "шестидесяти": 60, "семидесяти": 70, "восьмидесяти": 80, "девяноста": 90, "ста": 100,
    "двести": 200, "двухсот": 200, "триста": 300, "трехсот": 300, "четыреста": 400, "пятьсот": 500, "пятисот": 500,
    "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900, "дюжина": 12, "dozen": 12,
}  # fmt: skip
#: Number words; "one" and "один" are left out: they are articles as often as numbers.
WORDS: dict[str, int] = {
    **{word: value for names in (_RU_ONES, _EN_ONES) for value, word in enumerate(names) if value > 1},
    **{word: 10 * value for names in (_RU_TENS, _EN_TENS) for value, word in enumerate(names, 2)},
    **_RU_FORMS,
    "трёх": 3,
    "четырёх": 4,
    "трёхсот": 300,
}
_MONTHS = {
    prefix: month
    for month, prefixes in enumerate(
        (
            ("январ", "jan"), ("феврал", "feb"), ("март", "mar"), ("апрел", "apr"), ("мая", "may"), ("июн", "jun"),
            ("июл", "jul"), ("август", "aug"), ("сентябр", "sep"), ("октябр", "oct"), ("ноябр", "nov"),
            ("декабр", "dec"),
        ),
        1,
    )
    for prefix in prefixes
}  # fmt: skip
#: What makes a number thousands, millions, milliards, billions: a group each. An abbreviation is no beginning of a word.
_SCALE = re.compile(
    r"[\s\u00a0-]{0,2}(?:(тыс|thousand|k~)|(млн|миллион|million|mln|mn~|m~)|(млрд|миллиард|billion|bln|bn~)"
    r"|(трлн|триллион|trillion|trn~))".replace("~", "(?![а-яa-z])"),
    re.IGNORECASE,
)
_RU_MONTH = r"(?:январ|феврал|март|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
_EN_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|apr|aug|sept?|oct|nov|dec)\b\.?"
)
_DAY = r"(?<![\d.,:])([0-3]?\d)(?:st|nd|rd|th)?"
# Each of them is asked for where a run of figures begins, and nowhere else.
_RUN = re.compile(r"\d+")
_DAY_MONTH = re.compile(rf"{_DAY}(?:\s*[-–—]\s*[0-3]?\d)?\s+(?:of\s+)?({_RU_MONTH}|{_EN_MONTH})", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"\b{_EN_MONTH}\Z", re.IGNORECASE)
_DAY_AFTER = re.compile(rf"{_DAY}(?!\d)", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]\d)\.((?:19|20)?\d\d)(?![\d.])")
_NUMBER = re.compile(r"(?:[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d+)(?:[.,]\d+)*")
#: The longest name of a month with its full stop.
_LONGEST = len("september.")
#: Figures that are read as they stand.
_PLAIN = re.compile("[1-9][0-9]{0,8}|0")
_WORD = re.compile(r"[^\W\d_]+")


def numbers(text: str, written: Written | None = None) -> dict[str, int]:
    """Return the numbers and days text states, canonical form → how often; written: its words, if known."""
    runs, found = _runs(text), dict[str, int]()
    for value, _, _ in (*_days(text, runs), *_figures(text, runs), *_spelt(text, written)):
        found[value] = found.get(value, 0) + 1
    return found


def placed(text: str) -> list[Placed]:
    """Return the numbers and days text states in their order, with where each stands; a day's own figures are not told."""
    runs = _runs(text)
    named = _days(text, runs)
    inside = [(start, end) for _, start, end in named]
    others = [
        one for one in (*_figures(text, runs), *_spelt(text))
        if not any(start <= one[1] and one[2] <= end for start, end in inside)
    ]  # fmt: skip
    return sorted((*named, *others), key=lambda one: (one[1], one[2]))


def days(text: str) -> list[str]:
    """Return the days of the year text names, as MM-DD."""
    return [value for value, _, _ in _days(text, _runs(text))]


def figures(text: str) -> list[str]:
    """Return the numbers text writes in figures."""
    return [value for value, _, _ in _figures(text, _runs(text))]


def spelt(text: str) -> list[str]:
    """Return the numbers text writes in words."""
    return [value for value, _, _ in _spelt(text)]


def _runs(text: str) -> Sequence[Run]:
    return [found.span() for found in _RUN.finditer(text)]


def _days(text: str, runs: Sequence[Run]) -> list[Placed]:
    short = [(start, end) for start, end in runs if end - start <= 2]
    plain = [*_before_months(text, short), *_after_months(text, short), *_dotted(text, short)]
    return [
        (f"{month:02}-{day:02}", start, end)
        for day, month, start, end in plain
        if 1 <= day <= 31 and 1 <= month <= 12
    ]  # fmt: skip


def _before_months(text: str, short: Sequence[Run]) -> Iterator[Day]:
    done = 0
    for start, _ in short:
        if start >= done and (found := _DAY_MONTH.match(text, start)):
            done = found.end()
            yield int(found[1]), _month(found[2]), start, done


def _after_months(text: str, short: Sequence[Run]) -> Iterator[Day]:
    for start, _ in short:
        named = start
        while named and text[named - 1].isspace():
            named -= 1
        if named == start:
            continue
        month = _MONTH_BEFORE.search(text, max(0, named - _LONGEST), named)
        if month and (day := _DAY_AFTER.match(text, start)):
            yield int(day[1]), _month(month[0]), month.start(), day.end()


def _dotted(text: str, short: Sequence[Run]) -> Iterator[Day]:
    for start, end in short:
        if text.startswith(".", end) and (found := _DOTTED.match(text, start)):
            yield int(found[1]), int(found[2]), start, found.end()


def _month(name: str) -> int:
    folded = name.casefold()
    return next(month for prefix, month in _MONTHS.items() if folded.startswith(prefix))


def _figures(text: str, runs: Sequence[Run]) -> Iterator[Placed]:
    done = 0
    for start, _ in runs:
        if start >= done and (found := _NUMBER.match(text, start)):
            done = found.end()
            yield _scaled(found[0], text, done), start, done


def _spelt(text: str, written: Written | None = None) -> list[Placed]:
    if written is None:
        found = list(_WORD.finditer(text))
        written = [match.group().lower() for match in found], [match.start() for match in found]
    words, starts = written
    spelt = compress(zip(words, starts, strict=True), map(WORDS.__contains__, words))  # hardly any of them is
    ends = ((WORDS[word], start, start + len(word)) for word, start in spelt)
    return [(_scaled(str(value), text, end), start, end) for value, start, end in ends]


def _scaled(written: str, text: str, end: int) -> str:
    """Return a number in its canonical form, by what stands behind it."""
    scale = _SCALE.match(text, end)
    if scale is None and _PLAIN.fullmatch(written):
        return written
    power = 3 * (scale.lastindex or 0) if scale else 0
    return f"{_value(written).scaleb(power).normalize():f}"


def _value(written: str) -> Decimal:
    """Read digits with separators of either language: three after a comma or space group thousands."""
    joined = re.sub(r"[\s\u202f]", "", written)
    parts = re.split(r"[.,]", joined)
    if len(parts) == 1:
        return Decimal(joined)
    if len(parts) == 2 and (len(parts[1]) != 3 or parts[0] in ("", "0")):
        return Decimal(f"{parts[0] or 0}.{parts[1]}")
    if all(len(part) == 3 for part in parts[1:]):
        return Decimal("".join(parts))
    if len(parts) > 2 and all(len(part) == 3 for part in parts[1:-1]):
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return Decimal(parts[0])
