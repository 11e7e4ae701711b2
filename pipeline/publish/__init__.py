"""Stories → feeds/: which feeds there are, what stands in them, and the files.

roster     which feeds there are
channels   which stories stand in each
newsletters, archives, topics    what a newsletter offers; older entries; what an article is about
entries    story → FeedEntry, bounded by rights; setting: each once for all documents
galley     what documents are made of, in a form that can be kept; once: for all documents of a turn
rss_atom, links, json_feed, opml, pages    entries → bytes
gate       is this document fit to replace the last one?
write      the only writer of feeds/; sheaf, lasting: how its files come to stay

Everything but write is pure: the same stories and the same past give the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from pipeline.model import Config, FeedEntry, Publisher, PublishRules, Story
from pipeline.publish import archives, rss_atom
from pipeline.publish.archives import name as archive_name
from pipeline.publish.archives import pages as archive_pages
from pipeline.publish.channels import Channel, addresses, by_source, free_from, home, ranked, select, shown_texts
from pipeline.publish.digests import Digest, arranged, issues
from pipeline.publish.digests import documents as digest_documents
from pipeline.publish.digests import fitted as digest_fitted
from pipeline.publish.digests import title as digest_title
from pipeline.publish.entries import entry
from pipeline.publish.galley import (
    Frame,
    Galley,
    lean,
    nothing,
    of_archive,
    of_digest,
    of_index,
    packed,
    packed_frame,
    plain,
    stem,
)
from pipeline.publish.galley import documents as render
from pipeline.publish.galley import entry as unpacked_entry
from pipeline.publish.galley import frame as unpacked_frame
from pipeline.publish.gate import refusal
from pipeline.publish.newsletters import offer
from pipeline.publish.once import let_go
from pipeline.publish.past import NOTHING, Gone, Past, Sent, standing
from pipeline.publish.rights import lead_of, shows_summary
from pipeline.publish.roster import channels, newsletters
from pipeline.publish.setting import Setting
from pipeline.publish.topics import asks_tags, asks_words, labels
from pipeline.publish.topics import rules as label_rules
from pipeline.publish.write import Writing, Written, has_twin, intact, remove, sizes, sweep, there, together, write
from pipeline.record import dataclass

__all__ = [
    "Channel", "Day", "Digest", "Edition", "Frame", "Galley", "Gone", "Past", "Sent", "Setting", "Writing", "Written", "addresses", "archive", "archive_name", "archive_pages", "arranged", "asks_tags", "asks_words", "channels", "day",
    "digest_documents", "digest_fitted", "digest_title", "entries_of", "free_from", "has_twin", "home", "intact",
    "label_rules", "labels", "lead_of", "let_go", "newsletters", "nothing", "of_digest", "offer", "packed", "packed_frame", "publish", "refusal", "remove",
    "render", "shows_summary", "sizes", "standing", "stem", "sweep", "there", "together", "unpacked_entry", "unpacked_frame", "write",
]  # fmt: skip


@dataclass(frozen=True)
class Edition:
    """What the feeds should now be."""

    entries: Mapping[str, tuple[str, ...]]  #: feed → ids of its entries, in its order
    galleys: tuple[Galley, ...]  #: what documents are made of
    hidden: tuple[Galley, ...]  #: the same of feeds that are no files

    @cached_property
    def documents(self) -> dict[str, bytes]:
        """Render every document: file name → content."""
        return _rendered(self.galleys)

    @cached_property
    def private(self) -> dict[str, bytes]:
        """Render the documents of feeds that are no files."""
        return _rendered(self.hidden)


def publish(
    stories: Iterable[Story],
    config: Config,
    now: datetime,
    past: Past = NOTHING,
    sources_with_stories: Collection[str] = (),
    machine: Collection[str] = (),
    setting: Setting | None = None,
) -> Edition:
    """Return every feed of the installation.

    past: what the feeds have shown so far; the caller keeps it. sources_with_stories, machine:
    sources and languages of machine text of stories not given here. setting: with entries made before in this turn.
    """
    everything = standing(stories, past.withdrawn)
    present = {i.article.source for s in everything for text in s.texts.values() for i in text.items}
    made_here = {t.language for s in everything for t in s.texts.values() if t.origin != "publisher"}
    every = channels(config, {*present, *sources_with_stories}, {*made_here, *machine})
    standing_in = _chosen(every, everything, setting or Setting(config), now, config.publish, past)
    galleys: list[Galley] = []
    private: list[Galley] = []
    publisher, hub = lean(config.publisher), config.publish.hub
    switches = {machine: _switch(every, machine=machine) for machine in (False, True)}
    for channel in every:
        given = replace(channel, token=past.tokens[channel.name]) if channel.name in past.tokens else channel
        (private if channel.private else galleys).append(
            _of_feed(given, standing_in[channel.name], publisher, hub, switches[channel.machine], past)
        )
    every = tuple(channel for channel in every if not channel.private)
    if past.issues:
        channel, sent = issues(past.issues, config.publisher, home(config.publisher))
        every = (*every, channel)
        galleys.append(_of_feed(channel, sent, publisher, hub, switches[channel.machine], past))
    galleys.append(of_index(every, config.publisher))
    entries = {name: tuple(row.id for row in rows) for name, rows in standing_in.items()}
    return Edition(entries, tuple(galleys), tuple(private))


def _rendered(galleys: Iterable[Galley]) -> dict[str, bytes]:
    return {name: body for one in galleys for name, body in render(one).items()}


def _chosen(
    every: Iterable[Channel], stories: Sequence[Story], setting: Setting, now: datetime, rules: PublishRules, past: Past
) -> dict[str, list[FeedEntry]]:
    """Return the entries of each feed, in its order."""
    near = by_source(stories)
    return {
        channel.name: [
            setting.entry(story, channel, past) for story in select(channel, near(channel), now, rules, past)
        ]
        for channel in every
    }


def entries_of(
    channel: Channel, stories: Iterable[Story], config: Config, past: Past = NOTHING
) -> Mapping[str, FeedEntry]:
    """Return the entries of these stories as such a feed would have them, by id."""
    made = (entry(story, channel, config, past) for story in stories if shown_texts(channel, story))
    return {one.id: one for one in made}


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of a day as data, one a line."""

    galley: Galley
    whole: bool  #: whether none of them is held back for now


