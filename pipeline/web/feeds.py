"""Answers to requests for documents: status, validators, headers. deploy/nginx.conf gives the same ones.

Ranges are not served: documents are small, and are taken whole.
"""

from __future__ import annotations

import time

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from pipeline.web.conditions import as_http_date, not_modified, takes_gzip
from pipeline.web.shelf import Document, Shelf

_METHODS = "GET, HEAD, OPTIONS"
#: Readers need not ask again for so long, seconds.
MAX_AGE = 900
_ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_POLICY = (
    "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_PREFLIGHT = {
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
_PLAIN = (
    b'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>%d</title></head>'
    b"<body><h1>%d</h1><p>%s</p></body></html>\n"
)


def add(app: FastAPI, shelf: Shelf) -> None:
    """Serve the documents of a shelf at the root, the index at "/"; to be added last, as it answers for every path."""

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    def read(request: Request) -> Response:
        found = shelf.get(request.scope["path"].removeprefix("/"), packed=wants_gzip(request))
        if found is None:
            raise HTTPException(404)
        return answer(request, found)

    @app.options("/{path:path}", include_in_schema=False)  # noqa: FAST003 - the same for every path
    def allowed() -> Response:
        return Response(status_code=204, headers=_ALWAYS | _PREFLIGHT)

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> Response:
        page = shelf.get("404.html", inner=True) if error.status_code == 404 else None
        body = page.body if page else _PLAIN % (error.status_code, error.status_code, error.detail.encode())
        headers = {**_ALWAYS, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _POLICY}
        headers |= {"Allow": _METHODS} if error.status_code == 405 else {}
        return Response(body, error.status_code, headers)


def wants_gzip(request: Request) -> bool:
    """Return whether the reader takes answers packed by gzip."""
    return takes_gzip(",".join(request.headers.getlist("accept-encoding")))


def answer(request: Request, found: Document, *, private: bool = False) -> Response:
    """Return a document, or that the reader has it already. private: not to be kept where others may see it."""
    tags = request.headers.getlist("if-none-match")
    headers = {
        **_ALWAYS,
        "ETag": found.etag,
        "Last-Modified": as_http_date(min(found.modified, int(time.time()))),
        "Cache-Control": f"{'private, ' if private else ''}max-age={MAX_AGE}",
        **({"Vary": "Accept-Encoding"} if found.varies else {}),
        **({"X-Robots-Tag": "noindex"} if private else {}),
    }
    if not_modified(
        ", ".join(tags) if tags else None, request.headers.get("if-modified-since"), found.etag, found.modified
    ):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": found.media} | ({"Content-Encoding": "gzip"} if found.packed else {})
    if found.media.startswith(("text/html", "image/svg")):
        headers["Content-Security-Policy"] = _POLICY
    return Response(found.body, headers=headers)
