"""Dates in running text, Russian and English: one small grammar for the shapes news pages use.

A date needs a day. "in November 2014" is none, "© 2009-2026" is none. What is not here:
which of a page's dates is the article's (dates.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from pipeline.extract import datemarks
from pipeline.extract.months import MONTH, MONTHS, WEEKDAY
from pipeline.record import dataclass

#: Nothing on the web is older.
_FIRST_YEAR = 1990
_ZONES = {"мск": 180, "msk": 180, "gmt": 0, "utc": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120,
          "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "pst": -480, "pdt": -420}  # fmt: skip

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_SPAN = re.compile(
    r"\d\s?(?:[-–—]|и|and|по|to)\s?\d{1,2}[a-zа-я]*\.?,?\s|[а-яa-z]\.?\s?[-–—]\s?\d{1,2}\s+[а-яa-z]{3}|[a-z]\s\d{1,2}\s?[-–—]\s?\d",
    re.IGNORECASE,
)
_RANGE = r"(?:\s?(?:[-–—]|и|and|по|to)\s?(?:0?[1-9]|[12]\d|3[01]))?"
_YEAR = r"(?P<year>(?:19|20)\d\d|(?:[’‘'`]\s?)\d\d|\d\d(?=\s?г(?:\.|ода?\b)))"
_MONTH = rf"(?P<month>{MONTH})\.?"
_TIME = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?!\d)(?P<half>\s?[ap]\.?m\.?(?![a-z]))?"
)
_ZONE = r"(?:\s*\(?(?P<zone>мск|msk|gmt|utc|z|bst|ce?s?t|ee?s?t|edt|cdt|p[sd]t|[+-]\d\d:?\d\d)\)?(?![a-zа-я\d]))?"
# "27 января 2020, 14:05", "06.09.2021 | 11:19", "6 September 202114:41", "2020-01-27 в 9:05 МСК"
_ZONE_ISO = _ZONE.replace(r":?\d\d)", r"(?::?\d\d)?)")
_AFTER_ISO = rf"(?:(?:T|\s+|,\s*|\s+(?:в|at)\s+){_TIME}(?:\.\d+)?{_ZONE_ISO})?"
_AFTER = rf"(?:(?:\s?г(?:ода|од)?\b\.?)?[\s,|•·/–—-]{{0,4}}(?:(?:в|at|kl|time|время)\b\s?)?\s?{_TIME}{_ZONE})?"
_BEFORE = rf"(?:{_TIME.replace('?P<', '?P<early_')}[\s,|•·/–—-]{{1,4}})?"

_NUMBER = r"(?P<month>0?[1-9]|1[0-2])"
_TO = r"\s?[-–—]\s?"
# 2020-01-27T14:05:00+03:00, 2018-10-22, 2020.01.27, 2020/01/27
_ISO = rf"(?P<year>(?:19|20)\d\d)(?P<sep>[-./])(?P<month>0?[1-9]|1[0-2])(?P=sep){_DAY}(?!\d){_AFTER_ISO}"
# What lasts several days; the start is told.
_RANGES = (
    # 28 февраля – 2 марта 2019, September 28 – October 2, 2021
    rf"{_DAY}\s+{_MONTH}{_TO}\d{{1,2}}\s+(?:{MONTH})\.?,?\s+{_YEAR}",
    rf"{_MONTH}\s+{_DAY}{_TO}(?:{MONTH})\.?\s+\d{{1,2}},?\s+{_YEAR}",
    # 05.09.2021 – 07.09.2021, 05.09-07.09.2021, 5-7.09.2021
    rf"{_DAY}(?P<sep>[./]){_NUMBER}(?P=sep)(?P<year>(?:19|20)\d\d|\d\d){_TO}\d{{1,2}}(?P=sep)\d{{1,2}}(?P=sep)\d{{2,4}}(?!\d)",
    rf"{_DAY}(?P<sep>[./]){_NUMBER}{_TO}\d{{1,2}}(?P=sep)\d{{1,2}}(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?!\d)",
    rf"{_DAY}{_TO}\d{{1,2}}\.{_NUMBER}\.(?P<year>(?:19|20)\d\d)(?!\d)",
)
# Tried in this order at each place; the first that fits wins.
_SHAPES = (
    # 20 декабря 2019 года, «05» сентября 2021, 15-16 марта 2019, 01 October 2017, 23 january ‘14, 5th of May 2020
    rf"{_BEFORE}[«“\"]?{_DAY}[»”\"]?(?:st|nd|rd|th|-?го|-?е)?{_RANGE}\.?[\s/-]+(?:of\s+|числа\s+)?{_MONTH},?[\s/-]*{_YEAR}{_AFTER}",
    # 05-Sep-21
    rf"{_DAY}-{_MONTH}-(?P<year>\d\d)(?!\d){_AFTER}",
    # August 18 2015, September 13, 2019, Oct. 7th, 2021
    rf"{_BEFORE}{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?{_RANGE},?\s+{_YEAR}{_AFTER}",
    # 16.05.2019, 29/08/2013, 09.12.21
    rf"{_BEFORE}{_DAY}(?P<sep>[./-])(?P<month>0?[1-9]|1[0-2])(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?![\d.]\d){_AFTER}",
    # 08/29/2013: the second number can be no month
    rf"(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>(?:19|20)\d\d)(?!\d){_AFTER}",
)
_YEARLESS = (
    rf"{_BEFORE}{_DAY}(?:st|nd|rd|th|-?го)?{_RANGE}\s+(?:of\s+)?{_MONTH}(?![\w-])(?!,?\s*\d{{4}}){_AFTER}",
    rf"{_BEFORE}{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?(?!\d|[.:]\d|,?\s+\d{{4}}){_AFTER}",
)
_RELATIVE = re.compile(
    rf"(?<!\w)(?:(?P<word>сегодня|вчера|позавчера|today|yesterday)(?!\w)(?:[\s,]*(?:(?:в|at)\s)?\s*{_TIME}{_ZONE})?|"
    r"(?P<number>\d{1,3}|an?|час|минуту|день)\s*(?P<unit>минут\w*|мин\.?|час\w*|ч\.?|дн\w+|день|minutes?|mins?|hours?|hrs?|days?)?"
    r"\s+(?P<ago>назад|ago)(?!\w))",
    re.IGNORECASE,
)  # fmt: skip
_ENDED = r"(?![а-яa-z]*\d)"
_FULL = [re.compile(rf"(?<![\w.]){shape}{_ENDED}", re.IGNORECASE) for shape in (*_RANGES, _ISO, *_SHAPES)]
_PART = [re.compile(rf"(?<![\w.]){shape}", re.IGNORECASE) for shape in _YEARLESS]
_STAMP = _FULL[len(_RANGES)]
#: Which of them tell of several days always, which never; of the rest their words tell.
_LASTS = {pattern: place < len(_RANGES) for place, pattern in enumerate(_FULL[: len(_RANGES) + 1])}
_ALONE = re.compile(
    rf"\W|\b(?:{WEEKDAY}|г|года|год|опубликовано|дата|published|posted|updated|on|от|в|at|мск|msk|gmt|date|day)\b",
    re.IGNORECASE,
)
#: A copyright line's years and days are not the article's.
_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One date in a text: the day, the clock time where it stands beside it, and where it stood."""

    day: date
    clock: time | None
    zone: tzinfo | None
    start: int
    end: int
    yearless: bool = False
    span: bool = False  #: "28-30 November 2018": the start of an event, never a day of publication

    def at(self, zone: tzinfo) -> datetime:
        """Return the instant: in the zone stated beside it, else in `zone`; midnight where no time is given."""
        return datetime.combine(self.day, self.clock or time(0), self.zone or zone)


