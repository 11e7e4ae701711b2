"""Saved searches that are not public: given to whoever has the address with the token; to others they are not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from pipeline import access
from pipeline.web import feeds
from pipeline.web.shelf import Shelf, document

Get = Callable[[str], tuple[bytes, datetime] | None]


def part(get: Get, secret: Callable[[], str], shelf: Shelf) -> Callable[[FastAPI], None]:
    """Return the part of the server that answers for search feeds.

    get: a private document and when it changed, by name; secret: what tokens are made from; shelf:
    where public ones stand.
    """

    def add(app: FastAPI) -> None:
        @app.api_route("/search-{rest}", methods=["GET", "HEAD"], include_in_schema=False)
        def read(request: Request, rest: str, token: str = "") -> Response:
            name = f"search-{rest}"
            packed = feeds.wants_gzip(request)
            kept = get(name)
            if kept is None:
                found = shelf.get(name, packed=packed)
                if found is None:
                    raise HTTPException(404)
                return feeds.answer(request, found)
            if not access.same(token, access.token(secret(), name.partition(".")[0])):
                raise HTTPException(404)
            body, changed = kept
            return feeds.answer(request, document(name, body, int(changed.timestamp()), packed=packed), private=True)

    return add
