"""The steps of reading one page, or the part of it that a layout names, and what they share.

what the page states → blocks → titles → text → date → pictures → versions. What is not here: bytes,
parsing, and which way a page is read (reading.py); what the source's other pages teach (boilerplate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
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
    disguise,
    dom,
    emblems,
    events,
    gallery,
    headline,
    images,
    layout,
    refuse,
    render,
    robots,
    stated,
    twofold,
    versions,
)
from pipeline.extract.blocks import Block, fold, line_hash
from pipeline.extract.given import PageReading
from pipeline.extract.walk import blocks_of
from pipeline.model import Article, FetchedPage, Image, Layout, Link, Published, Refusal, Rule, Source
from pipeline.record import dataclass

#: A line that is nothing but a date, this near to the title or the text's beginning, is the article's date.
_DATE_REACH = 3


def refused(page: FetchedPage, kind: str, detail: str) -> PageReading:
    """Return a page that gave no article."""
    return PageReading(None, Refusal(page.url, kind, characters.line(detail)))


@dataclass(frozen=True, slots=True)
class Facts:
    """A page parsed, and all that does not depend on which part of it is read."""

    page: FetchedPage
    source: Source
    link: Link | None
    root: HtmlElement  #: without what the source's rule drops
    tags: dom.Tags
    base: str
    stated: stated.Stated
    zone: ZoneInfo
    now: datetime  #: when the page was fetched, in `zone`
    rule: tuple[int, Rule] | None
    rule_title: str
    rule_dates: tuple[str, ...]


def facts_of(page: FetchedPage, source: Source, link: Link | None, root: HtmlElement) -> Facts:
    """Return what a parsed page states; what its rule drops is dropped from root."""
    zone = _zone(source.timezone)
    now = page.fetched_at.astimezone(zone)
    tags = dom.by_tag(root)
    told = stated.read(root, tags, page.url)
    rule = texts.rule_for(source, now.date())
    # Read before anything is dropped: a rule's title or date may stand inside what it drops from the text.
    title = next(iter(_selected(root, rule[1].title if rule else None)), "")
    dated = tuple(_selected(root, rule[1].date if rule else None))
    if rule is not None:
        texts.drop(root, rule[1])
        tags = dom.by_tag(root)
    return Facts(page, source, link, root, tags, dom.base_url(tags, page.url), told, zone, now, rule, title, dated)


class DoubtfulError(Exception):
    """A layout that may not be this page's."""


