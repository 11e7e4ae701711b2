"""Entries as RSS 2.0 and Atom 1.0 documents: the only place that knows feedgen.

What feedgen loses or leaves to the clock is put right here: link relations, xml:lang,
Dublin Core, media. The bytes are a function of the arguments alone.

An entry is written once, as it stands in any document (printed.py), and put into what is written around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from pipeline.model import FeedEntry, Publisher
from pipeline.publish import dates, marks, printed, translated, words
from pipeline.publish.channels import Channel
from pipeline.publish.past import Gone
from pipeline.record import dataclass

#: `updated` of a feed without entries; any instant that never changes will do (validators doubt years before 1990).
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
# What stands behind the entries.
_RSS_END = b"  </channel>\n</rss>\n"
_ATOM_END = b"</feed>\n"
# Elements that hold plain text around the entries.
_PLAIN = re.compile(rb"<(name|title)>([^<]*)</")


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
    around = _PLAIN.sub(_hexadecimal, bytes(rss.rss_str(pretty=True)))
    return {
        "atom": atom(channel, entries, publisher, self_links, beside),
        "rss": b"".join([around.removesuffix(_RSS_END), *map(printed.rss, entries), _RSS_END]),
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
    around = _PLAIN.sub(_hexadecimal, bytes(feed.atom_str(pretty=True)))
    parts = [around.removesuffix(_ATOM_END)]
    for entry in entries:
        before, after = printed.atom(entry)
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


def _name(prefix: str, tag: str) -> str:
    return f"{{{_NAMESPACES[prefix]}}}{tag}"


def _hexadecimal(match: re.Match[bytes]) -> bytes:
    """Write & and < of plain text as `printed.plain` does, where lxml wrote them."""
    text = match[2].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
    return b"<" + match[1] + b">" + text + b"</"
