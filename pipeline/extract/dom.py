"""Text → element tree, safe to walk: no illegal references, no attribute floods, no frames around the words.

What is not here: any judgement about what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from lxml import etree, html

# &#8; and &#xFFFE; make lxml-based extractors lose the whole article.
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
#: Control characters, in bytes; beyond ASCII the two noncharacters and lone surrogates go as well.
_CONTROL = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
#: A tag with tens of thousands of attributes keeps the parser busy for minutes; real ones have a dozen.
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{4000,}>")
_LONG = 4000
_ATTRIBUTE = re.compile(rb"""\s+[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_NAME_END = re.compile(rb"[\s/>]")
_ATTRIBUTES = 80
#: No article is longer; the rest of such a page is not read.
_LONGEST = 4_000_000


def parse(text: str) -> html.HtmlElement | None:
    """Return the root element of a page, or None where there is no markup to read."""
    text = text[:_LONGEST]
    # Most pages have nothing to mend, and every look at each of their characters costs as much as parsing them.
    if "&#" in text:
        text = _REFERENCE.sub(_reference, text)
    cleaned = text.encode("utf-8", errors="ignore").translate(None, _CONTROL)
    if b"\xef" in cleaned:  # leads both, and hardly anything else
        for sign in _NO_CHARACTERS:
            cleaned = cleaned.replace(sign, b"")
    if any(part.find(b">", 0, _LONG) < 0 for part in [part for part in cleaned.split(b"<") if len(part) > _LONG]):
        cleaned = _LONG_TAG.sub(_shortened, cleaned)
    # Through bytes: lxml refuses text that carries an encoding declaration.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(cleaned, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def base_url(root: html.HtmlElement, url: str) -> str:
    """Return the address that relative links of the page start from."""
    for base in root.iter("base"):
        href = (base.get("href") or "").strip()
        if href:
            try:
                return str(urljoin(url, href))
            except ValueError:
                return url
    return url


def around(elements: Sequence[html.HtmlElement]) -> html.HtmlElement | None:
    """Return the innermost element around all of these, of one alone its parent; None where there is none."""
    shared = list(elements[0].iterancestors()) if elements else []
    # Most stand side by side: what is around them is asked for once.
    lines: dict[html.HtmlElement | None, set[html.HtmlElement]] = {}
    for element in elements[1:]:
        parent = element.getparent()
        if parent not in lines:
            lines[parent] = set(element.iterancestors())
        line = lines[parent]
        shared = [one for one in shared if one in line or one is element]
    return shared[0] if shared else None


def _shortened(match: re.Match[bytes]) -> bytes:
    tag = match.group()
    kept = []
    for attribute in _ATTRIBUTE.finditer(tag):
        kept.append(attribute.group())
        if len(kept) > _ATTRIBUTES:
            return _NAME_END.split(tag, maxsplit=1)[0] + b"".join(kept) + b">"
    return tag


def _reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return match.group()
    return " "
