"""One page read: FetchedPage → PageReading. The order of work, and nothing of the work itself.

decode → parse → what the page states → blocks → titles → text → date → pictures → versions.
What is not here: what the source's other pages teach (boilerplate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.html import HtmlElement

from pipeline import address, characters
from pipeline.extract import article as texts
from pipeline.extract import (
    attachments,
    dates,
    daytext,
    decode,
    disguise,
    dom,
    emblems,
    events,
    gallery,
    headline,
    images,
    refuse,
    render,
    robots,
    stated,
    twofold,
    versions,
)
from pipeline.extract.blocks import Block, blocks_of, fold, line_hash
from pipeline.model import Article, FetchedPage, Image, Link, Published, Refusal, Rule, Source

#: A line that is nothing but a date, this near to the title or the text's beginning, is the article's date.
_DATE_REACH = 3


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one page gave by itself; `finish` turns a source's readings into articles."""

    article: Article | None
    refusal: Refusal | None
    #: Hashes of the page's distinct lines, in order of place, then of its article's pictures.
    lines: tuple[str, ...] = ()
    suffix: str = ""  #: what may be the site's name at the end of the title
    also: tuple[Article, ...] = ()  #: the page's second article, in the other language
    attached: tuple[tuple[str, str], ...] = ()  #: address of each attachment → hash of the line it stands in
    canonical: str = ""  #: another address of the same origin that the page calls its own
    listing: str = ""  #: where the page was announced; "" where no listing did
    place: int = 0


def read(page: FetchedPage, source: Source, link: Link | None) -> PageReading:
    """Return the article a page holds, or why it holds none; raises nothing, whatever the bytes."""
    try:
        return _read(page, source, link)
    except Exception as error:  # noqa: BLE001
        # Hostile mark-up finds ways through three libraries that no list foresees; one page must not
        # stop a source. Named with its type, so that a bug of ours is seen in the row.
        return _refused(page, "parse", f"{type(error).__name__}: {error}"[:200])


def parts(reading: PageReading) -> tuple[PageReading, ...]:
    """Return a reading for each article of a page; only the first carries the page's lines."""
    one = replace(reading, also=())
    return (one, *(replace(one, article=article, lines=(), suffix="") for article in reading.also))


def _read(page: FetchedPage, source: Source, link: Link | None) -> PageReading:
    reason = refuse.before_parsing(page, source)
    if reason:
        return _refused(page, "not-article", reason)
    root = dom.parse(decode.decode(page.body, page.headers, source.encoding))
    if root is None:
        return _refused(page, "parse", "no markup")
    return _Page(page, source, link, root).read()


def _refused(page: FetchedPage, kind: str, detail: str) -> PageReading:
    return PageReading(None, Refusal(page.url, kind, characters.line(detail)))


