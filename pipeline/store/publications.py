"""What was published where, and what is left to publish: the ledgers of feeds, newsletters and archives.

What an entry looks like is not known here; withdrawals and purges are in removals.py, digests in issues.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, or_, select

from pipeline.model import Item
from pipeline.store import fingerprint, order, swift
from pipeline.store.articles import item
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert, upsert_all
from pipeline.store.order import Wanted
from pipeline.store.sections import Sections, sections
from pipeline.store.tables import (
    aliases,
    archive_items,
    archive_pages,
    articles,
    labelled,
    labels,
    newsletter_items,
    publications,
    published_states,
    stories,
    text_items,
    texts,
    tombstones,
    withdrawals,
)

#: Database parameters in one question at most.
_PART = 5_000
#: The newest entries that are gone, which a feed tells of.
_MOURNED = 50


class Publications:
    """Reads and writes of the ledgers of publication."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fingerprint(self) -> str:
        """Return what changes whenever a feed might."""
        return fingerprint.fingerprint(self._engine)

    def days(self) -> dict[str, str]:
        """Return for each day what changes whenever its stories do."""
        return fingerprint.days(self._engine)

    def stories_of_days(self, days: Sequence[str]) -> dict[str, list[str]]:
        """Return the ids of the stories of each of these days."""
        return fingerprint.stories_of_days(self._engine, days)

    def newest(self, wanted: Wanted, size: int) -> list[str]:
        """Return the ids of a feed's newest stories, newest first; undated history last."""
        with reading(self._engine) as connection:
            return [row.id for row in connection.execute(*order.newest(wanted, size))]

    def sections(self, most: int) -> Sections:
        """Return the stories of all sources that have no more than `most`."""
        return sections(self._engine, most)

    def unarchived(self, wanted: Wanted, since: datetime, since_doubtful: datetime) -> list[tuple[str, str, datetime]]:
        """Return (story, entry, updated) of what stands in no archive document of the feed, oldest first.

        Left out is what a bilingual feed may still hold: unpaired stories first seen after `since`,
        doubtful ones after `since_doubtful`.
        """
        asked = order.unarchived(wanted, since, since_doubtful)
        with reading(self._engine) as connection:
            return [(row.id, row.entry, row.at) for row in connection.execute(*asked)]

    def archived(self) -> dict[str, int]:
        """Return the number of each feed's newest archive document."""
        query = select(archive_pages.c.feed, func.max(archive_pages.c.page).label("page")).group_by(
            archive_pages.c.feed
        )
        with reading(self._engine) as connection:
            return {row.feed: row.page for row in connection.execute(query)}

    def record_archive(self, feed: str, page: int, entries: Mapping[str, datetime], made_of: str) -> None:
        """Keep that an archive document has these entries (id → updated); made_of tells when to make it anew."""
        with writing(self._engine) as connection:
            connection.execute(upsert(archive_pages, {"feed": feed, "page": page, "made_of": made_of}))
            held = [
                {"feed": feed, "entry": entry, "page": page, "updated": at} for entry, at in sorted(entries.items())
            ]
            upsert_all(connection, archive_items, held)

    def stale_archives(
        self, made_of: str, stands: Callable[[str, int], bool]
    ) -> list[tuple[str, int, tuple[str, ...]]]:
        """Return (feed, page, stories) of the archive documents that were made of something else, or stand nowhere."""
        pages, held = archive_pages.c, archive_items.c
        query = select(pages.feed, pages.page, pages.made_of).order_by(pages.feed, pages.page)
        with reading(self._engine) as connection:
            found = []
            for feed, page, own in connection.execute(query).all():
                if own == made_of and stands(feed, page):
                    continue
                entries = select(held.entry).where(held.feed == feed, held.page == page)
                ids = select(stories.c.id).where(stories.c.id.in_(entries))
                by_text = select(texts.c.story).where(texts.c.id.in_(entries))
                found.append((feed, page, tuple(sorted({*connection.scalars(ids), *connection.scalars(by_text)}))))
        return found

    def unoffered(self, feed: str, language: str, *, machine: bool) -> list[str]:
        """Return the stories with a text of this language that the newsletter has neither offered nor passed over."""
        origins = texts.c.origin.is_not(None) if machine else texts.c.origin == "publisher"
        met = select(newsletter_items.c.entry).where(newsletter_items.c.feed == feed)
        query = select(texts.c.story).where(texts.c.language == language, texts.c.id.not_in(met))
        query = query.where(origins, texts.c.id.in_(select(text_items.c.text)))
        with reading(self._engine) as connection:
            return sorted(set(connection.scalars(query)))

    def machine(self) -> frozenset[str]:
        """Return the languages that there is machine text in, or was: a feed's address is a promise."""
        query = select(texts.c.language).where(texts.c.origin != "publisher").distinct()
        feeds = select(publications.c.feed).where(publications.c.feed.like("__-mt")).distinct()
        with reading(self._engine) as connection:
            return frozenset([*connection.scalars(query), *(feed[:2] for feed in connection.scalars(feeds))])

    def begun(self, feed: str) -> bool:
        """Return whether a newsletter has met any text."""
        with reading(self._engine) as connection:
            query = select(newsletter_items.c.entry).where(newsletter_items.c.feed == feed).limit(1)
            return connection.execute(query).first() is not None

    def record_offer(self, feed: str, offered: Iterable[str], passed: Iterable[str], now: datetime) -> None:
        """Keep that a newsletter offers these texts from now on, and those never."""
        rows = [(entry, "offered") for entry in offered] + [(entry, "passed") for entry in passed]
        with writing(self._engine) as connection:
            every = [{"feed": feed, "entry": entry, "state": state, "at": now} for entry, state in sorted(rows)]
            upsert_all(connection, newsletter_items, every)

    def offered(self, feed: str, size: int) -> dict[str, datetime]:
        """Return the texts a newsletter offered last, and when."""
        kept = newsletter_items.c
        query = select(kept.entry, kept.at).where(kept.feed == feed, kept.state == "offered")
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(kept.at.desc(), kept.entry).limit(size)).all()
        return {row.entry: row.at for row in rows}

    def stories_of(self, text_ids: Iterable[str]) -> set[str]:
        """Return the stories of these texts."""
        with reading(self._engine) as connection:
            return {
                one
                for part in _parts(sorted(set(text_ids)))
                for one in connection.scalars(select(texts.c.story).where(texts.c.id.in_(part)))
            }

    def gone(self) -> dict[str, list[tuple[str, datetime, str]]]:
        """Return for each feed what it showed and must show no more: (entry, when, id of what it went into)."""
        shown = publications.c
        alive = select(stories.c.id)
        merged = select(shown.feed, aliases.c.id, aliases.c.at, aliases.c.story.label("into"))
        merged = merged.join(aliases, aliases.c.id == shown.entry).where(aliases.c.id.not_in(alive))
        buried = select(shown.feed, tombstones.c.entry, tombstones.c.at)
        buried = buried.join(tombstones, tombstones.c.entry == shown.entry)
        found: dict[str, list[tuple[str, datetime, str]]] = defaultdict(list)
        with reading(self._engine) as connection:
            for feed, entry, at, into in connection.execute(merged):
                found[feed].append((entry, at, into))
            for feed, entry, at in connection.execute(buried):
                found[feed].append((entry, at, ""))
        return {feed: sorted(rows, key=lambda row: (row[1], row[0]))[-_MOURNED:][::-1] for feed, rows in found.items()}

    def withdrawn(self) -> dict[str, datetime]:
        """Return the articles that must not be shown, and since when."""
        with reading(self._engine) as connection:
            return {row.article: row.at for row in connection.execute(select(withdrawals))}

    def unlabelled(self, rules: str, size: int) -> tuple[Item, ...]:
        """Return articles whose labels were not found yet by these rules, or before the articles last changed."""
        known = labelled.c
        joined = articles.outerjoin(labelled, known.article == articles.c.id)
        stale = or_(known.article.is_(None), known.rules != rules, known.updated != articles.c.updated)
        query = select(articles).select_from(joined).where(stale).order_by(articles.c.id).limit(size)
        with reading(self._engine) as connection:
            return tuple(item(row) for row in connection.execute(query))

    def record_labels(self, rules: str, found: Iterable[tuple[Item, Sequence[str]]]) -> None:
        """Keep which labels these articles have by these rules."""
        with writing(self._engine) as connection:
            for one, own in found:
                connection.execute(labels.delete().where(labels.c.article == one.id))
                for label in own:
                    connection.execute(labels.insert().values(article=one.id, label=label))
                row = {"article": one.id, "rules": rules, "updated": one.updated}
                connection.execute(upsert(labelled, row))

    def labels_of(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the labels of these articles; of those that have any."""
        found: dict[str, list[str]] = defaultdict(list)
        with reading(self._engine) as connection:
            for part in () if swift.empty(connection, labels) else _parts(sorted(set(article_ids))):
                query = select(labels).where(labels.c.article.in_(part)).order_by(labels.c.article, labels.c.label)
                for row in connection.execute(query):
                    found[row.article].append(row.label)
        return {article: tuple(own) for article, own in found.items()}

    def state(self, name: str) -> tuple[str, Any]:
        """Return what something was last made of, and what was noted of it; ("", None) where it never was."""
        with reading(self._engine) as connection:
            row = connection.execute(select(published_states).where(published_states.c.name == name)).first()
        return ("", None) if row is None else (row.made_of, row.about)

    def states(self, prefix: str) -> dict[str, str]:
        """Return what everything whose name begins so was last made of."""
        name = published_states.c.name
        query = select(name, published_states.c.made_of).where(name.like(f"{prefix}%"))
        with reading(self._engine) as connection:
            return {row.name: row.made_of for row in connection.execute(query)}

    def keep_state(self, name: str, made_of: str, about: Any = None) -> None:
        """Keep what something was made of."""
        with writing(self._engine) as connection:
            connection.execute(upsert(published_states, {"name": name, "made_of": made_of, "about": about or {}}))

    def keep_states(self, made_of: Mapping[str, str]) -> None:
        """Keep what several things were made of, of which nothing is noted."""
        rows = [{"name": name, "made_of": own, "about": {}} for name, own in made_of.items()]
        with writing(self._engine) as connection:
            upsert_all(connection, published_states, rows)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))
