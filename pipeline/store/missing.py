"""Articles whose pages are gone at the source: when that was noticed, and whether it is sure.

410 says so at once; 404 is believed when it was seen on three days. What follows for the feeds is not
decided here. A page that answers again is not missing any more.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from pipeline import address
from pipeline.model import GONE, LANGUAGES, Fetch
from pipeline.record import dataclass
from pipeline.store import questions, swift
from pipeline.store.engine import reading
from pipeline.store.tables import addresses, articles, missing, withdrawals

#: Different days (UTC) on which 404 must have been seen.
DAYS = 3
#: Database parameters in one question at most.
_PART = 5_000
#: While it is not sure the page is asked daily, then weekly for a while: it may come back.
_DAILY, _WEEKLY, _WATCHED = timedelta(days=1), timedelta(days=7), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Lost:
    """An article whose page is gone."""

    article: str
    source: str
    url: str
    since: datetime  #: first seen to be missing
    kind: str


class Missing:
    """Reads of what is gone, and of what is therefore to be withdrawn."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Lost, ...]:
        """Return every article that is surely gone, by source and id."""
        query = select(addresses.c.article, addresses.c.source, addresses.c.url, missing.c.since, missing.c.kind)
        sure = missing.c.sure.is_not(None)
        query = query.join(missing, missing.c.key == addresses.c.key).where(sure)
        query = query.where(
            addresses.c.key.in_(select(missing.c.key).where(sure))
        )  # from the few, not from all addresses
        with reading(self._engine) as connection:
            if swift.empty(connection, missing):
                return ()
            rows = connection.execute(query.where(addresses.c.article.is_not(None))).all()
            ids = [one for row in rows for one in _both(row)]
            parts = (ids[start : start + _PART] for start in range(0, len(ids), _PART))
            known = {
                one
                for part in parts
                for one in connection.scalars(select(articles.c.id).where(articles.c.id.in_(part)))
            }
        found = (
            Lost(one, row.source, row.url, row.since, row.kind) for row in rows for one in _both(row) if one in known
        )
        return tuple(sorted(found, key=lambda one: (one.source, one.article)))

    def since(self) -> dict[str, datetime]:
        """Return since when which article's page is gone."""
        return {one.article: one.since for one in self.all()}

    def counts(self) -> dict[str, int]:
        """Return how many articles of which source have lost their page."""
        return dict(Counter(one.source for one in self.all()))

    def shown(self, source: str) -> tuple[Lost, ...]:
        """Return what of a source is gone and has not been withdrawn."""
        with reading(self._engine) as connection:
            withdrawn = set(connection.scalars(select(withdrawals.c.article)))
        return tuple(one for one in self.all() if one.source == source and one.article not in withdrawn)


def noted(connection: Connection, row: Row[Any], fetch: Fetch, now: datetime) -> dict[str, Any]:
    """Keep what a fetch says of an article's page (row: `questions.ASKED`); return what changes in its row of `addresses`."""
    if fetch.good and row.is_missing:
        connection.execute(questions.THERE, {"own": row.key})
    if fetch.kind not in GONE or row.article is None:
        return {}
    before = connection.execute(select(missing).where(missing.c.key == row.key)).first()
    if before is None:
        first = {"key": row.key, "kind": fetch.kind, "since": now, "days": 1, "last": now, "sure": None}
        connection.execute(missing.insert().values(**first))
        days, since, sure = 1, now, None
    else:
        days = before.days + (before.last.date() < now.date())
        since, sure = before.since, before.sure
    if sure is None and (fetch.kind == "status-410" or days >= DAYS):
        sure = now
    values = {"kind": fetch.kind, "days": days, "last": now, "sure": sure}
    connection.execute(update(missing).where(missing.c.key == row.key).values(**values))
    if sure is None:
        return {"due": now + _DAILY}
    return {"due": now + _WEEKLY if now - since < _WATCHED else None}


def _both(row: Any) -> tuple[str, ...]:
    """Return the articles of a page: its own, and those of the parts that it may have."""
    return (row.article, *(address.article_id(address.of_part(row.url, language)) for language in LANGUAGES))
