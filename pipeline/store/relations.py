"""The same event told twice: kept as pairs of articles, so that it outlives any change of stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select

from pipeline.model import Related, Story, Text
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import articles, relations, text_items, texts

#: Database parameters in one question at most; each article is asked for twice.
_PART = 2_500


def save(connection: Connection, stories: Sequence[Story]) -> None:
    """Keep what stands beside stories, in place of what did; of a pair the later story's word holds."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    touching: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    ids = [item.id for story in stories for text in story.texts.values() for item in text.items]
    for story in stories:
        for one in (item.id for text in story.texts.values() for item in text.items):
            for pair in touching.pop(one, ()):
                rows.pop(pair, None)
        for pair, row in _rows(story):
            rows[pair] = row
            touching[pair[0]].add(pair)
            touching[pair[1]].add(pair)
    for part in _parts(ids):
        connection.execute(delete(relations).where(or_(relations.c.one.in_(part), relations.c.other.in_(part))))
    upsert_all(connection, relations, list(rows.values()))


def _rows(story: Story) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    leads = {text.language: text.lead.id for text in story.texts.values()}
    language_of = {item.id: text.language for text in story.texts.values() for item in text.items}
    for one in story.related:
        language = language_of.get(one.own, "en" if one.language == "ru" else "ru")
        lead, other = leads[language], one.article
        leads_first = lead < other if language == one.language else one.language != "ru"
        first, second = (lead, other) if leads_first else (other, lead)
        row = {"one": first, "other": second, "probability": one.probability, "reasons": list(one.reasons)}
        yield (first, second), row


def beside(connection: Connection, sides: Mapping[str, Mapping[str, Text]]) -> dict[str, tuple[Related, ...]]:
    """Return what stands beside each story, given its texts: story → the likeliest first."""
    story_of = {item.id: story for story, texts_ in sides.items() for text in texts_.values() for item in text.items}
    found: defaultdict[str, list[Related]] = defaultdict(list)
    for part in _parts(sorted(story_of)):
        pair = (relations.c.one, relations.c.other)
        query = select(*pair, relations.c.probability, relations.c.reasons)
        rows = connection.execute(query.where(or_(*(one.in_(part) for one in pair)))).all()
        others = _others(connection, {one for row in rows for one in row[:2]})
        for one, other, probability, reasons in rows:
            why = tuple(reasons)
            for mine, theirs in ((one, other), (other, one)):
                there, story = others.get(theirs), story_of.get(mine)
                if there is not None and story is not None and there[0] != story:
                    found[story].append(Related(there[0], theirs, *there[1:], probability, why, mine))
    return {
        story: tuple(sorted(ones, key=lambda one: (-one.probability, one.article, one.own)))
        for story, ones in found.items()
    }


def _others(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str, str, str, str]]:
    """Return story, address, title and language of articles."""
    here = text_items.join(texts, text_items.c.text == texts.c.id)
    here = here.join(articles, articles.c.id == text_items.c.article)
    query = select(articles.c.id, texts.c.story, articles.c.url, articles.c.title, texts.c.language).select_from(here)
    return {
        row[0]: (row[1], row[2], row[3], row[4])
        for part in _parts(sorted(ids))
        for row in connection.execute(query.where(and_(articles.c.id.in_(part))))
    }


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]
