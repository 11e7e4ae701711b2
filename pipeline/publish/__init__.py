"""Stories → feeds/: which feeds there are, what stands in them, and the files.

roster     which feeds there are
channels   which stories stand in each
newsletters, archives, topics    what a newsletter offers; older entries; what an article is about
entries    story → FeedEntry, bounded by rights
rss_atom, json_feed, opml, pages    entries → bytes
gate       is this document fit to replace the last one?
write      the only writer of feeds/

Everything but write is pure: the same stories and the same past give the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.model import Config, FeedEntry, Publisher, Story
from pipeline.publish import archives, json_feed, marks, opml, pages, rss_atom, size
from pipeline.publish.archives import pages as archive_pages
from pipeline.publish.channels import Channel, addresses, free_from, home, ranked, select, shown_texts
from pipeline.publish.digests import Digest, arranged, issues
from pipeline.publish.digests import documents as digest_documents
from pipeline.publish.digests import title as digest_title
from pipeline.publish.entries import entry
from pipeline.publish.gate import refusal
from pipeline.publish.newsletters import offer
from pipeline.publish.past import NOTHING, Gone, Past, Sent, standing
from pipeline.publish.roster import channels, newsletters
from pipeline.publish.topics import labels
from pipeline.publish.topics import rules as label_rules
from pipeline.publish.write import Written, intact, remove, sweep, write

__all__ = [
    "Channel", "Day", "Digest", "Edition", "Gone", "Past", "Sent", "Written", "addresses", "archive", "archive_pages", "arranged", "channels", "day",
    "digest_documents", "digest_title", "entries_of", "free_from", "home", "intact",
    "label_rules", "labels", "newsletters", "offer", "publish", "refusal", "remove", "standing", "sweep", "write",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edition:
    """What the feeds should now be."""

    documents: Mapping[str, bytes]  #: file name → content
    entries: Mapping[str, tuple[str, ...]]  #: feed → ids of its entries, in its order
    private: Mapping[str, bytes] = field(default_factory=dict)  #: the same of feeds that are no files


def publish(
    stories: Iterable[Story],
    config: Config,
    now: datetime,
    past: Past = NOTHING,
    sources_with_stories: Collection[str] = (),
    machine: Collection[str] = (),
) -> Edition:
    """Return every feed of the installation, rendered.

    past: what the feeds have shown so far; the caller keeps it. sources_with_stories, machine:
    sources and languages of machine text of stories not given here.
    """
    everything = standing(stories, past.withdrawn)
    present = {i.article.source for s in everything for text in s.texts.values() for i in text.items}
    made_here = {t.language for s in everything for t in s.texts.values() if t.origin != "publisher"}
    every = channels(config, {*present, *sources_with_stories}, {*made_here, *machine})
    standing_in = _chosen(every, everything, config, now, past)
    documents: dict[str, bytes] = {}
    private: dict[str, bytes] = {}
    for channel in every:
        given = replace(channel, token=past.tokens.get(channel.name, ""))
        whole = _rendered(given, standing_in[channel.name], config, every, past)
        (private if channel.private else documents).update({f"{channel.name}.{ext}": one for ext, one in whole.items()})
    every = tuple(channel for channel in every if not channel.private)
    if past.issues:
        channel, sent = issues(past.issues, config.publisher, home(config.publisher))
        every = (*every, channel)
        documents |= {f"digests.{ext}": body for ext, body in _rendered(channel, sent, config, every, past).items()}
    entries = {name: tuple(row.id for row in rows) for name, rows in standing_in.items()}
    return Edition(documents | _beside(every, config.publisher), entries, private)


def _beside(every: Sequence[Channel], publisher: Publisher) -> dict[str, bytes]:
    """Return what stands beside the feeds: the lists of all of them, the page for what is not there, the marks."""
    return {
        "feeds.opml": opml.render(every, publisher),
        "index.html": pages.index(every, publisher),
        "404.html": pages.missing(publisher),
        **marks.documents(publisher),
    }


def _chosen(
    every: Iterable[Channel], stories: Sequence[Story], config: Config, now: datetime, past: Past
) -> dict[str, list[FeedEntry]]:
    """Return the entries of each feed, in its order."""
    made: dict[tuple[object, ...], FeedEntry] = {}
    rows: dict[str, list[FeedEntry]] = {}
    for channel in every:
        # One entry is the same in every such feed.
        alike = (channel.language, channel.title_order, channel.machine, channel.newsletter and channel.name)
        chosen = select(channel, stories, now, config.publish, past)
        for story in chosen:
            if (story.id, alike) not in made:
                made[story.id, alike] = entry(story, channel, config, past)
        rows[channel.name] = [made[story.id, alike] for story in chosen]
    return rows


def entries_of(
    channel: Channel, stories: Iterable[Story], config: Config, past: Past = NOTHING
) -> Mapping[str, FeedEntry]:
    """Return the entries of these stories as such a feed would have them, by id."""
    made = (entry(story, channel, config, past) for story in stories if shown_texts(channel, story))
    return {one.id: one for one in made}


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of a day as data, one a line."""

    document: bytes
    whole: bool  #: whether none of them is held back for now


