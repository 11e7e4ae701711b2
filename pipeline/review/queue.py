"""The review queue: pairs that wait for a word."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pipeline import pair_rows
from pipeline.review.entrance import Here

pages = APIRouter()


@pages.get("/")
def queue(visit: Here) -> Response:
    """Show the pairs under review."""
    return visit.page("queue.html", here="queue", rows=list(pair_rows.listed(visit.office.store, "linked", 50)))
