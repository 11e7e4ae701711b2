"""Shadows and cards of articles, made anew where something changed: what the desk searches and counts by.

What changed is noticed by triggers (fulltext.py), which leave the article in `cards_due`. Stems are
made outside of any writing transaction (shadow.py), so nobody waits for them; an article that is purged
meanwhile does not come back.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, bindparam, delete, exists, func, insert, select, update

from pipeline import shadow
from pipeline.edits import digest, last
from pipeline.model import Edit
from pipeline.record import dataclass
from pipeline.shadow import Shadow
from pipeline.store.edits import edits_of
from pipeline.store.engine import reading, writing
from pipeline.store.marks import on_stories
from pipeline.store.search_tables import cards, cards_due, shadows
from pipeline.store.tables import articles, labels, stories, text_items, texts

#: Articles taken up at once.
BATCH = 200
#: No shadows that are there already.
NONE: Mapping[str, Shadow] = {}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Made:
    """What one article's rows are to hold; words: None where they are the same as before."""

    card: Mapping[str, Any]
    words: Mapping[str, Any] | None


def waiting(connection: Connection) -> int:
    """Return how many changes are still to be taken up."""
    return connection.scalar(select(func.count()).select_from(cards_due)) or 0


def any_waiting(connection: Connection) -> bool:
    """Return whether any change is to be taken up."""
    return connection.scalar(select(cards_due.c.id).limit(1)) is not None


def outdated(engine: Engine) -> int:
    """Let shadows that older code made be made anew; return how many."""
    old = shadows.c.version != shadow.version()
    with reading(engine) as connection:  # an index tells at once, as a rule that there are none
        if connection.scalar(select(shadows.c.id).where(old).limit(1)) is None:
            return 0
    with writing(engine) as connection:
        done = connection.execute(insert(cards_due).from_select(["article"], select(shadows.c.article).where(old)))
        return int(done.rowcount)


def unread(engine: Engine, most: int) -> list[tuple[str, str]]:
    """Return titles and texts of so many articles that changed and have no shadow yet, as it is made of them."""
    with reading(engine) as connection:
        new = ~exists().where(shadows.c.article == cards_due.c.article)
        ids = sorted(set(connection.scalars(select(cards_due.c.article).where(new).limit(most))))
        edited = _edited(connection, ids)
        own = connection.execute(select(articles.c.id, articles.c.title, articles.c.text).where(articles.c.id.in_(ids)))
        return [_said(row, edited[row.id]) for row in own]


def take_up(engine: Engine, size: int = BATCH, made: Mapping[str, Shadow] = NONE) -> int:
    """Make the rows of the articles that changed first anew, for so many changes; return how many that were, or more.

    made: shadows that are there already, by what they go by. An article's later changes are done with at once. What
    somebody else takes up meanwhile is left to them.
    """
    with reading(engine) as connection:
        first = select(cards_due.c.article).order_by(cards_due.c.id).limit(size)
        ids = sorted(set(connection.scalars(first)))
        if not ids:
            return 0
        due = connection.execute(select(cards_due.c.id, cards_due.c.article).where(cards_due.c.article.in_(ids))).all()
        rows = _made(connection, ids, made)
    numbers = [row.id for row in due]
    with writing(engine) as connection:
        still = set(connection.scalars(select(cards_due.c.id).where(cards_due.c.id.in_(numbers))))
        taken = {row.article for row in due if row.id not in still}
        _keep(connection, {name: one for name, one in rows.items() if name not in taken})
        connection.execute(delete(cards_due).where(cards_due.c.id.in_(numbers)))
    return len(due)


def _keep(connection: Connection, made: Mapping[str, _Made]) -> None:
    there = set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(made))))
    own = {row.article: row.id for row in connection.execute(
        select(cards.c.article, cards.c.id).where(cards.c.article.in_(made))
    )}  # fmt: skip
    change = {"change": (connection.scalar(select(func.max(cards.c.change))) or 0) + 1}
    changed = [
        {"number": own[name], **one.card, **change} for name, one in made.items() if name in own and name in there
    ]
    added = [{"article": name, **one.card, **change} for name, one in made.items() if name in there - own.keys()]
    if changed:
        connection.execute(update(cards).where(cards.c.id == bindparam("number")), changed)
    if added:
        rows = connection.execute(insert(cards).returning(cards.c.article, cards.c.id), added)
        own |= {row.article: row.id for row in rows}
    words = [
        {"id": own[name], "article": name, **one.words} for name, one in made.items() if one.words and name in there
    ]
    if words:
        connection.execute(delete(shadows).where(shadows.c.article.in_([one["article"] for one in words])))
        # Many rows a statement, which asking for numbers brings about: SQLite's index writes what it has to disk for each.
        connection.execute(insert(shadows).returning(shadows.c.id), words).all()


