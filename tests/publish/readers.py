"""Readers as programs have them: by which rules they tell entries apart, and what they show their people.

Written from the programs' published behaviour: feedparser and Miniflux, newsboat, a sender of newsletters.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


class Reader:
    """Subscribed to one feed; `shown` counts how often each entry was brought before its person as new."""

    def __init__(self, folder: Path, feed: str) -> None:
        self.folder = folder
        self.feed = feed
        self.known: set[str] = set()
        self.shown: Counter[str] = Counter()
        self.first = True

    def look(self) -> None:
        """Fetch the feed and show what is new. What stood there on subscribing is not news."""
        for identity, entry in self.entries():
            if identity not in self.known:
                self.known.add(identity)
                if not self.first:
                    self.shown[entry] += 1
        self.first = False

    def document(self, ext: str) -> bytes:
        return (self.folder / f"{self.feed}.{ext}").read_bytes()

    def entries(self):
        """Yield (what the program remembers, the entry's id)."""
        raise NotImplementedError


class Feedparser(Reader):
    """A script on feedparser over Atom: the id."""

    def entries(self):
        for one in feedparser.parse(self.document("atom")).entries:
            yield one.id, one.id


class Miniflux(Reader):
    """Miniflux over RSS: a hash of the guid, else of the link; links of entries are taken as they come."""

    def entries(self):
        for item in etree.fromstring(self.document("rss")).iter("item"):
            guid = item.findtext("guid") or item.findtext("link")
            yield hashlib.sha256(guid.encode()).hexdigest(), item.findtext("guid")


class Newsboat(Reader):
    """newsboat over RSS: the guid, else link and date; its cache keeps what has left the feed."""

    def entries(self):
        for item in etree.fromstring(self.document("rss")).iter("item"):
            yield item.findtext("guid") or item.findtext("link") + item.findtext("pubDate"), item.findtext("guid")


class JsonReader(Reader):
    """A reader of JSON Feed: the id, by the specification."""

    def entries(self):
        for one in json.loads(self.document("json"))["items"]:
            yield one["id"], one["id"]


class Nervous(Reader):
    """A reader that shows an entry again when `updated` moves: what a late merge is for, elsewhere a nuisance."""

    def entries(self):
        for one in etree.fromstring(self.document("atom")).findall(f"{ATOM}entry"):
            name = one.findtext(f"{ATOM}id")
            yield f"{name} {one.findtext(f'{ATOM}updated')}", name


class Sender(Reader):
    """A sender of newsletters: everything dated after its last sending, by pubDate alone; it remembers no ids."""

    def __init__(self, folder: Path, feed: str, now) -> None:
        super().__init__(folder, feed)
        self.last = now

    def send(self, now) -> list[str]:
        """Send what is new since the last time."""
        items = etree.fromstring(self.document("rss")).iter("item")
        dated = [(parsedate_to_datetime(item.findtext("pubDate")), item.findtext("guid")) for item in items]
        letter = [guid for at, guid in dated if self.last < at <= now]
        self.last = now
        self.shown.update(letter)
        return letter


class Updating(Sender):
    """A sender that goes by Atom's `updated`."""

    def send(self, now) -> list[str]:
        entries = etree.fromstring(self.document("atom")).findall(f"{ATOM}entry")
        dated = [(datetime.fromisoformat(one.findtext(f"{ATOM}updated")), one.findtext(f"{ATOM}id")) for one in entries]
        letter = [name for at, name in dated if self.last < at.replace(microsecond=0) <= now]
        self.last = now
        self.shown.update(letter)
        return letter
