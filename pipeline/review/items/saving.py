"""Saved searches at the desk: a list that becomes a feed, and the addresses of those there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Form
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import savedsearches
from pipeline.errors import ConfigError
from pipeline.model import Query
from pipeline.query import FIELDS, written
from pipeline.review import problems
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.items import asking, listing
from pipeline.review.items.asking import Wish
from pipeline.review.items.labels import called
from pipeline.review.visit import Visit
from pipeline.store import Asked

pages = APIRouter()
api = APIRouter(tags=["items"])
Wanted = Annotated[Wish, Depends(asking.wish)]
Title = Annotated[str, Form(max_length=100)]


class SavedSearch(BaseModel):
    """A saved search and its feeds."""

    id: str
    title: dict[str, str]
    query: str
    public: bool
    feeds: dict[str, str] = Field(description="Format → address; with a token where the search is not public")


class NewSearch(BaseModel):
    """A search to be saved."""

    title: str = Field(min_length=1, max_length=100)
    public: bool = Field(False, description="Asks for the role operator")


@api.get("/items/searches")
def searches(visit: Caller) -> list[SavedSearch]:
    """List the saved searches and the addresses of their feeds."""
    return [
        SavedSearch(
            id=one.id, title=dict(one.title), query=written(one.query), public=one.public,
            feeds=dict(where) if visit.who.may("analyst") or one.public else {},
        )
        for one, where in savedsearches.addresses(visit.office.newsstand())
    ]  # fmt: skip


@api.post("/items/searches", status_code=201, responses=problems.documented(409))
def save(visit: Caller, wanted: Wanted, new: Annotated[NewSearch, Body()]) -> SavedSearch:
    """Save what the address asks for, as `GET /items` takes it, as a search, which is a feed from then on."""
    id_ = _saved(visit, wanted, new.title.strip(), public=new.public)
    return next(one for one in searches(visit) if one.id == id_)


@pages.get("/items/searches")
def searches_page(visit: Here) -> Response:
    """Show the saved searches and the addresses of their feeds."""
    rows = [
        (
            one,
            called(one.title, visit.language, one.id),
            Wish(written(one.query)).with_(sort="date").address,
            written(one.query),
            _shown(visit, one.public, where),
        )
        for one, where in savedsearches.addresses(visit.office.newsstand())
    ]
    return visit.page("searches.html", here="items", rows=rows)


@pages.post("/items/searches")
def save_page(visit: Here, wanted: Wanted, title: Title = "", public: Annotated[bool, Form()] = False) -> Response:
    """Save the list as a search."""
    _saved(visit, wanted, title.strip(), public=public)
    return visit.go("/items/searches", said=visit.tongue.gettext("Saved; its feed comes with the next publication."))


def sought(asked: Asked) -> Query:
    """Return of what is asked for what a saved search can hold."""
    return Query(
        asked.words, not_words=asked.not_words,
        **{name: tuple(asked.wanted.get(facet, ())) for facet, name in FIELDS.items()},
        **{f"not_{name}": tuple(asked.unwanted.get(facet, ())) for facet, name in FIELDS.items()},
    )  # fmt: skip


def _shown(visit: Visit, public: bool, where: Mapping[str, str]) -> Mapping[str, str]:
    """Return addresses for whoever may read them: a token in one lets in whoever has it."""
    return where if public or visit.who.may("analyst") else {}


def _saved(visit: Visit, wanted: Wish, title: str, *, public: bool) -> str:
    if public:
        visit.need("operator")
    if not title:
        raise HTTPException(422, visit.tongue.gettext("Give the search a title."))
    query = sought(listing.asked_of(visit, wanted))
    if not (query.words or any(getattr(query, name) for name in FIELDS.values())):
        raise HTTPException(
            422, visit.tongue.gettext("Ask for something first: a saved search needs a word or a facet.")
        )
    try:
        id_ = savedsearches.save(visit.office.settings.sources, title, visit.language, query, public=public)
    except ConfigError as error:
        raise HTTPException(409, str(error)) from error
    visit.note("search saved", id_, query=written(query), public=public)
    visit.office.press.ask()
    return id_
