"""An article as a source to cite: who said what, when, how that is known, and by which bytes it can be proved.

Forms to copy: plain text in Russian (after GOST R 7.0.5) and English, BibTeX, CSL-JSON. Values only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipeline.record import dataclass

#: How a date came to be known, in words.
EVIDENCE: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "rule": "указана на странице", "json-ld": "указана в данных страницы (JSON-LD)",
        "meta": "указана в данных страницы (meta)", "time": "указана на странице (time)",
        "listing": "указана в списке новостей", "url": "взята из адреса", "page": "указана на странице",
        "prose": "взята из текста", "first-seen": "на странице не указана; день, когда материал был найден",
    },
    "en": {
        "rule": "stated on the page", "json-ld": "stated in the page's data (JSON-LD)",
        "meta": "stated in the page's data (meta)", "time": "stated on the page (time)",
        "listing": "stated in the list of news", "url": "taken from the address", "page": "stated on the page",
        "prose": "taken from the text", "first-seen": "not stated on the page; the day it was found",
    },
}  # fmt: skip
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
#: What BibTeX would read as its own.
_BIBTEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
           "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """What there is to cite."""

    key: str  #: a short name, unique in this installation
    title: str
    source: str  #: its name
    url: str
    published: date
    evidence: str  #: how the date is known: see EVIDENCE
    retrieved: datetime  #: when the page that was read was fetched
    digest: str  #: SHA-256 of that page; "" where it is not kept
    language: str
    authors: tuple[str, ...] = ()


def plain(one: Citation, language: str) -> str:
    """Return a citation as a line of text in one of the two languages."""
    title = one.title.rstrip(" .")
    by = ", ".join(one.authors)
    how = EVIDENCE[language].get(one.evidence, one.evidence)
    if language == "ru":
        proof = f" SHA-256 страницы: {one.digest}." if one.digest else ""
        return (
            f"{by + '. ' if by else ''}{title} // {one.source} : [сайт]. — {one.published:%d.%m.%Y} (дата {how}). — URL: {one.url} "
            f"(дата обращения: {one.retrieved:%d.%m.%Y}).{proof}"
        )
    proof = f" SHA-256 of the page: {one.digest}." if one.digest else ""
    return (
        f"{by + '. ' if by else ''}“{title}.” {one.source}, {_day(one.published)} (date {how}). "
        f"Retrieved {_day(one.retrieved.date())} from {one.url}.{proof}"
    )


def bibtex(one: Citation) -> str:
    """Return a citation as an entry of BibLaTeX."""
    fields = {
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in one.authors) or f"{{{_escaped(one.source)}}}",
        "title": f"{{{_escaped(one.title)}}}",
        "organization": _escaped(one.source),
        "date": one.published.isoformat(),
        "url": re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", one.url),
        "urldate": one.retrieved.date().isoformat(),
        "langid": {"ru": "russian", "en": "english"}.get(one.language, ""),
        "note": "; ".join(filter(None, [
            f"date {EVIDENCE['en'].get(one.evidence, one.evidence)}", f"SHA-256 {one.digest}" if one.digest else "",
        ])),
    }  # fmt: skip
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{one.key},\n{rows}}}\n"


def csl(one: Citation) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON 1.0."""
    values = {
        "id": one.key, "type": "webpage", "title": one.title, "container-title": one.source, "URL": one.url,
        "author": [{"literal": name} for name in one.authors], "issued": _parts(one.published),
        "accessed": _parts(one.retrieved.date()), "language": one.language,
        "note": "; ".join(filter(None, [f"date: {one.evidence}", f"sha256: {one.digest}" if one.digest else ""])),
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(letter, letter) for letter in text)
