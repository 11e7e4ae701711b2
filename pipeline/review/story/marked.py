"""The stories that have a tag, somebody's star, or a note: the latest change first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pipeline.review import paging
from pipeline.review.entrance import Here
from pipeline.store import noted, starred, tagged

pages = APIRouter()
_SIZE = 50


@pages.get("/marked")
def marked(
    visit: Here, tag: str = "", star: Literal["", "mine", "any"] = "", note: bool = False, after: str = ""
) -> Response:
    """List stories by a tag, by stars (one's own, anybody's), or by having a note; one's own stars where nothing is said."""
    store = visit.office.store
    if tag:
        question, asked = tagged(tag), {"tag": tag}
    elif note:
        question, asked = noted(), {"note": "1"}
    else:
        question, asked = starred(visit.who.name if star != "any" else ""), {"star": star or "mine"}
    found = store.marks.stories(question, _SIZE + 1, _place(after))
    rows, following = paging.page(found, _SIZE, lambda row: (row[1].isoformat(), row[0]))
    ids = [name for name, _ in rows]
    return visit.page(
        "marked.html", here="items", asked=asked, stories=list(store.stories.load_in_order(ids)), marks=store.marks.standing(ids),
        tags=store.marks.in_use(), following=following,
    )  # fmt: skip


def _place(after: str) -> tuple[datetime, str] | None:
    keys = paging.after(after, (str, str))
    if keys is None:
        return None
    try:
        at = datetime.fromisoformat(keys[0])
    except ValueError as error:
        raise HTTPException(422, "after: not a place in this list; take it from the page before") from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)), str(keys[1])
