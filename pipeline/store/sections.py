"""The stories of sources that have few, all at once: of thousands of sources most have, and each has a feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from pipeline.store.engine import reading
from pipeline.store.tables import articles, stories, text_items, texts, withdrawals


@dataclass(frozen=True, slots=True)
class Sections:
    """What a feed of one source may show, by source."""

    most: int
    stories: Mapping[str, frozenset[str]]
    larger: frozenset[str]  #: the sources that have more than `most` stories

    def of(self, source: str, most: int) -> frozenset[str] | None:
        """Return all stories of a source; None where they are more than so many."""
        if source in self.larger:
            return None
        found = self.stories.get(source, frozenset())
        return found if len(found) <= most else None


def sections(engine: Engine, most: int) -> Sections:
    """Return the stories of all sources that have no more than `most`."""
    joined = stories.join(texts, texts.c.story == stories.c.id).join(text_items, text_items.c.text == texts.c.id)
    joined = joined.join(articles, articles.c.id == text_items.c.article)
    shown = joined.outerjoin(withdrawals, withdrawals.c.article == articles.c.id)
    told = (texts.c.origin == "publisher") & withdrawals.c.article.is_(None)
    own = select(articles.c.source, stories.c.id).select_from(shown).where(told).distinct().subquery()
    sized = select(own.c.source, own.c.id, func.count().over(partition_by=own.c.source).label("size")).subquery()
    larger = select(own.c.source).group_by(own.c.source).having(func.count() > most)
    found: dict[str, set[str]] = defaultdict(set)
    with reading(engine) as connection:
        for source, story in connection.execute(select(sized.c.source, sized.c.id).where(sized.c.size <= most)):
            found[source].add(story)
        return Sections(
            most, {name: frozenset(ids) for name, ids in found.items()}, frozenset(connection.scalars(larger))
        )
