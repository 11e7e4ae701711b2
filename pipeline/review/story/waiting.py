"""Edits that gave way to a correction by the publisher, in one list: both wordings, and what becomes of the edit."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pipeline import editing, history
from pipeline.review.entrance import Here

pages = APIRouter()


@pages.get("/edits")
def edits(visit: Here) -> Response:
    """List the edits that wait for a word, the newest first."""
    waiting = editing.waiting(visit.office.store)
    rows = [
        (one, history.diff(one.before, one.original) if one.before else (), history.diff(one.original, one.edit.value))
        for one in waiting
    ]
    return visit.page("edits.html", here="items", rows=rows, most=editing.SHOWN)