class Page:
    """The steps of one reading and what they share; where: the part of the page that is read."""

    def __init__(self, facts: Facts, where: layout.Located | None = None, *, proven: bool = True) -> None:
        self.facts, self.where, self.proven = facts, where, proven
        self.page, self.source, self.link = facts.page, facts.source, facts.link
        self.root, self.tags = facts.root, facts.tags
        self.stated, self.base, self.now, self.rule = facts.stated, facts.base, facts.now, facts.rule
        self.blocks: list[Block] = blocks_of(where.region if where else self.root, self.base)
        self.title_at: int | None = None  #: index of the block with the title
        self.chosen = texts.Body("")  #: the text's blocks
        self.keys: frozenset[str] = frozenset()  #: of what the page may be titled
        self.documents: dict[tuple[int, ...], tuple[attachments.Found, ...]] = {}  #: by the places of a text

    def read(self) -> PageReading:
        """Return the article that stands there, or why there is none; raises DoubtfulError only with a part."""
        names = headline.site_names(self.stated, self.source, urlsplit(self.page.url).hostname or "")
        found = headline.candidates(self.root, self.tags, self.stated, self.link, names)
        raw_title = self.facts.rule_title or headline.choose(found)
        _, title = dates.title_date(raw_title, self.now)
        keys = self.keys = frozenset(fold(one) for one in (title, raw_title, *(candidate.text for candidate in found)))
        ordered = [key for key in (fold(title), fold(raw_title), *sorted(keys)) if key]
        self.title_at = _place(self.blocks, ordered)
        body = self.chosen = self._body(keys)
        reason = self._no_article([title, *(one.text for one in found if one.kind in ("h1", "title"))], body)
        if reason:
            return refused(self.page, "not-article", reason)
        if not title:
            return refused(self.page, "no-title", "no JSON-LD headline, og:title, h1, listing link or <title>")
        if not body.lines:
            return refused(
                self.page, "no-text", f"{len(self.blocks)} blocks, none of them an article's ({body.made_by})"
            )
        reason = "" if body.made_by.startswith("rule") else disguise.only_links(body.blocks)
        if reason:
            return refused(self.page, "not-article", reason)
        if len(body.text) < self.source.expect.text_chars:
            return refused(
                self.page, "too-short", f"{len(body.text)} characters, expected {self.source.expect.text_chars}"
            )
        published = self._published(raw_title, body)
        articles = self._articles([title, *(one.text for one in found)], body, published)
        listing, place = (self.link.listing, self.link.place) if self.link and self.link.by == "listing" else ("", 0)
        return PageReading(
            articles[0], None, (*self._lines(), *emblems.marks(articles[0].images)), headline.suffix(title), articles[1:],
            tuple((one.attachment.url, line_hash(one.line)) for one in self._attached(body)),
            versions.canonical(self.tags, self.base, articles[0].url), listing, place,
        )  # fmt: skip

    def _no_article(self, titles: Sequence[str], body: texts.Body) -> str:
        """Return what the page is instead of an article, or ""."""
        reason = refuse.by_title(titles, body.text, missing=disguise.error_below(self.blocks, self.title_at))
        if reason:
            return reason
        # A teaser is the listing's word, or meant for machines: what the page itself says stands in its blocks.
        teaser = body.made_by.startswith("teaser")
        own = disguise.prose(self.blocks) if teaser or not body.lines else body.text
        reason = disguise.wall(own, password=disguise.asks_password(self.tags["input"]))
        if reason or teaser:
            return reason
        if disguise.is_list(self.blocks, body.places, self.root, self.stated, self.base, self.now):
            return f"a list of articles, beginning with “{body.text[:70]}”"
        return ""

    def _body(self, keys: frozenset[str]) -> texts.Body:
        teaser = self.link.teaser if self.link else ""
        description = self.stated.meta("og:description", "description", "twitter:description")
        promise = max(description, teaser, key=len)
        if self.where is not None:
            return self._body_there(self.where, keys, promise)
        body = texts.body_of(self.root, self.blocks, self.page.url, self.rule, keys, promise)
        if body.blocks:
            body = texts.without(body, self._is_date_line)
        if not body.lines and len(promise) >= 40:
            return texts.Body(f"teaser; {body.made_by} found no text", lines=(characters.line(promise),))
        return body

    def _body_there(self, where: layout.Located, keys: frozenset[str], promise: str) -> texts.Body:
        """Return the text that stands where the layout says; raises DoubtfulError."""
        places = layout.chosen(where, self.blocks)
        if not places:
            raise DoubtfulError
        body = self._text_at(places, keys)
        if len(body.text) < texts.SHORT * len(promise) or (
            self.proven and not layout.is_likely(where.layout, body.blocks)
        ):
            raise DoubtfulError
        return body

    def _text_at(self, places: Sequence[int], keys: frozenset[str]) -> texts.Body:
        body = texts.of_places(self.blocks, places, keys, "layout", self.facts.rule)
        return texts.without(body, self._is_date_line)

    def lesson(self, common: AbstractSet[str] = frozenset()) -> Layout | None:
        """Return the layout of a page that was read as a whole; None where its text has no place."""
        if not self.chosen.blocks:
            return None
        return layout.taught(
            self.blocks, self.chosen.places, self.title_at, lambda places: self._text_at(places, self.keys).places, common
        )  # fmt: skip

    def _is_date_line(self, number: int, count: int, place: int, block: Block) -> bool:
        """Whether a line by the title, or at the text's beginning or end, is its date, not a part of it."""
        by_title = self.title_at is not None and abs(place - self.title_at) <= _DATE_REACH
        return (by_title or number < _DATE_REACH or number >= count - 2) and daytext.is_only_date(block.text, self.now)

    def _published(self, title: str, body: texts.Body) -> Published | None:
        return dates.published(
            dates.Clues(
                root=self.root, tags=self.tags, blocks=self.blocks, stated=self.stated, url=self.page.url, zone=self.facts.zone, now=self.now,
                title_at=self.title_at, body=body.places, text=body.text, title=title, link=self.link,
                rule=self.rule[1] if self.rule else None, rule_dates=self.facts.rule_dates,
            )
        )  # fmt: skip

    def _articles(self, titles: Sequence[str], body: texts.Body, published: Published | None) -> tuple[Article, ...]:
        """Return the page's article, or its two where it says everything in two languages, one after the other."""
        sides = twofold.split(body.lines, titles)
        if sides is None:
            return (self._article(titles[0], body, published),)
        made = [self._article(side.title, texts.span(body, side.start, side.end), published) for side in sides]
        return versions.on_one_page(made[0], made[1], sides[0].language, sides[1].language)

    def _article(self, title: str, body: texts.Body, published: Published | None) -> Article:
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
            images=self._images([block.image for _, block in pictures if block.image is not None]),
            alternates=versions.alternates(self.tags, self.base, url, self.source),
            declared=versions.declared(self.root, self.stated, url, self.source, self.link),
            authors=stated.authors(self.stated, self.root),
            sections=stated.sections(self.stated, self.root),
            event_date=events.event_date(body.text, published, self.facts.zone, self.now),
            modified=events.modified(self.stated, published, self.facts.zone, self.now),
            digest=self.page.digest,
            made_by=body.made_by,
            robots=robots.directives(self.stated, self.page.headers),
            attachments=tuple(one.attachment for one in self._attached(body)),
        )

    def _attached(self, body: texts.Body) -> tuple[attachments.Found, ...]:
        if body.places not in self.documents:
            found = attachments.of_article(self.blocks, body.places, self.title_at, self.base)
            self.documents[body.places] = found
        return self.documents[body.places]

    def _images(self, shown: Sequence[Image]) -> tuple[Image, ...]:
        meta = self.stated.meta
        lead = images.of_meta(
            meta("og:image", "og:image:url", "og:image:secure_url", "twitter:image"), self.base,
            meta("og:image:width"), meta("og:image:height"), meta("og:image:alt"),
        )  # fmt: skip
        if lead is None and not shown and self.link is not None:
            lead = images.of_meta(self.link.image, self.base)
        return images.distinct([*([lead] if lead else []), *shown])

    def _lines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(block.hash() for block in self.blocks if block.text))


def _selected(root: HtmlElement, selector: str | None) -> list[str]:
    """Return the texts a rule's selector matches."""
    found = []
    for element in root.cssselect(selector) if selector else ():
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
