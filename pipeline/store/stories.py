"""What belongs together: stories, their texts, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, case, delete, func, select, update

from pipeline.model import Item, Match, Story, Text
from pipeline.store import edits, machine, relations, selections, swift
from pipeline.store.articles import OWN, item
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import meeting_insert, upsert, upsert_all
from pipeline.store.spoken import free_after
from pipeline.store.tables import aliases, articles, publications, stories, text_items, texts, threads

#: SQLite takes 32,766 parameters in one statement, PostgreSQL 65,535: ask in parts.
_PART = 5_000
#: Questions that every list asks, made once: making one takes longer than answering it.
_OF_ARTICLES = (
    select(texts.c.story)
    .join(text_items, text_items.c.text == texts.c.id)
    .where(text_items.c.article.in_(bindparam("ids", expanding=True)))
)
_STORIES = select(stories).where(stories.c.id.in_(bindparam("ids", expanding=True))).order_by(stories.c.id)
_SIDES = (
    select(texts.c.id.label("text_id"), texts.c.story, texts.c.language.label("side"), texts.c.origin, articles)
    .select_from(
        texts.join(text_items, text_items.c.text == texts.c.id).join(articles, articles.c.id == text_items.c.article)
    )
    .where(texts.c.story.in_(bindparam("ids", expanding=True)))
    .order_by(texts.c.id, text_items.c.rank)
)


class Stories:
    """Reads and writes of stories."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_items(self, items: Sequence[Item]) -> tuple[Story, ...]:
        """Return the stories these items already belong to, by id."""
        with reading(self._engine) as connection:
            return tuple(_load(connection, _having(connection, [one.id for one in items])))

    def of_articles(self, ids: Iterable[str]) -> Iterator[Story]:
        """Yield the stories that articles of these ids belong to, by id, a part at a time.

        They come with their texts and what those are called now, without their thread, related stories and former ids.
        """
        with reading(self._engine) as connection:
            for part in _parts(_having(connection, sorted(set(ids)))):
                yield from _bare(connection, part).values()

    def record(
        self, changed: Sequence[Story], merged: Iterable[tuple[str, str]], items: Sequence[Item], now: datetime,
        replaced: Iterable[tuple[str, str]] = (), heard: int | None = None,
    ) -> None:  # fmt: skip
        """Keep these stories, the ids that went into others, and that these items are paired, as one transaction.

        replaced: (machine text, story) where the publisher's own text stands under an id of its own. heard: the last
        verdict that was known when they were paired; what a later one is about is to be paired again.
        """
        with writing(self._engine) as connection:
            for text, story_id in replaced:
                machine.give_way(connection, [text])
                connection.execute(delete(texts).where(texts.c.id == text))
                connection.execute(upsert(aliases, {"id": text, "story": story_id, "at": now}))
            _save(connection, changed)
            for younger, older in merged:
                connection.execute(delete(stories).where(stories.c.id == younger))
                connection.execute(upsert(aliases, {"id": younger, "story": older, "at": now}))
                connection.execute(update(aliases).where(aliases.c.story == younger).values(story=older))
                selections.follow(connection, younger, older)
            looked_at = [{"of": one.id, "wording": one.updated, "page": one.article.digest} for one in items]
            if looked_at:  # what was corrected while it was being paired is looked at again
                same = (articles.c.updated == bindparam("wording")) & (articles.c.digest == bindparam("page"))
                found = update(articles).where(articles.c.id == bindparam("of"), same)
                connection.execute(found.values(paired=True), looked_at)
            if heard is not None:
                free_after(connection, heard)

    def of_texts(self, ids: Iterable[str]) -> tuple[Story, ...]:
        """Return the stories that these texts are sides of, by id."""
        with reading(self._engine) as connection:
            found: set[str] = set()
            for part in _parts(sorted(set(ids))):
                found |= set(connection.scalars(select(texts.c.story).where(texts.c.id.in_(part))))
            return tuple(story for part in _parts(sorted(found)) for story in _load(connection, part))

    def of_thread(self, thread: str) -> tuple[Story, ...]:
        """Return the stories of a thread, by id."""
        with reading(self._engine) as connection:
            ids = connection.execute(select(threads.c.story).where(threads.c.thread == thread)).scalars()
            return tuple(_load(connection, sorted(ids)))

    def each(self) -> Iterator[Story]:
        """Yield every story by id, a part at a time."""
        with reading(self._engine) as connection:
            ids = list(connection.execute(select(stories.c.id).order_by(stories.c.id)).scalars())
            for part in _parts(ids):
                yield from _load(connection, part)

    def newest(self, size: int, *, language: str = "", sources: Sequence[str] = ()) -> list[str]:
        """Return the ids of the newest stories, newest first; of one language, of some sources.

        Newest by `updated`, or in one language by its article's date; undated history last.
        """
        joined = stories.join(texts, texts.c.story == stories.c.id).join(text_items, text_items.c.text == texts.c.id)
        joined = joined.join(articles, articles.c.id == text_items.c.article)
        order = func.max(articles.c.dated if language else stories.c.updated)
        undated = func.min(case((articles.c.published.is_(None) & (articles.c.history == 1), 1), else_=0))
        query = select(stories.c.id).select_from(joined).group_by(stories.c.id)
        query = query.order_by(undated, order.desc(), stories.c.id).limit(size)
        if language:
            query = query.where(texts.c.language == language)
        if sources:
            query = query.where(articles.c.source.in_(sources))
        with reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def load(self, ids: Iterable[str]) -> tuple[Story, ...]:
        """Return the stories of these ids, by id."""
        with reading(self._engine) as connection:
            return tuple(story for part in _parts(sorted(set(ids))) for story in _load(connection, part))

    def published(self, entries: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return which of these entries each feed has shown: feed → entry ids."""
        shown: dict[str, set[str]] = defaultdict(set)
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(entries))):
                for row in connection.execute(select(publications).where(publications.c.entry.in_(part))):
                    shown[row.feed].add(row.entry)
        return {feed: frozenset(ids) for feed, ids in shown.items()}

    def record_published(self, entries: Iterable[tuple[str, str]], now: datetime) -> None:
        """Keep that these (feed, entry id) were published; what is known already stays as it is."""
        rows = [{"feed": feed, "entry": entry, "at": now} for feed, entry in entries]
        if rows:
            with writing(self._engine) as connection:
                connection.execute(meeting_insert(publications).on_conflict_do_nothing(), rows)

    def aliases(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the ids that went into these stories."""
        with reading(self._engine) as connection:
            found: set[str] = set()
            for part in _parts(sorted(set(ids))):
                found.update(connection.execute(select(aliases.c.id).where(aliases.c.story.in_(part))).scalars())
            return frozenset(found)

    def load_in_order(self, ids: Sequence[str]) -> Iterator[Story]:
        """Yield the stories of these ids in the order of the ids."""
        for part in _parts(ids):
            loaded = {story.id: story for story in self.load(part)}
            yield from (loaded[one] for one in part if one in loaded)

    def counts(self) -> tuple[int, int, int]:
        """Return how many articles, stories, and stories in two languages there are."""
        two = (
            select(texts.c.story)
            .where(texts.c.origin == "publisher")
            .group_by(texts.c.story)
            .having(func.count() > 1)
            .subquery()
        )
        with reading(self._engine) as connection:
            totals = [
                connection.execute(select(func.count()).select_from(one)).scalar_one()
                for one in (select(articles.c.id).where(OWN).subquery(), stories, two)
            ]
        return totals[0], totals[1], totals[2]

    def sources(self) -> frozenset[str]:
        """Return the ids of the sources that have articles."""
        with reading(self._engine) as connection:
            return frozenset(connection.execute(select(articles.c.source).distinct()).scalars())


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]


