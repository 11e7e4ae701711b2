"""What leaves the feeds with an article, and what comes back with it: tombstones, and what must be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from pipeline.store.inserts import upsert
from pipeline.store.tables import (
    archive_items,
    archive_pages,
    digest_items,
    published_states,
    text_items,
    texts,
    tombstones,
    translations,
    withdrawals,
)


def with_translations(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Return articles with those that a machine made of them: what is taken back is so in every language."""
    made_of = select(text_items.c.text).where(text_items.c.article.in_(ids), text_items.c.rank == 0)
    made = select(translations.c.article).where(translations.c.original.in_(made_of), translations.c.article != "")
    return [*ids, *(one for one in sorted(set(connection.scalars(made))) if one not in ids)]


def bury(connection: Connection, ids: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Keep a tombstone for each text and story that has nothing left; mark what was made of the articles as stale."""
    touched = _touched(connection, ids)
    ours = select(texts.c.id, texts.c.story, texts.c.origin).where(texts.c.story.in_({story for _, story in touched}))
    alive = connection.execute(ours.where(_speaks())).all()
    left = {row.id for row in alive}
    # A translation does not outlive what it was made of.
    silent = {story for _, story in touched} - {row.story for row in alive if row.origin == "publisher"}
    translated = set(connection.scalars(select(texts.c.id).where(texts.c.story.in_(silent))))
    gone = {text for text, _ in touched if text not in left} | silent | translated
    for entry in sorted(gone):
        if connection.scalar(select(tombstones.c.entry).where(tombstones.c.entry == entry)) is None:
            connection.execute(tombstones.insert().values(entry=entry, at=now))
    _make_anew(connection, {one for row in touched for one in row} | gone)
    return tuple(sorted(gone))


def unbury(connection: Connection, ids: Sequence[str]) -> None:
    """Take the tombstones of those texts and stories away that these articles speak for again."""
    touched = _touched(connection, ids)
    stories = {story for _, story in touched}
    own = select(texts.c.id, texts.c.story).where(texts.c.story.in_(stories), _speaks())
    back = {one for row in connection.execute(own) for one in row}
    connection.execute(delete(tombstones).where(tombstones.c.entry.in_(back)))
    _make_anew(connection, {one for row in touched for one in row})


def _speaks() -> ColumnElement[bool]:
    """Say of a text that some article of it may be shown."""
    shown = text_items.c.article.not_in(select(withdrawals.c.article))
    return exists(select(text_items.c.article).where(text_items.c.text == texts.c.id, shown))


def _touched(connection: Connection, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return (text, story) of what these articles stand in."""
    query = select(texts.c.id, texts.c.story).distinct().join(text_items, text_items.c.text == texts.c.id)
    return [(row.id, row.story) for row in connection.execute(query.where(text_items.c.article.in_(ids)))]


def _make_anew(connection: Connection, entries: Iterable[str]) -> None:
    """Mark the archive documents and digests that have these entries."""
    every, held = sorted(entries), archive_items.c
    for feed, page in connection.execute(select(held.feed, held.page).where(held.entry.in_(every)).distinct()).all():
        stale = (archive_pages.c.feed == feed) & (archive_pages.c.page == page)
        connection.execute(update(archive_pages).where(stale).values(made_of=""))
    sent = select(digest_items.c.digest).where(digest_items.c.entry.in_(every)).distinct()
    for digest in connection.scalars(sent).all():
        connection.execute(upsert(published_states, {"name": f"digest:{digest}", "made_of": "", "about": {}}))
