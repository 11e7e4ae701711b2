"""Whether a document is fit to replace the last one.

Asked of the finished bytes, right before they are written: whatever went wrong in
between, subscribers keep the last good document. Reads no file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

from pipeline.errors import PublishRefused
from pipeline.record import dataclass

#: No document may be larger, bytes.
LIMIT = 500_000
#: But data for programs, a day in each, and what tells of every feed: that is as long as there are sources.
_UNLIMITED = ("index.html", "feeds.opml")
#: A document may shrink to this part of the last one, one in so many.
LEFT = 2
#: So many pieces of HTML are remembered as they were found: an entry says the same in every format.
_RECENT = 256
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
# In HTML as we write it: an address that depends on where it is read, or does more than lead somewhere.
_ODD_ADDRESS = re.compile(r'<[a-z][^>]* (?:href|src)="(?!https?://)([^"]*)"')
_ALIVE = re.compile(r"<(?:script|style|iframe|object|embed|form|svg|math|base|meta|link)\b", re.IGNORECASE)
_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What matters of a document: the ids of its entries, and what is wrong with it."""

    ids: tuple[str, ...]
    faults: tuple[str, ...] = ()


def check(
    name: str, new: bytes, old: bytes | None = None, *, limit: int = LIMIT, excused: Collection[str] | bool = ()
) -> None:
    """Raise PublishRefused with the reason where a new document must not replace the old one.

    name: of the file; its extension tells the format. old: the document in place, None at first.
    excused: ids of entries that were withdrawn or merged, so that nobody misses them; True: all.
    """
    found = inspect(name, new)
    faults = list(found.faults)
    faults += [f"id {one!r} stands {n} times" for one, n in Counter(found.ids).items() if n > 1]
    if len(new) > limit and name not in _UNLIMITED and not name.endswith(".jsonl"):
        faults.append(f"{len(new)} bytes, more than {limit}")
    before = _ids(name, old) if old is not None and excused is not True else ()
    missed = [one for one in before if isinstance(excused, bool) or one not in excused]
    if missed and not found.ids:
        faults.append(f"empty, while the last one has {len(missed)} entries")
    elif len(found.ids) * LEFT < len(missed):
        faults.append(f"{len(found.ids)} entries, while the last one has {len(missed)}")
    if faults:
        raise PublishRefused(f"{name}: " + "; ".join(faults))


def refusal(name: str, new: bytes, old: bytes | None = None, *, excused: Collection[str] | bool = ()) -> str:
    """Return why a new document must not replace the old one; "" where it may."""
    try:
        check(name, new, old, excused=excused)
    except PublishRefused as refused:
        return str(refused)
    return ""


def inspect(name: str, document: bytes) -> Inspected:
    """Return a document's entry ids and faults, by the rules of the format its name tells."""
    reader = (
        _DIGEST.get(name.rpartition(".")[2]) if name.startswith("digest/") else _READERS.get(name.rpartition(".")[2])
    )
    if reader is None:
        return Inspected((), (f"no rules for documents called *.{name.rpartition('.')[2]}",))
    try:
        return reader(document)
    except (etree.XMLSyntaxError, ValueError) as e:  # ValueError: not JSON, not UTF-8
        return Inspected((), (f"not well-formed: {e}",))


def _ids(name: str, document: bytes) -> Sequence[str]:
    """Return the ids of a document's entries, as `inspect` does; of one that was inspected when it came nothing else is asked."""
    where = _WHERE_IDS.get(name.rpartition(".")[2])
    if where is None:
        return inspect(name, document).ids
    try:
        return [str(one) for one in where(_xml(document))]
    except (etree.XMLSyntaxError, ValueError):
        return ()


def _xml(document: bytes) -> Any:
    return etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _rss(document: bytes) -> Inspected:
    root = _xml(document)
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return Inspected((), (f"<rss><channel> expected, <{root.tag}> found",))
    faults = _missing("channel", _texts(_children(channel)), ("title", "link", "description"))
    ids = []
    for item in channel.iterchildren("item"):
        found = _children(item)
        said = _texts(found)
        ids.append(said.get("guid"))
        where = f"item {ids[-1]!r}"
        faults += _missing(where, said, ("title", "link", "guid", "pubDate", "description"))
        links = (one.get("href") for one in found.get(f"{_ATOM}link", ()))
        faults += _leading(where, [said.get("link"), *links])
        faults += _harmful(where, said.get("description"), said.get(_CONTENT))
    return Inspected(_present(ids), tuple(faults))


def _atom(document: bytes) -> Inspected:
    root = _xml(document)
    if root.tag != f"{_ATOM}feed":
        return Inspected((), (f"<feed> of Atom expected, <{root.tag}> found",))
    faults = _missing("feed", _of_atom(_children(root)), ("id", "title", "updated", "author/name"))
    ids = []
    for entry in root.iterchildren(f"{_ATOM}entry"):
        found = _children(entry)
        said = _of_atom(found)
        ids.append(said.get("id"))
        where = f"entry {ids[-1]!r}"
        faults += _missing(where, said, ("id", "title", "updated", "author/name", "summary", "content"))
        links = found.get(f"{_ATOM}link", ())
        alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
        if len(alternates) != 1:
            faults.append(f"{where} has {len(alternates)} alternate links, not one")
        faults += _leading(where, [link.get("href") for link in links])
        faults += _harmful(where, said.get("summary"), said.get("content"))
    return Inspected(_present(ids), tuple(faults))


