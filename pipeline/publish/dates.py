"""When a text or a story was published and last changed, from data alone.

Dates come from the articles and from when they were first seen; no clock is read
here, so a feed of yesterday's stories is the same bytes tomorrow.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipeline.model import FeedEntry, Item, Story, Text
from pipeline.record import dataclass

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of publication, and how we know it."""

    at: datetime  #: UTC
    zone: str  #: in which it was stated; "" where no date was stated
    precision: str  #: day | minute
    evidence: str  #: as model.Published; "first-seen" where the page gives no date

    @property
    def stated(self) -> bool:
        """Whether a page stated the date."""
        return self.evidence != "first-seen"


def published(item: Item) -> Dated:
    """Return the source's date, or when the item was first seen where there is none.

    Nothing is published after it was seen: a date ahead of that (an announced event's, a
    wrong zone's) gives way to first sight, or readers would keep it on top for months.
    """
    stated = item.article.published
    if stated is None or stated.evidence == "first-seen" or stated.at > item.first_seen:
        return Dated(item.first_seen, "", "minute", "first-seen")
    return Dated(stated.at, stated.zone, stated.precision, stated.evidence)


def first_published(texts: Iterable[Text]) -> tuple[Dated, Item]:
    """Return the earliest stated date of the texts' leading articles, and that article.

    The earliest, so that a translation that arrives later does not move the entry's date.
    """
    dated = [(published(text.lead), text.lead) for text in texts]
    return min(dated, key=lambda pair: (not pair[0].stated, pair[0].at, pair[1].id))


def changed(text: Text) -> datetime:
    """Return when the text last changed for its readers."""
    return _not_ahead(text.lead.updated, [text])


def story_changed(story: Story, texts: Sequence[Text]) -> datetime:
    """Return when the story, shown as these texts, last changed for its readers.

    Where machine text is not shown, neither is its coming and going.
    """
    if len(texts) == 1 and any(text.origin != "publisher" and text not in texts for text in story.texts.values()):
        return changed(texts[0])
    return _not_ahead(story.updated, texts)


def undated_place(texts: Sequence[Text], updated: datetime) -> int | None:
    """Return the place of history without a date, by which it is ordered; None for everything else.

    A text corrected after it was first seen is news again, whatever its date.
    """
    leads = [text.lead for text in texts]
    if updated > max(lead.first_seen for lead in leads):
        return None
    undated = all(lead.history and not published(lead).stated for lead in leads)
    return min(lead.place for lead in leads) if undated else None


def in_zone(at: datetime, zone: str) -> datetime:
    """Return at to the second in the zone, or in UTC where a feed's date could not express the zone."""
    local = at.astimezone(_zone(zone)).replace(microsecond=0)
    offset = local.utcoffset() or timedelta()
    # RFC 822 dates with other offsets are valid but warned of.
    return local if offset % timedelta(minutes=30) == timedelta() else local.astimezone(UTC)


def distinct(entries: Iterable[FeedEntry]) -> dict[str, datetime]:
    """Return each entry's `updated`, told apart below the second.

    Dates of day precision are often equal, and the W3C validator warns of entries with one
    `updated`. The fraction comes from the id, so it stays when other entries come and go.
    """
    taken: dict[str, datetime] = {}
    used: set[datetime] = set()
    for entry in sorted(entries, key=lambda entry: entry.id):
        fraction = int.from_bytes(hashlib.sha256(entry.id.encode()).digest()[:8]) % 999_000 + 1
        at = entry.updated.replace(microsecond=fraction)
        while at in used:
            at += timedelta(microseconds=1)
        used.add(at)
        taken[entry.id] = at
    return taken


def _not_ahead(updated: datetime, texts: Sequence[Text]) -> datetime:
    """Return updated, unless it only repeats a date ahead of first sight (see `published`)."""
    leads = [text.lead for text in texts]
    stated = {lead.article.published.at for lead in leads if lead.article.published is not None}
    seen = max(lead.first_seen for lead in leads)
    return seen if updated > seen and updated in stated else updated


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    if match := _OFFSET.fullmatch(name):
        minutes = int(match[2]) * 60 + int(match[3])
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):  # unknown to this machine: the instant is right all the same
        return UTC
