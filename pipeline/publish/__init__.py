"""Stories → feeds/: which feeds there are, what stands in them, and the files.

channels   which feeds there are, which stories stand in each
entries    story → FeedEntry, bounded by rights
rss_atom, json_feed, opml, pages    entries → bytes
gate       is this document fit to replace the last one?
write      the only writer of feeds/

Everything but write is pure: the same stories give the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Config, FeedEntry, Story
from pipeline.publish import json_feed, opml, pages, rss_atom, size
from pipeline.publish.channels import Channel, addresses, channels, select
from pipeline.publish.entries import entry
from pipeline.publish.write import Written, write

__all__ = ["Channel", "Edition", "Written", "channels", "publish", "write"]


@dataclass(frozen=True, slots=True)
class Edition:
    """What the feeds should now be."""

    documents: Mapping[str, bytes]  #: file name → content
    entries: Mapping[str, tuple[str, ...]]  #: feed → ids of its entries, in its order


def publish(
    stories: Iterable[Story],
    config: Config,
    now: datetime,
    shown: Mapping[str, Collection[str]] | None = None,
    sources_with_stories: Collection[str] = (),
) -> Edition:
    """Return every feed of the installation, rendered.

    shown: feed → ids of the entries it has ever shown; the caller keeps them (`Edition.entries`), so
    that a story once seen is not held again. sources_with_stories: ids of sources that stories not
    given here belong to.
    """
    everything = tuple(stories)
    present = {i.article.source for s in everything for text in s.texts.values() for i in text.items}
    documents: dict[str, bytes] = {}
    entries: dict[str, tuple[str, ...]] = {}
    made: dict[tuple[object, ...], FeedEntry] = {}
    every = channels(config, {*present, *sources_with_stories})
    for channel in every:
        chosen = select(channel, everything, now, config.publish, (shown or {}).get(channel.name, ()))
        rows = []
        for story in chosen:
            key = (story.id, channel.language, channel.title_order)  # one entry is the same in every such feed
            if key not in made:
                made[key] = entry(story, channel, config)
            rows.append(made[key])
        documents |= {f"{channel.name}.{ext}": body for ext, body in _rendered(channel, rows, config, every).items()}
        entries[channel.name] = tuple(row.id for row in rows)
    documents |= {
        "feeds.opml": opml.render(every, config.publisher),
        "index.html": pages.index(every, config.publisher),
    }
    return Edition(documents, entries)


def _rendered(
    channel: Channel, rows: Sequence[FeedEntry], config: Config, every: Sequence[Channel]
) -> Mapping[str, bytes]:
    """Return a feed's documents by extension, each within the limit of size."""
    publisher, links = config.publisher, addresses(channel, config.publisher)
    switch = [other for other in every if other.kind is None and other.source is None]

    def render(some: Sequence[FeedEntry]) -> Mapping[str, bytes]:
        return {
            **rss_atom.render(channel, some, publisher, links),
            "json": json_feed.render(channel, some, publisher, links),
            "html": pages.twin(channel, some, publisher, links, switch),
        }

    return size.fitted(rows, render)