def _json(document: bytes) -> Inspected:
    feed = json.loads(document)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Inspected((), ("an object with `items` expected",))
    faults = [f"feed has no {key}" for key in ("version", "title") if not feed.get(key)]
    for item in feed["items"]:
        where = f"item {item.get('id')!r}"
        faults += [
            f"{where} has no {key}"
            for key in ("id", "url", "title", "content_html", "date_published")
            if not item.get(key)
        ]
        faults += [*_leading(where, [item.get("url")]), *_harmful(where, item.get("content_html"))]
    return Inspected(_present(item.get("id") for item in feed["items"]), tuple(faults))


def _lines(document: bytes) -> Inspected:
    rows = [json.loads(line) for line in document.decode().split("\n") if line]
    faults = tuple(
        f"line {n} is no object with an id"
        for n, row in enumerate(rows, 1)
        if not isinstance(row, dict) or not row.get("id")
    )
    return Inspected(_present(row.get("id") for row in rows if isinstance(row, dict)), faults)


def _campaign(document: bytes) -> Inspected:
    campaign = json.loads(document)
    wanted = ("name", "subject", "body", "altbody")
    return Inspected((), tuple(f"campaign has no {key}" for key in wanted if not campaign.get(key)))


def _text(document: bytes) -> Inspected:
    return Inspected((), () if document.decode().strip() else ("text expected",))


def _opml(document: bytes) -> Inspected:
    root = _xml(document)
    outlines = root.findall("body//outline[@xmlUrl]")
    faults = () if root.tag == "opml" and root.find("head") is not None else ("<opml> with a <head> expected",)
    return Inspected(_present(outline.get("xmlUrl") for outline in outlines), faults)


def _html(document: bytes) -> Inspected:
    page = document.decode()
    whole = page[:15].lower() == "<!doctype html>" and page.rstrip().endswith("</html>")
    parts = page.split('<article id="')[1:]
    ids = _present(part.partition('"')[0] for part in parts)
    return Inspected(ids, () if whole else ("a whole HTML page expected",))


def _picture(start: bytes) -> Callable[[bytes], Inspected]:
    def inspected(document: bytes) -> Inspected:
        return Inspected((), () if document.startswith(start) else ("not the picture its name says",))

    return inspected


def _svg(document: bytes) -> Inspected:
    root = _xml(document)
    return Inspected(
        (), () if root.tag == "{http://www.w3.org/2000/svg}svg" else (f"<svg> expected, <{root.tag}> found",)
    )


def _leading(where: str, addresses: Iterable[str | None]) -> list[str]:
    """Return a fault for each address that is no absolute one of the web; that one is missing is said elsewhere."""
    return [f"{where} leads to {one!r}" for one in addresses if one and not one.startswith(("http://", "https://"))]


def _harmful(where: str, *fragments: str | None) -> list[str]:
    """Return what HTML must not have that leaves the program."""
    return [f"{where} has {harm}" for one in fragments if one for harm in _harm(one)]


@lru_cache(maxsize=_RECENT)
def _harm(html: str) -> tuple[str, ...]:
    addresses = (f"the address {found[1]!r}" for found in _ODD_ADDRESS.finditer(html))
    return (*addresses, *(f"{found[0]}>" for found in _ALIVE.finditer(html)))


def _children(element: Any) -> dict[str, list[Any]]:
    """Return an element's children by name: to go through them once takes less than to look for each."""
    found: dict[str, list[Any]] = {}
    for child in element.iterchildren(etree.Element):  # no comments
        found.setdefault(child.tag, []).append(child)
    return found


def _texts(children: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Return the text of the first child of each name: each time it is asked for it is decoded anew."""
    return {name: own[0].text or "" for name, own in children.items()}


def _of_atom(children: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Return the texts of Atom's own children by their plain names, with the name of the author."""
    said = {name.removeprefix(_ATOM): text for name, text in _texts(children).items() if name.startswith(_ATOM)}
    for author in children.get(f"{_ATOM}author", ())[:1]:
        said["author/name"] = _texts(_children(author)).get(f"{_ATOM}name", "")
    return said


def _missing(where: str, said: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Return a fault for each name of which nothing is said."""
    return [f"{where} has no {name}" for name in names if not said.get(name, "").strip()]


def _present(ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(one for one in ids if one)


_WHERE_IDS = {
    "rss": etree.XPath("/rss/channel[1]/item/guid[1]/text()[1]", smart_strings=False),
    "atom": etree.XPath("/a:feed/a:entry/a:id[1]/text()[1]", namespaces={"a": _ATOM[1:-1]}, smart_strings=False),
}
_READERS: dict[str, Callable[[bytes], Inspected]] = {
    "rss": _rss, "atom": _atom, "json": _json, "jsonl": _lines, "opml": _opml, "html": _html,
    "svg": _svg, "png": _picture(b"\x89PNG"), "gif": _picture(b"GIF8"), "jpg": _picture(b"\xff\xd8"),
    "ico": _picture(b"\0\0\1\0"),
}  # fmt: skip
_DIGEST: dict[str, Callable[[bytes], Inspected]] = {"html": _html, "txt": _text, "md": _text, "json": _campaign}
