"""Bytes and headers → text: which charset a page is really in, for listings and articles alike.

A declared charset is only believed when the bytes decode strictly in it: servers say
utf-8 over windows-1251 pages and the other way round. Text that was decoded wrongly before
it reached its page ("РќРѕРІРѕСЃС‚Рё", "Íîâîñòè") is mended where it can be nothing else.
Parsing is not here; imports nothing of ours.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_MARKS = tuple(mark for mark, _ in _BOMS)
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
#: charset-normalizer looks at no more than this.
_SAMPLE = 100_000
#: No language written in Latin letters has words of accented ones only; "Ïðèâåò" is Cyrillic read wrongly.
#: In UTF-8, where they all have the same lead: to go from one to the next is ten times as fast as any pattern.
_LEAD = b"\xc3"
_MISREAD = re.compile(rb"(?:\xc3[\x80-\xbf]){4}")
_MISREADINGS = 5
#: What Russian pages were written in before UTF-8.
_ONE_BYTE = ("windows-1251", "koi8-r", "cp866", "iso8859-5")
_COMMON = "оеаинтсрвлкмдпуяыь"


def decode(body: bytes, content_type: str = "", encoding: str | None = None, *, repair: bool = True) -> str:
    """Return body as text; never raises.

    Order: byte order mark, `encoding` of sources.yaml, strict UTF-8, header and <meta> where they decode
    strictly, UTF-8 with few broken sequences, charset-normalizer, UTF-8 with replacements. What was
    misread before is mended if `repair` is set, but never where `encoding` decided.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    for charset in (encoding, "utf-8", *_declared(body, content_type)):
        text = _strictly(body, charset)
        if text is not None:
            return mended(text) if repair and charset != encoding else text
    return _nearly_utf8(body) or _guessed(body)


def utf8(body: bytes, content_type: str = "", encoding: str | None = None) -> bytes:
    """Return what `decode` gives in UTF-8: the very bytes where they are that already, as those of most pages."""
    text = None if encoding or body.startswith(_MARKS) else _strictly(body, "utf-8")
    if text is not None and not _looks_misread(text, body):
        return body
    return decode(body, content_type, encoding).encode("utf-8", errors="ignore")


def undeclared(body: bytes, content_type: str = "") -> str:
    """Return the Cyrillic charset a page is really in, where what it declares reads it wrongly; "" where nothing is wrong.

    A one-byte charset decodes anything: which one is right is told by how Russian the outcome is, since a
    wrong one turns small letters into capitals or into no letters at all.
    """
    if any(body.startswith(mark) for mark, _ in _BOMS) or _strictly(body, "utf-8") is not None or _nearly_utf8(body):
        return ""
    read = {name: _smallness(text) for name in _ONE_BYTE if (text := _strictly(body, name)) is not None}
    best = max(read, key=lambda name: read[name], default="")
    taken = next((name for name in _declared(body, content_type) if _strictly(body, name) is not None), "")
    theirs = _smallness(_strictly(body, taken) or "") if taken else 0.0
    return best if best and read[best] > 0.5 and theirs < 0.8 * read[best] else ""


def _smallness(text: str) -> float:
    """Return which share of the signs beyond ASCII are small Russian letters that stand together, as in words."""
    signs = sum(sign > "\x7f" for sign in text)
    return sum(map(len, re.findall("[а-яё]{3,}", text))) / signs if signs > 50 else 0.0


def mended(text: str) -> str:
    """Return text with Cyrillic put right that was decoded with the wrong charset once too often.

    Conservative: UTF-8 read as windows-1251 or windows-1252 is mended where a word of four such letters
    proves it; "Ïðèâåò" only where a text is full of it and Russian comes out.
    """
    if text.isascii():
        return text
    for codec in _DOUBLED:
        text = _undoubled(text, codec)
    return _unlatinised(text)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    header = _HEADER.search(content_type)
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


def _nearly_utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", errors="replace")
    multibyte = sum(1 for sign in text if sign > "\x7f")
    broken = text.count("\ufffd")
    # Against the letters beyond ASCII as well: a mostly English page in windows-1251 has few bytes above
    # 127, and every one of them is broken.
    return text if broken < _BROKEN * len(text) and broken * 2 < multibyte else None


def _guessed(body: bytes) -> str:
    from charset_normalizer import from_bytes  # few pages leave it to be guessed

    best = from_bytes(body[:_SAMPLE]).best()
    if best is not None:
        text = _strictly(body, best.encoding)
        return text if text is not None else body.decode(best.encoding, errors="replace")
    return body.decode("utf-8", errors="replace")


