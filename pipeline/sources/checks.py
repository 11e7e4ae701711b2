"""What a word, a duration, a day, a zone of sources.yaml must be.

Each check takes the value as it stands in the file and returns it, tidied, or raises
ValueError saying what is wrong and what would be right. Addresses and patterns are
checked in files of their own.
"""

from __future__ import annotations

import codecs
import re
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from pipeline import characters
from pipeline import query as searches
from pipeline.sources.wording import nearest, show

# What a duration, a word for file names and a day look like; in the JSON Schema, too.
DURATION = "[0-9]{1,6}[smhd]"
WORD = "[a-z0-9][a-z0-9-]{0,59}"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ENCODINGS = (
    "utf-8", "windows-1251", "koi8-r", "cp866", "iso-8859-5", "mac-cyrillic",
    "windows-1252", "iso-8859-1", "utf-16",
)  # fmt: skip
# Codecs that Python knows and no page is written in.
_NO_CHARSET = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})


def text(value: str) -> str:
    """Return value as one line of text."""
    tidy = characters.line(value)
    if not tidy:
        raise ValueError("is empty; write some text or leave the key out")
    return tidy


def word(value: str) -> str:
    """Return value if it may become part of a feed's file name."""
    if not re.fullmatch(WORD, value):
        guess = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:60].rstrip("-")
        right = f"for example {guess}" if guess else "for example convention-bureau"
        raise ValueError(
            f"{show(value)} cannot be part of a feed's file name; it takes up to 60 of "
            f"a-z, 0-9 and -, beginning with a letter or digit, {right}"
        )
    return value


def seconds(value: object) -> object:
    """Return value unless it is a bare number, which is no duration: its unit is missing."""
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    if bare:
        whole = f"{value}s" if re.fullmatch("[0-9]{1,6}", str(value)) else "30s, 5m, 2h or 1d"
        raise ValueError(f"should be a duration with its unit, not {show(value)}; write {whole}")
    return value


def duration(value: str) -> str:
    """Return value if it is a duration: a number and s, m, h or d."""
    if not re.fullmatch(DURATION, value):
        raise ValueError(f"should be a duration such as 30s, 5m, 2h or 1d, not {show(value)}")
    return value


def positive_duration(value: str) -> str:
    """Return value if it is a duration longer than nothing."""
    if not to_timedelta(duration(value)):
        raise ValueError(f"should be longer than nothing, not {show(value)}; write for example 30s")
    return value


def rising(values: list[str]) -> list[str]:
    """Return durations if each is longer than the one before."""
    for one, two in pairwise(values):
        if to_timedelta(one) >= to_timedelta(two):
            raise ValueError(f"should rise, but {two} follows {one}; write for example [6h, 1d, 3d, 7d]")
    return values


def to_timedelta(value: str) -> timedelta:
    """Return a checked duration as a value."""
    return timedelta(**{_UNITS[value[-1]]: int(value[:-1])})


def languages(values: list[str]) -> list[str]:
    """Return languages if each is named once."""
    if sorted(values) != ["en", "ru"]:
        raise ValueError(f"should name both languages, once each, not {show(values)}; write [ru, en] or [en, ru]")
    return values


def day(value: str) -> str:
    """Return value if it is a day of the calendar, written YYYY-MM-DD."""
    try:
        if re.fullmatch(DAY, value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass  # the right shape, but no such day: told below
    raise ValueError(f"should be a day written YYYY-MM-DD, for example 2026-12-31, not {show(value)}")


def window(value: str) -> str:
    """Return value if it is a span of the day such as 22:00-06:00."""
    times = re.fullmatch(r"(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)", value)
    if times is None or times[1] == times[3]:
        raise ValueError(f"should be a span of the day such as 22:00-06:00, not {show(value)}")
    return value


def time_of_day(value: str) -> str:
    """Return value if it is a time such as 09:00."""
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"should be a time of the day such as 09:00, not {show(value)}")
    return value


def query(value: str) -> str:
    """Return value if it is a search that can be read."""
    searches.parse(value)
    return value


def weekdays(values: list[str]) -> list[str]:
    """Return days of the week if each is named once, and one at least is."""
    if not values or len(set(values)) < len(values):
        raise ValueError("should name one or more days of the week, each once; write for example [mon, thu]")
    return values


def zone(value: str) -> str:
    """Return value if it names a time zone."""
    if value not in _zones():
        guess = nearest(value, (name.lower() for name in _zones() if "/" in name))
        named = next((name for name in sorted(_zones()) if name.lower() == guess), "")
        right = f"did you mean {named}?" if named else "write a name such as Europe/Moscow"
        raise ValueError(f"{show(value)} is no time zone; {right}")
    return value


def encoding(value: str) -> str:
    """Return value if it names a charset that a page can be written in."""
    try:
        known = codecs.lookup(value).name not in _NO_CHARSET and bool("Aa1".encode(value))
    except (LookupError, ValueError):
        known = False
    if not known:
        guess = nearest(value, _ENCODINGS)
        right = f"did you mean {guess}?" if guess else "write for example windows-1251, koi8-r or utf-8"
        raise ValueError(f"{show(value)} is no encoding; {right}")
    return value.lower()


@cache
def _zones() -> frozenset[str]:
    # "localtime" is a different zone on every machine.
    return frozenset(available_timezones() - {"localtime"})
