"""Stories set as entries, each once for all documents that show it alike.

A story stands in feeds, in an archive document and in its day's data. What is set is kept for a turn of publishing,
up to a bound; what an entry says is entries.py.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from pipeline.model import Config, FeedEntry, Story
from pipeline.publish.channels import Channel
from pipeline.publish.entries import entry
from pipeline.publish.past import NOTHING, Past

#: So many entries are kept.
_KEPT = 500


class Setting:
    """Entries by what they were made of."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._made: dict[Hashable, tuple[Story, FeedEntry]] = {}

    def entry(self, story: Story, channel: Channel, past: Past = NOTHING) -> FeedEntry:
        """Return the entry of a story in a feed (`entries.entry`)."""
        key = (id(story), *_alike(channel), *_known(story, channel, past))
        known = self._made.get(key)
        if known is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            known = self._made[key] = story, entry(story, channel, self._config, past)  # kept: its id is not another's
        return known[1]


def _alike(channel: Channel) -> tuple[Hashable, ...]:
    """Return what an entry goes by of its feed."""
    return channel.language, channel.title_order, channel.machine, channel.newsletter and channel.name


def _known(story: Story, channel: Channel, past: Past) -> Iterator[Hashable]:
    """Yield what an entry goes by of the past."""
    for text in story.texts.values():
        for item in text.items:
            yield past.missing.get(item.id)
            yield tuple(past.labels.get(item.id, ()))
        if channel.newsletter:
            yield past.offered[channel.name].get(text.id)
