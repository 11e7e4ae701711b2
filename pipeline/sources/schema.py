"""The shape of sources.yaml: every key there is, in the words of the file.

The models say what may stand where and keep values as the file writes them; a key
that is left out stays unset. Turning them into `pipeline.model.Config`, defaults
applied, is done in `config.py`. No model has a union in it, so that a message about a
wrong value needs to speak of one right form only.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline import characters
from pipeline.sources import addresses, checks, patterns


def _key(title: str, about: str, example: object, *, needed: bool = False, **more: Any) -> Any:
    """Return a field: unset unless given; the example stands in messages and in editors."""
    return Field(... if needed else None, title=title, description=about, examples=[example], **more)


def _form(pattern: str) -> Any:
    return Field(json_schema_extra={"pattern": f"^{pattern}$"})


Text = Annotated[str, AfterValidator(checks.text), Field(json_schema_extra={"pattern": r"\S"})]
Word = Annotated[str, AfterValidator(checks.word), _form(checks.WORD)]
Day = Annotated[str, AfterValidator(checks.day), _form(checks.DAY)]
Duration = Annotated[str, AfterValidator(checks.duration), BeforeValidator(checks.seconds), _form(checks.DURATION)]
Interval = Annotated[
    str,
    AfterValidator(checks.positive_duration),
    BeforeValidator(checks.seconds),
    _form("(?!0+[smhd])" + checks.DURATION),
]
Zone = Annotated[str, AfterValidator(checks.zone)]
Window = Annotated[str, AfterValidator(checks.window)]
Encoding = Annotated[str, AfterValidator(checks.encoding)]
Address = Annotated[str, AfterValidator(addresses.web_address), _form("[Hh][Tt][Tt][Pp][Ss]?://.+")]
Home = Annotated[str, AfterValidator(addresses.home)]
Contact = Annotated[str, AfterValidator(addresses.contact)]
Selector = Annotated[str, AfterValidator(patterns.selector)]
NextPage = Annotated[str, AfterValidator(patterns.next_page)]
SameId = Annotated[str, AfterValidator(patterns.same_id)]
DateFormat = Annotated[str, AfterValidator(patterns.date_format)]
Swap = Annotated[list[str], Field(min_length=2, max_length=2), AfterValidator(patterns.swap)]
Rewrite = Annotated[list[str], Field(min_length=2, max_length=2), AfterValidator(patterns.rewrite)]


class Keys(BaseModel):
    """A mapping whose keys are known."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Names(Keys):
    """A name in Russian, English or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    ru: Text = _key("Russian", "The name in Russian.", "Конгрессно-выставочное бюро")
    en: Text = _key("English", "The name in English.", "Convention Bureau")

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("has no name in it; give ru, en or both")
        return self


class Publisher(Keys):
    """Who runs this installation and where its feeds are found."""

    title: Names = _key("Title", "Name of the whole collection of feeds.", {"en": "Neva news", "ru": "Новости Невы"})
    home: Home = _key(
        "Home",
        "Public address of the folder feeds/. Feed ids are made from it: choose it once. "
        "Without a real one only addresses on this machine are collected.",
        "https://news.site.ru/",
    )
    contact: Contact = _key(
        "Contact",
        "Mail address, or address of a page, where a site owner reaches you; told to every site asked. "
        "Without a real one only addresses on this machine are collected.",
        "news@site.ru",
    )
    index: bool = _key("Index", "Whether search engines may list the feeds' HTML pages. Default: false.", False)
    takedown: Annotated[str, AfterValidator(characters.line)] = _key(
        "Takedown", "How to ask for removal; stands in every footer.", "Write to news@site.ru"
    )


class Rights(Keys):
    """What of a source's articles may leave the program."""

    publish: Literal["link", "excerpt", "full"] = _key(
        "Publish",
        "How much text goes into feeds: title and link, an excerpt, or all of it. Default: excerpt.",
        "excerpt",
    )
    excerpt_chars: int = _key("Excerpt length", "Longest excerpt, in characters. Default: 300.", 300, ge=1)
    images: Literal["none", "link"] = _key(
        "Images", "Whether feeds show the source's pictures, from its own server. Default: none.", "link"
    )
    translate: Literal["none", "titles", "excerpt", "full"] = _key(
        "Translate", "How much may be translated by machine. Default: titles.", "titles"
    )
    licence: Text = _key("Licence", "Licence the source states.", "CC BY 4.0")
    attribution: Text = _key("Attribution", "Words the source wants to be named with.", "Photo: Press service")
    note: Text = _key("Note", "What you know about the terms.", "press news; terms not checked")
    checked: Day = _key("Checked", "Day on which a person last read the source's terms.", "2026-02-01")


