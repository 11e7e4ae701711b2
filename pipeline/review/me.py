"""Who one is at the desk, and who did what there lately."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from pipeline.review import deeds, paging
from pipeline.review.entrance import Here, least
from pipeline.review.gateway import Caller

pages = APIRouter()
api = APIRouter(tags=["desk"])
_LIMIT = 50


class Me(BaseModel):
    """Whoever calls."""

    name: str
    role: str


class Deed(BaseModel):
    """One change somebody made at the desk."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    facts: dict[str, Any]


@api.get("/me")
def who_am_i(visit: Caller) -> Me:
    """Say who the token belongs to."""
    return Me(name=visit.who.name, role=visit.who.role)


@api.get("/audit")
@least("operator")
def audit(visit: Caller, after: str = "", limit: Annotated[int, Query(ge=1, le=200)] = _LIMIT) -> paging.Page[Deed]:
    """List who did what, the newest first. For operators."""
    keys = paging.after(after, (int,))
    found = visit.office.store.audit.latest(limit + 1, keys[0] if keys else 0)
    rows, following = paging.page(found, limit, lambda deed: (deed.id,))
    items = [
        Deed(id=one.id, at=one.at, who=one.who, what=one.what, about=one.about, facts=dict(one.facts)) for one in rows
    ]
    return paging.Page(items=items, next=following)


@pages.get("/audit")
@least("operator")
def audit_page(visit: Here, after: str = "") -> Response:
    """Show who did what, the newest first."""
    keys = paging.after(after, (int,))
    found = visit.office.store.audit.latest(_LIMIT + 1, keys[0] if keys else 0)
    rows, following = paging.page(found, _LIMIT, lambda deed: (deed.id,))
    return visit.page("audit.html", here="status", rows=deeds.told(visit, rows), following=following)