def day(
    name: str, stories: Iterable[Story], config: Config, now: datetime, past: Past = NOTHING,
    setting: Setting | None = None,
) -> Day:  # fmt: skip
    """Return the stories of a day that may be shown, each what it is in the feed of all stories."""
    setting = setting or Setting(config)
    everything = standing(stories, past.withdrawn)
    channel = Channel("all", {})
    shown = ranked(channel, everything, now, config.publish, past)
    rows = [setting.entry(story, channel, past) for story in shown]
    told = [story for story in everything if shown_texts(channel, story)]
    return Day(Galley(f"data/{name}", Frame("day"), rows), len(shown) == len(told))


def archive(
    channel: Channel, stories: Iterable[Story], config: Config, page: int, past: Past = NOTHING, *,
    followed: bool = False, setting: Setting | None = None,
) -> Galley:  # fmt: skip
    """Return an archive document of a feed: these stories, the newest first; followed: `galley.of_archive`."""
    setting = setting or Setting(config)
    whole = replace(channel, size=archives.PAGE)
    shown = {channel.name: [story.id for story in stories]}  # what is archived is not held
    chosen = select(whole, stories, rss_atom.NEVER, config.publish, replace(past, shown=shown))
    rows = [setting.entry(story, whole, past) for story in chosen]
    return of_archive(channel, rows, config.publisher, page, followed=followed)


def _switch(every: Iterable[Channel], *, machine: bool) -> tuple[Channel, ...]:
    """Return the feeds that the page of each feed leads to: of all stories, and of each language."""
    names = ("all-mt", "ru-mt", "en-mt") if machine else ("all", "ru", "en")
    return tuple(plain(one) for one in every if one.name in names)


def _of_feed(
    channel: Channel, rows: Sequence[FeedEntry], publisher: Publisher, hub: str, switch: tuple[Channel, ...], past: Past
) -> Galley:
    """Return the galley of a feed: its entries, what it mourns, and the feeds its page leads to."""
    page = past.archived.get(channel.name, 0)
    beside = rss_atom.Beside(
        gone=[one for one in past.gone.get(channel.name, ()) if one.id not in {row.id for row in rows}],
        earlier=home(publisher) + archives.name(channel.name, page) if page else "",
        hub=hub,
    )
    about = Frame("feed", publisher, plain(channel), switch, beside, hub)
    return Galley(channel.name, about, rows)
