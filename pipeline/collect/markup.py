"""Bytes of a page → a BeautifulSoup tree.

The parser is given UTF-8 that was checked here: lxml stops at the first byte that does not fit
a declared charset and keeps what came before, often nothing, without a word.
"""

from __future__ import annotations

import codecs
import re
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from charset_normalizer import from_bytes

from pipeline import address
from pipeline.model import FetchedPage

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: Old Russian pages without any declaration are far more often this than anything else.
_LAST_RESORT = "windows-1251"
_SNIFFED = 64 * 1024


def read(page: FetchedPage) -> BeautifulSoup:
    """Parse a page's bytes as HTML."""
    text = decode(page.body, page.headers.get("content-type", ""))
    return BeautifulSoup(text.encode("utf-8", errors="replace"), "lxml", from_encoding="utf-8")


def base_of(soup: BeautifulSoup, page: FetchedPage) -> str:
    """Return the address that the page's relative links start from."""
    declared = soup.find("base", href=True)
    if isinstance(declared, Tag):
        try:
            return urljoin(page.url, str(declared["href"]).strip())
        except ValueError:
            pass  # a broken <base> is no base
    return page.url


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute as stripped text, "" where it is missing."""
    value = tag.get(name)
    return " ".join(value).strip() if isinstance(value, list) else (value or "").strip()


def link(base: str, href: str) -> str | None:
    """Return where an href leads as a clean address, None where it leads to no page."""
    return address.resolve(base, href) if href and not href.startswith("#") else None


def decode(body: bytes, content_type: str) -> str:
    """Return bytes as text: BOM, strict UTF-8, the declared charset where it fits, UTF-8 with few flaws, a guess."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, errors="replace")
    header, meta = _CHARSET.search(content_type), _DECLARED.search(body[:_SNIFFED])
    declared = (header[1] if header else "", meta[1].decode("ascii", errors="replace") if meta else "")
    for codec in ("utf-8", *filter(None, declared)):
        try:
            return body.decode(codec)
        except (LookupError, ValueError):  # no such charset, or not this one
            continue
    repaired = body.decode("utf-8", errors="replace")
    flaws = repaired.count("\ufffd")
    # Against the letters beyond ASCII too: in an English windows-1251 page they are few, and all of them flaws.
    if flaws * 100 < len(repaired) and flaws * 2 < sum(sign > "\x7f" for sign in repaired):
        return repaired
    guess = from_bytes(body[:_SNIFFED]).best()
    return body.decode(guess.encoding if guess else _LAST_RESORT, errors="replace")