def find(text: str, now: datetime, *, yearless: bool = False, relative: bool = False) -> Iterator[Found]:
    """Yield the dates of text in order of place; `now` is the instant of fetching, in the source's zone.

    yearless: also "12 марта" (the latest such day not after now); relative: also "вчера, 14:05".
    """
    mark = _COPYRIGHT.search(text)
    if mark:
        text = text[: mark.start()]
    stamp = _STAMP.match(text)
    if stamp is not None and stamp.end() == len(text) and (alone := _found(stamp, now)) is not None:
        return iter([alone])  # as machines are told dates; no other shape can begin in it
    found: list[Found] = []
    places, dated = datemarks.beginnings(text)
    for pattern in (*_FULL, *(_PART if yearless else ())) if places else ():
        for match in datemarks.matches(pattern, text, places if pattern in _PART else dated):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            one = _found(match, now)
            if one is not None:
                found.append(one)
    if relative:
        found.extend(one for match in _RELATIVE.finditer(text) if (one := _relative(match, now)) is not None)
    return iter(sorted(found, key=lambda one: one.start))


def is_only_date(text: str, now: datetime) -> bool:
    """Return whether a line holds a date and nothing else: "Четверг, 29.08.2013", "18 августа 2015 г."."""
    if len(text) > 60:
        return False
    for one in find(text, now, yearless=True, relative=True):
        rest = text[: one.start] + text[one.end :]
        if not _ALONE.sub("", rest):
            return True
    return False


