"""What the W3C feed validator would say of an RSS or Atom document: errors and warnings, by its names for them.

Its rules in our words, as far as a document of ours could break them; HTML is judged by the parser it uses
itself, html5lib in strict mode. Two of its doubts are not raised here, since no writing of the same text
settles them: plain text that spells the end tag of an HTML element, and the namespace of tombstones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tests.publish.w3c.atom import atom
from tests.publish.w3c.html import html_messages
from tests.publish.w3c.rss import rss
from tests.publish.w3c.values import ATOM, LANGUAGE, PREFIXES, RFC3339, TOMBSTONES, canonical

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
__all__ = ["RFC3339", "canonical", "html_messages", "messages"]


def messages(document: bytes, address: str) -> list[str]:
    """Return everything it would report of a document served from address."""
    text = document.decode()
    root = etree.fromstring(document)
    return [*_document(text, root), *(rss(root, text, address) if root.tag == "rss" else atom(root, text, address))]


def _document(text: str, root) -> Iterator[str]:
    if text.startswith("\ufeff") or not text.startswith("<?xml version='1.0' encoding='UTF-8'?>"):
        yield "NonstdEncoding: XML 1.0, UTF-8, no byte order mark"
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield "InvalidDoctype"
    if re.search("[\x80-\x9f\ufffd]", text):
        yield "BadCharacters"
    known = {uri: prefix for prefix, uri in PREFIXES.items()}
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield f"not an element: {element}"
            continue
        yield from _prefixes(element, known)
        if (language := element.get(LANG)) is not None and not LANGUAGE.fullmatch(language):
            yield f"InvalidLanguage: {language}"


def _prefixes(element, known: dict[str, str]) -> Iterator[str]:
    for prefix, uri in element.nsmap.items():
        if uri == TOMBSTONES or (prefix is None and uri == ATOM):
            continue
        if known.get(uri) != prefix:
            yield f"{'NonstdPrefix' if uri in known else 'UnknownNamespace'}: {prefix}={uri}"
        if prefix == "atom" and element.getroottree().getroot().tag != "rss":
            yield "AvoidNamespacePrefix: atom"
