"""The days an article may be from, and whether two articles are near enough in time.

A stated date is taken at its word; one that stands only in the prose may be the event's; an
article without any may be from any day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.model import DATE_WINDOW, Item
from pipeline.record import dataclass

#: Days of doubt, either way, about a date that stands only in the prose: it may be the event's.
PROSE_DOUBT = 30.0
#: The evidence of a date that no page stated.
UNDATED = "first-seen"
Window = tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True)
class When:
    """The day an article may be from: `at` ± `doubt` days; no `at`: any."""

    at: datetime | None
    doubt: float = 0.0
    window: Window = DATE_WINDOW  #: how long after the Russian article the English one may come, by its source


def when(item: Item, window: Window = DATE_WINDOW) -> When:
    """Return what is known of the day item was published."""
    published = item.article.published
    return dated(published.at, published.evidence, window) if published else When(None, window=window)


def dated(at: datetime | None, evidence: str, window: Window = DATE_WINDOW) -> When:
    """Return what a date tells, by the evidence it came from."""
    if at is None or evidence == UNDATED:
        return When(None, window=window)
    return When(at, doubt(evidence), window)


def doubt(evidence: str) -> float:
    """Return the days of doubt, either way, about a date of this evidence."""
    return PROSE_DOUBT if evidence == "prose" else 0.0


def gap(ru: When, en: When) -> float | None:
    """Return the days from the Russian to the English article, None where one is undated or doubtful."""
    if ru.at is None or en.at is None or ru.doubt or en.doubt:
        return None
    return (en.at - ru.at) / timedelta(days=1)
