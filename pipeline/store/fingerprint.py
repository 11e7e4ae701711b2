"""Short digests of what the feeds are made of, so that a pass without news need not render anything.

Of most tables sums are enough: whatever changes an article's page adds a capture or a revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Engine, bindparam, text

from pipeline.store.engine import reading
from pipeline.store.types import Instant

#: What of each table tells whether a feed might change. Said as it is: what SQLAlchemy would make of it, once a pass, takes
#: several times as long as the answer.
_ASKED = {
    "captures": "max(id)", "revisions": "max(id)", "verdicts": "max(id)", "edits": "max(id)",
    "articles": "count(id), max(updated), max(first_seen)",
    "texts": "count(id)",
    "text_items": "count(article), sum(rank)",
    "aliases": "count(id), max(at)",
    "withdrawals": "count(article), max(at)",
    "tombstones": "count(entry)",
    "purges": "count(article)",
    "digests": "count(id)",
    "missing": "count(sure), max(sure), min(since)",
    "relations": "count(one), sum(probability)",
    "threads": "count(story)",
    "tags": "max(id), count(gone)",
}  # fmt: skip
_SUMS = "SELECT * FROM " + ", ".join(f"(SELECT {what} FROM {table}) AS of_{table}" for table, what in _ASKED.items())  # noqa: S608
#: A day's articles are those first dated then; a date ahead of first sight is none.
_DAY = "substr(min(CASE WHEN articles.dated < articles.first_seen THEN articles.dated ELSE articles.first_seen END), 1, 10)"
_JOINED = """stories JOIN texts ON texts.story = stories.id JOIN text_items ON text_items.text = texts.id
    JOIN articles ON articles.id = text_items.article"""
_DAYS = text(f"""
    SELECT day, count(*), max(updated) AS updated, sum(probability), max(state), sum(several), sum(length), sum(gone), sum(missed)
    FROM (
        SELECT {_DAY} AS day,
            max(stories.updated) AS updated, max(stories.probability) AS probability, max(stories.state) AS state,
            count(*) AS several, sum(length(articles.title) + length(articles.text) + length(articles.html)) AS length,
            sum(CASE WHEN withdrawals.article IS NOT NULL THEN 1 ELSE 0 END) AS gone,
            sum(CASE WHEN articles.id IN (
                SELECT article FROM addresses WHERE key IN (SELECT key FROM missing WHERE sure IS NOT NULL)
            ) THEN 1 ELSE 0 END) AS missed
        FROM {_JOINED} LEFT OUTER JOIN withdrawals ON withdrawals.article = articles.id
        GROUP BY stories.id
    ) AS one
    GROUP BY day ORDER BY day
""").columns(updated=Instant)  # noqa: S608
_OF_DAYS = f"SELECT {_DAY} AS day, stories.id FROM {_JOINED} GROUP BY stories.id HAVING {_DAY} IN :days"  # noqa: S608


def fingerprint(engine: Engine) -> str:
    """Return what changes whenever a feed might."""
    with reading(engine) as connection:
        sums = tuple(connection.exec_driver_sql(_SUMS).one())
        # Row by row: two changes within one instant must not look like none.
        rows = connection.exec_driver_sql("SELECT id, updated, state, probability FROM stories ORDER BY id").all()
    each = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
    return repr((sums, each))


def days(engine: Engine) -> dict[str, str]:
    """Return for each day (of the earliest date of a story, UTC) what changes whenever its stories do."""
    with reading(engine) as connection:
        return {row[0]: repr(tuple(row[1:])) for row in connection.execute(_DAYS)}


def stories_of_days(engine: Engine, days: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of the stories of each of these days, by one look through all stories."""
    found: dict[str, list[str]] = {day: [] for day in days}
    query = text(_OF_DAYS).bindparams(bindparam("days", expanding=True))
    with reading(engine) as connection:
        for day, story in connection.execute(query, {"days": days}):
            found[day].append(story)
    return {day: sorted(ids) for day, ids in found.items()}
