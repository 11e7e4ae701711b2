"""Which pairs the queue shows, as addresses say it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query

from pipeline.review import paging
from pipeline.store import Place, Wish

State = Literal["", "review", "linked", "proposed", "machine"]
Share = Annotated[float, Query(ge=0, le=1)]


def wish_of(
    state: State = "", source: Annotated[str, Query(max_length=100)] = "",
    least: Annotated[float, Query(ge=0, le=1, alias="from")] = 0.0,
    most: Annotated[float, Query(ge=0, le=1, alias="to")] = 1.0, spoken: bool = False,
) -> Wish:  # fmt: skip
    """Return what an address asks for."""
    return Wish(state, source, least, most, spoken)


Wished = Annotated[Wish, Depends(wish_of)]


def query(wish: Wish, **more: object) -> str:
    """Return the query of an address that asks for this, with its "?"; "" where it asks for nothing special."""
    told = {
        "state": wish.state, "source": wish.source, "from": wish.least or "", "to": "" if wish.most == 1 else wish.most,
        "spoken": "1" if wish.spoken else "", **more,
    }  # fmt: skip
    words = urlencode([(name, value) for name, value in told.items() if value not in ("", None)])
    return f"?{words}" if words else ""


def place(after: str) -> Place | None:
    """Return the place in the queue that a cursor holds. Raises 422 where it is none."""
    keys = paging.after(after, (float, str))
    return (keys[0], keys[1]) if keys else None