def _made(connection: Connection, ids: Sequence[str], cast: Mapping[str, Shadow]) -> dict[str, _Made]:
    """Return what the rows of these articles are to hold; of those that are there."""
    columns = (articles.c[name] for name in ("id", "title", "text", "source", "language", "dated", "machine"))
    sides = text_items.join(texts, texts.c.id == text_items.c.text).join(stories, stories.c.id == texts.c.story)
    place = select(text_items.c.article, texts.c.origin, texts.c.story, stories.c.state).select_from(sides)
    placed = {row.article: row for row in connection.execute(place.where(text_items.c.article.in_(ids)))}
    before = {row.article: row for row in connection.execute(
        select(shadows.c.article, shadows.c.made_of, cards.c.names)
        .join(cards, cards.c.id == shadows.c.id).where(shadows.c.article.in_(ids))
    )}  # fmt: skip
    labelled = defaultdict(list)
    for row in connection.execute(select(labels).where(labels.c.article.in_(ids)).order_by(labels.c.label)):
        labelled[row.article].append(row.label)
    marked = _marked(connection, {row.story for row in placed.values()})
    edited = _edited(connection, ids)
    found = {}
    for row in connection.execute(select(*columns).where(articles.c.id.in_(ids))):
        said = edited[row.id]
        holds = any(one.made_for == digest(field, row.title, row.text) for field, one in said.items())
        title, text = _said(row, said)
        made_of = shadow.digest(title, text)
        side = placed.get(row.id)
        same = row.id in before and before[row.id].made_of == made_of
        own = None if same else cast.get(made_of) or shadow.cast(title, text)
        card = {
            "story": key_of(side.story if side else row.id), "source": row.source, "language": row.language,
            "origin": "edited" if holds else side.origin if side else "publisher",
            "state": side.state if side else "new",
            "dated": ticks(row.dated),
            "labels": " ".join([*labelled[row.id], *(marked[side.story] if side else ())]),
            "names": own.names if own else before[row.id].names,
        }  # fmt: skip
        found[row.id] = _Made(card, _kept(own) if own else None)
    return found


def _edited(connection: Connection, ids: Sequence[str]) -> defaultdict[str, dict[str, Edit]]:
    """Return what editors last wrote into these articles, by field; nothing for the others."""
    edited: defaultdict[str, dict[str, Edit]] = defaultdict(dict)
    for one in last(edits_of(connection, ids)):
        edited[one.article][one.field] = one
    return edited


def _said(row: Any, edited: Mapping[str, Edit]) -> tuple[str, str]:
    """Return title and text of an article, each with what an editor made of it."""
    values = {field: one.value for field, one in edited.items()}
    return f"{row.title}\n{values.get('title', '')}", f"{row.text}\n{values.get('summary', '')}"


def _kept(own: Shadow) -> dict[str, str]:
    return {
        "made_of": own.made_of, "version": shadow.version(), "title": own.title, "text": own.text, "forms": own.forms,
    }  # fmt: skip


def _marked(connection: Connection, ids: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Return the tags that are on these stories, and who put a star on them, as labels."""
    found: dict[str, set[str]] = defaultdict(set)
    for story, kind, value in on_stories(connection, sorted(ids)):
        found[story].add(label(kind, value))
    return defaultdict(tuple, {story: sorted(own) for story, own in found.items()})


def label(kind: str, value: str) -> str:
    """Return a value of topic, tag or star as a label: one word, whatever stands in it."""
    return f"{kind}:{quote(value, safe='')}"


def key_of(story: str) -> int:
    """Return the number that a story, or an article that belongs to none yet, goes by: 60 bits of a digest of its id."""
    return int(hashlib.sha256(story.encode()).hexdigest()[:15], 16)


def ticks(at: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)
