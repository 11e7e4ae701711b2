"""The frozen values that flow between the stages; imports nothing of ours.

sources.yaml ─► Source ─► Link ─► Fetch(FetchedPage) ─► Article ─► Item ─► Text ─► Story ─► FeedEntry

Instants are aware datetimes in UTC unless a field says otherwise; languages are
ISO 639-1 codes, plus "mixed" and "other".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: The languages a story is told in; order is the default order of titles.
LANGUAGES = ("ru", "en")

#: How a fetch can end. "ok", "not-modified" and "same-digest" are good ends; "status-N"
#: (N the HTTP status) stands beside these.
FETCH_KINDS = (
    "ok", "not-modified", "same-digest",
    "dns", "tls", "refused", "reset", "timeout", "too-large", "blocked-address", "robots",
    "redirects", "not-html", "empty", "truncated", "protocol",
)  # fmt: skip


# ── sources.yaml ────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Publisher:
    """Who runs this installation and where its feeds are found."""

    title: Mapping[str, str]  #: language → name
    home: str  #: public address of feeds/, ends in "/"; "" where missing
    contact: str  #: address a site owner can write to; "" where missing
    index: bool = False
    takedown: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What of a source's articles may leave the program (FEEDS: Rights)."""

    publish: str = "excerpt"  #: link | excerpt | full
    excerpt_chars: int = 300
    images: str = "none"  #: none | link
    translate: str = "titles"  #: none | titles | excerpt | full
    licence: str = ""
    attribution: str = ""
    note: str = ""
    checked: str = ""  #: day on which a person last read the source's terms, ISO


@dataclass(frozen=True, slots=True)
class Listing:
    """One page (or feed, or sitemap) on which a source announces its articles."""

    url: str
    language: str | None = None  #: of the articles it lists, where declared
    kind: str | None = None  #: html | feed | sitemap | api; None: told by looking
    links: str | None = None  #: CSS selector of the article links (html only)
    next: str | None = None  #: "?page={n}" pattern, a CSS selector, or "rel=next"
    pages: int = 1  #: how many pages deep to walk at most


@dataclass(frozen=True, slots=True)
class VersionRule:
    """How the other language's address follows from an address; one of three forms.

    swap: (from, to) fragments of the address, tried both ways.
    same_id: regular expression with one group: equal group → the same story.
    query: name of the parameter that carries the language; `values` language → value.
    """

    swap: tuple[str, str] | None = None
    same_id: str | None = None
    query: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """CSS selectors of one layout of a source; valid up to and including `until`."""

    title: str | None = None
    text: str | None = None
    date: str | None = None
    date_format: str | None = None
    drop: tuple[str, ...] = ()
    rewrite: tuple[tuple[str, str], ...] = ()  #: (regular expression, replacement) on text lines
    until: str | None = None  #: ISO day