def _having(connection: Connection, ids: Sequence[str]) -> Sequence[str]:
    """Return the ids of the stories that have these articles, in order."""
    found: set[str] = set()
    for part in _parts(ids):
        found |= set(connection.scalars(_OF_ARTICLES, {"ids": part}))
    return sorted(found)


def _save(connection: Connection, changed: Sequence[Story]) -> None:
    upsert_all(connection, stories, [_row(story) for story in changed])
    _name_sources(connection, [story.id for story in changed if story.match])
    every = [(story, text) for story in changed for text in story.texts.values()]
    for part in _parts([text.id for _, text in every if text.origin == "publisher"]):
        machine.give_way(connection, part)
    values = ((text, {"id": text.id, "story": story.id}) for story, text in every)
    upsert_all(connection, texts, [row | {"language": text.language, "origin": text.origin} for text, row in values])
    for part in _parts([text.id for _, text in every]):
        connection.execute(delete(text_items).where(text_items.c.text.in_(part)))
    ranked = ((text.id, rank, one.id) for _, text in every for rank, one in enumerate(text.items))
    upsert_all(connection, text_items, [{"article": one, "text": text, "rank": rank} for text, rank, one in ranked])
    relations.save(connection, changed)


def _name_sources(connection: Connection, ids: Sequence[str]) -> None:
    """Keep beside each story of a pair whose its articles are, the English one's where it is another: the queue's filter."""
    ru, en = (
        func.coalesce(select(articles.c.source).where(articles.c.id == one).scalar_subquery(), "")
        for one in (stories.c.match_ru, stories.c.match_en)
    )
    own = {"ru_source": ru, "en_source": case((en == ru, ""), else_=en)}
    for part in _parts(ids):
        connection.execute(update(stories).where(stories.c.id.in_(part)).values(own))