class Expect(Keys):
    """What a healthy source shows; less is an error."""

    links: int = _key("Links", "Fewest article links on each listing. Default: 1.", 5, ge=0)
    text_chars: int = _key("Text length", "Fewest characters of an article's text. Default: 0.", 200, ge=0)


class Habits(Keys):
    """What a source may say for itself and `defaults` for all of them."""

    every: Interval = _key("Every", "How often the listings are asked. Default: 2h.", "2h")
    timezone: Zone = _key("Time zone", "Zone of the dates on the pages. Default: Europe/Moscow.", "Europe/Moscow")
    window: Window = _key(
        "Window", "Hours of the day in which `watch` asks it, in its time zone; at any hour where left out.", "22:00-06:00"
    )
    pause: Duration = _key("Pause", "Wait between two requests to one host. Default: 2s.", "2s")
    timeout: Interval = _key("Timeout", "Longest time for one request, by the clock. Default: 30s.", "30s")
    rights: Rights = _key(
        "Rights", "What may be published; keys left out come from `defaults`.", {"publish": "excerpt", "images": "none"}
    )
    recheck: Annotated[list[Interval], AfterValidator(checks.rising)] = _key(
        "Recheck",
        "When after first sight an article is asked again for corrections. Default: [6h, 1d, 3d, 7d]; [] for never.",
        ["6h", "1d", "3d", "7d"],
    )
    expect: Expect = _key(
        "Expect", "What a healthy source shows; keys left out come from `defaults`.", {"links": 5, "text_chars": 200}
    )


class Defaults(Habits):
    """What holds for every source that does not say otherwise."""


class Listing(Keys):
    """One page, feed or sitemap on which a source announces its articles."""

    url: Address = _key("Address", "Address of the listing.", "https://site.ru/news/", needed=True)
    language: Literal["ru", "en"] = _key(
        "Language", "Language of its articles; leave it out where they are mixed.", "ru"
    )
    kind: Literal["html", "feed", "sitemap", "api"] = _key(
        "Kind", "What answers there. Left out: told by looking at the answer.", "html"
    )
    links: Selector = _key(
        "Links", "CSS selector of the links to articles (html only). Left out: found by itself.", "a.news-title"
    )
    next: NextPage = _key(
        "Next page",
        "Where the listing goes on: an address pattern with {n} for the page's number (2 comes second), a CSS "
        "selector of the link, or rel=next.",
        "?page={n}",
    )
    pages: int = _key("Pages", "How many pages deep to walk at most. Default: 1.", 3, ge=1)


class Version(Keys):
    """How the other language's address follows from an address: swap, same_id or query."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["swap"]}, {"required": ["same_id"]}, {"required": ["query", "ru", "en"]}],
            "dependentRequired": {"ru": ["query"], "en": ["query"]},
        }
    )

    swap: Swap = _key(
        "Swap", "Two parts of addresses; one is written for the other, both ways.", ["/en/news/", "/news/"]
    )
    same_id: SameId = _key(
        "Same id", "Regular expression with one group: where the group is equal, it is one story.", "/news/([0-9]+)"
    )
    query: Text = _key(
        "Query", "Name of the parameter that carries the language; give its values as ru and en.", "lang"
    )
    ru: Text = _key("Russian value", "The parameter's value on Russian pages (with query).", "l1")
    en: Text = _key("English value", "The parameter's value on English pages (with query).", "l2")

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

    title: Selector = _key("Title", "CSS selector of the title.", "h1")
    text: Selector = _key("Text", "CSS selector of the article's text.", "div.article-body")
    date: Selector = _key("Date", "CSS selector of the date of publication.", "div.date")
    date_format: DateFormat = _key(
        "Date format", "How that date is written (% directives; months in either language).", "%B %d %Y"
    )
    drop: list[Selector] = _key("Drop", "CSS selectors of what is taken out of the text.", [".share"])
    rewrite: list[Rewrite] = _key(
        "Rewrite", "Clean-ups of text lines: a regular expression and what replaces its matches.", [["\\s+Share$", ""]]
    )
    until: Day = _key(
        "Until", "Last day on which this layout was in use; the first rule not over is used.", "2026-12-31"
    )


class Source(Habits):
    """One publisher's site, or a part of it. The id above it names its feed: source-<id>.rss."""

    name: Names = _key("Name", "The source's name.", {"ru": "Конгрессно-выставочное бюро"}, needed=True)
    kind: Word = _key("Kind", "Sort of source, any word: bureau, cluster, …; one feed for each.", "bureau", needed=True)
    enabled: bool = _key("Enabled", "Whether it is collected. Default: true.", False)
    reason: Text = _key("Reason", "Why it is not collected.", "address of the listing not known")
    listings: list[Listing] = _key(
        "Listings", "Where it announces its articles.", [{"url": "https://site.ru/news/"}], needed=True, min_length=1
    )
    versions: list[Version] = _key(
        "Versions", "How Russian and English addresses of one story belong together.", [{"swap": ["/en/", "/ru/"]}]
    )
    rules: list[Rule] = _key("Rules", "Selectors for its article pages, newest layout first.", [{"title": "h1"}])
    encoding: Encoding = _key("Encoding", "Charset of its pages, where they tell a wrong one.", "windows-1251")


