"""What a page says about itself to machines: <meta> and JSON-LD, read once.

What is not here: whether it is true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from html import unescape
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract.dom import Tags
from pipeline.record import dataclass

_ARTICLE = re.compile(r"\w*(?:Article|Posting|Report|ClaimReview)$")
_PAGE = re.compile(r"(?:Web|Item|About)Page$")
_DEPTH = 6
_SECTIONS = "//a[contains(concat(' ', @rel, ' '), ' category ')] | //*[@itemprop='articleSection']"
#: A walk over all elements costs as much as reading an article: it is made once, the others where there is something.
_ITEMPROPS, _RELATIONS = (etree.XPath(f"descendant::*/@{name}", smart_strings=False) for name in ("itemprop", "rel"))
#: Authors, or sections, a page is believed to have at most.
_NAMED = 10
#: What pages put around JSON-LD so that it is taken for something else.
_OPENINGS, _CLOSINGS = ("<!--", "//<![CDATA[", "<![CDATA["), ("-->", "//]]>", "]]>")
#: More JSON-LD than this is not read (a whole shop catalogue).
_SIZE = 400_000


@dataclass(frozen=True, slots=True)
class Stated:
    """Meta values by lower-case name or property; JSON-LD articles, the page's own first."""

    metas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    articles: tuple[Mapping[str, Any], ...] = ()
    labels: frozenset[str] = frozenset()  #: words of all itemprop and rel attributes

    def meta(self, *names: str) -> str:
        """Return the first value any of names has, or ""."""
        return next((value for name in names for value in self.metas.get(name, ())), "")

    def article(self, key: str) -> str:
        """Return the first article's plain text under key, or ""."""
        for article in self.articles:
            value = article.get(key)
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, str) and value.strip():
                return text(value)
        return ""


def read(root: HtmlElement, tags: Tags, url: str) -> Stated:
    """Return what the <meta> and JSON-LD below root state."""
    metas: dict[str, list[str]] = {}
    for element in tags["meta"]:
        content = characters.line(element.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                metas.setdefault(name, []).append(content)
    labels = frozenset(" ".join((*_ITEMPROPS(root), *_RELATIONS(root))).split())
    return Stated(
        {name: tuple(values) for name, values in metas.items()}, tuple(_articles(tags["script"], url)), labels
    )


def text(value: str) -> str:
    """Return a JSON-LD string as one plain line: entities and tags gone."""
    for _ in range(2):
        value = unescape(value)
    return characters.line(re.sub(r"</?(?:p|br|b|i|em|strong|span|a|div|h\d)\b[^<>]{0,300}>", " ", value))


def authors(stated: Stated, root: HtmlElement) -> tuple[str, ...]:
    """Return the people a page names as its authors: in JSON-LD, else in <meta>, else by rel or itemprop."""
    names: list[str] = []
    for article in stated.articles[:1]:
        value = article.get("author")
        for one in value if isinstance(value, list) else [value]:
            name = one.get("name") if isinstance(one, Mapping) else one
            names.extend(text(part) for part in (name if isinstance(name, list) else [name]) if isinstance(part, str))
    if not names:
        names = [stated.meta("author", "parsely-author", "article:author", "dc.creator")]
    if not any(names) and any("author" in label for label in stated.labels):
        named = root.xpath("//*[@itemprop='author']//*[@itemprop='name'] | //a[contains(@rel, 'author')]")
        named = named or root.xpath("//*[@itemprop='author'][not(self::meta)]")
        names = [characters.line(" ".join(element.itertext())) for element in named[:_NAMED]]
    kept = (name for name in names if name and len(name) <= 100 and "://" not in name)
    return tuple(dict.fromkeys(kept))


def sections(stated: Stated, root: HtmlElement) -> tuple[str, ...]:
    """Return the categories a page puts its article into."""
    names: list[str] = []
    for article in stated.articles[:1]:
        value = article.get("articleSection")
        names.extend(text(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
    names.extend(stated.metas.get("article:section", ()))
    marked = root.xpath(_SECTIONS) if stated.labels & {"category", "articleSection"} else []
    names.extend(characters.line(" ".join(element.itertext())) for element in marked[:_NAMED])
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= 100))[:_NAMED]


def _articles(scripts: Iterable[HtmlElement], url: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) < _SIZE:
            found.extend(_walk(_load(script.text), 0))
    # A page may carry its neighbours' articles too; its own names the page's address.
    tail = url.rsplit("://", maxsplit=1)[-1].split("?", maxsplit=1)[0].rstrip("/")
    return sorted(found, key=lambda article: (_is(_PAGE, article), not _names(article, tail)))


def _is(kind: re.Pattern[str], node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(one, str) and kind.match(one) for one in (kinds if isinstance(kinds, list) else [kinds]))


def _names(article: Mapping[str, Any], tail: str) -> bool:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = article.get(key)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and tail and tail in value:
            return True
    return False


def _load(raw: str) -> Any:
    raw = raw.strip()
    raw = raw.removeprefix(next(filter(raw.startswith, _OPENINGS), ""))
    raw = raw.removesuffix(next(filter(raw.endswith, _CLOSINGS), "")).strip().rstrip(";")
    for mend in (str, _without_last_commas):
        try:
            return json.loads(mend(raw), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _without_last_commas(raw: str) -> str:
    return re.sub(r",\s*([}\]])", r"\1", raw)


def _walk(node: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(node, list):
        for part in node:
            yield from _walk(part, depth + 1)
    elif isinstance(node, dict):
        if _is(_ARTICLE, node) or (_is(_PAGE, node) and ("datePublished" in node or "headline" in node)):
            yield node
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _walk(node.get(key), depth + 1)
