"""Words, plural forms, numbers and dates in the reader's language. English stands in the code, Russian in locale/ru.po."""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pipeline.record import dataclass

LOCALE = Path(__file__).parent / "locale"
#: Shares nearer than this to none or all are told to a tenth of a percent.
_EDGE = 0.005
#: Languages of the pages, each by its own name.
LANGUAGES: Mapping[str, str] = {"ru": "Русский", "en": "English"}


@dataclass(frozen=True)
class Tongue:
    """One language of the pages, and the clock its dates are told by."""

    code: str
    translations: gettext.NullTranslations
    zone: tzinfo

    def gettext(self, text: str, **values: object) -> str:
        """Return a message in this language, `%(name)s` filled in."""
        found = self.translations.gettext(text)
        return found % values if values else found

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """Return a message in the form that goes with a number; `%(num)s` is the number."""
        return self.translations.ngettext(one, many, num) % {"num": self.number(num), **values}

    def when(self, at: datetime) -> str:
        """Write an instant with its time of day."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())}, {dates.format_time(local, 'HH:mm', self.zone, self._locale)}"

    def day(self, at: date | datetime) -> str:
        """Write a day; of an instant that of the publisher's clock."""
        day = at.astimezone(self.zone).date() if isinstance(at, datetime) else at
        return dates.format_date(day, "d MMM y", self._locale)

    def number(self, value: float) -> str:
        """Write a number with its thousands apart."""
        return written(value, self.code)

    @property
    def point(self) -> str:
        """The sign before the decimals of a number."""
        return numbers.get_decimal_symbol(self._locale)

    def percent(self, share: float) -> str:
        """Write a share of one as a percentage: whole ones, but nothing short of all is called all, nor a little nothing."""
        if 0 < share < _EDGE or 1 - _EDGE < share < 1:
            tenths = min(max(round(share * 1000), 1), 999)
            return numbers.format_percent(tenths / 1000, "0.0\u00a0%" if self.code == "ru" else "0.0%", self._locale)
        return numbers.format_percent(share, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return _locale(self.code)


def written(value: float, code: str) -> str:
    """Write a number as a language does, its thousands apart."""
    return numbers.format_decimal(value, locale=_locale(code))


def preferred(header: str) -> str:
    """Return the language of ours that an Accept-Language header likes best; English where it knows none."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            weight = 0.0
        weighed.append((weight, name.strip().lower().partition("-")[0]))
    known = [(weight, -place, code) for place, (weight, code) in enumerate(weighed) if code in LANGUAGES and weight > 0]
    return max(known)[2] if known else "en"


@cache
def translations(code: str) -> gettext.NullTranslations:
    """Return the messages of a language: those of its file, in memory as gettext reads them."""
    file = LOCALE / f"{code}.po"
    if not file.exists():
        return gettext.NullTranslations()  # the language of the code
    with file.open("rb") as opened:
        catalog = read_po(opened, locale=code)
    packed = BytesIO()
    write_mo(packed, catalog)
    packed.seek(0)
    return gettext.GNUTranslations(packed)


def untranslated(code: str) -> Iterator[str]:
    """Yield the messages of a file that say nothing yet."""
    with (LOCALE / f"{code}.po").open("rb") as opened:
        for message in read_po(opened, locale=code):
            texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            if message.id and (not all(texts) or message.fuzzy):
                yield str(message.id)


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)
