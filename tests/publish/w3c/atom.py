"""What it would say of an Atom document."""

from __future__ import annotations

from collections.abc import Iterator

from tests.publish.w3c.html import html_messages
from tests.publish.w3c.values import ATOM, TOMBSTONES, children, filled, identity, link_of, named, plain, rfc3339

FEED = frozenset([
    "id", "title", "subtitle", "updated", "author", "contributor", "link", "category", "generator", "icon", "logo",
    "rights", "entry", "fh:archive", "fh:complete",
])  # fmt: skip
ENTRY = frozenset([
    "id", "title", "updated", "published", "author", "contributor", "link", "category", "summary", "content",
    "source", "rights", "dcterms:created",
])  # fmt: skip


def atom(feed, text: str, address: str) -> Iterator[str]:
    yield from children(feed, FEED)
    yield from _metadata(text, feed, address, "MissingElement")
    names = [named(child) for child in feed if not child.tag.startswith(f"{{{TOMBSTONES}}}")]
    if "entry" in names and names[names.index("entry") :].count("entry") != len(names) - names.index("entry"):
        yield "MisplacedMetadata"
    links = [link.get("rel") for link in feed.findall(f"{{{ATOM}}}link")]
    if "self" not in links:
        yield "MissingSelf"
    if "fh:archive" in names:
        yield from [] if {"prev-archive", "next-archive"} & set(links) else ["ArchiveIncomplete"]
        yield from [] if "current" in links else ["MissingCurrentInArchive"]
    entries = feed.findall(f"{{{ATOM}}}entry")
    for name, message in (("id", "DuplicateEntries"), ("updated", "DuplicateUpdated")):
        said = [entry.findtext(f"{{{ATOM}}}{name}") for entry in entries]
        yield from (f"{message}: {one}" for one in set(said) if said.count(one) > 1)
    for entry in entries:
        yield from _entry(text, entry, address)


def _metadata(text: str, feed, address: str, missing: str) -> Iterator[str]:
    """What holds of a feed and of the source of an entry alike."""
    for name in ("id", "title", "updated"):
        if not feed.findtext(f"{{{ATOM}}}{name}"):
            yield f"{missing}: {name} in {feed.tag}"
    yield from identity(feed.findtext(f"{{{ATOM}}}id", ""))
    yield from rfc3339(feed.findtext(f"{{{ATOM}}}updated", ""))
    for name in ("title", "subtitle"):
        if (said := feed.find(f"{{{ATOM}}}{name}")) is not None:
            yield from _construct(text, said)
    for link in feed.findall(f"{{{ATOM}}}link"):
        yield from link_of(text, link, address)
    yield from _alternates(feed)
    for author in feed.findall(f"{{{ATOM}}}author/{{{ATOM}}}name"):
        yield from (*filled(author), *plain(text, author))


def _alternates(parent) -> Iterator[str]:
    links = [
        (one.get("type"), one.get("hreflang"))
        for one in parent.findall(f"{{{ATOM}}}link")
        if one.get("rel", "alternate") == "alternate"
    ]
    yield from (f"DuplicateAtomLink: {one}" for one in set(links) if links.count(one) > 1)


def _construct(text: str, element) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in ("text", "html") or len(element):
        yield f"InvalidTextType: {kind}"
    elif not element.text:
        yield f"NotBlank: {element.tag}"
    else:
        yield from html_messages(element.text) if kind == "html" else plain(text, element)


def _entry(text: str, entry, address: str) -> Iterator[str]:
    yield from children(entry, ENTRY)
    names = [named(child) for child in entry]
    yield from (
        f"MissingElement: {name} in entry" for name in ("id", "title", "updated", "author") if name not in names
    )
    yield from [] if "content" in names or "summary" in names else ["MissingTextualContent"]
    yield from identity(entry.findtext(f"{{{ATOM}}}id", ""))
    yield from _alternates(entry)
    for child in entry:
        name = named(child)
        if name in ("title", "summary", "content"):
            yield from _construct(text, child)
        if name in ("updated", "published", "dcterms:created"):
            yield from rfc3339(child.text or "")
        if name == "author":
            yield from (*filled(child[0]), *plain(text, child[0]))
        if name == "link":
            yield from link_of(text, child, address)
        if name == "category" and not child.get("term"):
            yield "MissingAttribute: term"
        if name == "source":
            yield from _metadata(text, child, address, "MissingSourceElement")
