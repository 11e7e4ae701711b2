"""What a feed is, and which stories stand in it, in which order.

A feed is bilingual (all, kind-…, source-…: one entry a story) or of one language
(one entry a text); a newsletter is of one language and keeps the order in which it offered
its texts. Which feeds there are is roster.py, what an entry says entries.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pipeline.model import LANGUAGES, Item, Publisher, PublishRules, Story, Text
from pipeline.publish import clean, dates, words
from pipeline.publish.past import NOTHING, Past
from pipeline.record import dataclass

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The documents every feed is rendered as.
FORMATS = ("rss", "atom", "json", "html")
_NOT_YET_CONFIGURED = "http://localhost/"


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed: what it is called and what belongs to it."""

    name: str  #: of its files, before the dot; a promise
    titles: Mapping[str, str]  #: language → title
    language: str | None = None  #: of the texts; None: bilingual, one entry a story
    kind: str | None = None
    source: str | None = None
    topic: str | None = None
    newsletter: bool = False
    machine: bool = False  #: shows text translated by machine where the publisher has none
    sources: frozenset[str] | None = None  #: ids of the sources it is limited to; None: all
    topics: frozenset[str] | None = None  #: labels, one of which its articles bear; None: no matter
    query: str = ""  #: the label of its search; "": none
    private: bool = False  #: served to whoever has its token, and no file
    token: str = ""
    size: int = 50
    title_order: tuple[str, ...] = field(default=LANGUAGES)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the feed, the leading one first."""
        return (self.language,) if self.language else self.title_order

    @property
    def suffix(self) -> str:
        """What follows the names of its files in addresses."""
        return f"?token={self.token}" if self.token else ""

    @property
    def title(self) -> str:
        """The feed's title, in each of its languages."""
        named = (clean.text(words.name_of(self.titles, language)) or self.name for language in self.languages)
        return " / ".join(dict.fromkeys(named))


def addresses(channel: Channel, publisher: Publisher) -> Mapping[str, str]:
    """Return where each document of a feed is found, by its extension."""
    return {ext: home(publisher) + quote(f"{channel.name}.{ext}") + channel.suffix for ext in FORMATS}


def home(publisher: Publisher) -> str:
    """Return the public address of feeds/; a stand-in on this machine while none is configured."""
    return publisher.home.rstrip("/") + "/" if publisher.home else _NOT_YET_CONFIGURED


def shown_texts(channel: Channel, story: Story) -> tuple[Text, ...]:
    """Return the texts of a story that this feed shows, the leading language first.

    Publishers' own words only, but in feeds that are there for machine text; the publisher's side leads.
    """
    wanted = [channel.language] if channel.language else [*channel.title_order, *sorted(story.texts)]
    texts = [story.texts[language] for language in dict.fromkeys(wanted) if language in story.texts]
    shown = [text for text in texts if text.items and (channel.machine or text.origin == "publisher")]
    return tuple(sorted(shown, key=lambda text: text.origin != "publisher"))


def select(
    channel: Channel, stories: Iterable[Story], now: datetime, rules: PublishRules, past: Past = NOTHING
) -> tuple[Story, ...]:
    """Return the stories that stand in a feed, in its order, cut to its size."""
    return ranked(channel, stories, now, rules, past)[: channel.size]


def by_source(stories: Sequence[Story]) -> Callable[[Channel], Sequence[Story]]:
    """Return what tells of these stories, for a feed, those that have an article of its sources, in their order.

    Of thousands of sources each has a feed: none of them looks at the others' stories.
    """
    places: dict[str, list[int]] = {}
    for place, story in enumerate(stories):
        for source in {item.article.source for text in story.texts.values() for item in text.items}:
            places.setdefault(source, []).append(place)

    def near(channel: Channel) -> Sequence[Story]:
        if channel.sources is None:
            return stories
        return [stories[place] for place in sorted({one for name in channel.sources for one in places.get(name, ())})]

    return near


def ranked(
    channel: Channel, stories: Iterable[Story], now: datetime, rules: PublishRules, past: Past = NOTHING
) -> tuple[Story, ...]:
    """Return the stories that belong to a feed and may be shown, in its order."""
    found = []
    for story in stories:
        texts = shown_texts(channel, story)
        if not texts or not _belongs(channel, texts, past):
            continue
        if channel.language or now >= free_from(story, rules, past.shown.get(channel.name, ())):
            found.append((_rank(channel, story, texts, past), story))
    found.sort(key=lambda pair: pair[0])
    return tuple(story for _, story in found)


def free_from(story: Story, rules: PublishRules, shown: Collection[str] = ()) -> datetime:
    """Return when a bilingual feed may show the story, rather than wait for its other language.

    shown: ids of the entries the feed has shown; they are not held again when a likely counterpart
    turns up later.
    """
    if story.state == "linked" or story.id in shown or any(alias in shown for alias in story.aliases):
        return _EPOCH
    if all(item.history for text in story.texts.values() for item in text.items):
        return _EPOCH
    return story.first_seen + _hold(story, rules)


def _hold(story: Story, rules: PublishRules) -> timedelta:
    doubtful = story.state == "review" and story.match is not None and 0.1 <= story.match.probability < 0.9
    return rules.hold_doubtful if doubtful else rules.hold


def _belongs(channel: Channel, texts: Iterable[Text], past: Past) -> bool:
    if channel.newsletter and not any(text.id in past.offered.get(channel.name, {}) for text in texts):
        return False
    return any(_fits(channel, item, past) for text in texts for item in text.items)


def _fits(channel: Channel, item: Item, past: Past) -> bool:
    own = past.labels.get(item.id, ())
    return (
        (channel.sources is None or item.article.source in channel.sources)
        and (channel.topics is None or any(label in own for label in channel.topics))
        and (not channel.query or channel.query in own)
    )


def _rank(channel: Channel, story: Story, texts: tuple[Text, ...], past: Past) -> tuple[bool, int, timedelta, str]:
    """Return the sorting key: newest first, then by id; history without a date after that, by its place."""
    if channel.newsletter:
        return (False, 0, _EPOCH - past.offered[channel.name][texts[0].id], texts[0].id)
    updated = dates.changed(texts[0]) if channel.language else dates.story_changed(story, texts)
    place = dates.undated_place(texts, updated)
    if place is not None:
        return (True, place, timedelta(), texts[0].id if channel.language else story.id)
    at = dates.published(texts[0].lead).at if channel.language else updated
    return (False, 0, _EPOCH - at, texts[0].id if channel.language else story.id)