def _row(story: Story) -> dict[str, Any]:
    match = story.match
    return {
        "id": story.id, "state": story.state, "first_seen": story.first_seen, "updated": story.updated,
        "match_ru": match.ru if match else "", "match_en": match.en if match else "",
        "probability": match.probability if match else None, "reasons": list(match.reasons) if match else [],
        "doubt": round(abs(match.probability - 0.5), 6) if match else None, "ru_source": "", "en_source": "",
    }  # fmt: skip


def _load(connection: Connection, ids: Sequence[str]) -> Iterator[Story]:
    if not ids:
        return
    found = _bare(connection, ids)
    kept: dict[str, list[str]] = defaultdict(list)
    merged = select(aliases).where(aliases.c.story.in_(ids)).order_by(aliases.c.id)
    for row in () if swift.empty(connection, aliases) else connection.execute(merged):
        kept[row.story].append(row.id)
    beside = relations.beside(connection, {name: story.texts for name, story in found.items()})
    thread = {row.story: row.thread for row in connection.execute(select(threads).where(threads.c.story.in_(ids)))}
    for name, story in found.items():
        yield replace(
            story, aliases=tuple(kept[name]), related=beside.get(name, ()), thread=thread.get(name, "")
        )  # fmt: skip


def _bare(connection: Connection, ids: Sequence[str]) -> dict[str, Story]:
    """Return stories with their texts alone, by id."""
    found = connection.execute(_STORIES, {"ids": ids}).all()
    sides = _texts(connection, ids)
    return {row.id: _story(row, sides[row.id]) for row in found}


def _texts(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Text]]:
    sides: dict[str, dict[str, Text]] = defaultdict(dict)
    for row in connection.execute(_SIDES, {"ids": ids}):
        before = sides[row.story].get(row.side)
        items = (*before.items, item(row)) if before and before.id == row.text_id else (item(row),)
        sides[row.story][row.side] = Text(row.text_id, row.side, items, row.origin)
    return edits.told(connection, machine.told(connection, sides))


def _story(row: Row[Any], sides: dict[str, Text]) -> Story:
    match = None
    if row.probability is not None:
        match = Match(row.match_ru, row.match_en, row.probability, tuple(row.reasons))
    ordered = {language: sides[language] for language in sorted(sides, reverse=True)}  # ru before en
    return Story(row.id, ordered, row.state, row.first_seen, row.updated, match)