class Publish(Keys):
    """Timing of publication."""

    hold: Duration = _key("Hold", "How long a new item waits for its other language. Default: 30m.", "30m")
    hold_doubtful: Duration = _key(
        "Hold when in doubt", "The same for an item with a likely counterpart. Default: 24h.", "24h"
    )
    newsletter_max_age: Interval = _key(
        "Newsletter age", "Items older than this at first sight stay out of newsletters. Default: 14d.", "14d"
    )
    hub: Address = _key("Hub", "WebSub hub to tell of new entries. Left out: none.", "https://hub.site.ru/")


class Topic(Keys):
    """What some news is about. The id above it names its feed: topic-<id>.rss."""

    name: Names = _key("Name", "What the topic is called.", {"ru": "Вода", "en": "Water"}, needed=True)
    words: list[Text] = _key(
        "Words",
        "Words and phrases in either language, in any grammatical form; an article with one of them belongs. "
        "[] where `sources` alone decides.",
        ["водоканал", "water treatment"],
        needed=True,
    )
    sources: list[Word] = _key("Sources", "Ids of sources all of whose articles belong.", ["water-utility"])


class Feed(Keys):
    """One more feed under an id of its own, or changes to one there is anyway (all, ru, kind-…, newsletter-en, …)."""

    enabled: bool = _key("Enabled", "Whether it is published. Default: true.", False)
    title: Names = _key("Title", "What the feed is called.", {"ru": "Порт", "en": "The port"})
    language: Literal["ru", "en"] = _key(
        "Language", "One language, one entry a text. Left out: both, one entry a story.", "ru"
    )
    kinds: list[Word] = _key("Kinds", "Only sources of these kinds.", ["cluster"])
    sources: list[Word] = _key("Sources", "Only these sources.", ["bureau"])
    topics: list[Word] = _key("Topics", "Only these topics.", ["water"])
    query: list[Text] = _key(
        "Query", "Only articles with all of these words and phrases, in any grammatical form.", ["порт", "морской"]
    )
    size: int = _key("Size", "Most entries. Default: 50.", 10, ge=1, le=200)
    title_order: Annotated[list[Literal["ru", "en"]], AfterValidator(checks.languages)] = _key(
        "Order of titles", "Which language leads in a bilingual feed. Default: [ru, en].", ["en", "ru"]
    )


class Sources(Keys):
    """The sources that Nevawire collects news from, and how it publishes them."""

    publisher: Publisher = _key("Publisher", "Who publishes the feeds.", {"home": "https://news.site.ru/"})
    defaults: Defaults = _key("Defaults", "What holds for every source that does not say otherwise.", {"every": "2h"})
    publish: Publish = _key("Publishing", "Timing of publication.", {"hold": "30m"})
    sources: dict[Word, Source] = _key(
        "Sources",
        "Every source under an id of its own (a-z, 0-9, -).",
        {"bureau": {"name": {"ru": "Бюро"}, "kind": "bureau", "listings": [{"url": "https://site.ru/news/"}]}},
        needed=True,
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    topics: dict[Word, Topic] = _key(
        "Topics",
        "What news is told apart by, each under an id of its own; one feed for each.",
        {"water": {"name": {"ru": "Вода", "en": "Water"}, "words": ["водоканал", "water treatment"]}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
    feeds: dict[Word, Feed] = _key(
        "Feeds",
        "Feeds beside the standing ones (all, ru, en, newsletter-ru, newsletter-en, and one for each kind, source and "
        "topic), or changes to one of these, under its id.",
        {"port": {"title": {"ru": "Порт", "en": "The port"}, "query": ["порт"]}, "newsletter-ru": {"size": 10}},
        json_schema_extra={"propertyNames": {"pattern": f"^{checks.WORD}$"}},
    )
