"""What a verdict touches: both articles and all that stand in one text with them are paired anew."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from pipeline.store.articles import OWN
from pipeline.store.tables import articles, text_items, verdicts


def free(connection: Connection, ids: Collection[str]) -> None:
    """Let the next pairing look anew at these articles and at all that carry the same texts."""
    mates = select(text_items.c.text).where(text_items.c.article.in_(ids))
    touched = select(text_items.c.article).where(text_items.c.text.in_(mates))
    every = sorted({*ids, *connection.scalars(touched)})  # by their ids: of one or the other a database reads all rows
    connection.execute(update(articles).where(OWN, articles.c.id.in_(every)).values(paired=False))


def free_after(connection: Connection, heard: int) -> None:
    """Let the next pairing look anew at what was spoken of after a verdict: who paired meanwhile did not hear it."""
    rows = connection.execute(select(verdicts.c.ru, verdicts.c.en).where(verdicts.c.id > heard)).all()
    if rows:
        free(connection, sorted({one for row in rows for one in row}))
