"""The page as it was fetched: harmless, in a frame that may do nothing, with the choice among the times it was."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pipeline import specimen
from pipeline.children import ChildLost, Children
from pipeline.cradle import Cradle
from pipeline.errors import NoChildrenError
from pipeline.review.entrance import Here
from pipeline.review.numbered import Number
from pipeline.review.story.page import gathered
from pipeline.review.visit import Visit
from pipeline.store import Capture

pages = APIRouter()
#: Seconds that making a page harmless may take: of a hostile one only the source is shown.
_SECONDS = 5
#: Of those who make pages harmless.
_CRADLE = Cradle(["pipeline.specimen"])
_FRAMED = {
    "Content-Security-Policy": specimen.POLICY,
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "private, max-age=600",
}


@pages.get("/story/{name}/captured")
def choice(visit: Here, name: str, page: int = 0) -> Response:
    """Show one of the pages that a story was read from; page: its number, 0 for the latest."""
    told = gathered(visit, name)
    if not told.captures:
        raise HTTPException(404, "no page of this story was archived")
    chosen = next((one for one in told.captures if one.id == page), None)
    if chosen is None and page:
        raise HTTPException(404, f"page {page} is none of this story's")
    shown = chosen or told.captures[0]
    read_from = {one.id for item in told.items if (one := told.read_from(item))}
    held = visit.office.store.trails.holds(shown)
    return visit.page(
        "captured.html", here="items", story=told.story, captures=told.captures, shown=shown, read_from=read_from, held=held,
    )  # fmt: skip


@pages.get("/captured/{number}")
def framed(visit: Here, number: Number) -> Response:
    """Give a page as a document that does nothing."""
    capture, body = _body(visit, number)
    content_type = capture.headers.get("content-type", "")
    try:
        made = asyncio.run(_harmless(body, content_type, capture.url))
    except (ChildLost, NoChildrenError):
        made = specimen.plain(body, content_type, capture.url)
    return Response(made.html.encode(), media_type="text/html; charset=utf-8", headers=_FRAMED)


@pages.get("/captured/{number}/source")
def source(visit: Here, number: Number) -> Response:
    """Give a page's own source, to be read as text."""
    capture, body = _body(visit, number)
    text = specimen.source(body, capture.headers.get("content-type", ""))
    return Response(text.encode(), media_type="text/plain; charset=utf-8", headers=_FRAMED)


def _body(visit: Visit, number: int) -> tuple[Capture, bytes]:
    """Return an archived page. Raises 404 where there is none, or its bytes were given up."""
    capture = visit.office.store.trails.capture(number)
    body = visit.office.store.trails.body(capture) if capture else None
    if capture is None or body is None:
        raise HTTPException(404, f"no page {number} is kept")
    return capture, body


async def _harmless(body: bytes, content_type: str, title: str) -> specimen.Specimen:
    async with Children(count=1, seconds=_SECONDS, cradle=_CRADLE) as children:
        return await children.run(specimen.readable, body, content_type, title)
