"""The rows of the list of items: a story each, with its titles in both languages and the place where words were found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline import edits
from pipeline.model import LANGUAGES, Item, Story, Text
from pipeline.record import dataclass
from pipeline.review.items.snippets import Piece, marked, snippet
from pipeline.stems import Part
from pipeline.store import Hit, Store

#: Tags that are on a story, and who put a star on it.
Marked = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a story."""

    article: str
    language: str
    title: Sequence[Piece]
    url: str
    source: str
    origin: str  #: publisher | machine | edited
    sites: int  #: how many carry it


@dataclass(frozen=True, slots=True)
class Row:
    """One story, by the article that was found."""

    story: str  #: "" where the article was not paired yet
    article: str
    state: str  #: new | single | linked | review
    where: str  #: title | text | translation; "" where no words were asked for
    at: datetime
    precision: str  #: "" where the source gave no date: then `at` is when it was first seen
    sides: Sequence[Side]
    language: str  #: of the snippet
    snippet: Sequence[Piece]
    tags: Sequence[str] = ()  #: that are on the story
    stars: Sequence[str] = ()  #: who put one on it


def rows(
    store: Store, hits: Sequence[Hit], parts: Sequence[Part], others: Sequence[Part], language: str = ""
) -> list[Row]:  # fmt: skip
    """Return the rows of a page; parts: the words asked for, others: what they may be in the other language.

    language: what is quoted where no words say it; that of the article found where a story has no such side.
    """
    ids = [hit.article for hit in hits]
    stories = list(store.stories.of_articles(ids))
    told = {item.id: (item, story) for story in stories for text in story.texts.values() for item in text.items}
    new = {item.id: (item, None) for item in store.features.items(one for one in ids if one not in told)}
    shown = [*parts, *others]
    on = store.marks.on(story.id for story in stories)
    known: Mapping[str, tuple[Item, Story | None]] = {**told, **new}
    return [_row(hit, *known[hit.article], shown, language, on) for hit in hits if hit.article in known]


def _row(
    hit: Hit, item: Item, story: Story | None, parts: Sequence[Part], language: str, on: Mapping[str, Marked]
) -> Row:  # fmt: skip
    quoted = story.texts[language].lead if story and not parts and language in story.texts else item
    mine = on.get(story.id, ((), ())) if story else ((), ())
    dated = item.article.published
    own: tuple[Side, ...]
    if story is None:
        article = item.article
        own = (
            Side(
                item.id, item.language.code, marked(article.title, parts), article.url, article.source, "publisher", 1
            ),
        )
    else:
        own = tuple(_side(story.texts[code], parts) for code in (*LANGUAGES, "other") if code in story.texts)
    return Row(
        story.id if story else "", item.id, story.state if story else "new", hit.where,
        dated.at if dated else item.first_seen, dated.precision if dated else "", own, quoted.language.code,
        snippet(_body(quoted), parts), *mine,
    )  # fmt: skip


def _side(text: Text, parts: Sequence[Part]) -> Side:
    lead, title = text.lead, edits.holding(text).get("title")
    return Side(
        lead.id, text.language, marked(title.value if title else lead.article.title, parts), lead.article.url,
        lead.article.source, "edited" if edits.holding(text) else text.origin, len(text.items),
    )  # fmt: skip


def _body(item: Item) -> str:
    """Return an article's text without a title repeated on top."""
    title, text = item.article.title, item.article.text
    return text[len(title) :].lstrip() if text.startswith(f"{title}\n") else text
