"""What was published before, as the caller keeps it: it decides what may be shown, and what is mourned.

Values only; nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from pipeline.model import Item, Story, Text
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that a feed showed and shows no more."""

    id: str
    at: datetime
    into: str = ""  #: id of the story it went into; "" where it was withdrawn


@dataclass(frozen=True, slots=True)
class Sent:
    """A digest that went out."""

    id: str
    language: str  #: ru | en | both
    name: str  #: of its files, below feeds/digest/
    title: str
    at: datetime
    entries: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the feeds have shown so far."""

    #: Feed → ids of the entries it has ever shown: a story once seen is not held again.
    shown: Mapping[str, Collection[str]] = field(default_factory=dict)
    #: Newsletter → text id → since when it is offered there.
    offered: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    #: Ids of articles that must not be shown any more → since when.
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    #: Feed → what it showed and shows no more.
    gone: Mapping[str, Sequence[Gone]] = field(default_factory=dict)
    #: Article id → the topics and searches it belongs to.
    labels: Mapping[str, Collection[str]] = field(default_factory=dict)
    #: Feed → number of its newest archive document.
    archived: Mapping[str, int] = field(default_factory=dict)
    #: Article id → since when its page is gone at the source.
    missing: Mapping[str, datetime] = field(default_factory=dict)
    #: Private feed → its token.
    tokens: Mapping[str, str] = field(default_factory=dict)
    #: Digests that went out, newest first.
    issues: Sequence[Sent] = ()


#: The past of an installation that has published nothing yet.
NOTHING = Past()


def standing(stories: Iterable[Story], withdrawn: Mapping[str, datetime]) -> tuple[Story, ...]:
    """Return the stories without the withdrawn articles; one that has nothing else is left out."""
    left = (_without(_beside(story, withdrawn), withdrawn) for story in stories)
    return tuple(story for story in left if story is not None)


def _beside(story: Story, withdrawn: Mapping[str, datetime]) -> Story:
    left = tuple(one for one in story.related if one.article not in withdrawn)
    return story if left == story.related else replace(story, related=left)


def _without(story: Story, withdrawn: Mapping[str, datetime]) -> Story | None:
    gone = [item for text in story.texts.values() for item in text.items if item.id in withdrawn]
    if not gone:
        return story
    texts = {language: left for language, text in story.texts.items() if (left := _left(text, withdrawn))}
    if not any(text.origin == "publisher" for text in texts.values()):
        return None  # a translation does not outlive what it was made of
    both = len(texts) == len(story.texts)
    # Losing a side, or the article that led one, is a change that readers see.
    updated = max(story.updated, *(withdrawn[item.id] for item in gone))
    state, match = (story.state, story.match) if both else ("single", None)
    return replace(story, texts=texts, updated=updated, state=state, match=match)


def _left(text: Text, withdrawn: Mapping[str, datetime]) -> Text | None:
    items = tuple(item for item in text.items if item.id not in withdrawn)
    if not items:
        return None
    if items[0].id == text.lead.id:
        return replace(text, items=items)
    lead: Item = items[0]
    since = max(lead.updated, withdrawn[text.lead.id])
    return replace(text, items=(replace(lead, updated=since), *items[1:]))
