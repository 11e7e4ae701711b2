"""What must come through a translation as it is: addresses, numbers, dates, names of the glossary.

Each is taken out of a segment before an engine sees it, and put back in the way the target
language writes it: 1 234,5 becomes 1,234.5; 20 декабря 2019 года becomes 20 December 2019.
Small whole numbers stay, because a noun's ending hangs on them; `checks` sees that they are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.translate.glossary import Glossary
from pipeline.translate.marks import MOST, RANGE, Mark, Segment, renumbered, sign

_RU_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_EN_MONTH = "|".join(_EN_MONTHS)
_NBSP = "\u00a0"
_SPACES = " \u00a0\u202f"

_PATH = rf"[^\s<>\"«»{RANGE}]*[^\s<>\"«».,;:!?)\]{RANGE}]"
_WEB = rf"(?:https?://|www\.){_PATH}"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_DOMAIN = rf"\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:ru|рф|com|org|net|su|info|eu|fi|de|io)\b(?:/{_PATH})?"
_HANDLE = r"(?<!\w)[@#][A-Za-z][\w]+"
_PHONE = rf"(?<![\w.])\+\d[\d{_SPACES}()-]{{7,}}\d"
_BRACKETS = r"\[\d+\]|\{\d+\}"
#: Nothing in an address is translated, whatever the language.
_ADDRESS = f"(?P<address>{_WEB}|{_MAIL}|{_DOMAIN}|{_HANDLE}|{_PHONE}|{_BRACKETS})"
_CLOCK = r"(?P<clock>(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))"
_DOTTED = r"(?P<dotted>(?<![\d.])[0-3]?\d\.[01]\d\.(?:19|20)\d\d(?![\d.]))"
_RU_DATE = rf"(?P<date>(?<![\d.,–-])(?P<day>[0-3]?\d)[{_SPACES}](?P<month>{'|'.join(_RU_MONTHS)})(?:[{_SPACES}](?P<year>(?:19|20)\d\d)(?:[{_SPACES}](?:года\b|г\.(?!\w)))?)?)"
_EN_DATE = (
    rf"(?P<date>\b(?:[Oo]n\s+)?(?:(?P<month>{_EN_MONTH})\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
    rf"|(?P<day_first>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month_last>{_EN_MONTH})\b)"
    r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?(?!\s*[-–]\s*\d))"
)
# A number that is grouped, has a fraction, or is long; whole words like 5G, 21-й, COVID-19 are none.
_BEFORE = r"(?<![\w.,/:–-])"
_AFTER = r"(?![\w/:]|[-–]\w|[.,]\d)"
_RU_NUMBER = rf"(?P<number>{_BEFORE}(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:,\d+)?|\d+,\d+|\d{{3,}}){_AFTER})"
_EN_NUMBER = rf"(?P<number>{_BEFORE}(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+\.\d+|\d{{3,}}){_AFTER})"
_EXPRESSIONS = {
    "ru": re.compile(f"{_ADDRESS}|{_RU_DATE}|{_DOTTED}|{_CLOCK}|{_RU_NUMBER}"),
    "en": re.compile(f"{_ADDRESS}|{_EN_DATE}|{_DOTTED}|{_CLOCK}|{_EN_NUMBER}"),
}
#: "version 2.0", "Industry 4.0": a name, which keeps its point.
_NAMED = re.compile(r"(?:[Vv]ersion|[Vv]\.|[A-Z][\w-]*)\s*$")


def protected(segment: Segment, source: str, target: str, glossary: Glossary) -> Segment:
    """Return a segment with signs in place of addresses, numbers, dates and names of the glossary."""
    marks = list(segment.marks)
    parts, at = [], 0
    for start, end, said in _spans(segment.text, source, target, glossary):
        if len(marks) >= MOST:
            break
        parts += [segment.text[at:start], sign(len(marks))]
        marks.append(Mark("value", segment.text[start:end], said))
        at = end
    if at == 0 and not parts:
        return segment
    return renumbered("".join(parts) + segment.text[at:], marks)


def _spans(text: str, source: str, target: str, glossary: Glossary) -> Iterator[tuple[int, int, str]]:
    """Yield what is protected from the left: start, end, and how the target language has it."""
    found = [(start, end, said, 0) for start, end, said in glossary.found(text, source, target)]
    writer = _WRITERS[source]
    for match in _EXPRESSIONS[source].finditer(text):
        rank = 0 if match.lastgroup == "address" else 1
        found.append((*match.span(), writer(match, text), rank))
    at = 0
    for start, end, said, _ in sorted(found, key=lambda one: (one[0], one[3], -one[1])):
        if start >= at and end > start:
            yield start, end, said
            at = end


def _english(match: re.Match[str], _text: str) -> str:
    """Write what stands in a Russian text the English way."""
    if match["date"]:
        year = f" {match['year']}" if match["year"] else ""
        return f"{int(match['day'])} {_EN_MONTHS[_RU_MONTHS.index(match['month'])]}{year}"
    if match["number"]:
        whole, comma, fraction = match["number"].partition(",")
        return re.sub(f"[{_SPACES}]", ",", whole) + (f".{fraction}" if comma else "")
    return match[0]


def _russian(match: re.Match[str], text: str) -> str:
    """Write what stands in an English text the Russian way."""
    if match["date"]:
        name = _RU_MONTHS[_EN_MONTHS.index(match["month"] or match["month_last"])]
        year = f" {match['year']} года" if match["year"] else ""
        return f"{int(match['day'] or match['day_first'])} {name}{year}"
    if match["number"] and not _NAMED.search(text, max(0, match.start() - 30), match.start()):
        whole, point, fraction = match["number"].partition(".")
        return whole.replace(",", _NBSP) + (f",{fraction}" if point else "")
    return match[0]


_WRITERS: dict[str, Callable[[re.Match[str], str], str]] = {"ru": _english, "en": _russian}
