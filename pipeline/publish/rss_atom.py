"""Entries as RSS 2.0 and Atom 1.0 documents: the only place that knows feedgen.

What feedgen loses or leaves to the clock is put right here: link relations, xml:lang,
Dublin Core, media, sources. The bytes are a function of the arguments alone.

An entry is written once, as it stands in any document, and put into what is written around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import feedgen.entry
from feedgen.feed import FeedGenerator
from lxml import etree

from pipeline.model import FeedEntry, Image, Publisher
from pipeline.publish import clean, dates, links, marks, translated, words
from pipeline.publish.channels import Channel
from pipeline.publish.once import once
from pipeline.publish.past import Gone
from pipeline.record import dataclass

#: `updated` of a feed without entries; any instant that never changes will do (validators doubt years before 1990).
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
# What stands behind the entries.
_RSS_END = b"  </channel>\n</rss>\n"
_ATOM_END = b"</feed>\n"
# Where an entry's links stand: nothing else is empty so, as texts have no "<".
_ATOM_LINKS = b"<link/>"
_RSS_LINKS = b"<atom:link/>"
# Elements that hold plain text; Atom's say so themselves where they hold none.
_RSS_PLAIN = re.compile(rb"<(title|category|source [^>]*)>([^<]*)</")
_ATOM_PLAIN = re.compile(rb"<(name|title(?: xml:lang=\"[^\"]*\")?)>([^<]*)</")
_IMAGE_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """What a document says besides its entries."""

    gone: Sequence[Gone] = ()  #: what the feed showed and shows no more
    earlier: str = ""  #: address of the archive document before this one
    later: str = ""  #: address of the archive document after this one, where it is known
    current: str = ""  #: address of the feed this is an archive document of; "": it is the feed itself
    hub: str = ""  #: WebSub hub


def render(
    channel: Channel, entries: Sequence[FeedEntry], publisher: Publisher, self_links: Mapping[str, str],
    beside: Beside = Beside(),
) -> dict[str, bytes]:  # fmt: skip
    """Return the feed's documents by extension, entries in the order given.

    self_links: extension → address of "rss", "atom" and "html" (the twin that people read).
    """
    rss = _generator(channel, publisher, self_links, "rss", max((e.updated for e in entries), default=NEVER), beside)
    rss.register_extension("nevawire", _RssFeed)
    rss.nevawire.beside = beside
    rss.nevawire.dated = any(entry.created for entry in entries)
    rss.rights(translated.credit(entries, channel.languages[0]) or None)
    around = _RSS_PLAIN.sub(_hexadecimal, bytes(rss.rss_str(pretty=True)))
    return {
        "atom": atom(channel, entries, publisher, self_links, beside),
        "rss": b"".join([around.removesuffix(_RSS_END), *map(_rss_item, entries), _RSS_END]),
    }


def atom(
    channel: Channel, entries: Sequence[FeedEntry], publisher: Publisher, self_links: Mapping[str, str],
    beside: Beside = Beside(),
) -> bytes:  # fmt: skip
    """Return the Atom document alone; `render` says the rest."""
    instants = dates.distinct(entries)
    newest = max([*instants.values(), *(one.at for one in beside.gone)], default=NEVER)
    feed = _generator(channel, publisher, self_links, "atom", newest, beside)
    feed.register_extension("nevawire", _AtomFeed)
    feed.nevawire.beside = beside
    feed.nevawire.dated = any(entry.created for entry in entries)
    feed.rights(translated.credit(entries, channel.languages[0]) or None)
    around = _ATOM_PLAIN.sub(_hexadecimal, bytes(feed.atom_str(pretty=True)))
    parts = [around.removesuffix(_ATOM_END)]
    for entry in entries:
        before, after = _atom_entry(entry)
        parts += [before, b"<updated>", instants[entry.id].isoformat().encode(), b"</updated>", after]
    return b"".join([*parts, _ATOM_END])


def _generator(
    channel: Channel, publisher: Publisher, self_links: Mapping[str, str], ext: str, updated: datetime, beside: Beside
) -> Any:
    """Return a feedgen feed with everything but its entries."""
    language = channel.languages[0]
    feed = FeedGenerator()
    feed.id(beside.current or self_links["atom"])  # an archive document is a part of its feed
    feed.title(channel.title)
    about = " / ".join(words.say("about", language) for language in channel.languages)
    feed.subtitle(about)
    feed.description(about)
    feed.author({"name": words.name_of(publisher.title, language, channel.title)})
    feed.generator("Nevawire")
    pictures = marks.of(publisher)
    feed.icon(pictures.icon)
    if ext == "atom":
        feed.logo(pictures.logo)
    elif pictures.in_rss:
        width, height = map(str, pictures.size or ("", ""))
        # The profile of RSS wants the channel's own title and link here.
        feed.image(pictures.logo, channel.title, self_links["html"], width, height)
    feed.language(language)
    feed.updated(updated)
    if beside.hub:
        feed.link(href=beside.hub, rel="hub")
    for rel, href in (("prev-archive", beside.earlier), ("next-archive", beside.later), ("current", beside.current)):
        if href:
            feed.link(href=href, rel=rel, type="application/atom+xml")
    feed.link(href=self_links[ext], rel="self", type=f"application/{ext}+xml")
    feed.link(href=self_links["html"], rel="alternate", type="text/html")  # the last one is RSS's <link>
    return feed


@once
def _row(entry: FeedEntry) -> Any:
    """Return an entry as feedgen's."""
    row = feedgen.entry.FeedEntry()
    row.id(entry.id)
    row.title(entry.title)
    row.author({"name": entry.author})
    row.published(entry.published)
    row.link(href=_alternate(entry), rel="alternate")
    row.content(entry.content, type="html")
    row.summary(escape(entry.summary, quote=False), type="html")  # RSS's description too, which readers take for HTML
    for category in entry.categories:
        row.category(term=category)
    return row


