"""What one event grew into: which stories stand beside which, and the thread each belongs to.

Of a story only what threads are made of is read; the stories themselves are in stories.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import BindParameter, Connection, Engine, Select, bindparam, delete, func, select

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


#: Article and story, of these stories and of these articles; and pairs of related articles, of which one is among these.
_HELD = select(text_items.c.article, texts.c.story).join(texts, texts.c.id == text_items.c.text)
_OURS = _HELD.where(texts.c.story.in_(_THESE))
_THEIRS = _HELD.where(text_items.c.article.in_(_THESE))
_RELATED = tuple(
    select(own, other).where(own.in_(_THESE))
    for own, other in ((relations.c.one, relations.c.other), (relations.c.other, relations.c.one))
)


class Threads:
    """Reads and writes of threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def instalments(self, stories: Iterable[str]) -> tuple[Instalment, ...]:
        """Return what threads are made of in these stories, by id."""
        found: list[Instalment] = []
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(stories))):
                beside = _beside(connection, part)
                found += (
                    Instalment(story, day, tuple(sorted(beside.get(story, ()))), thread or "")
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


def _beside(connection: Connection, stories: Sequence[str]) -> dict[str, set[str]]:
    """Return which other stories have articles that are related to those of each of these."""
    ours = _stories(connection, _OURS, stories)
    pairs: list[tuple[str, str]] = []
    for part in _parts(sorted(ours)):
        for question in _RELATED:
            pairs += connection.execute(question, {"ids": part}).all()
    held = ours | _stories(connection, _THEIRS, sorted({other for _, other in pairs} - ours.keys()))
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        beside[ours[one]].add(held.get(other, ""))
    return {story: others - {story, ""} for story, others in beside.items()}


def _stories(connection: Connection, question: Select[str, str], ids: Sequence[str]) -> dict[str, str]:
    """Return the story of each article that a question about ids finds."""
    return {
        article: story for part in _parts(ids) for article, story in connection.execute(question, {"ids": part}).all()
    }


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
