"""Bytes of a page → a BeautifulSoup tree.

The parser is given UTF-8 that was checked here: lxml stops at the first byte that does not fit
a declared charset and keeps what came before, often nothing, without a word.
"""

from __future__ import annotations

from html import unescape
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from pipeline import address, characters, charset
from pipeline.model import FetchedPage


def read(page: FetchedPage, encoding: str | None = None) -> BeautifulSoup:
    """Parse a page's bytes as HTML; encoding is the charset that sources.yaml gives, if any."""
    text = charset.decode(page.body, page.headers.get("content-type", ""), encoding)
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


def plain(html: str) -> str:
    """Return the text of a fragment of HTML as one line."""
    if "<" not in html:
        return characters.line(unescape(html))
    return characters.line(BeautifulSoup(html, "lxml").get_text(" ", strip=True))
