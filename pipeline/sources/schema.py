"""The shape of sources.yaml: every key there is, in the words of the file.

The models say what may stand where and keep values as the file writes them; a key
that is left out stays unset. Turning them into `pipeline.model.Config`, defaults
applied, is done in `config.py`. No model has a union in it, so that a message about a
wrong value needs to speak of one right form only.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, model_validator

from pipeline import characters
from pipeline.sources import checks
from pipeline.sources.editions import Digest, Feed, Search, Topic
from pipeline.sources.keys import (
    Address,
    Contact,
    DateFormat,
    Day,
    Duration,
    Encoding,
    Home,
    Interval,
    Keys,
    Names,
    Rewrite,
    SameId,
    Selector,
    Swap,
    Text,
    Window,
    Word,
    Zone,
    key,
)
from pipeline.sources.listings import Api, Listing, Tls
from pipeline.sources.notices import Notify, Smtp, Variable, Webhook
from pipeline.sources.pairs import DateWindow, Pairing
from pipeline.sources.translating import Argos, Ctranslate2, LibreTranslate, Service, Term, Translation, Yandex

__all__ = [
    "Api", "Argos", "Ctranslate2", "Defaults", "Digest", "Expect", "Feed", "Habits", "Keys", "LibreTranslate", "Listing", "Names",
    "Notify", "Pairing", "Publish", "Publisher", "Rights", "Rule", "Search", "Service", "Smtp", "Source", "Sources", "Term", "Tls",
    "Topic", "Translation", "Version", "Webhook", "Yandex",
]  # fmt: skip


class Publisher(Keys):
    """Who runs this installation and where its feeds are found."""

    title: Names = key("Title", "Name of the whole collection of feeds.", {"en": "Neva news", "ru": "Новости Невы"})
    home: Home = key(
        "Home",
        "Public address of the folder feeds/. Feed ids are made from it: choose it once. "
        "Without a real one only addresses on this machine are collected.",
        "https://news.site.ru/",
    )
    contact: Contact = key(
        "Contact",
        "Mail address, or address of a page, where a site owner reaches you; told to every site asked. "
        "Without a real one only addresses on this machine are collected.",
        "news@site.ru",
    )
    index: bool = key("Index", "Whether search engines may list the feeds' HTML pages. Default: false.", False)
    takedown: Annotated[str, AfterValidator(characters.line)] = key(
        "Takedown", "How to ask for removal; stands in every footer.", "Write to news@site.ru"
    )
    icon: Text = key(
        "Icon",
        "Square picture of the feeds: an address, or a PNG, SVG or ICO file beside this one. Left out: Nevawire's own.",
        "pictures/icon.png",
    )
    logo: Text = key(
        "Logo",
        "Wider picture for feed readers: an address, or a PNG, GIF or JPEG file of at most 144 × 400 pixels. Left out: the icon.",
        "pictures/logo.png",
    )


class Rights(Keys):
    """What of a source's articles may leave the program."""

    publish: Literal["link", "excerpt", "full"] = key(
        "Publish",
        "How much text goes into feeds: title and link, an excerpt, or all of it. Default: excerpt.",
        "excerpt",
    )
    excerpt_chars: int = key("Excerpt length", "Longest excerpt, in characters. Default: 300.", 300, ge=1)
    images: Literal["none", "link"] = key(
        "Images", "Whether feeds show the source's pictures, from its own server. Default: none.", "link"
    )
    translate: Literal["none", "titles", "excerpt", "full"] = key(
        "Translate", "How much may be translated by machine. Default: titles.", "titles"
    )
    licence: Text = key("Licence", "Licence the source states.", "CC BY 4.0")
    attribution: Text = key("Attribution", "Words the source wants to be named with.", "Photo: Press service")
    note: Text = key("Note", "What you know about the terms.", "press news; terms not checked")
    checked: Day = key("Checked", "Day on which a person last read the source's terms.", "2026-02-01")


class Expect(Keys):
    """What a healthy source shows; less is an error."""

    links: int = key("Links", "Fewest article links on each listing. Default: 1.", 5, ge=0)
    text_chars: int = key("Text length", "Fewest characters of an article's text. Default: 0.", 200, ge=0)


