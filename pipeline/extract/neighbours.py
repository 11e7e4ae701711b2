"""Articles dated by their prose alone, whose neighbours in their listing have other dates.

What is not here: which day a text tells of (events.py), which needs all shapes of dates. This is asked of pages that
were read, where nobody reads any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pipeline.model import Article

#: How far a date in prose may lie outside its neighbours' dates: reports come late, and lists are pinned.
_SLACK = timedelta(days=30)


def doubted(articles: Sequence[tuple[Article | None, str, int]]) -> frozenset[int]:
    """Return the numbers of articles whose date in prose the neighbours in their listing speak against.

    articles: each with its listing ("" for none) and place there. Both neighbours must have dates, and in
    the order of a list of news.
    """
    listings: dict[str, list[tuple[int, date, int]]] = {}
    for number, (article, listing, place) in enumerate(articles):
        if article is not None and listing and article.published is not None:
            listings.setdefault(listing, []).append((place, article.published.at.date(), number))
    found: set[int] = set()
    for dated in listings.values():
        for place, day, number in dated:
            own = articles[number][0]
            if own is not None and own.published is not None and own.published.evidence == "prose":
                newer = _nearest([one for one in dated if one[0] < place], reverse=True)
                older = _nearest([one for one in dated if one[0] > place])
                if newer and older and newer >= older and not older - _SLACK <= day <= newer + _SLACK:
                    found.add(number)
    return frozenset(found)


def _nearest(dated: Iterable[tuple[int, date, int]], *, reverse: bool = False) -> date | None:
    ordered = sorted(dated, reverse=reverse)
    return ordered[0][1] if ordered else None


def undated(article: Article) -> Article:
    """Return article without its date, kept as what it tells of."""
    assert article.published is not None
    zone = article.published.zone
    local = article.published.at if zone[:1] in "+-" else article.published.at.astimezone(ZoneInfo(zone))
    return replace(article, published=None, event_date=local.date().isoformat())
