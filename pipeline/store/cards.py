"""Shadows and cards of articles, made anew where something changed: what the desk searches and counts by.

What changed is noticed by triggers (fulltext.py), which leave the article in `cards_due`. Stems are
made outside of any writing transaction, so nobody waits for them; an article that is purged
meanwhile does not come back.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from pipeline import names, stems
from pipeline.edits import digest, last
from pipeline.model import Edit
from pipeline.store.edits import edits_of
from pipeline.store.engine import reading, writing
from pipeline.store.marks import on_stories
from pipeline.store.search_tables import cards, cards_due, shadows
from pipeline.store.tables import articles, labels, stories, text_items, texts

#: Of the code that makes shadows: raised when the same article would now get another one.
VERSION = "1"
#: Articles taken up at once.
BATCH = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Made:
    """What one article's rows are to hold; shadow: None where its words are the same as before."""

    card: Mapping[str, Any]
    shadow: Mapping[str, Any] | None


def waiting(connection: Connection) -> int:
    """Return how many changes are still to be taken up."""
    return connection.scalar(select(func.count()).select_from(cards_due)) or 0


def any_waiting(connection: Connection) -> bool:
    """Return whether any change is to be taken up."""
    return connection.scalar(select(cards_due.c.id).limit(1)) is not None


def outdated(engine: Engine) -> int:
    """Let shadows that older code made be made anew; return how many."""
    old = shadows.c.version != _version()
    with reading(engine) as connection:  # an index tells at once, as a rule that there are none
        if connection.scalar(select(shadows.c.id).where(old).limit(1)) is None:
            return 0
    with writing(engine) as connection:
        done = connection.execute(insert(cards_due).from_select(["article"], select(shadows.c.article).where(old)))
        return int(done.rowcount)


def take_up(engine: Engine, size: int = BATCH) -> int:
    """Make the rows of the articles that changed first anew, for so many changes; return how many that were, or more.

    An article's later changes are done with at once. What somebody else takes up meanwhile is left to them.
    """
    with reading(engine) as connection:
        first = select(cards_due.c.article).order_by(cards_due.c.id).limit(size)
        ids = sorted(set(connection.scalars(first)))
        due = connection.execute(select(cards_due.c.id, cards_due.c.article).where(cards_due.c.article.in_(ids))).all()
        made = _made(connection, ids)
    if due:
        numbers = [row.id for row in due]
        with writing(engine) as connection:
            still = set(connection.scalars(select(cards_due.c.id).where(cards_due.c.id.in_(numbers))))
            taken = {row.article for row in due if row.id not in still}
            _keep(connection, {name: one for name, one in made.items() if name not in taken})
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
        {"id": own[name], "article": name, **one.shadow} for name, one in made.items() if one.shadow and name in there
    ]
    if words:
        connection.execute(delete(shadows).where(shadows.c.article.in_([one["article"] for one in words])))
        connection.execute(insert(shadows), words)


def _made(connection: Connection, ids: Sequence[str]) -> dict[str, _Made]:
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
    edited: dict[str, dict[str, Edit]] = defaultdict(dict)
    for one in last(edits_of(connection, ids)):
        edited[one.article][one.field] = one
    found = {}
    for row in connection.execute(select(*columns).where(articles.c.id.in_(ids))):
        said = edited.get(row.id, {})
        values = {field: one.value for field, one in said.items()}
        holds = any(one.made_for == digest(field, row.title, row.text) for field, one in said.items())
        title, text = (
            f"{own}\n{values.get(field, '')}" for own, field in ((row.title, "title"), (row.text, "summary"))
        )
        made_of = hashlib.sha256(f"{_version()}\n{title}\n{text}".encode()).hexdigest()[:16]
        side = placed.get(row.id)
        same = row.id in before and before[row.id].made_of == made_of
        shadow, named = (None, before[row.id].names) if same else _shadow(title, text, made_of)
        card = {
            "story": key_of(side.story if side else row.id), "source": row.source, "language": row.language,
            "origin": "edited" if holds else side.origin if side else "publisher",
            "state": side.state if side else "new",
            "dated": ticks(row.dated),
            "labels": " ".join([*labelled[row.id], *(marked[side.story] if side else ())]), "names": named,
        }  # fmt: skip
        found[row.id] = _Made(card, shadow)
    return found


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


def _shadow(title: str, text: str, made_of: str) -> tuple[dict[str, str], str]:
    """Return the shadow of an article, and the names that stand in it."""
    head, body = stems.words(title), stems.words(text)
    rows = [list(map(stems.stem, part)) for part in (head, body)]
    forms = sorted({word for word in (*head, *body) if stems.stem(word) != word})
    known = names.shipped()
    named = " ".join(sorted({*known.found(head), *known.found(body)}))
    shadow = {
        "made_of": made_of, "version": _version(), "title": " ".join(rows[0]), "text": " ".join(rows[1]),
        "forms": " ".join(forms),
    }  # fmt: skip
    return shadow, named


def _version() -> str:
    return f"{VERSION}-{names.shipped().digest}"