class Habits(Keys):
    """What a source may say for itself and `defaults` for all of them."""

    every: Interval = key("Every", "How often the listings are asked. Default: 2h.", "2h")
    at_most: Interval = key(
        "At most",
        "The longest wait between two looks at its listings, where it publishes seldom; left out: always `every`.",
        "1d",
    )
    timezone: Zone = key("Time zone", "Zone of the dates on the pages. Default: Europe/Moscow.", "Europe/Moscow")
    window: Window = key(
        "Window",
        "Hours of the day in which `watch` asks it, in its time zone; at any hour where left out.",
        "22:00-06:00",
    )
    pause: Duration = key("Pause", "Wait between two requests to one host. Default: 2s.", "2s")
    timeout: Interval = key("Timeout", "Longest time for one request, by the clock. Default: 30s.", "30s")
    rights: Rights = key(
        "Rights", "What may be published; keys left out come from `defaults`.", {"publish": "excerpt", "images": "none"}
    )
    recheck: Annotated[list[Interval], AfterValidator(checks.rising)] = key(
        "Recheck",
        "When after first sight an article is asked again for corrections. Default: [6h, 1d, 3d, 7d]; [] for never.",
        ["6h", "1d", "3d", "7d"],
    )
    on_gone: Literal["keep", "withdraw"] = key(
        "When gone",
        "What becomes of an article whose page answers 410, or 404 on three days: kept and marked, or withdrawn. "
        "Default: keep.",
        "withdraw",
    )
    expect: Expect = key(
        "Expect", "What a healthy source shows; keys left out come from `defaults`.", {"links": 5, "text_chars": 200}
    )


class Defaults(Habits):
    """What holds for every source that does not say otherwise."""


class Version(Keys):
    """How the other language's address follows from an address: swap, same_id or query."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["swap"]}, {"required": ["same_id"]}, {"required": ["query", "ru", "en"]}],
            "dependentRequired": {"ru": ["query"], "en": ["query"]},
        }
    )

    swap: Swap = key(
        "Swap", "Two parts of addresses; one is written for the other, both ways.", ["/en/news/", "/news/"]
    )
    same_id: SameId = key(
        "Same id", "Regular expression with one group: where the group is equal, it is one story.", "/news/([0-9]+)"
    )
    query: Text = key("Query", "Name of the parameter that carries the language; give its values as ru and en.", "lang")
    ru: Text = key("Russian value", "The parameter's value on Russian pages (with query).", "l1")
    en: Text = key("English value", "The parameter's value on English pages (with query).", "l2")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = self.model_fields_set
        right = 'write one of {swap: ["/en/", "/ru/"]}, {same_id: "/news/([0-9]+)"}, {query: lang, ru: l1, en: l2}'
        if len(given & {"swap", "same_id", "query"}) != 1:
            raise ValueError(f"should hold exactly one of swap, same_id and query; {right}")
        if given & {"ru", "en"} != ({"ru", "en"} if "query" in given else set()):
            raise ValueError(f"the values ru and en go with query, both of them; {right}")
        return self


class Rule(Keys):
    """Where title, text and date stand on a source's article pages; each key is optional."""

    title: Selector = key("Title", "CSS selector of the title.", "h1")
    text: Selector = key("Text", "CSS selector of the article's text.", "div.article-body")
    date: Selector = key("Date", "CSS selector of the date of publication.", "div.date")
    date_format: DateFormat = key(
        "Date format", "How that date is written (% directives; months in either language).", "%B %d %Y"
    )
    drop: list[Selector] = key("Drop", "CSS selectors of what is taken out of the text.", [".share"])
    rewrite: list[Rewrite] = key(
        "Rewrite", "Clean-ups of text lines: a regular expression and what replaces its matches.", [["\\s+Share$", ""]]
    )
    until: Day = key(
        "Until", "Last day on which this layout was in use; the first rule not over is used.", "2026-12-31"
    )


