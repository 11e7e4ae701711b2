"""What the documents of one name are made of, and nothing else: entries, and the frame around them.

Documents are made of galleys alone, so a galley that was kept gives the same bytes again, as long as the
code that renders is the same. `packed` and its like are its form for keeping; purely values, no files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import to_json, to_jsonable_python

from pipeline.model import FeedEntry, Picture, Publisher
from pipeline.publish import archives, digests, json_feed, marks, opml, pages, rss_atom, size
from pipeline.publish.channels import FORMATS, Channel, addresses, home
from pipeline.publish.once import once
from pipeline.publish.rss_atom import Beside
from pipeline.record import dataclass

#: The name of the galley of what stands beside the feeds.
_INDEX = "index"
_NOBODY = Publisher(title={}, home="", contact="")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a digest is besides its entries."""

    id: str
    name: str
    title: str
    language: str
    at: datetime
    headings: tuple[tuple[str, int], ...]  #: heading → how many of the entries stand under it, in their order
    intro: tuple[tuple[str, str], ...] = ()  #: language → what stands above them


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the entries."""

    kind: str  #: feed | archive | day | digest | index | nothing
    publisher: Publisher = _NOBODY
    channel: Channel | None = None
    channels: tuple[Channel, ...] = ()  #: feeds its page leads to; of the index: all there are
    beside: Beside = field(default_factory=Beside)
    hub: str = ""
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Galley:
    """Frame and entries of the documents of one name; an entry that was purged since is None."""

    name: str  #: of a feed, or below feeds/ without extension: archive/all-0001, data/2026-11-20, digest/ru-2026-11-20
    frame: Frame
    rows: Sequence[FeedEntry | None] = ()


def plain(channel: Channel) -> Channel:
    """Return a channel without the rules by which it chooses: no document shows them."""
    return replace(channel, sources=None, topics=None, query="")


def lean(publisher: Publisher) -> Publisher:
    """Return a publisher without the bytes of its pictures: documents only say where those stand."""
    return replace(publisher, icon=_outline(publisher.icon), logo=_outline(publisher.logo))


def documents(galley: Galley) -> Mapping[str, bytes]:
    """Return the documents of a galley by file name."""
    rows = [row for row in galley.rows if row is not None]
    return _RENDERERS[galley.frame.kind](galley, rows)


def stem(document: str) -> str:
    """Return the name of the galley that a document was made of."""
    if document in ("index.html", "404.html") or not ("/" in document or document.endswith(FORMATS)):
        return _INDEX
    folder, slash, name = document.rpartition("/")
    return folder + slash + name.partition(".")[0]


@once
def packed(entry: FeedEntry) -> bytes:
    """Return an entry as JSON, the same for equal ones: there is no mapping in it, whose keys might stand in another order."""
    return to_json(entry)


def packed_frame(frame: Frame) -> bytes:
    """Return a frame as JSON, the same for equal ones; without the schema that reads it, which takes long to be made."""
    values = to_jsonable_python(frame, bytes_mode="base64")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry(data: bytes) -> FeedEntry:
    """Return the entry that was packed."""
    made: FeedEntry = _entries().validate_json(b"[%s]" % data)[0]
    return made


def frame(data: bytes) -> Frame:
    """Return the frame that was packed."""
    made: Frame = _frames().validate_json(b"[%s]" % data)[0]
    return made


def nothing(name: str) -> Galley:
    """Return a galley without documents: what is public of this name no more."""
    return Galley(name, Frame("nothing"))


def of_index(every: Sequence[Channel], publisher: Publisher) -> Galley:
    """Return the galley of what stands beside the feeds: their lists, the page for what is not there, the marks."""
    return Galley(_INDEX, Frame("index", publisher, channels=tuple(map(plain, every))))


def of_archive(
    channel: Channel, rows: Sequence[FeedEntry], publisher: Publisher, page: int, *, followed: bool = False
) -> Galley:
    """Return the galley of an archive document.

    It links to the document before it and to its feed, and to no later one, so that it can stay as it is; only the
    very first, which is made together with the second (followed), links to that: every document leads somewhere.
    """
    where = home(publisher)
    earlier = where + archives.name(channel.name, page - 1) if page > 1 else ""
    later = where + archives.name(channel.name, 2) if page == 1 and followed else ""
    beside = Beside(earlier=earlier, later=later, current=addresses(channel, publisher)["atom"])
    name = archives.name(channel.name, page).removesuffix(".atom")
    return Galley(name, Frame("archive", lean(publisher), plain(channel), beside=beside), rows)


def of_digest(digest: digests.Digest, publisher: Publisher) -> Galley:
    """Return the galley of a digest."""
    headings = tuple((heading, len(rows)) for heading, rows in digest.sections.items())
    intro = tuple(sorted(digest.intro.items()))
    letter = Letter(digest.id, digest.name, digest.title, digest.language, digest.at, headings, intro)
    rows = [row for own in digest.sections.values() for row in own]
    return Galley(f"digest/{digest.name}", Frame("digest", lean(publisher), letter=letter), rows)


@cache
def _entries() -> TypeAdapter[Any]:
    return TypeAdapter(tuple[FeedEntry])


@cache
def _frames() -> TypeAdapter[Any]:
    # A dataclass takes its settings from what it stands in.
    return TypeAdapter(tuple[Frame], config=ConfigDict(val_json_bytes="base64"))


def _feed(galley: Galley, rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    """Return a feed's documents, each within the limit of size."""
    about, channel = galley.frame, _channel(galley)
    publisher, links = about.publisher, addresses(channel, about.publisher)

    def render(some: Sequence[FeedEntry]) -> Mapping[str, bytes]:
        return {
            **rss_atom.render(channel, some, publisher, links, about.beside),
            "json": json_feed.render(channel, some, publisher, links, about.hub),
            "html": pages.twin(channel, some, publisher, links, about.channels, about.beside.earlier),
        }

    return {f"{channel.name}.{ext}": body for ext, body in size.fitted(rows, render).items()}


