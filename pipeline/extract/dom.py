"""A page in UTF-8 → element tree, safe to walk: no illegal references, no attribute floods, no frames around the words.

What is not here: any judgement about what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import urljoin

from lxml import etree, html

# &#8; and &#xFFFE; make lxml-based extractors lose the whole article.
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
#: What every such reference fits, and hardly any other: below the space, surrogates and noncharacters, beyond Unicode.
_MAYBE_ILLEGAL = re.compile(
    rb"&#(?:[xX]0*(?:(?:[0-8bBcCeEfF]|1[0-9a-fA-F])(?![0-9a-fA-F])|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]|[0-9a-fA-F]{6})"
    rb"|0*(?:(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)|5[567]\d{3}|6553[45]|\d{7}))"
)
#: Control characters, in bytes; beyond ASCII the two noncharacters and lone surrogates go as well.
_CONTROL = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
#: A tag with tens of thousands of attributes keeps the parser busy for minutes; real ones have a dozen.
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{4000,}>")
#: Wherever a page is cut into parts of this size, such a tag has one of them to itself.
_PART = 2000
#: From where white space begins, and not given back: from each of a million spaces it would be looked for anew.
_ATTRIBUTE = re.compile(rb"""(?<!\s)\s++[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_NAME_END = re.compile(rb"[\s/>]")
_ATTRIBUTES = 80
#: No article is longer; the rest of such a page is not read.
_LONGEST = 4_000_000
#: What the steps of reading ask a page's elements by.
_ASKED = ("a", "base", "h1", "input", "link", "meta", "script", "time", "title")
#: The elements of such a tag, in order of place.
Tags = Mapping[str, Sequence[html.HtmlElement]]


class _Element(html.HtmlElement):  # type: ignore[misc]  # lxml has no types
    """An element that tells its words without an XPath expression: trafilatura asks hundreds of a page for them."""

    def text_content(self) -> str:
        return (
            etree.tostring(self, method="text", encoding="unicode", with_tail=False) if len(self) else self.text or ""
        )


_ALIKE = etree.ElementDefaultClassLookup(
    element=_Element, comment=html.HtmlComment, pi=html.HtmlProcessingInstruction, entity=html.HtmlEntity
)


def parse(page: bytes) -> html.HtmlElement | None:
    """Return the root element of a page in UTF-8, or None where there is no markup to read."""
    return tree(cleaned(page))


def cleaned(page: bytes) -> bytes:
    """Return a page in UTF-8 without what spoils its tree; the very bytes where nothing does."""
    if len(page) > _LONGEST:
        page = page.decode("utf-8", errors="ignore")[:_LONGEST].encode()
    # Most pages have nothing to mend, and every look at each of their characters costs as much as parsing them.
    if any(sign in page for sign in _CONTROL):
        page = page.translate(None, _CONTROL)
    if _MAYBE_ILLEGAL.search(page):
        page = _REFERENCE.sub(_reference, page)
    if b"\xef" in page:  # leads both, and hardly anything else
        for sign in _NO_CHARACTERS:
            page = page.replace(sign, b"")
    return _with_short_tags(page)


def tree(cleaned: bytes) -> html.HtmlElement | None:
    """Return the root element of a page that `cleaned` has seen, or None where there is no markup to read."""
    try:
        # Through bytes: lxml refuses text that carries an encoding declaration.
        return html.document_fromstring(cleaned, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


@cache
def _parser() -> html.HTMLParser:
    """Return the parser, whose elements are all of one class: asking for each one's own costs more than the rest of a walk.

    The same for all pages: to make one costs a tenth of what it then does.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ALIKE)
    return parser


def _with_short_tags(page: bytes) -> bytes:
    """Return page with each long tag shortened; the very bytes where there is none."""
    kept, done = [], 0
    for tag in _long_tags(page):
        kept += [page[done : tag.start()], _shortened(tag)]
        done = tag.end()
    return b"".join([*kept, page[done:]]) if kept else page


def _long_tags(page: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the long tags: what begins last before a part without brackets. Scripts have many such parts."""
    seen = 0
    for start in range(0, len(page) - _PART + 1, _PART):
        if page.find(b">", start, start + _PART) < 0 and page.find(b"<", start, start + _PART) < 0:
            begins = page.rfind(b"<", seen, start)
            if begins >= 0 and (tag := _LONG_TAG.match(page, begins)):
                yield tag
            seen = start


def by_tag(root: html.HtmlElement) -> Tags:
    """Return the elements of each tag that is asked for, all found in one walk: each walk costs about the same."""
    found: dict[str, list[html.HtmlElement]] = {tag: [] for tag in _ASKED}
    for element in root.iter(*_ASKED):
        found[element.tag].append(element)
    return found


def base_url(tags: Tags, url: str) -> str:
    """Return the address that relative links of the page start from."""
    for base in tags["base"]:
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


def _reference(match: re.Match[bytes]) -> bytes:
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return match.group()
    return b" "
