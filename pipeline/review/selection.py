"""Where stories stand on their way into newsletters: a list of each state, and the moves between them.

Which moves there are is the model's to say, what they do to the feeds editorial's; digests are in letters.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import editorial
from pipeline.model import MOVES
from pipeline.model import Standing as Place
from pipeline.review import paging, problems, teasers
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.visit import Visit
from pipeline.store import Moved

pages = APIRouter()
api = APIRouter(tags=["selection"])
_LIMIT = 50
#: Stories moved by one call, at most.
_AT_ONCE = 500

State = Literal["new", "reviewed", "selected", "published", "archived", "ignored"]
#: Of a story: a "urn:uuid:…".
StoryId = Annotated[
    str, Field(min_length=1, max_length=200, examples=["urn:uuid:0b7c6c1e-5a0e-5a39-9b57-5f6f3a5d2f10"])
]


class Standing(BaseModel):
    """Where a story stands, and who put it there; nobody where it is new."""

    story: str
    state: State
    who: str = ""
    at: datetime | None = None


class Move(BaseModel):
    """One step of a story."""

    before: State
    after: State
    who: str
    at: datetime
    reason: str = ""


class Way(BaseModel):
    """Where a story stands, where it may go, and how it came there."""

    story: str
    state: State
    moves: list[State]
    history: list[Move]


class Wanted(BaseModel):
    """Moves that are asked for."""

    stories: Annotated[list[StoryId], Field(min_length=1, max_length=_AT_ONCE)]
    to: State
    reason: Annotated[str, Field(max_length=1000)] = ""


class Done(BaseModel):
    """What came of asking for moves."""

    moved: list[str]
    refused: list[Standing]  #: stories from whose state no such move leads
    unknown: list[str]


@api.get("/selection")
def standing(
    visit: Caller, state: State = "selected", after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = _LIMIT
) -> paging.Page[Standing]:
    """List the stories of a state, the latest first."""
    rows, following = _page(visit, state, after, limit)
    return paging.Page(items=[_told(one) for one in rows], next=following)


@api.get("/selection/counts")
def counts(visit: Caller) -> dict[State, int]:
    """Say how many stories stand in each state."""
    return visit.office.store.selections.counts()  # type: ignore[return-value]  # its keys are the states


@api.get("/selection/{story}", responses=problems.documented(404))
def way(visit: Caller, story: str) -> Way:
    """Say where a story stands, where it may go, and how it came there."""
    found = visit.office.store.selections.of([story]).get(story)
    if found is None:
        raise HTTPException(404, f"no story {story}")
    history = [Move.model_validate(one, from_attributes=True) for one in visit.office.store.selections.history(story)]
    return Way.model_validate({"story": story, "state": found.state, "moves": MOVES[found.state], "history": history})


@api.post("/selection/moves")
def move(visit: Caller, wanted: Wanted) -> Done:
    """Move stories to a state. Ignored ones leave the feeds within seconds, and come back when they no longer are."""
    done = moved(visit, wanted.stories, wanted.to, wanted.reason)
    return Done(moved=list(done.moved), refused=[_told(one) for one in done.refused], unknown=list(done.unknown))


@pages.get("/selection")
def selection(visit: Here, state: State = "new", after: str = "") -> Response:
    """Show the stories of a state."""
    rows, following = _page(visit, state, after, _LIMIT)
    about = teasers.teasers(visit, [one.story for one in rows])
    return visit.page(
        "selection.html", here="selection", state=state, moves=MOVES[state], following=following,
        rows=[(about[one.story], one) for one in rows if one.story in about],
        counts=visit.office.store.selections.counts(), drafts=len(visit.office.store.drafts.every()),
    )  # fmt: skip


@pages.post("/selection")
def move_stories(
    visit: Here, to: Annotated[State, Form()], story: Annotated[Sequence[str], Form()] = (),
    back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Move the stories that were ticked."""
    done = moved(visit, list(story)[:_AT_ONCE], to)
    if visit.wants_json:
        return JSONResponse({"moved": done.moved, "counts": visit.office.store.selections.counts()})
    where = visit.inner(back, "/selection")
    if not done.moved:
        return visit.go(where, visit.tongue.gettext("Nothing was moved: tick stories first."))
    told = visit.tongue.ngettext("%(num)s story moved.", "%(num)s stories moved.", len(done.moved))
    return visit.go(where, told)


def moved(visit: Visit, stories: Sequence[str], to: str, reason: str = "") -> Moved:
    """Move stories, keep who did, and have the feeds follow."""
    store = visit.office.store
    done, changes = editorial.move(store, stories, to, visit.who.name, visit.office.now(), reason)
    for one in done.moved:
        visit.note(to, one)
    if changes:
        visit.office.press.ask()
    return done


def _page(visit: Visit, state: str, after: str, limit: int) -> tuple[Sequence[Place], str | None]:
    keys = paging.after(after, (str, str))
    try:
        begin = (datetime.fromisoformat(keys[0]), keys[1]) if keys else None
        aware = begin is None or begin[0].tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise HTTPException(422, "after: not a place in this list; take it from `next` of the page before")
    found = visit.office.store.selections.page(state, limit + 1, begin)
    return paging.page(found, limit, lambda one: (one.at.isoformat() if one.at else "", one.story))


def _told(one: Place) -> Standing:
    return Standing.model_validate(one, from_attributes=True)
