"""What an operator should know of a source, and what that is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from pipeline.record import dataclass

#: silence: nothing new for far longer than the source's own rhythm; drift: its pages changed under us;
#: shrink: a listing shows far fewer links; failing: it does not answer; paused: no longer asked by itself;
#: publish: a feed document was not fit to replace the last one; disk: too full to archive raw pages; archive: the place they lie in is away.
ALARM_KINDS = ("archive", "disk", "drift", "failing", "paused", "publish", "shrink", "silence")


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is not as it should be, from when it was noticed until it was over."""

    id: int
    source: str  #: "" where the whole installation is meant
    kind: str  #: one of ALARM_KINDS
    since: datetime
    facts: Mapping[str, Any]  #: plain values; `pipeline.alarm.words` makes sentences of them
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page of a source that was read as an article, or should have been one."""

    at: datetime  #: when it was fetched
    made_by: str  #: which extractor won; the kind of refusal where none did
    length: int  #: characters of its text; 0 where it was refused


@dataclass(frozen=True, slots=True)
class ListingVisit:
    """One walk over a listing that was read, not merely found unchanged."""

    listing: str
    at: datetime
    pages: int
    links: int


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What is remembered of a source that its alarms are judged by; oldest first throughout."""

    source: str
    dates: tuple[datetime, ...] = ()  #: when its articles were published, as far back as is useful
    latest: datetime | None = None  #: newest sign that it still publishes
    reads: tuple[PageRead, ...] = ()
    visits: tuple[ListingVisit, ...] = ()
    failures: int = 0  #: passes in a row that failed
    last_success: datetime | None = None
    paused: bool = False
    open: Mapping[str, Alarm] = field(default_factory=dict)  #: kind → the alarm that is open
