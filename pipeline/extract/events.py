"""The day a text tells of, where that is not the day it was published; and when a page says it was changed.

"20 декабря 2019 года прошло заседание" dates the meeting. Such a date stands in for the missing date
of publication only while nothing speaks against it: it does not lie ahead, and the articles
listed around have dates around it. What is not here: dates of publication (dates.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.extract import daytext
from pipeline.extract.daytext import Found
from pipeline.extract.stated import Stated
from pipeline.model import Article, Published

#: A date in prose further down than this is part of the story's past.
_PROSE_REACH = 2000
#: Shorter lines with a date are labels ("Latest: 1 October 2018").
_SENTENCE = 40
#: A text reports what was at most so long ago, and announces what is at most so far ahead; else it is background.
_REPORTED, _ANNOUNCED = timedelta(days=60), timedelta(days=400)
#: How far a date in prose may lie outside its neighbours' dates: reports come late, and lists are pinned.
_SLACK = timedelta(days=30)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "dcterms.modified",
    "dc.date.modified",
)


def in_prose(text: str, now: datetime) -> Found | None:
    """Return the first full date of the sentences a text begins with."""
    # Only the first: where it lies ahead, the text announces, and its other dates are history.
    sentences = "\n".join(line for line in text[:_PROSE_REACH].split("\n") if len(line) >= _SENTENCE)
    return next(daytext.find(sentences, now), None)


def event_date(text: str, published: Published | None, zone: ZoneInfo, now: datetime) -> str:
    """Return the ISO day the text tells of, or "" where it names none, or the one it is dated by."""
    found = in_prose(text, now)
    if found is None:
        return ""
    day = (published.at if published else now).astimezone(zone).date()
    near = day - _REPORTED <= found.day <= day + _ANNOUNCED
    return found.day.isoformat() if near and (published is None or found.day != day) else ""


def modified(stated: Stated, published: Published | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the page says it was last changed (UTC); None where that is before its date, or lies ahead."""
    said = [value for article in stated.articles[:1] if isinstance(value := article.get("dateModified"), str)]
    said += [value for name in _MODIFIED for value in stated.metas.get(name, ())]
    for value in said:
        found = next(daytext.find(value, now), None)
        if found is not None:
            at = datetime.combine(found.day, found.clock or time(0), found.zone or zone).astimezone(UTC)
            if (published is None or at > published.at) and at <= now + timedelta(days=1):
                return at
    return None


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
