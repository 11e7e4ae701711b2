"""The day a text tells of, where that is not the day it was published; and when a page says it was changed.

"20 декабря 2019 года прошло заседание" dates the meeting. Such a date stands in for the missing date
of publication only while nothing speaks against it: it does not lie ahead, and the articles
listed around have dates around it (neighbours.py). What is not here: dates of publication (dates.py).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.extract import daytext
from pipeline.extract.daytext import Found
from pipeline.extract.stated import Stated
from pipeline.model import Published

#: A date in prose further down than this is part of the story's past.
_PROSE_REACH = 2000
#: Shorter lines with a date are labels ("Latest: 1 October 2018").
_SENTENCE = 40
#: A text reports what was at most so long ago, and announces what is at most so far ahead; else it is background.
_REPORTED, _ANNOUNCED = timedelta(days=60), timedelta(days=400)
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
