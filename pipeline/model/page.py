"""What comes from the network, and what is read out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from pipeline.record import dataclass

#: How a fetch can end. "ok", "not-modified" and "same-digest" are good ends; "status-N"
#: (N the HTTP status) stands beside these.
FETCH_KINDS = (
    "ok", "not-modified", "same-digest",
    "dns", "tls", "refused", "reset", "timeout", "too-large", "blocked-address", "robots",
    "redirects", "not-html", "empty", "truncated", "protocol", "challenge", "proxy", "render",
)  # fmt: skip
#: Those that say a page is gone.
GONE = frozenset({"status-404", "status-410"})


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
    by: str = "listing"  #: listing | version (the other language of a known article) | hand


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


#: Files that are handed out beside a page, by their ending → media type.
DOCUMENT_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "rtf": "application/rtf",
    "csv": "text/csv",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document an article hands out; it is linked to, never fetched."""

    url: str
    title: str = ""
    type: str = ""  #: media type, as the address or the page tells
    size: int | None = None  #: bytes, as the page tells: often rounded


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another language's version of an article, as the page declares it."""

    url: str
    language: str
    evidence: str  #: hreflang | switch | rule | page (both stand on one page)


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
    event_date: str = ""  #: ISO day of what the text tells of, where that is not when it was published
    modified: datetime | None = None  #: UTC; when the page says it was last changed
    sections: tuple[str, ...] = ()  #: categories and tags the page states
    attachments: tuple[Attachment, ...] = ()  #: documents it links to


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


@dataclass(frozen=True, slots=True)
class Revision:
    """One wording an article has had."""

    at: datetime  #: UTC; when it was read
    title: str
    text: str
    html: str
    published: datetime | None  #: UTC
    evidence: str  #: of that date; "" where there is none
    language: str  #: "" where it was not kept
    digest: str
    version: str  #: of the stages that made it


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a source's articles stand in their pages, as pages have taught it.

    Places and paths name elements by tag, id and classes, outermost first, digits as 0: "main>div.news-text".
    """

    region: str  #: place of the element around title and text
    body: str  #: place of the element around the text
    kept: tuple[str, ...]  #: paths from the body to lines of texts, sorted
    dropped: tuple[str, ...]  #: paths from the body to lines that belonged to no text, sorted; in both: to either
    pages: int  #: that were read as a whole, and gave the same by this layout
    failed: int = 0  #: that gave something else by it
    idle: int = 0  #: pages of the source since it last served
    shortest: int = 0  #: characters of the texts, the least and the most
    longest: int = 0
    linked: float = 0.0  #: the greatest share of a text inside links
    lines: tuple[str, ...] = ()  #: hashes of long lines of the latest texts


@dataclass(frozen=True, slots=True)
class Profile:
    """What a source has taught us; handed to the stages, returned changed, stored."""

    source: str
    link_groups: Mapping[str, str] = field(default_factory=dict)  #: listing address → chosen group
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: page key → hashes of its lines, newest first
    title_suffix: Mapping[str, int] = field(default_factory=dict)  #: suffix → pages that carry it
    layouts: tuple[Layout, ...] = ()  #: the most proven first
    version: str = ""  #: of the stages that began it
