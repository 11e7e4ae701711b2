"""Short digests of what the feeds are made of, so that a pass without news need not render anything.

Of most tables sums are enough: whatever changes an article's page adds a capture or a revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Text, case, func, select, type_coerce

from pipeline.store.desk_tables import edits, tags
from pipeline.store.engine import reading
from pipeline.store.tables import (
    addresses,
    aliases,
    articles,
    captures,
    digests,
    missing,
    purges,
    relations,
    revisions,
    stories,
    text_items,
    texts,
    threads,
    tombstones,
    verdicts,
    withdrawals,
)

#: A day's articles are those first dated then; a date ahead of first sight is none.
_DATED: ColumnElement[Any] = case(
    (articles.c.dated < articles.c.first_seen, articles.c.dated), else_=articles.c.first_seen
)
_SIDES = stories.join(texts, texts.c.story == stories.c.id).join(text_items, text_items.c.text == texts.c.id)
_JOINED = _SIDES.join(articles, articles.c.id == text_items.c.article)


def fingerprint(engine: Engine) -> str:
    """Return what changes whenever a feed might."""
    asked: tuple[tuple[Any, ...], ...] = (
        (func.max(captures.c.id), func.max(revisions.c.id), func.max(verdicts.c.id), func.max(edits.c.id)),
        (func.count(articles.c.id), func.max(articles.c.updated), func.max(articles.c.first_seen)),
        (func.count(texts.c.id),),
        (func.count(text_items.c.article), func.sum(text_items.c.rank)),
        (func.count(aliases.c.id), func.max(aliases.c.at)),
        (func.count(withdrawals.c.article), func.max(withdrawals.c.at)),
        (func.count(tombstones.c.entry),),
        (func.count(purges.c.article),),
        (func.count(digests.c.id),),
        (func.count(missing.c.sure), func.max(missing.c.sure), func.min(missing.c.since)),
        (func.count(relations.c.one), func.sum(relations.c.probability)),
        (func.count(threads.c.story),),
        (func.max(tags.c.id), func.count(tags.c.gone)),
    )
    with reading(engine) as connection:
        first = [connection.execute(select(one)).scalar() for one in asked[0]]
        rest = [tuple(connection.execute(select(*columns)).one()) for columns in asked[1:]]
        # Row by row: two changes within one instant must not look like none.
        about = (stories.c.id, type_coerce(stories.c.updated, Text), stories.c.state, stories.c.probability)
        rows = connection.execute(select(*about).order_by(stories.c.id))
        each = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return repr((first, rest, each))


def days(engine: Engine) -> dict[str, str]:
    """Return for each day (of the earliest date of a story, UTC) what changes whenever its stories do."""
    length = func.length(articles.c.title) + func.length(articles.c.text) + func.length(articles.c.html)
    gone = func.sum(case((withdrawals.c.article.is_not(None), 1), else_=0))
    lost = (
        select(addresses.c.article).join(missing, missing.c.key == addresses.c.key).where(missing.c.sure.is_not(None))
    )
    missed = func.sum(case((articles.c.id.in_(lost), 1), else_=0))
    joined = _JOINED.outerjoin(withdrawals, withdrawals.c.article == articles.c.id)
    one = (
        select(
            func.substr(func.min(_DATED), 1, 10).label("day"), func.max(stories.c.updated).label("updated"),
            func.max(stories.c.probability).label("probability"), func.max(stories.c.state).label("state"),
            func.count().label("several"), func.sum(length).label("length"), gone.label("gone"), missed.label("missed"),
        )
        .select_from(joined)
        .group_by(stories.c.id)
        .subquery()
    )  # fmt: skip
    query = select(
        one.c.day, func.count(), func.max(one.c.updated), func.sum(one.c.probability), func.max(one.c.state),
        func.sum(one.c.several), func.sum(one.c.length), func.sum(one.c.gone), func.sum(one.c.missed),
    ).group_by(one.c.day)  # fmt: skip
    with reading(engine) as connection:
        return {row[0]: repr(tuple(row[1:])) for row in connection.execute(query.order_by(one.c.day))}


def stories_of_days(engine: Engine, days: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of the stories of each of these days, by one look through all stories."""
    earliest = func.substr(func.min(_DATED), 1, 10)
    query = select(earliest.label("day"), stories.c.id).select_from(_JOINED).group_by(stories.c.id)
    found: dict[str, list[str]] = {day: [] for day in days}
    with reading(engine) as connection:
        for row in connection.execute(query.having(earliest.in_(days))):
            found[row.day].append(row.id)
    return {day: sorted(ids) for day, ids in found.items()}
