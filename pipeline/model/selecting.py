"""Where a story stands on its way into a newsletter, and which moves there are.

    new ─► reviewed ─► selected ─► published ─► archived
     └────────┴───────────┴──► ignored (in no feed) ─► new

A story nobody has touched is new. What is published was in a digest, or was sent by other ways; it is not sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.record import dataclass

NEW, REVIEWED, SELECTED = "new", "reviewed", "selected"
PUBLISHED, ARCHIVED, IGNORED = "published", "archived", "ignored"

#: Every state → the states that lead on from it; the order is that of the way.
MOVES: Mapping[str, tuple[str, ...]] = {
    NEW: (REVIEWED, SELECTED, IGNORED),
    REVIEWED: (NEW, SELECTED, IGNORED),
    SELECTED: (NEW, REVIEWED, PUBLISHED, IGNORED),
    PUBLISHED: (ARCHIVED,),
    ARCHIVED: (IGNORED,),
    IGNORED: (NEW, REVIEWED),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a story stands, and who put it there; nobody where it is new."""

    story: str
    state: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a story from one state to another."""

    story: str
    before: str
    after: str
    who: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest that is being composed."""

    id: int
    language: str  #: ru | en | both
    title: str  #: "": made of the date when it goes out
    intro: Mapping[str, str]  #: language → paragraphs, an empty line between them
    stories: tuple[str, ...]  #: in the order they will stand in
    who: str
    changed: datetime
    version: int = 1  #: counted on with every change, so that two people do not undo one another's
    issue: str = ""  #: id of the digest it went out as


def may_move(before: str, after: str) -> bool:
    """Tell whether a story may go from one state to another."""
    return after in MOVES.get(before, ())
