"""The stories of sources that have few, all at once: of thousands of sources most have, and each has a feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Engine, func, select

from pipeline.record import dataclass
from pipeline.store.engine import reading
from pipeline.store.tables import articles, text_items, texts, withdrawals

#: Sources in one question.
_PART = 5_000


@dataclass(frozen=True, slots=True)
class Sections:
    """What a feed of one source may show, by source."""

    stories: Mapping[str, frozenset[str]]
    larger: frozenset[str]  #: the sources that have too many articles: their feeds are asked for one by one

    def of(self, source: str, most: int) -> frozenset[str] | None:
        """Return all stories of a source; None where they are more than so many, or may be."""
        if source in self.larger:
            return None
        found = self.stories.get(source, frozenset())
        return found if len(found) <= most else None


def sections(engine: Engine, most: int) -> Sections:
    """Return the stories of all sources that have no more than `most` articles."""
    by_source = select(articles.c.source, func.count()).group_by(articles.c.source)
    joined = articles.join(text_items, text_items.c.article == articles.c.id)
    shown = joined.join(texts, texts.c.id == text_items.c.text).outerjoin(
        withdrawals, withdrawals.c.article == articles.c.id
    )
    told = (texts.c.origin == "publisher") & withdrawals.c.article.is_(None)
    found: dict[str, set[str]] = defaultdict(set)
    with reading(engine) as connection:
        sizes = {source: size for source, size in connection.execute(by_source)}  # noqa: C416 - rows are not pairs to mypy
        small = sorted(source for source, size in sizes.items() if size <= most)
        for start in range(0, len(small), _PART):
            ours = articles.c.source.in_(small[start : start + _PART])
            for source, story in connection.execute(
                select(articles.c.source, texts.c.story).select_from(shown).where(told, ours).distinct()
            ):
                found[source].add(story)
    return Sections({name: frozenset(ids) for name, ids in found.items()}, frozenset(sizes).difference(small))