class Source(Habits):
    """One publisher's site, or a part of it. The id above it names its feed: source-<id>.rss."""

    name: Names = key("Name", "The source's name.", {"ru": "Конгрессно-выставочное бюро"}, needed=True)
    kind: Word = key("Kind", "Sort of source, any word: bureau, cluster, …; one feed for each.", "bureau", needed=True)
    enabled: bool = key("Enabled", "Whether it is collected. Default: true.", False)
    reason: Text = key("Reason", "Why it is not collected.", "address of the listing not known")
    listings: list[Listing] = key(
        "Listings", "Where it announces its articles.", [{"url": "https://site.ru/news/"}], needed=True, min_length=1
    )
    versions: list[Version] = key(
        "Versions", "How Russian and English addresses of one story belong together.", [{"swap": ["/en/", "/ru/"]}]
    )
    rules: list[Rule] = key("Rules", "Selectors for its article pages, newest layout first.", [{"title": "h1"}])
    date_window: DateWindow = key(
        "Date window",
        "The window of `pairing`, where this source's translations come earlier or later.",
        ["-1d", "14d"],
    )
    encoding: Encoding = key("Encoding", "Charset of its pages, where they tell a wrong one.", "windows-1251")
    render: Literal["browser"] = key(
        "Render",
        "For pages empty without JavaScript: read as a browser shows them (needs nevawire[browser]).",
        "browser",
    )
    proxy: Variable = key(
        "Proxy", "Environment variable with the address of the proxy to go through.", "NEVAWIRE_PROXY"
    )
    tls: Tls = key("TLS", "Whom to trust beside the usual authorities.", {"ca": "certificates/national.pem"})


class Publish(Keys):
    """Timing of publication."""

    hold: Duration = key("Hold", "How long a new item waits for its other language. Default: 30m.", "30m")
    hold_doubtful: Duration = key(
        "Hold when in doubt", "The same for an item with a likely counterpart. Default: 24h.", "24h"
    )
    newsletter_max_age: Interval = key(
        "Newsletter age", "Items older than this at first sight stay out of newsletters. Default: 14d.", "14d"
    )
    hub: Address = key("Hub", "WebSub hub to tell of new entries. Left out: none.", "https://hub.site.ru/")


class Sources(Keys):
    """The sources that Nevawire collects news from, and how it publishes them."""

    publisher: Publisher = key("Publisher", "Who publishes the feeds.", {"home": "https://news.site.ru/"})
    defaults: Defaults = key("Defaults", "What holds for every source that does not say otherwise.", {"every": "2h"})
    publish: Publish = key("Publishing", "Timing of publication.", {"hold": "30m"})
    sources: dict[Word, Source] = key(
        "Sources",
        "Every source under an id of its own (a-z, 0-9, -).",
        {"bureau": {"name": {"ru": "Бюро"}, "kind": "bureau", "listings": [{"url": "https://site.ru/news/"}]}},
        needed=True,
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    topics: dict[Word, Topic] = key(
        "Topics",
        "What news is told apart by, each under an id of its own; one feed for each.",
        {"water": {"name": {"ru": "Вода", "en": "Water"}, "words": ["водоканал", "water treatment"]}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    feeds: dict[Word, Feed] = key(
        "Feeds",
        "Feeds beside the standing ones (all, ru, en, newsletter-ru, newsletter-en, and one for each kind, source and "
        "topic), or changes to one of these, under its id.",
        {"port": {"title": {"ru": "Порт", "en": "The port"}, "query": ["порт"]}, "newsletter-ru": {"size": 10}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    searches: dict[Word, Search] = key(
        "Searches",
        "Saved searches, each under an id of its own; one feed for each, public or behind a token.",
        {"port": {"query": 'порт "морской терминал" -круиз', "public": True}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    digests: dict[Word, Digest] = key(
        "Digests",
        "Digests that `nevawire watch` makes by itself, each under an id of its own.",
        {"weekly": {"period": "week", "language": "ru", "on": ["fri"], "at": "18:00"}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    pairing: Pairing = key("Pairing", "When two articles are one story.", {"link": 0.9, "review": 0.1})
    notify: Notify = key(
        "Notices",
        "Who is told when a source falls silent, changes its pages or fails, and when that is over.",
        {"language": "ru", "webhook": {"url": "https://site.ru/hook", "secret_env": "NEVAWIRE_WEBHOOK_SECRET"}},
    )
    translation: Translation = key(
        "Translation",
        "How a machine fills a story's missing language. Left out: it does not.",
        {"engines": ["argos"], "what": "titles"},
    )
    glossary: list[Term] = key(
        "Glossary",
        "Official names in both languages: translations use them, and no engine changes them.",
        [{"ru": "Кластер чистых технологий", "en": "Cleantech Cluster"}],
    )
