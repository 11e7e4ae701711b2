"""The list of items: its page, its JSON."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import otherwords
from pipeline.errors import StoreError
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.review import paging, problems
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.items import asking, labels, misread
from pipeline.review.items.asking import Wish
from pipeline.review.items.rows import Row, rows
from pipeline.review.items.snippets import Piece
from pipeline.review.office import Office
from pipeline.review.visit import Visit
from pipeline.stems import Part
from pipeline.store import Asked, Found

pages = APIRouter()
api = APIRouter(tags=["items"])
SIZE = 20
_AFTER = re.compile(r"\d\.-?\d{1,18}\.\d{1,12}")
Wanted = Annotated[Wish, Depends(asking.wish)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list as it was found."""

    found: Found
    rows: Sequence[Row]


class Title(BaseModel):
    """One language of a story."""

    article: str
    language: str
    title: str
    url: str
    source: str
    origin: str
    sites: int


class Marked(BaseModel):
    """A piece of a snippet, and whether it is what was asked for."""

    text: str
    hit: bool


class Item(BaseModel):
    """A story, by the article that was found."""

    story: str | None
    article: str
    state: str
    found_in: str | None
    date: datetime
    precision: str
    titles: list[Title]
    language: str
    snippet: list[Marked]
    tags: list[str]
    stars: list[str] = Field(description="Who put a star on it")


class Items(paging.Page[Item]):
    """A page of the list, and what is known of all of it."""

    stories: int
    articles: int
    facets: dict[str, dict[str, int]]
    waiting: int


@api.get("/items", responses=problems.documented(404))
def items(visit: Caller, wanted: Wanted, limit: Annotated[int, Query(ge=1, le=100)] = SIZE) -> Items:
    """List stories, the newest first, or where words stand in titles first; with counts for each facet."""
    listed = look(visit.office, asked_of(visit, wanted), wanted.after, limit)
    found = listed.found
    return Items(
        items=[_told(row) for row in listed.rows], next=found.after or None, stories=found.stories, articles=found.articles,
        facets={name: dict(own) for name, own in found.facets.items()}, waiting=found.waiting,
    )  # fmt: skip


@pages.get("/items")
def items_page(visit: Here, wanted: Wanted) -> Response:
    """Show the list, with what narrows it beside it."""
    wrong, asked = ("", ""), None
    try:
        asked = asking.asked(_checked(wanted), visit.office.zone)
    except ValueError as error:
        wrong = misread.said(visit.tongue, str(error))
    listed = look(visit.office, asked, wanted.after, language=visit.language) if asked else Listed(Found(), ())
    config = visit.office.config()
    return visit.page(
        "items.html", here="items", wish=wanted, wrong=wrong, found=listed.found, rows=listed.rows,
        best=bool(asked and asked.best), words=bool(asked and asked.words),
        facets=labels.facets(listed.found.facets, wanted, config, visit.tongue),
        says=labels.Says(config, visit.tongue), searches=config.searches, saved=labels.saved(config, visit.language),
        may_save=visit.who.may("analyst"), may_publish=visit.who.may("operator"), left=labels.not_saved(wanted, visit.tongue),
    )  # fmt: skip


def asked_of(visit: Visit, wanted: Wish) -> Asked:
    """Return what the store is asked. Raises 422 where the words, or the place in the list, cannot be read."""
    try:
        return asking.asked(_checked(wanted), visit.office.zone)
    except ValueError as error:
        raise HTTPException(422, f"q: {error}") from error


def look(office: Office, asked: Asked, after: str = "", size: int = SIZE, language: str = "") -> Listed:
    """Return a page of what is asked for, the words in both languages; quoted in a language where none are asked for."""
    also = otherwords.shipped()
    found = office.store.search.find(asked, kinds(office.config()), also, size=size, after=after)
    parts = asking.parts(asked)

    translated = [other for part in parts for other in also(part)]
    return Listed(found, rows(office.store, found.hits, parts, translated, language))


def warm(office: Office) -> None:
    """Make what every search stands on, so that the first one need not wait for it: in a full store that is seconds."""
    with suppress(StoreError):  # whoever searches is told of it
        look(office, Asked())
        otherwords.shipped()(Part(("",)))
    gc.freeze()  # what stays for good need not be walked through, in the midst of an answer, for what does not


def kinds(config: Config) -> Mapping[str, str]:
    """Return the kind of each source."""
    return {source.id: source.kind for source in config.sources}


def _checked(wanted: Wish) -> Wish:
    if wanted.after and not _AFTER.fullmatch(wanted.after):
        raise HTTPException(422, "after: not a place in this list; take it from `next` of the page before")
    return wanted


def _told(row: Row) -> Item:
    return Item(
        story=row.story or None, article=row.article, state=row.state, found_in=row.where or None, date=row.at,
        precision=row.precision, language=row.language, snippet=[Marked(text=text, hit=hit) for text, hit in row.snippet],
        tags=list(row.tags), stars=list(row.stars),
        titles=[
            Title(
                article=side.article, language=side.language, title=_plain(side.title), url=side.url, source=side.source,
                origin=side.origin, sites=side.sites,
            )
            for side in row.sides
        ],
    )  # fmt: skip


def _plain(pieces: Sequence[Piece]) -> str:
    return "".join(text for text, _ in pieces)
