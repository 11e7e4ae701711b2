"""HTML in a feed, as the W3C validator judges it: with html5lib in strict mode."""

from __future__ import annotations

import re
from functools import lru_cache

import html5lib

ELEMENTS = frozenset([
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
    "u", "ul", "var", "wbr",
])  # fmt: skip
ATTRIBUTES = frozenset([
    "href", "hreflang", "rel", "title", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start",
    "lang", "dir", "datetime", "class", "id",
])  # fmt: skip


def html_messages(fragment: str) -> list[str]:
    """Return what it would say of the HTML of an element."""
    found = []
    for tag, name, value in _html(fragment):
        if tag == "!":
            found.append(f"NotHtml: {value} in {fragment[:200]!r}")
        elif not name and tag not in ELEMENTS:
            found.append(f"SecurityRisk: {tag}")
        elif name and name not in ATTRIBUTES:
            found.append(f"SecurityRiskAttr: {name} of {tag}")
        elif name in ("href", "src") and not re.match(r"\w+:", value):
            found.append(f"ContainsRelRef: {value}")
    return found


@lru_cache(maxsize=4096)  # an entry stands in several feeds
def _html(fragment: str) -> tuple[tuple[str, str, str], ...]:
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(fragment)
    except html5lib.html5parser.ParseError as e:
        return (("!", "", str(e)),)
    return tuple(
        (element.tag, name, value)
        for element in tree.iter() if isinstance(element.tag, str) and element is not tree
        for name, value in [("", ""), *element.attrib.items()]
    )  # fmt: skip
