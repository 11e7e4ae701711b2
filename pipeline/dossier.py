"""All that is known of one story, gathered: its texts, where they came from, what was done with them.

Read by keys and indexes only: it costs the same in a large store as in a small one. What happened when, in one
order, is timeline.py; how it looks is the desk's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urldefrag

from pipeline import address
from pipeline.model import Edit, Item, Mark, Move, Revision, Story, Verdict
from pipeline.record import dataclass
from pipeline.store import Capture, Errand, Known, Made, Requested, Rewording, Shown, Store


@dataclass(frozen=True)
class Dossier:
    """One story with everything beside it."""

    story: Story
    marks: tuple[Mark, ...]  #: those taken off, too
    edits: tuple[Edit, ...]  #: all there ever were
    revisions: Mapping[str, tuple[Revision, ...]]  #: article → its wordings
    addresses: tuple[Known, ...]
    captures: tuple[Capture, ...]  #: newest first
    fetches: tuple[Requested, ...]
    shown: tuple[Shown, ...]
    verdicts: tuple[Verdict, ...]
    merged: tuple[tuple[str, datetime], ...]
    translations: tuple[Made, ...]
    rewordings: tuple[Rewording, ...]  #: of sentences that a machine wrote
    moves: tuple[Move, ...]  #: on its way into newsletters
    additions: tuple[Errand, ...]  #: by whom its articles were asked for
    withdrawn: Mapping[str, tuple[datetime, str]]
    missing: Mapping[str, tuple[datetime, str]]  #: article → since when its page is gone, and how it answers
    titles: Mapping[str, tuple[str, str, str]]  #: article of a verdict or match → language, address, title
    thread: tuple[Story, ...] = ()  #: the other stories of its thread, the oldest first

    @property
    def items(self) -> tuple[Item, ...]:
        """Every article of the story."""
        return every(self.story)

    def captures_of(self, item: Item) -> tuple[Capture, ...]:
        """Return the archived pages of an article, newest first."""
        urls = self.urls_of(item)
        return tuple(one for one in self.captures if one.url in urls or one.asked in urls)

    def urls_of(self, item: Item) -> frozenset[str]:
        """Return every address that leads to an article's page."""
        page = urldefrag(item.article.url).url
        own = (one.url for one in self.addresses if one.article == item.id or one.key == _key(item))
        return frozenset([page, *own])

    def read_from(self, item: Item) -> Capture | None:
        """Return the archived page that an article was read from; None where it is not known any more."""
        return next((one for one in self.captures_of(item) if one.digest == item.article.digest), None)


def every(story: Story) -> tuple[Item, ...]:
    """Return every article of a story."""
    return tuple(item for text in story.texts.values() for item in text.items)


def find(store: Store, name: str) -> Story | None:
    """Return the story of this id, or the one that it went into; None where there is none."""
    found = store.stories.load([name]) or store.stories.load([store.trails.successor(name)])
    return found[0] if found else None


def read(store: Store, story: Story, now: datetime) -> Dossier:
    """Gather all that is known of a story."""
    items, trails = every(story), store.trails
    ids = [item.id for item in items]
    entries = [story.id, *story.aliases, *(text.id for text in story.texts.values())]
    pages = sorted({urldefrag(item.article.url).url for item in items})
    known = trails.addresses(ids, sorted({_key(item) for item in items}))
    urls = sorted({*pages, *(one.url for one in known)})
    verdicts = trails.verdicts(ids)
    named = {one for verdict in verdicts for one in (verdict.ru, verdict.en)}
    named |= {story.match.ru, story.match.en} if story.match else set()
    lost = trails.missing([one.key for one in known])
    thread = store.stories.of_thread(story.thread) if story.thread else ()
    return Dossier(
        story=story,
        marks=store.marks.of(story.id),
        edits=store.edits.of(ids),
        revisions={one: store.articles.history(one) for one in ids},
        addresses=known,
        captures=trails.captures(urls),
        fetches=trails.fetches(urls),
        shown=trails.shown(entries),
        verdicts=verdicts,
        merged=trails.merged(story.id),
        translations=trails.translations([text.id for text in story.texts.values()]),
        rewordings=tuple(store.rewordings.of(text.id for text in story.texts.values())),
        moves=tuple(store.selections.history(story.id)),
        additions=tuple(one for one in store.errands.about(urls, now) if one.kind == "add"),
        withdrawn=trails.withdrawn(ids),
        missing={item.id: lost[key] for item in items if (key := _key(item)) in lost},
        titles=store.verdicts.titles(named),
        thread=tuple(sorted((one for one in thread if one.id != story.id), key=lambda one: (one.first_seen, one.id))),
    )


def _key(item: Item) -> str:
    return address.key(urldefrag(item.article.url).url)