class _Page:
    """The steps of one reading and what they share."""

    def __init__(self, page: FetchedPage, source: Source, link: Link | None, root: HtmlElement) -> None:
        self.page, self.source, self.link, self.root = page, source, link, root
        self.zone = _zone(source.timezone)
        self.now: datetime = page.fetched_at.astimezone(self.zone)
        self.base = dom.base_url(root, page.url)
        self.stated = stated.read(root, page.url)
        self.rule = texts.rule_for(source, self.now.date())
        #: Read before anything is dropped: a rule's title or date may stand inside what it drops from the text.
        self.rule_title = next(iter(self.selected("title")), "")
        self.rule_dates = tuple(self.selected("date"))
        if self.rule is not None:
            texts.drop(root, self.rule[1])
        self.blocks: list[Block] = blocks_of(root, self.base)
        self.title_at: int | None = None  #: index of the block with the title

    def read(self) -> PageReading:
        names = headline.site_names(self.stated, self.source, urlsplit(self.page.url).hostname or "")
        found = headline.candidates(self.root, self.stated, self.link, names)
        raw_title = self.rule_title or headline.choose(found)
        _, title = dates.title_date(raw_title, self.now)
        keys = frozenset(fold(one) for one in (title, raw_title, *(candidate.text for candidate in found)))
        ordered = [key for key in (fold(title), fold(raw_title), *sorted(keys)) if key]
        self.title_at = _place(self.blocks, ordered)
        body = self.body(keys)
        reason = self.no_article([title, *(one.text for one in found if one.kind in ("h1", "title"))], body)
        if reason:
            return _refused(self.page, "not-article", reason)
        if not title:
            return _refused(self.page, "no-title", "no JSON-LD headline, og:title, h1, listing link or <title>")
        if not body.lines:
            return _refused(
                self.page, "no-text", f"{len(self.blocks)} blocks, none of them an article's ({body.made_by})"
            )
        reason = "" if body.made_by.startswith("rule") else disguise.only_links(body.blocks)
        if reason:
            return _refused(self.page, "not-article", reason)
        if len(body.text) < self.source.expect.text_chars:
            return _refused(
                self.page, "too-short", f"{len(body.text)} characters, expected {self.source.expect.text_chars}"
            )
        published = self.published(raw_title, body)
        articles = self.articles([title, *(one.text for one in found)], body, published)
        listing, place = (self.link.listing, self.link.place) if self.link and self.link.by == "listing" else ("", 0)
        return PageReading(
            articles[0], None, (*self.lines(), *emblems.marks(articles[0].images)), headline.suffix(title), articles[1:],
            tuple((one.attachment.url, line_hash(one.line)) for one in self.attached(body)),
            versions.canonical(self.root, self.base, articles[0].url), listing, place,
        )  # fmt: skip

    def no_article(self, titles: Sequence[str], body: texts.Body) -> str:
        """Return what the page is instead of an article, or ""."""
        reason = refuse.by_title(titles, body.text, missing=disguise.error_below(self.blocks, self.title_at))
        if reason:
            return reason
        # A teaser is the listing's word, or meant for machines: what the page itself says stands in its blocks.
        teaser = body.made_by.startswith("teaser")
        own = disguise.prose(self.blocks) if teaser or not body.lines else body.text
        reason = disguise.wall(own, password=disguise.asks_password(self.root))
        if reason or teaser:
            return reason
        if disguise.is_list(self.blocks, body.places, self.root, self.stated, self.base, self.now):
            return f"a list of articles, beginning with “{body.text[:70]}”"
        return ""

    def body(self, keys: frozenset[str]) -> texts.Body:
        teaser = self.link.teaser if self.link else ""
        description = self.stated.meta("og:description", "description", "twitter:description")
        promise = max(description, teaser, key=len)
        body = texts.body_of(self.root, self.blocks, self.page.url, self.rule, keys, promise)
        if body.blocks:
            body = texts.without(body, self.is_date_line)
        if not body.lines and len(promise) >= 40:
            return texts.Body(f"teaser; {body.made_by} found no text", lines=(characters.line(promise),))
        return body

    def is_date_line(self, number: int, count: int, place: int, block: Block) -> bool:
        """Whether a line by the title, or at the text's beginning or end, is its date, not a part of it."""
        by_title = self.title_at is not None and abs(place - self.title_at) <= _DATE_REACH
        return (by_title or number < _DATE_REACH or number >= count - 2) and daytext.is_only_date(block.text, self.now)

    def published(self, title: str, body: texts.Body) -> Published | None:
        return dates.published(
            dates.Clues(
                root=self.root, blocks=self.blocks, stated=self.stated, url=self.page.url, zone=self.zone, now=self.now,
                title_at=self.title_at, body=body.places, text=body.text, title=title, link=self.link,
                rule=self.rule[1] if self.rule else None, rule_dates=self.rule_dates,
            )
        )  # fmt: skip

    def articles(self, titles: Sequence[str], body: texts.Body, published: Published | None) -> tuple[Article, ...]:
        """Return the page's article, or its two where it says everything in two languages, one after the other."""
        sides = twofold.split(body.lines, titles)
        if sides is None:
            return (self.article(titles[0], body, published),)
        made = [self.article(side.title, texts.span(body, side.start, side.end), published) for side in sides]
        return versions.on_one_page(made[0], made[1], sides[0].language, sides[1].language)

    def article(self, title: str, body: texts.Body, published: Published | None) -> Article:
        pictures = gallery.around(self.blocks, body.places, self.title_at)
        shown = sorted([*zip(body.places, body.blocks, strict=True), *pictures], key=lambda pair: pair[0])
        html = render.of_blocks((block for _, block in shown), self.base)
        if not body.blocks:
            html = render.of_lines(body.lines) + html
        url = address.clean(self.page.url)
        return Article(
            source=self.source.id,
            url=url,
            title=title,
            text=body.text,
            html=html,
            published=published,
            images=self.images([block.image for _, block in pictures if block.image is not None]),
            alternates=versions.alternates(self.root, self.base, url, self.source),
            declared=versions.declared(self.root, self.stated, url, self.source, self.link),
            authors=stated.authors(self.stated, self.root),
            sections=stated.sections(self.stated, self.root),
            event_date=events.event_date(body.text, published, self.zone, self.now),
            modified=events.modified(self.stated, published, self.zone, self.now),
            digest=self.page.digest,
            made_by=body.made_by,
            robots=robots.directives(self.stated, self.page.headers),
            attachments=tuple(one.attachment for one in self.attached(body)),
        )

    def attached(self, body: texts.Body) -> tuple[attachments.Found, ...]:
        return attachments.of_article(self.root, self.blocks, body.places, self.title_at, self.base)

    def images(self, shown: Sequence[Image]) -> tuple[Image, ...]:
        meta = self.stated.meta
        lead = images.of_meta(
            meta("og:image", "og:image:url", "og:image:secure_url", "twitter:image"), self.base,
            meta("og:image:width"), meta("og:image:height"), meta("og:image:alt"),
        )  # fmt: skip
        if lead is None and not shown and self.link is not None:
            lead = images.of_meta(self.link.image, self.base)
        return images.distinct([*([lead] if lead else []), *shown])

    def lines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(block.hash() for block in self.blocks if block.text))

    def selected(self, what: str) -> list[str]:
        """Return the texts the rule's selector matches."""
        rule: Rule | None = self.rule[1] if self.rule else None
        selector = getattr(rule, what, None)
        if not selector:
            return []
        found = []
        for element in self.root.cssselect(selector):
            found.append(element.get("datetime") or element.get("content") or "")
            found.append(headline.visible_text(element))
        return [line for text in found if (line := characters.line(text))]


def _place(blocks: Sequence[Block], keys: Sequence[str]) -> int | None:
    """Return where the title stands: as a heading if it does, else where it is first said."""
    places = [index for key in keys for index, block in enumerate(blocks) if block.key == key]
    return next((index for index in places if blocks[index].element.tag in ("h1", "h2")), places[0] if places else None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