def _archive(galley: Galley, rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    channel, publisher = _channel(galley), galley.frame.publisher
    name = f"{galley.name}.atom"
    links = {**addresses(channel, publisher), "atom": home(publisher) + name}

    def render(some: Sequence[FeedEntry]) -> Mapping[str, bytes]:
        return {name: rss_atom.atom(channel, some, publisher, links, galley.frame.beside)}

    return size.fitted(rows, render)


def _day(galley: Galley, rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    return {f"{galley.name}.jsonl": b"".join(json_feed.line(row) for row in rows)}


def _nothing(_galley: Galley, _rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    return {}


def _index(galley: Galley, _rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    every, publisher = galley.frame.channels, galley.frame.publisher
    return {
        "feeds.opml": opml.render(every, publisher),
        "index.html": pages.index(every, publisher),
        "404.html": pages.missing(publisher),
        **marks.documents(publisher),
    }


def _digest(galley: Galley, _rows: Sequence[FeedEntry]) -> Mapping[str, bytes]:
    letter, publisher = galley.frame.letter, galley.frame.publisher
    assert letter is not None
    sections, waiting = dict[str, list[FeedEntry]](), iter(galley.rows)
    for heading, count in letter.headings:
        own = [row for _, row in zip(range(count), waiting, strict=False) if row is not None]
        if own:
            sections[heading] = own
    digest = digests.Digest(
        letter.id, letter.name, letter.title, letter.language, letter.at, sections, intro=dict(letter.intro)
    )
    return digests.documents(digest, publisher, home(publisher))


def _channel(galley: Galley) -> Channel:
    assert galley.frame.channel is not None
    return galley.frame.channel


def _outline(picture: Picture | None) -> Picture | None:
    return picture and replace(picture, data=b"")


_RENDERERS = {
    "feed": _feed, "archive": _archive, "day": _day, "index": _index, "digest": _digest,
    "nothing": _nothing,
}  # fmt: skip