def day(stories: Iterable[Story], config: Config, now: datetime, past: Past = NOTHING) -> Day:
    """Return the stories that may be shown as lines of JSON, each what it is in the feed of all stories."""
    everything = standing(stories, past.withdrawn)
    channel = Channel("all", {})
    shown = ranked(channel, everything, now, config.publish, past)
    lines = (json_feed.line(entry(story, channel, config, past)) for story in shown)
    told = [story for story in everything if shown_texts(channel, story)]
    return Day(b"".join(lines), len(shown) == len(told))


def archive(
    channel: Channel, stories: Iterable[Story], config: Config, page: int, past: Past = NOTHING, *,
    followed: bool = False,
) -> Mapping[str, bytes]:  # fmt: skip
    """Return an archive document of a feed by its file name: these stories, the newest first.

    It links to the document before it and to its feed, and to no later one, so that it can stay as it is; only the
    very first, which is made together with the second (followed), links to that: every document leads somewhere.
    """
    whole = replace(channel, size=archives.PAGE)
    shown = {channel.name: [story.id for story in stories]}  # what is archived is not held
    chosen = select(whole, stories, rss_atom.NEVER, config.publish, replace(past, shown=shown))
    rows = [entry(story, whole, config, past) for story in chosen]
    where = home(config.publisher)
    name = archives.name(channel.name, page)
    links = {**addresses(channel, config.publisher), "atom": where + name}
    earlier = where + archives.name(channel.name, page - 1) if page > 1 else ""
    later = where + archives.name(channel.name, 2) if page == 1 and followed else ""
    beside = rss_atom.Beside(earlier=earlier, later=later, current=addresses(channel, config.publisher)["atom"])

    def render(some: Sequence[FeedEntry]) -> Mapping[str, bytes]:
        return {name: rss_atom.atom(channel, some, config.publisher, links, beside)}

    return size.fitted(rows, render)


def _rendered(
    channel: Channel, rows: Sequence[FeedEntry], config: Config, every: Sequence[Channel], past: Past
) -> Mapping[str, bytes]:
    """Return a feed's documents by extension, each within the limit of size."""
    publisher, links = config.publisher, addresses(channel, config.publisher)
    names = ("all-mt", "ru-mt", "en-mt") if channel.machine else ("all", "ru", "en")
    switch = [other for other in every if other.name in names]
    page = past.archived.get(channel.name, 0)
    beside = rss_atom.Beside(
        gone=[one for one in past.gone.get(channel.name, ()) if one.id not in {row.id for row in rows}],
        earlier=home(publisher) + archives.name(channel.name, page) if page else "",
        hub=config.publish.hub,
    )

    def render(some: Sequence[FeedEntry]) -> Mapping[str, bytes]:
        return {
            **rss_atom.render(channel, some, publisher, links, beside),
            "json": json_feed.render(channel, some, publisher, links, config.publish.hub),
            "html": pages.twin(channel, some, publisher, links, switch, beside.earlier),
        }

    return size.fitted(rows, render)
