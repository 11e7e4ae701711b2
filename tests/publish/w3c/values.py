"""Single values: addresses, dates, plain text, links; and which elements may stand where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from urllib.parse import urlsplit

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
#: Namespaces it knows, by the prefix it expects.
PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/", "media": "http://search.yahoo.com/mrss/",
    "fh": "http://purl.org/syndication/history/1.0", "atom": ATOM,
}  # fmt: skip
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
RELATIONS = frozenset([
    "alternate", "current", "enclosure", "first", "hub", "last", "next", "next-archive", "prev-archive", "previous",
    "related", "self", "via",
])  # fmt: skip
HISTORY = frozenset(["current", "first", "last", "next", "next-archive", "prev-archive", "previous"])
MAY_REPEAT = frozenset([
    "item", "entry", "link", "category", "author", "contributor", "atom:link", "media:content", "dc:creator",
])  # fmt: skip
ADDRESS = re.compile(r"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MIME = re.compile(r'[^\s()<>,;:\\"/\[\]?=]+/[^\s()<>,;:\\"/\[\]?=]+')
RFC822 = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d(:\d\d)? ([+-]\d\d[03]0|GMT)"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:\d\d)")
LANGUAGE = re.compile(r"(ru|en|mul|und)(-[A-Za-z0-9]+)*")


def canonical(address: str) -> str:
    """Return an address as RFC 3986 (6.2.2) would have it: what the ids of feeds must already be."""
    parts = urlsplit(address)
    host = parts.netloc.lower().removesuffix({"http": ":80", "https": ":443"}.get(parts.scheme, "\0"))
    steps: list[str] = []
    for step in (parts.path or "/").split("/"):
        if step == "..":
            steps = steps[:-1] if len(steps) > 1 else steps
        elif step != ".":
            steps.append(step)
    if parts.path.endswith(("/.", "/..")):
        steps.append("")
    path, query, fragment = (_octets(part) for part in ("/".join(steps), parts.query, parts.fragment))
    return (
        f"{parts.scheme.lower()}://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    )


def _octets(part: str) -> str:
    """Unquote what need not be quoted, and write the rest in upper case."""
    return re.sub(r"((%[0-9A-Fa-f]{2})+)", lambda run: _requoted(run[1]), part)


def _requoted(run: str) -> str:
    octets = [bytes.fromhex(one) for one in run[1:].split("%")]
    return "".join(chr(one[0]) if chr(one[0]).isascii() and (chr(one[0]).isalnum() or chr(one[0]) in "-._~") else f"%{one.hex().upper()}" for one in octets)  # fmt: skip


def named(element) -> str:
    """Return a child's name with the prefix that everybody uses; Atom's own have none."""
    name = etree.QName(element)
    if name.namespace in (None, ATOM) and not (name.namespace == ATOM and element.getroottree().getroot().tag == "rss"):
        return name.localname
    prefix = next((prefix for prefix, uri in PREFIXES.items() if uri == name.namespace), "unknown")
    return f"{prefix}:{name.localname}"


def children(element, allowed: frozenset[str]) -> Iterator[str]:
    names = [named(child) for child in element if not child.tag.startswith(f"{{{TOMBSTONES}}}")]
    yield from (f"UndefinedElement: {name} in {element.tag}" for name in names if name not in allowed)
    yield from (f"DuplicateElement: {name}" for name in set(names) - MAY_REPEAT if names.count(name) > 1)
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        yield f"UnexpectedText: in {element.tag}"


def plain(text: str, element, value: str | None = None) -> Iterator[str]:
    """Plain text must not look like HTML, unless its line says by a hexadecimal reference that it is none."""
    said = (element.text or "") if value is None else value
    line = text.split("\n")[element.sourceline - 1] if value is None else ""
    entities = re.findall(r"&(#?\w+)", said)
    looks = any(name in name2codepoint or name == "apos" or not name.isalpha() for name in entities)
    if "&#x" in line:
        return
    if looks:
        yield f"ContainsHTML: an entity in {said!r}"
    elif value is None and element.getroottree().getroot().tag == "rss" and re.search("&#[x0-9]|<[/a-zA-Z]", said):
        yield f"CharacterData: {said!r}"


def filled(element) -> Iterator[str]:
    if not (element.text or "").strip():
        yield f"NotBlank: {element.tag}"


def address_of(value: str | None) -> Iterator[str]:
    if value and value.startswith("urn:uuid:"):
        if not UUID.fullmatch(value):
            yield f"InvalidUUID: {value}"
    elif not value or not ADDRESS.fullmatch(value) or not re.match(r"https?://[^/]", value):
        yield f"InvalidFullLink: {value!r}"


def identity(value: str) -> Iterator[str]:
    yield from address_of(value)
    if not value.startswith("urn:uuid:") and canonical(value) != value:
        yield f"NonCanonicalURI: {value}, not {canonical(value)}"
    if value.startswith("urn:uuid:") and value != value.lower():
        yield f"NonCanonicalURI: {value}"


def rfc822(value: str) -> Iterator[str]:
    if not RFC822.fullmatch(value):
        yield f"InvalidRFC2822Date: {value}"
    elif parsedate_to_datetime(value).strftime("%a") != value[:3]:
        yield f"IncorrectDOW: {value}"
    elif parsedate_to_datetime(value).year < 1990:
        yield f"ImplausibleDate: {value}"


def rfc3339(value: str) -> Iterator[str]:
    if not RFC3339.fullmatch(value):
        yield f"InvalidRFC3339Date: {value!r}"
    elif datetime.fromisoformat(value).year < 1990:
        yield f"ImplausibleDate: {value}"


def link_of(text: str, link, address: str) -> Iterator[str]:
    rel, kind, title = link.get("rel", "alternate"), link.get("type"), link.get("title")
    if unknown := set(link.attrib) - {"href", "rel", "type", "hreflang", "title", "length"}:
        yield f"UnexpectedAttribute: {unknown}"
    if rel not in RELATIONS:
        yield f"UnregisteredAtomLinkRel: {rel}"
    if rel in HISTORY and etree.QName(link.getparent()).localname in ("entry", "item"):
        yield f"FeedHistoryRelInEntry: {rel}"
    if kind is not None and not MIME.fullmatch(kind):
        yield f"InvalidMIMEType: {kind}"
    if rel == "self" and kind not in ("application/atom+xml", "application/rss+xml"):
        yield f"SelfNotAtom: {kind}"
    if title is not None:
        yield from ["AttrNotBlank: title"] if not title.strip() else plain(text, link, title)
    if not LANGUAGE.fullmatch(link.get("hreflang", "ru")):
        yield f"InvalidLanguage: {link.get('hreflang')}"
    yield from address_of(link.get("href"))
    if rel == "self" and link.get("href") != address:
        yield f"SelfDoesntMatchLocation: {link.get('href')}, not {address}"
    if len(link) or (link.text or "").strip():
        yield "AtomLinkNotEmpty"