class _AtomFeed:
    """What feedgen's Atom feed lacks: that it is an archive, and what is gone (RFC 5005, RFC 6721).

    A namespace is declared where it is used only: validators warn of the one of tombstones.
    """

    beside = Beside()
    dated = False  #: whether an entry tells the source's date beside its own

    def extend_ns(self) -> dict[str, str]:
        used = {"at": self.beside.gone, "fh": self.beside.current, "dcterms": self.dated}
        return {name: _NAMESPACES[name] for name, needed in used.items() if needed}

    def extend_atom(self, feed: Any) -> Any:
        if self.beside.current:
            etree.SubElement(feed, _name("fh", "archive"))
        for one in self.beside.gone:
            deleted = etree.SubElement(feed, _name("at", "deleted-entry"), ref=one.id, when=one.at.isoformat())
            etree.SubElement(deleted, _name("at", "comment")).text = (
                f"merged into {one.into}" if one.into else "withdrawn"
            )
        return feed

    def extend_rss(self, feed: Any) -> Any:
        return feed


class _RssFeed(_AtomFeed):
    def extend_ns(self) -> dict[str, str]:
        return {name: _NAMESPACES[name] for name in ("dc", "media", *(("dcterms",) if self.dated else ()))}

    def extend_rss(self, feed: Any) -> Any:
        if self.beside.hub:
            etree.SubElement(feed.find("channel"), _name("atom", "link"), href=self.beside.hub, rel="hub")
        return feed


@once
def _atom_entry(entry: FeedEntry) -> tuple[bytes, bytes]:
    """Return an entry as it stands in Atom: what comes before its `updated`, which documents differ in, and what after."""
    feed = etree.Element("feed", nsmap={"dcterms": _NAMESPACES["dcterms"]})
    feed.append(_atom_element(entry))
    written = etree.tostring(feed, pretty_print=True, encoding="UTF-8").split(b"\n", 1)[1].removesuffix(_ATOM_END)
    own = b"\n    ".join(b"<link %s/>" % attributes for _, attributes in links.written(entry))
    before, _, after = _ATOM_PLAIN.sub(_hexadecimal, written).partition(b"<updated/>")
    return before, after.replace(_ATOM_LINKS, own, 1)


