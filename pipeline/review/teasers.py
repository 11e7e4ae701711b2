"""A story in one line of a list: its titles, who brought it and when. Texts and reasons are the story page's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline import edits
from pipeline.model import Config, Story, Text
from pipeline.record import dataclass
from pipeline.review.visit import Visit


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a story."""

    language: str
    title: str
    url: str
    origin: str  #: publisher | machine | edited
    copies: int  #: articles that carry it


@dataclass(frozen=True, slots=True)
class Teaser:
    """A story as lists show it."""

    id: str
    sides: tuple[Side, ...]
    sources: tuple[str, ...]  #: names, each once
    when: datetime
    precision: str  #: minute | day; "" where no source gave a date: then `when` is when it was first seen
    state: str  #: single | linked | review


def teasers(visit: Visit, ids: Sequence[str]) -> dict[str, Teaser]:
    """Return the lines of these stories, by id."""
    config = visit.office.config()
    called = names(config, visit.language)
    return {story.id: _teaser(story, called) for story in visit.office.store.stories.load(ids)}


def names(config: Config, language: str) -> dict[str, str]:
    """Return what sources are called in a language, in any where they have no name there, by id."""
    return {one.id: one.name.get(language) or next(iter(one.name.values()), one.id) for one in config.sources}


def _teaser(story: Story, called: dict[str, str]) -> Teaser:
    sides = tuple(_side(text) for text in story.texts.values())
    items = [item for text in story.texts.values() for item in text.items]
    sources = dict.fromkeys(called.get(one.article.source, one.article.source) for one in items)
    dated = [(one.article.published.at, one.article.published.precision) for one in items if one.article.published]
    seen = [(one.first_seen, "") for one in items]
    when, precision = min(dated or seen, default=(story.updated, ""))
    return Teaser(story.id, sides, tuple(sources), when, precision, story.state)


def _side(text: Text) -> Side:
    """Return one language of a story, in the words that digests have it in."""
    own, lead = edits.holding(text), text.lead.article
    title = own["title"].value if "title" in own else lead.title
    return Side(text.language, title, lead.url, "edited" if own else text.origin, len(text.items))
