"""The list taken along: exactly what an address asks for, as a file, sent while it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse
from starlette.exceptions import HTTPException

from pipeline import __version__, cuttings, otherwords, sheets
from pipeline.review import problems
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.items import asking, listing
from pipeline.review.items.asking import Wish
from pipeline.review.visit import Visit
from pipeline.sheets import warc

pages = APIRouter()
api = APIRouter(tags=["items"])
Wanted = Annotated[Wish, Depends(asking.wish)]
Form = Literal["csv", "xlsx", "jsonl", "parquet", "warc"]
#: How each form of file goes over the wire.
MEDIA = {**{form.name: form.media for form in sheets.FORMS.values()}, "warc": warc.MEDIA}
_FILES: dict[str, Any] = {media.partition(";")[0]: {} for media in MEDIA.values()}


@api.get(
    "/items/export/{form}", response_class=Response,
    responses={200: {"description": "The file", "content": _FILES}, **problems.documented(422, 501)},
)  # fmt: skip
def export(visit: Caller, form: Form, wanted: Wanted) -> Response:
    """Return everything the list holds as a file: one row an article; `warc`: their pages as they were fetched."""
    return _file(visit, form, wanted)


@pages.get("/items/export/{form}")
def export_page(visit: Here, form: Form, wanted: Wanted) -> Response:
    """Return everything the list holds as a file."""
    return _file(visit, form, wanted)


def _file(visit: Visit, form: Form, wanted: Wish) -> Response:
    extra = sheets.missing(form)
    if extra:
        raise HTTPException(501, f"{form} is not installed here: pip install 'nevawire[{extra}]'")
    asked = listing.asked_of(visit, wanted)
    office = visit.office
    config = office.config()
    ids = office.store.search.articles(asked, listing.kinds(config), otherwords.shipped())
    parts: Iterator[bytes]
    if form == "warc":
        parts = warc.written(cuttings.pages(office.store, ids), f"nevawire {__version__}")
    else:
        parts = sheets.FORMS[form].written(cuttings.rows(office.store, config, ids), cuttings.COLUMNS)
    name = f"items-{office.now():%Y-%m-%d}.{form}{'.gz' if form == 'warc' else ''}"
    return StreamingResponse(
        parts, media_type=MEDIA[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
