"""Addresses that do not lead to the page of an article, or no longer: what an operator may want to look after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from pipeline import address
from pipeline.model import Item
from pipeline.store import questions
from pipeline.store.articles import item
from pipeline.store.asking import JUDGED
from pipeline.store.engine import reading
from pipeline.store.tables import addresses, fetches

#: Answers that say something else stands in the place of an article's page, or nobody may see it.
ELSE = JUDGED | {"not-html", "status-451"}
#: The answer of an address that leads straight to a document.
DOCUMENT = "not-html"


class Strays:
    """Reads of addresses that went astray."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, urls: Sequence[str]) -> dict[str, Item]:
        """Return the articles that these addresses led to when they were last read, by `address.key`."""
        keys = [address.key(url) for url in urls]
        with reading(self._engine) as connection:
            return {row.key: item(row) for row in connection.execute(questions.ARTICLES_AT, {"keys": keys})}

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many articles' pages answer otherwise now, and links lead to documents: source → kind → number.

        What is gone at its source is counted in `missing`.
        """
        table = addresses.c
        gone = table.article.is_not(None) & (table.state == "article") & table.last_kind.in_(ELSE)
        # Counted here: to have them in groups a database would read every address there is.
        query = select(table.source, table.last_kind).where(gone | _leads_to_document())
        found: dict[str, dict[str, int]] = {}
        with reading(self._engine) as connection:
            counted = Counter((row.source, row.last_kind) for row in connection.execute(query))
        for (source, kind), number in sorted(counted.items()):
            found.setdefault(source, {})[kind] = number
        return found

    def documents(self) -> Iterator[tuple[str, str, str, dict[str, Any], datetime]]:
        """Yield what leads straight to a document: source, address, what the server said, link, first seen."""
        table = addresses.c
        said = (
            select(fetches.c.detail)
            .where(fetches.c.url == table.url, fetches.c.kind == DOCUMENT)
            .order_by(fetches.c.id.desc()).limit(1).scalar_subquery()
        )  # fmt: skip
        query = select(table.source, table.url, said.label("said"), table.link, table.first_seen)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(_leads_to_document()).order_by(table.first_seen, table.key)).all()
        for row in rows:
            yield row.source, row.url, row.said or "", row.link, row.first_seen


def _leads_to_document() -> Any:
    table = addresses.c
    return table.article.is_(None) & (table.state == "failed") & (table.by != "version") & (table.last_kind == DOCUMENT)
