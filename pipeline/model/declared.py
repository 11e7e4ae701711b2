"""What sources.yaml declares, defaults applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from functools import cached_property

from pipeline.model.translating import TranslationRules
from pipeline.record import dataclass

#: From how long after the Russian article, and to how long, its English version is looked for.
DATE_WINDOW = (timedelta(days=-3), timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the operator's: where it stands, or a file of theirs."""

    address: str = ""  #: "" for a file
    ext: str = ""  #: png | svg | ico | gif | jpg; of a file
    data: bytes = b""
    width: int = 0  #: in pixels; 0 where not known
    height: int = 0


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who runs this installation and where its feeds are found."""

    title: Mapping[str, str]  #: language → name
    home: str  #: public address of feeds/, ends in "/"; "" where missing
    contact: str  #: address a site owner can write to; "" where missing
    index: bool = False
    takedown: str = ""
    icon: Picture | None = None  #: square; None: our own
    logo: Picture | None = None


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
class Api:
    """Where a JSON answer keeps what we want: paths such as `data.items[*]`, from the item on below `items`."""

    items: str = ""  #: the list of articles; "" where `html` holds them all
    url: str = ""  #: of an item's address or id; or a pattern such as "/ru/news/{id}/"
    title: str = ""
    date: str = ""
    html: str = ""  #: of an HTML fragment: with links where `url` is missing, else the item's teaser


@dataclass(frozen=True, slots=True)
class Listing:
    """One page (or feed, or sitemap) on which a source announces its articles."""

    url: str
    language: str | None = None  #: of the articles it lists, where declared
    kind: str | None = None  #: html | feed | sitemap | api; None: told by looking
    links: str | None = None  #: CSS selector of the article links (html only)
    next: str | None = None  #: "?page={n}" pattern, a CSS selector, or "rel=next"
    pages: int = 1  #: how many pages deep to walk at most
    api: Api | None = None  #: how its JSON is read (api only)
    encoding: str | None = None  #: charset of its pages; the source's


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
    at_most: timedelta | None = None  #: a source that publishes seldom is asked so seldom at most; None: always `every`
    recheck: tuple[timedelta, ...] = ()  #: after first sight, when to ask for corrections
    timezone: str = "Europe/Moscow"
    pause: timedelta = timedelta(seconds=2)
    timeout: timedelta = timedelta(seconds=30)
    window: str = ""  #: "22:00-06:00" in its zone: `watch` asks it only then; "": at any time
    date_window: tuple[timedelta, timedelta] | None = None  #: in place of the one in `pairing`
    encoding: str | None = None
    render: str = ""  #: "browser": its pages are read as a browser shows them; "": as they come
    proxy: str = ""  #: name of the environment variable with the address of the proxy to go through; "" for none
    ca: str = ""  #: file of further certificate authorities this source's hosts are trusted by
    rights: Rights = Rights()
    on_gone: str = "keep"  #: keep (and mark) | withdraw: an article whose page is gone for good
    expect: Expect = Expect()


@dataclass(frozen=True, slots=True)
class PublishRules:
    """Timing of publication."""

    hold: timedelta = timedelta(minutes=30)
    hold_doubtful: timedelta = timedelta(hours=24)
    newsletter_max_age: timedelta = timedelta(days=14)
    hub: str = ""  #: WebSub hub that is told of new entries; "" for none


@dataclass(frozen=True, slots=True)
class PairingRules:
    """From which probability on a pair is linked, waits for review, or is shown as related."""

    link: float = 0.9
    review: float = 0.1
    related: float = 0.5
    window: tuple[timedelta, timedelta] = DATE_WINDOW
    semantic: bool = False  #: compare meanings, too (extra nevawire[semantic])
    translated_titles: bool = False  #: a title that a machine translated is a clue


@dataclass(frozen=True, slots=True)
class Topic:
    """What some news is about; told by words in either language."""

    id: str
    name: Mapping[str, str]
    words: tuple[str, ...] = ()  #: words and phrases; one is enough, in whatever grammatical form
    sources: tuple[str, ...] = ()  #: ids of sources all of whose articles belong


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as sources.yaml declares it; what it leaves open, a standing feed of this id knows."""

    id: str
    enabled: bool = True
    title: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    query: tuple[str, ...] = ()  #: words and phrases, all of which must occur
    size: int | None = None
    title_order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What a search looks for; words and phrases in whatever grammatical form."""

    words: tuple[str, ...] = ()  #: all of these
    sources: tuple[str, ...] = ()  #: ids, one of these
    kinds: tuple[str, ...] = ()  #: one of these
    languages: tuple[str, ...] = ()  #: one of these
    topics: tuple[str, ...] = ()  #: one of these
    tags: tuple[str, ...] = ()  #: of its story, one of these
    organisations: tuple[str, ...] = ()  #: ids of names that the text has, one of these
    places: tuple[str, ...] = ()  #: the same
    not_words: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    not_languages: tuple[str, ...] = ()
    not_topics: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    not_organisations: tuple[str, ...] = ()
    not_places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """A saved search, which is a feed."""

    id: str
    query: Query
    title: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    size: int | None = None
    title_order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """A digest that is made by itself."""

    id: str
    period: str = "week"  #: day | week | a number of entries that must be waiting
    language: str = "both"  #: ru | en | both
    on: tuple[int, ...] = (0,)  #: weekdays, 0 = Monday
    at: str = "09:00"  #: by the clock of its time zone
    timezone: str = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of alarms, and where the secret to sign with is found."""

    url: str
    secret_env: str  #: name of an environment variable


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server that takes messages about alarms; names of environment variables, never secrets."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 587
    user_env: str = ""
    password_env: str = ""
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class Notify:
    """Who is told of alarms, and in which language."""

    language: str = "en"
    webhook: Webhook | None = None
    smtp: Smtp | None = None


@dataclass(frozen=True)
class Config:
    """The whole of sources.yaml."""

    publisher: Publisher
    publish: PublishRules
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...] = ()
    feeds: tuple[Feed, ...] = ()  #: beside the standing ones, or altering them
    searches: tuple[Search, ...] = ()
    digests: tuple[DigestPlan, ...] = ()
    notify: Notify = Notify()
    pairing: PairingRules = PairingRules()
    translation: TranslationRules = field(default_factory=TranslationRules)
    glossary: tuple[tuple[str, str], ...] = ()  #: official names: (Russian, English)

    @cached_property
    def by_id(self) -> Mapping[str, Source]:
        """The sources by id."""
        return {source.id: source for source in self.sources}
