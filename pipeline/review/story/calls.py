"""Stories over the API: one with all that is known of it, its wordings, its events; edits, tags, notes, stars; additions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import editing, timeline
from pipeline.review import paging, problems
from pipeline.review.entrance import least
from pipeline.review.gateway import Caller
from pipeline.review.numbered import Number
from pipeline.review.story import added, changes, shapes
from pipeline.review.story.page import found, gathered, memory
from pipeline.store import Errand

api = APIRouter(tags=["stories"])
Name = Annotated[
    str, Path(description="A story's id, with or without urn:uuid:; a former one leads to what it went into.")
]
_UNKNOWN = problems.documented(404)


class Words(BaseModel):
    """What a field of a side is to say."""

    language: str
    field: Literal["title", "summary"]
    value: str = Field(max_length=1_000, description="Empty: the publisher's own words.")


class Tag(BaseModel):
    """A tag."""

    tag: str = Field(min_length=1, max_length=changes.TAG)


class Note(BaseModel):
    """A note, as plain text."""

    text: str = Field(min_length=1, max_length=changes.NOTE)


class Wanted(BaseModel):
    """An article that is to be added."""

    url: str = Field(min_length=1, max_length=2_000)


class Addition(BaseModel):
    """An article that was asked for by its address."""

    id: int
    url: str
    source: str
    who: str
    asked: datetime
    state: str  #: asked | taken | done | failed
    why: str  #: what went wrong
    articles: list[str]
    stories: list[str]


@api.get("/stories/{name}", responses=_UNKNOWN)
def story(visit: Caller, name: Name) -> shapes.Story:
    """Return a story with its texts, sources, pair, captures, marks and citations."""
    return shapes.whole(gathered(visit, name), visit.office.config())


@api.get("/stories/{name}/revisions", responses=_UNKNOWN)
def revisions(visit: Caller, name: Name) -> list[shapes.Version]:
    """Return every wording the story's articles have had, each with what changed to it."""
    told = gathered(visit, name)
    return [one for article, kept in told.revisions.items() for one in shapes.revisions(article, kept)]


@api.get("/stories/{name}/timeline", responses=_UNKNOWN)
def events(
    visit: Caller, name: Name, after: str = "", limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> paging.Page[shapes.Event]:
    """List what happened to the story, oldest first."""
    keys = paging.after(after, (int,))
    start = max(keys[0], 0) if keys else 0
    every = timeline.events(gathered(visit, name))
    rows = [shapes.event(one) for one in every[start : start + limit]]
    following = paging.cursor((start + limit,)) if len(every) > start + limit else None
    return paging.Page(items=rows, next=following)


@api.get(
    "/stories/{name}/tmx",
    responses=_UNKNOWN | {200: {"content": {"application/x-tmx+xml": {}}}},
    response_class=Response,
)
def tmx(visit: Caller, name: Name) -> Response:
    """Return the story's two texts as a translation memory (TMX 1.4b)."""
    return Response(memory(found(visit, name)).encode(), media_type="application/x-tmx+xml")


@api.get("/stories/{name}/edits", responses=_UNKNOWN)
def edits(visit: Caller, name: Name) -> list[shapes.Said]:
    """Return every edit there ever was, oldest first."""
    return [shapes.edit(one) for one in gathered(visit, name).edits]


@api.get("/edits")
def waiting(visit: Caller) -> list[shapes.Waiting]:
    """List the edits that gave way to a correction by the publisher: 100 at most, those of stories edited last first."""
    return [shapes.waiting(one) for one in editing.waiting(visit.office.store)]


@api.post("/stories/{name}/edits", responses=_UNKNOWN)
def edit(visit: Caller, name: Name, words: Words) -> list[shapes.Said]:
    """Put a title or summary into other words; return what was kept: nothing where it says so already."""
    made = changes.reworded(visit, found(visit, name), words.language, {words.field: words.value})
    return [shapes.edit(one) for one in made]


@api.get("/stories/{name}/marks", responses=_UNKNOWN)
def marks(visit: Caller, name: Name) -> list[shapes.Put]:
    """Return every tag, star and note there ever was on the story, oldest first."""
    return [shapes.put(one) for one in visit.office.store.marks.of(found(visit, name).id)]


@api.post("/stories/{name}/tags", responses=_UNKNOWN)
def tag(visit: Caller, name: Name, given: Tag) -> Tag:
    """Put a tag on the story; return it as it is kept."""
    kept = changes.put_tag(visit, found(visit, name), given.tag)
    if not kept:
        raise HTTPException(422, "a tag has letters or figures")
    return Tag(tag=kept)


@api.delete("/stories/{name}/tags/{tag}", status_code=204, responses=_UNKNOWN)
def untag(visit: Caller, name: Name, tag: str) -> None:
    """Take a tag off the story."""
    own = found(visit, name)
    if not changes.take_tag(visit, own, tag):
        raise HTTPException(404, f"no tag {tag!r} on this story")


@api.put("/stories/{name}/star", status_code=204, responses=_UNKNOWN)
def star(visit: Caller, name: Name) -> None:
    """Put one's own star on the story."""
    changes.put_star(visit, found(visit, name), on=True)


@api.delete("/stories/{name}/star", status_code=204, responses=_UNKNOWN)
def unstar(visit: Caller, name: Name) -> None:
    """Take one's own star off the story."""
    changes.put_star(visit, found(visit, name), on=False)


@api.post("/stories/{name}/notes", status_code=201, responses=_UNKNOWN)
def note(visit: Caller, name: Name, given: Note) -> shapes.Put:
    """Write a note about the story."""
    own = found(visit, name)
    number = changes.put_note(visit, own, given.text)
    return next(
        shapes.put(one) for one in visit.office.store.marks.of(own.id) if (one.kind, one.id) == ("note", number)
    )


@api.delete("/stories/{name}/notes/{number}", status_code=204, responses=_UNKNOWN)
def unnote(visit: Caller, name: Name, number: Number) -> None:
    """Take a note off the story."""
    own = found(visit, name)
    if not visit.office.store.marks.unnote(own.id, number, visit.who.name, visit.office.now()):
        raise HTTPException(404, f"no note {number} on this story")
    visit.note("unnote", own.id, number=number)


@api.post("/additions", status_code=202)
def add(visit: Caller, wanted: Wanted) -> Addition:
    """Have an article fetched by its address; ask for the addition again to see what came of it."""
    return _addition(added.ask(visit, wanted.url))


@api.get("/additions/{number}", responses=_UNKNOWN)
@least("reader")
def addition(visit: Caller, number: Number) -> Addition:
    """Return what came of an article that was asked for."""
    errand = visit.office.store.errands.get(number, visit.office.now())
    if errand is None or errand.kind != "add":
        raise HTTPException(404, f"no addition {number}")
    return _addition(errand)


def _addition(errand: Errand) -> Addition:
    outcome: dict[str, Any] = dict(errand.outcome)
    return Addition(
        id=errand.id, url=errand.target, source=errand.source, who=errand.who, asked=errand.asked, state=errand.state,
        why=str(outcome.get("why", "")), articles=list(outcome.get("articles", [])),
        stories=list(outcome.get("stories", [])),
    )  # fmt: skip
