"""The right partner for an article: found by words, in the other language, and confirmed where it stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pipeline.model import Item
from pipeline.review import pair, queue, wishes
from pipeline.review.entrance import Here
from pipeline.review.visit import Visit
from pipeline.store import Asked

pages = APIRouter()
_SHOWN = 20
#: Without words, what is dated so near is offered.
_NEAR = timedelta(days=7)


@pages.get("/pair/{ru}/{en}/partner")
def partner(
    visit: Here, ru: str, en: str, wish: wishes.Wished, side: Literal["ru", "en"] = "en",
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Search for another article in the place of one side."""
    sides = pair.sides_of(visit, ru, en)
    stays = sides.ru if side == "en" else sides.en
    found = [item for item in _found(visit, stays, side, q) if item.id not in sides.ids]
    return visit.page(
        "partner.html", here="queue", pair=sides, side=side, stays=stays, q=q, found=found, wish=wish,
        names=queue.names(visit), query=wishes.query,
    )  # fmt: skip


def _found(visit: Visit, stays: Item, side: str, q: str) -> list[Item]:
    store = visit.office.store
    kinds = {one.id: one.kind for one in visit.office.config().sources}
    at = stays.article.published.at if stays.article.published else stays.first_seen
    words = tuple(q.split())
    near = (at - _NEAR, at + _NEAR) if not words else (None, None)
    asked = Asked(words, wanted={"language": (side,)}, since=near[0], until=near[1], best=bool(words))
    hits = store.search.find(asked, kinds, size=_SHOWN, facets=()).hits
    items = {item.id: item for item in store.features.items(hit.article for hit in hits)}
    return [items[hit.article] for hit in hits if hit.article in items and items[hit.article].language.code == side]
