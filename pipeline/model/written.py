"""What analysts write beside what was collected."""

from __future__ import annotations

from datetime import datetime

from pipeline.record import dataclass

#: The fields of an article that an analyst may put into other words.
EDITABLE = ("title", "summary")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a field of an article is to say from then on; an empty value takes back what was said before."""

    article: str
    field: str  #: one of EDITABLE
    value: str  #: plain text, one line
    made_for: str  #: digest of the publisher's words it stands for (edits.made_for)
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag, star or note that somebody put on a story."""

    id: int
    kind: str  #: tag | star | note
    story: str  #: as it was called then: it may have gone into another since
    value: str  #: the tag, the words of the note; "" of a star
    who: str
    at: datetime
    gone: datetime | None = None  #: when it was taken off
    gone_by: str = ""
