"""What one event grew into: which stories stand beside which, and the thread each belongs to.

Of a story only what threads are made of is read; the stories themselves are in stories.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Engine, Select, bindparam, delete, func, select

from pipeline.model import Instalment
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import articles, relations, text_items, texts, threads

#: Database parameters in one question at most.
_PART = 5_000
_THESE: BindParameter[Sequence[str]] = bindparam("ids", expanding=True)
#: Story, the day it was first told as far as its articles say, and its thread.
_DAYS = (
    select(
        texts.c.story,
        func.min(func.coalesce(articles.c.published, articles.c.first_seen)),
        func.max(threads.c.thread),
    )
    .select_from(
        texts.join(text_items, text_items.c.text == texts.c.id)
        .join(articles, articles.c.id == text_items.c.article)
        .outerjoin(threads, threads.c.story == texts.c.story)
    )
    .where(texts.c.story.in_(_THESE))
    .group_by(texts.c.story)
    .order_by(texts.c.story)
)


def _beside(own: Column[Any], other: Column[Any]) -> Select[str, str]:
    """Ask for pairs of stories that have articles of which these columns of a relation tell."""
    (our_texts, ours), (their_texts, theirs) = ((texts.alias(), text_items.alias()) for _ in range(2))
    return (
        select(our_texts.c.story, their_texts.c.story)
        .select_from(
            our_texts.join(ours, ours.c.text == our_texts.c.id)
            .join(relations, own == ours.c.article)
            .join(theirs, theirs.c.article == other)
            .join(their_texts, their_texts.c.id == theirs.c.text)
        )
        .where(our_texts.c.story.in_(_THESE), our_texts.c.story != their_texts.c.story)
        .distinct()
    )


_BESIDE = (_beside(relations.c.one, relations.c.other), _beside(relations.c.other, relations.c.one))


class Threads:
    """Reads and writes of threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def instalments(self, stories: Iterable[str]) -> tuple[Instalment, ...]:
        """Return what threads are made of in these stories, by id."""
        found: list[Instalment] = []
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(stories))):
                beside: defaultdict[str, set[str]] = defaultdict(set)
                for question in _BESIDE:
                    for story, other in connection.execute(question, {"ids": part}).all():
                        beside[story].add(other)
                found += (
                    Instalment(story, day, tuple(sorted(beside[story])), thread or "")
                    for story, day, thread in connection.execute(_DAYS, {"ids": part}).all()
                )
        return tuple(found)

    def members(self, found: Iterable[str]) -> frozenset[str]:
        """Return the ids of the stories of these threads."""
        query = select(threads.c.story)
        with reading(self._engine) as connection:
            return frozenset(
                story
                for part in _parts(sorted(set(found)))
                for story in connection.scalars(query.where(threads.c.thread.in_(part)))
            )

    def keep(self, stories: Iterable[str], found: Mapping[str, str]) -> None:
        """Keep which thread each of these stories belongs to, if any, in place of what was known."""
        with writing(self._engine) as connection:
            for part in _parts(sorted(set(stories))):
                connection.execute(delete(threads).where(threads.c.story.in_(part)))
            upsert_all(connection, threads, [{"story": story, "thread": found[story]} for story in sorted(found)])


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
