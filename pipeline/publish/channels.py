"""Which feeds there are, and which stories stand in each, in which order.

A feed is bilingual (all, kind-…, source-…: one entry a story) or of one language
(one entry a text). What an entry says is entries.py; nothing is rendered here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from pipeline.model import LANGUAGES, Config, Publisher, PublishRules, Story, Text
from pipeline.publish import dates, words

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
    sources: frozenset[str] | None = None  #: ids of the sources it is limited to; None: all
    size: int = 50
    title_order: tuple[str, ...] = field(default=LANGUAGES)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the feed, the leading one first."""
        return (self.language,) if self.language else self.title_order

    @property
    def title(self) -> str:
        """The feed's title, in each of its languages."""
        named = [words.name_of(self.titles, language, self.name) for language in self.languages]
        return " / ".join(dict.fromkeys(named))


def channels(config: Config, sources_with_stories: Collection[str] = ()) -> tuple[Channel, ...]:
    """Return every feed of an installation.

    A source that is disabled keeps its feed while stories of it are there: its address is a promise.
    """
    titles = config.publisher.title
    sources = [source for source in config.sources if source.enabled or source.id in sources_with_stories]
    made = [Channel("all", _titled(titles, lambda own: words.say("all", own)))]
    made += [
        Channel(language, _titled(titles, lambda own: words.say("language", own)), language) for language in LANGUAGES
    ]
    for kind in sorted({source.kind for source in sources}):
        ids = frozenset(source.id for source in sources if source.kind == kind)
        made.append(Channel(f"kind-{kind}", _titled(titles, partial(words.kind, kind)), kind=kind, sources=ids))
    for source in sorted(sources, key=lambda source: source.id):
        named = _titled(titles, partial(words.name_of, source.name, otherwise=source.id))
        made.append(Channel(f"source-{source.id}", named, source=source.id, sources=frozenset({source.id})))
    return tuple(made)


def addresses(channel: Channel, publisher: Publisher) -> Mapping[str, str]:
    """Return where each document of a feed is found, by its extension."""
    return {ext: home(publisher) + quote(f"{channel.name}.{ext}") for ext in FORMATS}


def home(publisher: Publisher) -> str:
    """Return the public address of feeds/; a stand-in on this machine while none is configured."""
    return publisher.home.rstrip("/") + "/" if publisher.home else _NOT_YET_CONFIGURED


def shown_texts(channel: Channel, story: Story) -> tuple[Text, ...]:
    """Return the texts of a story that this feed shows, the leading language first; publishers' own words only."""
    wanted = [channel.language] if channel.language else [*channel.title_order, *sorted(story.texts)]
    texts = [story.texts[language] for language in dict.fromkeys(wanted) if language in story.texts]
    return tuple(text for text in texts if text.origin == "publisher" and text.items)


def select(
    channel: Channel, stories: Iterable[Story], now: datetime, rules: PublishRules, shown: Collection[str] = ()
) -> tuple[Story, ...]:
    """Return the stories that stand in a feed, in its order, cut to its size.

    shown: ids of stories that bilingual feeds have shown before; they are not held again when
    a likely counterpart turns up later. The caller keeps them.
    """
    ranked = []
    for story in stories:
        texts = shown_texts(channel, story)
        if not texts or not _belongs(channel, texts):
            continue
        if channel.language or is_free(story, now, rules, shown):
            ranked.append((_rank(channel, story, texts), story))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(story for _, story in ranked[: channel.size])


def is_free(story: Story, now: datetime, rules: PublishRules, shown: Collection[str] = ()) -> bool:
    """Return whether a bilingual feed may show the story yet, or waits for its other language."""
    if story.state == "linked" or story.id in shown or any(alias in shown for alias in story.aliases):
        return True
    if all(item.history for text in story.texts.values() for item in text.items):
        return True
    return now >= story.first_seen + _hold(story, rules)


def _hold(story: Story, rules: PublishRules) -> timedelta:
    doubtful = story.state == "review" and story.match is not None and 0.1 <= story.match.probability < 0.9
    return rules.hold_doubtful if doubtful else rules.hold


def _belongs(channel: Channel, texts: Iterable[Text]) -> bool:
    wanted = channel.sources
    return wanted is None or any(item.article.source in wanted for text in texts for item in text.items)


def _rank(channel: Channel, story: Story, texts: tuple[Text, ...]) -> tuple[bool, int, timedelta, str]:
    """Return the sorting key: newest first, then by id; history without a date after that, by its place."""
    updated = dates.changed(texts[0]) if channel.language else dates.story_changed(story, texts)
    place = dates.undated_place(texts, updated)
    if place is not None:
        return (True, place, timedelta(), texts[0].id if channel.language else story.id)
    at = dates.published(texts[0].lead).at if channel.language else updated
    return (False, 0, _EPOCH - at, texts[0].id if channel.language else story.id)


def _titled(titles: Mapping[str, str], suffix: Callable[[str], str]) -> Mapping[str, str]:
    languages = sorted({*titles, *LANGUAGES})
    return {language: f"{words.name_of(titles, language)}: {suffix(language)}".lstrip(": ") for language in languages}
