"""Bytes and headers → text: which charset a page is really in.

A declared charset is only believed when the bytes decode strictly in it: servers say
utf-8 over windows-1251 pages and the other way round. What is not here: parsing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
#: How far into a page a <meta charset> is looked for (HTML: the first 1024 bytes; real pages run over).
_META_REACH = 4096
#: WHATWG Encoding: what pages call Latin-1 is windows-1252.
_ALIASES = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252",
            "us-ascii": "windows-1252", "iso8859-1": "windows-1252", "x-sjis": "cp932", "shift_jis": "cp932",
            "gb2312": "gb18030", "gbk": "gb18030", "win-1251": "windows-1251", "cp-1251": "windows-1251",
            "unicode": "utf-16", "x-mac-cyrillic": "mac-cyrillic", "euc-kr": "cp949"}  # fmt: skip
#: Share of broken sequences up to which a page is still UTF-8 (cut or pasted text).
_BROKEN = 0.01
#: No language written in Latin letters has words of accented ones only; "Ïðèâåò" is Cyrillic read wrongly.
_MISREAD = re.compile("[\u00c0-\u00ff]{4}")
_MISREADINGS = 5
#: charset-normalizer looks at no more than this.
_SAMPLE = 100_000


def decode(body: bytes, headers: Mapping[str, str], encoding: str | None = None) -> str:
    """Return body as text; never raises.

    Order: byte order mark, `encoding` of sources.yaml, strict UTF-8, header and <meta> where they decode
    strictly, UTF-8 with few broken sequences, charset-normalizer, UTF-8 with replacements.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    for charset in (encoding, "utf-8", *_declared(body, headers)):
        text = _strictly(body, charset)
        if text is not None:
            return text if charset == encoding else _repaired(text, body)
    return _nearly_utf8(body) or _guessed(body)


def _declared(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    header = _HEADER.search(headers.get("content-type", ""))
    if header:
        yield header[1]
    meta = _META.search(body[:_META_REACH])
    if meta:
        yield meta[1].decode("ascii")


def _strictly(body: bytes, name: str | None) -> str | None:
    if not name:
        return None
    name = _ALIASES.get(name.lower(), name)
    try:
        return body.decode(name)
    except (LookupError, UnicodeError, ValueError):  # ValueError: a codec that is no text encoding
        return None


def _repaired(text: str, body: bytes) -> str:
    """Return text, or what body says in Cyrillic where text is the usual "Ïðèâåò" of a wrong Latin declaration."""
    if len(_MISREAD.findall(text)) < _MISREADINGS:
        return text
    best = max(("windows-1251", "koi8-r"), key=lambda name: _russian(body.decode(name, errors="replace")))
    repaired = body.decode(best, errors="replace")
    return repaired if _russian(repaired) > 0.5 else text


def _russian(text: str) -> float:
    """Return the share of letters beyond ASCII that are the commonest lower-case Russian ones."""
    beyond = [sign for sign in text if sign > "\x7f" and sign.isalpha()]
    return sum(1 for sign in beyond if sign in "оеаинтсрвлкмдпуяыь") / len(beyond) if beyond else 0.0


def _nearly_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", errors="replace")
    multibyte = sum(1 for sign in text if sign > "\x7f")
    broken = text.count("\ufffd")
    # Against the letters beyond ASCII as well: a mostly English page in windows-1251 has few bytes above
    # 127, and every one of them is broken.
    return text if broken < _BROKEN * len(text) and broken * 2 < multibyte else None


def _guessed(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE]).best()
    if best is not None:
        text = _strictly(body, best.encoding)
        return text if text is not None else body.decode(best.encoding, errors="replace")
    return body.decode("utf-8", errors="replace")