def _found(match: re.Match[str], now: datetime) -> Found | None:
    parts = match.groupdict()
    month = parts["month"].lower()
    number = MONTHS.get(month) or int(month)
    year = _year(parts.get("year"))
    try:
        number_of_day = int(parts["day"])
        day = _latest(number_of_day, number, now) if year is None else date(year, number, number_of_day)
    except ValueError:
        return None
    if day.year < _FIRST_YEAR:
        return None
    clock, zone = _clock(parts)
    span = _LASTS.get(match.re, bool(_SPAN.search(match[0])))
    return Found(day, clock, zone, match.start(), match.end(), year is None, span)


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    digits = written.lstrip("’‘'` ")
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _latest(day: int, month: int, now: datetime) -> date:
    """Return the latest such day that is not after tomorrow. Raises ValueError where there is none."""
    latest = now.date() + timedelta(days=1)
    for year in range(latest.year, latest.year - 5, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= latest:
            return candidate
    raise ValueError(f"no such day: {day}.{month}.")


def _clock(parts: dict[str, str | None]) -> tuple[time | None, tzinfo | None]:
    hour, minute, half = (parts.get(name) or parts.get(f"early_{name}") for name in ("hour", "minute", "half"))
    if hour is None or minute is None:
        return None, None
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.strip().lower().startswith("p") else 0)
    return time(number, int(minute), int(parts.get("second") or 0)), _zone(parts.get("zone"))


def _zone(written: str | None) -> tzinfo | None:
    if not written:
        return None
    minutes = _ZONES.get(written.lower())
    if minutes is None and written[0] in "+-":
        digits = written[1:].replace(":", "")
        minutes = (int(digits[:2]) * 60 + int(digits[2:] or 0)) * (-1 if written[0] == "-" else 1)
    if minutes is None or abs(minutes) > 15 * 60:
        return None
    return timezone(timedelta(minutes=minutes))


def _relative(match: re.Match[str], now: datetime) -> Found | None:
    parts = match.groupdict()
    if parts["word"]:
        days = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1}.get(parts["word"].lower(), 2)
        clock, zone = _clock(parts)
        return Found(now.date() - timedelta(days=days), clock, zone, match.start(), match.end())
    number = int(parts["number"]) if parts["number"].isdigit() else 1
    unit = (parts["unit"] or parts["number"]).lower()
    if unit.startswith(("мин", "min")):
        at = now - timedelta(minutes=number)
    elif unit.startswith(("час", "ч", "hour", "hr")):
        at = now - timedelta(hours=number)
    elif unit.startswith(("д", "day")):
        return Found(now.date() - timedelta(days=number), None, None, match.start(), match.end())
    else:
        return None
    return Found(at.date(), at.time().replace(second=0, microsecond=0, tzinfo=None), None, match.start(), match.end())


def by_format(text: str, pattern: str, now: datetime) -> Found | None:
    """Return the date of text in a strptime-like format (%d %m %B %b %Y %y %H %M %p %A …), months in either language."""
    match = _compiled(pattern).search(text)
    return _found(match, now) if match else None


_DIRECTIVES = {"d": _DAY, "e": _DAY, "B": _MONTH, "b": _MONTH, "h": _MONTH, "m": r"(?P<month>0?[1-9]|1[0-2])",
               "Y": r"(?P<year>(?:19|20)\d\d)", "y": r"(?P<year>\d\d)", "H": r"(?P<hour>[01]?\d|2[0-3])",
               "I": r"(?P<hour>0?[1-9]|1[0-2])", "M": r"(?P<minute>[0-5]\d)", "S": r"(?P<second>[0-5]\d)",
               "p": r"(?P<half>[ap]\.?m\.?)", "A": rf"(?:{WEEKDAY})\.?", "a": rf"(?:{WEEKDAY})\.?",
               "z": r"(?P<zone>[+-]\d\d:?\d\d)", "Z": r"(?P<zone>[a-zа-я]{1,4})", "%": "%"}  # fmt: skip


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a date format. Raises ValueError where it names no day or month."""
    parts = []
    for match in re.finditer(r"%-?(.)|(\s+)|([^%\s]+)", pattern):
        directive, space, literal = match.groups()
        if directive:
            if directive not in _DIRECTIVES:
                raise ValueError(f"date_format {pattern!r}: %{directive} is unknown; use %d %m %B %b %Y %y %H %M %p %A")
            parts.append(_DIRECTIVES[directive])
        else:
            parts.append(r"\s*" if space else re.escape(literal))
    expression = "".join(parts)
    if "(?P<day>" not in expression or "(?P<month>" not in expression:
        raise ValueError(f"date_format {pattern!r}: needs a day (%d) and a month (%B, %b or %m)")
    return re.compile(rf"(?<!\d){expression}(?!\d)", re.IGNORECASE)