def _atom_element(entry: FeedEntry) -> Any:
    """Return an entry's element, with what feedgen's lacks: languages, the source. Of its links only their place is there."""
    row = _row(entry).atom_entry()
    row.find("updated").text = None
    for name in ("title", "summary", "content"):
        row.find(name).set(_LANG, entry.language)
    row.set(_LANG, entry.language)
    if links.like_html(entry.title):
        title = row.find("title")
        title.set("type", "html")
        title.text = escape(entry.title, quote=False)
    row.find("link").attrib.clear()
    source = etree.SubElement(row, "source")
    etree.SubElement(source, "id").text = clean.canonical(entry.source_url)
    etree.SubElement(source, "title").text = entry.source_title
    etree.SubElement(source, "updated").text = entry.updated.isoformat()
    etree.SubElement(source, "link", {"href": entry.source_url, "rel": "alternate", "type": "text/html"})
    _add_created(row, entry)
    return row


@once
def _rss_item(entry: FeedEntry) -> bytes:
    """Return an entry as it stands in RSS."""
    rss = etree.Element("rss", nsmap=_NAMESPACES)
    etree.SubElement(rss, "channel").append(_rss_element(entry))
    written = etree.tostring(rss, pretty_print=True, encoding="UTF-8").split(b"\n", 2)[2].removesuffix(_RSS_END)
    # An alternate one would overrule <link> in many readers.
    own = b"\n      ".join(
        b"<atom:link %s/>" % attributes for rel, attributes in links.written(entry) if rel != "alternate"
    )
    return _RSS_PLAIN.sub(_hexadecimal, written).replace(_RSS_LINKS, own, 1)


def _rss_element(entry: FeedEntry) -> Any:
    """Return an entry's element, with what feedgen's lacks: names of people, language, source, pictures, other pages."""
    item = _row(entry).rss_entry()
    etree.SubElement(item, "source", {"url": entry.source_url}).text = entry.source_title
    etree.SubElement(item, _name("dc", "creator")).text = entry.author
    language = entry.language.partition("-t-")[0]
    if len(language) == 2:  # RSS readers know ISO 639-1 and nothing else
        etree.SubElement(item, _name("dc", "language")).text = language
    if any(rel != "alternate" for rel, _ in links.written(entry)):
        etree.SubElement(item, _name("atom", "link"))
    _add_created(item, entry)
    for image in entry.images:
        etree.SubElement(item, _name("media", "content"), _media_attributes(image))
    return item


def _add_created(row: Any, entry: FeedEntry) -> None:
    if entry.created is not None:
        etree.SubElement(row, _name("dcterms", "created")).text = entry.created.isoformat()


def _name(prefix: str, tag: str) -> str:
    return f"{{{_NAMESPACES[prefix]}}}{tag}"


def _alternate(entry: FeedEntry) -> str:
    return next(link.href for link in entry.links if link.rel == "alternate")


def _media_attributes(image: Image) -> dict[str, str]:
    kind = image.type or _IMAGE_TYPES.get(image.url.partition("?")[0].rpartition(".")[2].lower(), "")
    pairs = (
        ("url", image.url), ("medium", "image"), ("type", kind if kind.startswith("image/") else ""),
        ("width", str(image.width or "")), ("height", str(image.height or "")),
    )  # fmt: skip
    return {name: value for name, value in pairs if value}


def _hexadecimal(match: re.Match[bytes]) -> bytes:
    """Write & and < of plain text as the RSS profile advises, so that no reader takes the text for HTML.

    The W3C validator heeds it in Atom, too.
    """
    text = match[2].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
    return b"<" + match[1] + b">" + text + b"</"