def _looks_misread(text: str, body: bytes) -> bool:
    """Whether `mended` may find something in text, which is these bytes in UTF-8."""
    if text.isascii():
        return False
    if _is_misread(body):
        return True
    return any(certain.match(text, at) for leads, certain, _ in _DOUBLED.values() for at in _places(text, leads))


def _table(codec: str) -> dict[str, int]:
    """Return the upper half of a one-byte charset, sign → byte; bytes it leaves out as the C1 controls browsers make."""
    signs = {byte: bytes([byte]).decode(codec, errors="replace") for byte in range(0x80, 0x100)}
    return {chr(byte) if sign == "\ufffd" else sign: byte for byte, sign in signs.items()}


_TABLES = {codec: _table(codec) for codec in ("windows-1251", "windows-1252", "koi8-r")}


#: PHP's utf8_encode() takes every byte for Latin-1, so that the C1 controls stand where windows-1252 has signs.
_SIGNS = {
    "windows-1251": _TABLES["windows-1251"],
    "windows-1252": {**{chr(byte): byte for byte in range(0x80, 0xA0)}, **_TABLES["windows-1252"]},
}


def _doubled(codec: str) -> tuple[str, re.Pattern[str], re.Pattern[str]]:
    """Return the two signs that lead Cyrillic in UTF-8 read as codec, four such letters in a row, and any word or dash.

    The second pattern fits single letters too, so it is only tried where the first was found.
    """
    signs = {byte: sign for sign, byte in _TABLES[codec].items()}
    lead = "".join(re.escape(signs[byte]) for byte in (0xD0, 0xD1))
    tail = "".join(re.escape(sign) for sign, byte in _SIGNS[codec].items() if byte < 0xC0)
    letter = f"[{lead}][{tail}]"
    mark = f"{re.escape(signs[0xE2])}[{tail}][{tail}]"  # dashes, quotation marks, ellipses, №
    quote = f"{re.escape(signs[0xC2])}[{re.escape(signs[0xAB] + signs[0xBB] + signs[0xA0])}]"
    whole = rf"(?<!\w){letter}(?!\w)"
    leads = signs[0xD0] + signs[0xD1]
    return leads, re.compile(f"(?:{letter}){{4}}"), re.compile(rf"(?:{letter}){{2,}}|{mark}|{quote}|{whole}")


_DOUBLED = {codec: _doubled(codec) for codec in ("windows-1251", "windows-1252")}


def _places(text: str, signs: str) -> Iterator[int]:
    """Yield where any of signs stands in text: many times as fast as a pattern where they are rare."""
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            yield at
            at = text.find(sign, at + 1)


def _undoubled(text: str, codec: str) -> str:
    leads, certain, likely = _DOUBLED[codec]
    if not any(certain.match(text, at) for at in _places(text, leads)):
        return text
    return likely.sub(lambda found: _reread(found[0], codec), text)


def _reread(run: str, codec: str) -> str:
    try:
        return bytes(_SIGNS[codec][sign] for sign in run).decode("utf-8")
    except UnicodeDecodeError:
        return run


def _is_misread(text: bytes) -> bool:
    found, at = 0, text.find(_LEAD)
    while at >= 0 and found < _MISREADINGS:
        word = _MISREAD.match(text, at)
        found += word is not None
        at = text.find(_LEAD, at + 1 if word is None else word.end())
    return found >= _MISREADINGS


def _unlatinised(text: str) -> str:
    """Return text, or what it says in Cyrillic where it is full of the "Ïðèâåò" of a wrong Latin declaration."""
    if not _is_misread(text.encode("utf-8", errors="replace")):
        return text
    candidates = [text.translate(_CYRILLIC[codec]) for codec in ("windows-1251", "koi8-r")]
    before = [sign for sign in text if sign in _TABLES["windows-1252"]]
    best = max(candidates, key=lambda one: _russian(text, one))
    return best if before and _russian(text, best) > 0.5 else text


_CYRILLIC = {
    codec: {ord(sign): bytes([byte]).decode(codec, errors="replace") for sign, byte in _TABLES["windows-1252"].items()}
    for codec in ("windows-1251", "koi8-r")
}


def _russian(text: str, read: str) -> float:
    """Return the share of the commonest lower-case Russian letters among those that reading anew changed."""
    changed = [new for old, new in zip(text, read, strict=True) if old != new and new.isalpha()]
    return sum(1 for sign in changed if sign in _COMMON) / len(changed) if changed else 0.0