@dataclass(frozen=True, slots=True)
class Expect:
    """What a healthy source shows; less is an error."""

    links: int = 1
    text_chars: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher's site (or a part of it), as sources.yaml declares it, defaults applied."""

    id: str
    name: Mapping[str, str]
    kind: str
    listings: tuple[Listing, ...]
    enabled: bool = True
    reason: str = ""  #: why it is disabled
    versions: tuple[VersionRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    every: timedelta = timedelta(hours=2)
    recheck: tuple[timedelta, ...] = ()  #: after first sight, when to ask for corrections
    timezone: str = "Europe/Moscow"
    pause: timedelta = timedelta(seconds=2)
    timeout: timedelta = timedelta(seconds=30)
    encoding: str | None = None
    rights: Rights = Rights()
    expect: Expect = Expect()


@dataclass(frozen=True, slots=True)
class PublishRules:
    """Timing of publication."""

    hold: timedelta = timedelta(minutes=30)
    hold_doubtful: timedelta = timedelta(hours=24)
    newsletter_max_age: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Config:
    """The whole of sources.yaml."""

    publisher: Publisher
    publish: PublishRules
    sources: tuple[Source, ...]


# ── collect ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Link:
    """An article a listing announces, with what stands beside the link there."""

    url: str  #: absolute, cleaned (address.clean)
    title: str = ""
    date_text: str = ""  #: as shown, unparsed; ISO where a feed or sitemap gives it
    image: str = ""
    teaser: str = ""
    language: str | None = None  #: the listing's declared language
    place: int = 0  #: 0 = first on the listing's first page
    listing: str = ""  #: address of the listing


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One answer with a body, as it came over the wire."""

    source: str
    asked: str
    url: str  #: reached, after redirects
    status: int
    headers: Mapping[str, str]  #: lower-case names; only those later stages read
    body: bytes  #: decoded from content-encoding, not from charset
    fetched_at: datetime
    digest: str  #: SHA-256 of body, hex


@dataclass(frozen=True, slots=True)
class Fetch:
    """How one request (with its redirects) ended; every one becomes a row in the store."""

    source: str
    url: str
    kind: str  #: FETCH_KINDS or "status-N"
    at: datetime
    seconds: float = 0.0
    size: int = 0  #: decoded bytes
    detail: str = ""
    page: FetchedPage | None = None  #: only for "ok" and "same-digest"
    retry_after: float | None = None
    conditional: bool = False  #: validators were sent

    @property
    def good(self) -> bool:
        """Whether the address answered as it should."""
        return self.kind in ("ok", "not-modified", "same-digest")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request of an address needs, from its last good answer."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""


# ── extract, language ───────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, and how we know."""

    at: datetime  #: UTC
    zone: str  #: IANA name or "+03:00": the zone the date was stated in
    precision: str  #: day | minute
    evidence: str  #: rule | json-ld | meta | time | listing | url | page | prose | first-seen


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article; sizes where the page declares them."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    type: str = ""  #: media type, where the address tells


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another language's version of an article, as the page declares it."""

    url: str
    language: str
    evidence: str  #: hreflang | switch | rule


@dataclass(frozen=True, slots=True)
class Article:
    """One article, freed from its page. Text is legal XML text; lines are paragraphs."""

    source: str
    url: str  #: canonical: reached, cleaned
    title: str
    text: str  #: paragraphs joined by "\n"
    html: str  #: clean: p h2-h4 ul ol li table blockquote a img figure figcaption strong em br
    published: Published | None
    images: tuple[Image, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)  #: clue → language: listing, html, og, address
    authors: tuple[str, ...] = ()
    digest: str = ""  #: of the page it came from
    made_by: str = ""  #: which extractor won: rule | trafilatura | …
    dropped: tuple[str, ...] = ()  #: lines taken out as boilerplate
    robots: tuple[str, ...] = ()  #: noarchive, nosnippet, max-snippet:N, tdm-reservation:1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page did not become an article."""

    url: str
    kind: str  #: no-text | no-title | not-article | parse | timeout | memory | too-short
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """The language of an article, and how we know."""

    code: str  #: ru | en | mixed | other
    confidence: float  #: 0…1
    evidence: tuple[str, ...] = ()  #: e.g. "declared:listing=ru", "script:0.98 Cyrillic"


@dataclass(frozen=True, slots=True)
class Item:
    """An article as the store keeps it."""

    id: str  #: "a" + 15 hex digits, from the address
    article: Article
    language: Language
    first_seen: datetime
    updated: datetime  #: last change of visible text; at first the source's date, else first_seen
    place: int = 0  #: position in the listing when first seen
    history: bool = False  #: came with the source's first pass or a backfill


# ── pairing ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Verdict:
    """An analyst's word about two texts; always wins over the score."""

    kind: str  #: confirm | reject | same-event | split
    ru: str  #: item id
    en: str  #: item id
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
class Text:
    """One language side of a story: the same words, on one site or several."""

    id: str  #: urn:uuid:…, minted once
    language: str
    items: tuple[Item, ...]  #: the leading one first
    origin: str = "publisher"  #: publisher | machine | edited

    @property
    def lead(self) -> Item:
        """The article that leads this text."""
        return self.items[0]


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


# ── learned ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Profile:
    """What a source has taught us; handed to the stages, returned changed, stored."""

    source: str
    link_groups: Mapping[str, str] = field(default_factory=dict)  #: listing address → chosen group
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: page key → hashes of its lines
    title_suffix: Mapping[str, int] = field(default_factory=dict)  #: suffix → pages that carry it


# ── publish ─────────────────────────────────────────────────────────────────────────────────
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
    undated_place: int | None = None  #: set for undated history: sorted below dated items, by place
