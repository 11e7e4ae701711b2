"""Numbers and days a text states, written one way whatever the language.

"20 тыс.", "20,000" and "двадцать тысяч" are `20000`; "сорок" and "forty" `40`;
"20 декабря 2019 года" and "December 20, 2019" give `12-20` beside `2019`.
Units, currencies and clock times are not told apart. Imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

#: A number or day in its canonical form, and where it stands: from, and to before.
Placed = tuple[str, int, int]

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
_SCALE = (
    (re.compile(r"тыс|thousand|k\b", re.IGNORECASE), 3),
    (re.compile(r"млн|миллион|million|mln|mn\b|m\b", re.IGNORECASE), 6),
    (re.compile(r"млрд|миллиард|billion|bln|bn\b", re.IGNORECASE), 9),
    (re.compile(r"трлн|триллион|trillion|trn\b", re.IGNORECASE), 12),
)
_RU_MONTH = r"(?:январ|феврал|март|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
_EN_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|apr|aug|sept?|oct|nov|dec)\b\.?"
)
_DAY = r"(?<![\d.,:])([0-3]?\d)(?:st|nd|rd|th)?"
_DAY_MONTH = re.compile(rf"{_DAY}(?:\s*[-–—]\s*[0-3]?\d)?\s+(?:of\s+)?({_RU_MONTH}|{_EN_MONTH})", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_EN_MONTH})\s+{_DAY}(?!\d)", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])([0-3]?\d)\.([01]\d)\.((?:19|20)?\d\d)(?![\d.])")
_NUMBER = re.compile(r"(?:[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d+)(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_AFTER = re.compile(r"[\s\u00a0-]{0,2}([а-яa-z]+)", re.IGNORECASE)


def numbers(text: str, written: Sequence[tuple[str, int]] | None = None) -> dict[str, int]:
    """Return the numbers and days text states, canonical form → how often; written: its words and where, if known."""
    found: dict[str, int] = {}
    for value, _, _ in (*_days(text), *_figures(text), *_spelt(text, written)):
        found[value] = found.get(value, 0) + 1
    return found


def placed(text: str) -> list[Placed]:
    """Return the numbers and days text states in their order, with where each stands; a day's own figures are not told."""
    named = _days(text)
    inside = [(start, end) for _, start, end in named]
    others = [
        one for one in (*_figures(text), *_spelt(text))
        if not any(start <= one[1] and one[2] <= end for start, end in inside)
    ]  # fmt: skip
    return sorted((*named, *others), key=lambda one: (one[1], one[2]))


def days(text: str) -> list[str]:
    """Return the days of the year text names, as MM-DD."""
    return [value for value, _, _ in _days(text)]


def figures(text: str) -> list[str]:
    """Return the numbers text writes in figures."""
    return [value for value, _, _ in _figures(text)]


def spelt(text: str) -> list[str]:
    """Return the numbers text writes in words."""
    return [value for value, _, _ in _spelt(text)]


def _days(text: str) -> list[Placed]:
    plain = [(int(m[1]), _month(m[2]), m) for m in _DAY_MONTH.finditer(text)]
    plain += [(int(m[2]), _month(m[1]), m) for m in _MONTH_DAY.finditer(text)]
    plain += [(int(m[1]), int(m[2]), m) for m in _DOTTED.finditer(text)]
    return [
        (f"{month:02}-{day:02}", found.start(), found.end())
        for day, month, found in plain
        if 1 <= day <= 31 and 1 <= month <= 12
    ]


def _month(name: str) -> int:
    lowered = name.lower()
    return next(month for prefix, month in _MONTHS.items() if lowered.startswith(prefix))


def _figures(text: str) -> list[Placed]:
    found = ((_value(match.group()), match) for match in _NUMBER.finditer(text))
    return [(_scaled(value, text, match.end()), match.start(), match.end()) for value, match in found]


def _spelt(text: str, written: Sequence[tuple[str, int]] | None = None) -> list[Placed]:
    if written is None:
        written = [(match.group(), match.start()) for match in _WORD.finditer(text)]
    found = ((WORDS[plain], start, start + len(word)) for word, start in written if (plain := word.lower()) in WORDS)
    return [(_scaled(Decimal(value), text, end), start, end) for value, start, end in found]


def _scaled(value: Decimal, text: str, end: int) -> str:
    after = _AFTER.match(text, end)
    power = next((power for word, power in _SCALE if after and word.match(after.group(1))), 0)
    return f"{value.scaleb(power).normalize():f}"


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
