"""What is put together and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.model.page import Attachment, Image, Item
from pipeline.model.written import Edit
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """An analyst's word about two texts; always wins over the score."""

    kind: str  #: confirm | reject | same-event | split | undo, which takes the word before it back
    ru: str  #: item id; of two in one language the lower one
    en: str  #: item id; of two in one language the higher one
    who: str
    at: datetime
    digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Two items that may be one story; `ru` and `en` are item ids."""

    ru: str
    en: str
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translated:
    """How a machine's text came to be."""

    original: str  #: id of the text it was made of
    engine: str
    model: str
    version: str  #: of the engine or its model, where it tells
    at: datetime
    scope: str  #: titles | excerpt | full: how much of the original
    segments: int = 0
    failed: int = 0  #: segments that stand in the original's language
    credit: str = ""  #: what the model's licence asks to be said
    edited: datetime | None = None  #: when a person last changed its wording


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to what was published that an analyst is asked about; `ru` and `en` are item ids."""

    kind: str  #: part: the linked pair is no longer likely | instead: this pair is likelier than the linked one
    ru: str
    en: str
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One language side of a story: the same words, on one site or several."""

    id: str  #: urn:uuid:…, minted once
    language: str
    items: tuple[Item, ...]  #: the leading one first
    origin: str = "publisher"  #: publisher | machine | edited
    translated: Translated | None = None  #: of machine text
    edits: tuple[Edit, ...] = ()  #: the last one of each field of each article, whether it still holds or not

    @property
    def lead(self) -> Item:
        """The article that leads this text."""
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Related:
    """Another story that tells of the same event in its own words; `article` leads the text that does."""

    story: str
    article: str
    url: str
    title: str
    language: str
    probability: float
    reasons: tuple[str, ...] = ()
    own: str = ""  #: the article of this story that it tells the event of


@dataclass(frozen=True, slots=True)
class Story:
    """One piece of news in one language or two."""

    id: str  #: urn:uuid:…, minted once
    texts: Mapping[str, Text]  #: language → text
    state: str  #: single | linked | review
    first_seen: datetime
    updated: datetime
    match: Match | None = None  #: of the linked pair, or the best unconfirmed one under review
    aliases: tuple[str, ...] = ()  #: ids of stories merged into this one
    related: tuple[Related, ...] = ()  #: the likeliest first
    thread: str = ""  #: id of the oldest of the stories it is related to through one another; "" for none

    @property
    def beside(self) -> tuple[Related, ...]:
        """What is related to either of its texts, each article once, the likeliest first."""
        found: dict[str, Related] = {}
        for one in self.related:
            found.setdefault(one.article, one)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Instalment:
    """A story as a part of what one event grew into."""

    story: str
    day: datetime  #: when it was first told, as far as its articles say; else when it was first seen
    beside: tuple[str, ...] = ()  #: the stories related to it, by id
    thread: str = ""  #: that it is known to belong to; "" for none


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A link of a feed entry."""

    rel: str  #: alternate | related | via | enclosure
    href: str
    hreflang: str = ""
    type: str = "text/html"
    title: str = ""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of one feed, ready to render in any format."""

    id: str
    title: str
    summary: str  #: plain text, at most 300 characters
    content: str  #: sanitised HTML
    links: tuple[EntryLink, ...]
    published: datetime  #: aware, in the source's zone
    updated: datetime
    language: str  #: of the entry; for a bilingual one that of its leading title
    languages: tuple[str, ...]
    author: str
    source_id: str
    source_title: str
    source_url: str
    categories: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    origin: str = "publisher"
    precision: str = "minute"
    evidence: str = ""
    match: Match | None = None
    related: tuple[Related, ...] = ()
    thread: str = ""
    undated_place: int | None = None  #: set for undated history: sorted below dated items, by place
    attachments: tuple[Attachment, ...] = ()  #: documents its texts hand out
    gone: tuple[tuple[str, datetime], ...] = ()  #: pages that are gone at their source, since when
    #: What an analyst put in other words: field, language, when.
    edited: tuple[tuple[str, str, datetime], ...] = ()
    translation: Translated | None = None  #: of the text that a machine wrote, where there is one
    created: datetime | None = None  #: the source's date, where `published` says when the feed offered the entry

    def __hash__(self) -> int:
        """Return what equal entries have in common; all their fields together would take longer than it is good for."""
        return hash(self.id)
