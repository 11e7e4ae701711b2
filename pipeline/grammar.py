"""What Russian and English need to say a date or a number of things; nothing of what is said. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

#: Language → names of the months, as a date has them: in Russian in the genitive.
MONTHS: Mapping[str, tuple[str, ...]] = {
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def day(when: date, language: str) -> str:
    """Return a day with its month's name: "5 мая 2026", "5 May 2026". A language without names of its own has English ones."""
    return f"{when.day} {MONTHS.get(language, MONTHS['en'])[when.month - 1]} {when.year}"


def plural(number: int, forms: str, language: str) -> str:
    """Return the form that goes with number; forms: "one|few|many" in Russian, "one|many" in English."""
    every = forms.split("|")
    if language != "ru":
        return every[0] if number == 1 else every[-1]
    if number % 100 in range(11, 15) or number % 10 == 0 or number % 10 > 4:
        return every[2]
    return every[0] if number % 10 == 1 else every[1]


def counted(number: int, forms: str, language: str) -> str:
    """Return number with its word; thousands are set apart by a narrow space in Russian, a comma in English."""
    figure = f"{number:,}" if language != "ru" else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{figure} {plural(number, forms, language)}"
