"""Pairs over the API: the queue, one pair, a word on it, and what that changed in the feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import analysts
from pipeline.errors import NevawireError
from pipeline.review import paging, problems, wishes
from pipeline.review import pair as pairs
from pipeline.review.gateway import Caller
from pipeline.store import InQueue

api = APIRouter(tags=["pairs"])
State = Literal["review", "linked", "proposed", "machine", "apart"]
Became = Literal["gained", "lost", "changed"]
Id = Annotated[str, Path(max_length=40)]


class Article(BaseModel):
    """One side of a pair, in short."""

    id: str
    title: str
    source: str
    url: str
    date: datetime
    machine: bool = False


class Pair(BaseModel):
    """Two articles that may be one story."""

    ru: Article
    en: Article
    state: State
    probability: float | None
    reasons: list[str]


class Said(BaseModel):
    """A word of an analyst."""

    kind: str
    who: str
    at: datetime


class Whole(Pair):
    """A pair with both texts and all that was said of it."""

    ru_text: str
    en_text: str
    verdicts: list[Said]


class Word(BaseModel):
    """A word about a pair; undo takes the one before it back."""

    kind: Literal["confirm", "reject", "related", "split", "undo"]


class Kept(BaseModel):
    """A word that is kept; the feeds follow in this turn."""

    kept: str
    turn: int


class Effect(BaseModel):
    """What became of one entry."""

    kind: Became
    entry: str
    title: str
    feeds: list[str]


class Turn(BaseModel):
    """One time that the feeds were put out."""

    done: bool
    effects: list[Effect] = Field(default_factory=list)


@api.get("/pairs")
def listed(
    visit: Caller, wish: wishes.Wished, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> paging.Page[Pair]:
    """List pairs of which nobody has spoken yet, the most doubtful first."""
    found = visit.office.store.queue.page(wish, limit + 1, after=wishes.place(after))
    rows, following = paging.page(found, limit, lambda row: row.place)
    return paging.Page(items=[_pair(row) for row in rows], next=following)


@api.get("/pairs/{ru}/{en}", responses=problems.documented(404))
def one(visit: Caller, ru: Id, en: Id) -> Whole:
    """Return a pair by the ids of its articles."""
    sides = pairs.sides_of(visit, ru, en)
    articles = [
        Article(
            id=item.id, title=item.article.title, source=item.article.source, url=item.article.url,
            date=item.article.published.at if item.article.published else item.first_seen,
            machine=sides.machine == item.language.code,
        )
        for item in (sides.ru, sides.en)
    ]  # fmt: skip
    said = visit.office.store.verdicts.of_pair(ru, en)
    return Whole(
        ru=articles[0], en=articles[1], state=cast(State, sides.state), probability=sides.probability, reasons=list(sides.reasons),
        ru_text=sides.ru.article.text, en_text=sides.en.article.text,
        verdicts=[Said(kind=each.kind, who=each.who, at=each.at) for each in said],
    )  # fmt: skip


@api.post("/pairs/{ru}/{en}/verdicts", status_code=201, responses=problems.documented(404, 409))
def say(visit: Caller, ru: Id, en: Id, word: Word) -> Kept:
    """Keep a word about a pair. It is in the store when this answers; the feeds follow."""
    sides = pairs.sides_of(visit, ru, en)
    if sides.machine:
        raise HTTPException(409, "one side is a machine's: there is no pair to speak of")
    try:
        both = analysts.Pair(sides.ru, sides.en)
        analysts.say(visit.office.store, [(both, word.kind)], visit.who.name, visit.office.now())
    except NevawireError as error:
        raise HTTPException(409, str(error)) from error
    return Kept(kept=word.kind, turn=visit.office.press.ask())


@api.get("/turns/{turn}")
def turn(
    visit: Caller, turn: Annotated[int, Path(ge=1, le=2**53)], about: Annotated[str, Query(max_length=100)] = ""
) -> Turn:
    """Say whether the feeds are put out, and what that changed; about: the ids of two articles, a space between."""
    if not visit.office.press.wait(turn, 0):
        return Turn(done=False)
    found = pairs.effects_of(visit, turn, about) or ()
    return Turn(
        done=True,
        effects=[Effect(kind=cast(Became, each.kind), entry=each.entry, title=each.title, feeds=list(each.feeds)) for each in found],
    )  # fmt: skip


def _pair(row: InQueue) -> Pair:
    sides = [
        Article(id=side.id, title=side.title, source=side.source, url=side.url, date=side.dated, machine=side.machine)
        for side in (row.ru, row.en)
    ]
    return Pair(
        ru=sides[0], en=sides[1], state=cast(State, row.state), probability=row.probability, reasons=list(row.reasons)
    )
