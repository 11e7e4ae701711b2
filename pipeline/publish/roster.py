"""Which feeds there are: the standing ones, and what sources.yaml adds or alters.

Standing: all, ru, en, newsletter-ru, newsletter-en, and one for each kind, source, topic and saved search.
What stands in a feed is channels.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

from pipeline.model import LANGUAGES, Config, Feed, Search, Source
from pipeline.publish import topics, words
from pipeline.publish.channels import Channel

NEWSLETTER = "newsletter-"


def channels(
    config: Config, sources_with_stories: Collection[str] = (), machine: Collection[str] = ()
) -> tuple[Channel, ...]:
    """Return every feed of an installation.

    machine: languages that stories have been translated into by machine; they get feeds of their own,
    so that the plain ones never have such text. A source that is disabled keeps its feed while stories of it are there: its address is a promise.
    """
    sources = [source for source in config.sources if source.enabled or source.id in sources_with_stories]
    declared = {feed.id: feed for feed in config.feeds}
    standing = [*_standing(config, sources), *_machine(config, machine)]
    altered = [_altered(channel, declared.get(channel.name), config) for channel in standing]
    names = {channel.name for channel in standing}
    own = [_own(feed, config) for feed in config.feeds if feed.id not in names]
    on = {feed.id: feed.enabled for feed in config.feeds}
    return tuple(channel for channel in (*altered, *own) if on.get(channel.name, True))


def newsletters(machine: Collection[str] = ()) -> tuple[Channel, ...]:
    """Return the newsletters there are whatever sources.yaml says; machine: as for `channels`."""
    plain = [Channel(NEWSLETTER + one, {}, one, newsletter=True) for one in LANGUAGES]
    made = [Channel(f"{one.name}-mt", {}, one.language, newsletter=True, machine=True) for one in plain]
    return (*plain, *(one for one in made if one.language in machine))


def _standing(config: Config, sources: Collection[Source]) -> list[Channel]:
    titled = partial(_titled, config.publisher.title)
    made = [Channel("all", titled(lambda own: words.say("all", own)))]
    made += [Channel(one, titled(lambda own: words.say("language", own)), one) for one in LANGUAGES]
    made += [
        Channel(NEWSLETTER + one, titled(lambda own: words.say("newsletter", own)), one, newsletter=True)
        for one in LANGUAGES
    ]
    for kind in sorted({source.kind for source in sources}):
        ids = frozenset(source.id for source in sources if source.kind == kind)
        made.append(Channel(f"kind-{kind}", titled(partial(words.kind, kind)), kind=kind, sources=ids))
    for source in sorted(sources, key=lambda source: source.id):
        named = titled(partial(words.name_of, source.name, otherwise=source.id))
        made.append(Channel(f"source-{source.id}", named, source=source.id, sources=frozenset({source.id})))
    for topic in config.topics:
        named = titled(partial(words.name_of, topic.name, otherwise=topic.id))
        made.append(Channel(f"topic-{topic.id}", named, topic=topic.id, topics=frozenset({topics.topic(topic.id)})))
    return [*made, *(_searched(one, config) for one in config.searches)]


def _searched(saved: Search, config: Config) -> Channel:
    """Return the feed of a saved search."""
    name = topics.channel_of(saved)
    named = _titled(config.publisher.title, partial(words.name_of, saved.title, otherwise=saved.id))
    order = saved.title_order or LANGUAGES
    return Channel(
        name, named, query=topics.search(name), private=not saved.public, size=saved.size or 50, title_order=order
    )


def _machine(config: Config, languages: Collection[str]) -> list[Channel]:
    """Return the feeds that show machine text where the publisher has none."""
    made = []
    for plain in _standing(config, ()) if languages else ():
        if plain.name == "all" or plain.language in languages:
            titles = {own: f"{title} ({words.say('with machine', own)})" for own, title in plain.titles.items()}
            made.append(replace(plain, name=f"{plain.name}-mt", titles=titles, machine=True, topic=None))
    return made


def _own(feed: Feed, config: Config) -> Channel:
    """Return a feed that sources.yaml adds."""
    named = _titled(config.publisher.title, partial(words.name_of, feed.title, otherwise=feed.id))
    return _altered(Channel(feed.id, named), feed, config)


def _altered(channel: Channel, feed: Feed | None, config: Config) -> Channel:
    """Return a feed with what sources.yaml says of it."""
    if feed is None:
        return channel
    limits = [frozenset(feed.sources)] if feed.sources else []
    if feed.kinds:
        limits.append(frozenset(source.id for source in config.sources if source.kind in feed.kinds))
    if channel.sources is not None:
        limits.append(channel.sources)
    languages = [*feed.title, *LANGUAGES] if feed.title else []
    return replace(
        channel,
        titles={own: words.name_of(feed.title, own) for own in languages} or channel.titles,
        language=feed.language or channel.language,
        sources=frozenset.intersection(*limits) if limits else None,
        topics=frozenset(map(topics.topic, feed.topics)) or channel.topics,
        query=topics.search(feed.id) if feed.query else channel.query,
        size=feed.size or channel.size,
        title_order=feed.title_order or channel.title_order,
    )


def _titled(titles: Mapping[str, str], suffix: Callable[[str], str]) -> Mapping[str, str]:
    languages = sorted({*titles, *LANGUAGES})
    return {language: f"{words.name_of(titles, language)}: {suffix(language)}".lstrip(": ") for language in languages}
