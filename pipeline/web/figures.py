"""What machines ask: /healthz and /readyz, which anybody may, and /metrics, which is for those who run the place.

Figures go to whoever shows the token, and without it only to a program on this very machine that asks directly. Behind a
proxy on the same machine every request comes from here: one that was passed on is told by the headers proxies add, by the
name the world knows the server by, or by HTTP/1.0, which nginx speaks to what is behind it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from pipeline import access
from pipeline.errors import StoreError
from pipeline.metrics import CONTENT_TYPE, Answer

_FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "cf-connecting-ip",
)
_METHODS = ["GET", "HEAD"]
_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_HOW = "figures are for those who run this: show the token that `nevawire metrics --token` prints (Authorization: Bearer …)\n"


def probes(healthy: Callable[[], Answer], ready: Callable[[], Answer]) -> Callable[[FastAPI], None]:
    """Return the part of the server that says whether it is alive, and whether it has something to serve."""

    def add(app: FastAPI) -> None:
        for path, told in (("/healthz", healthy), ("/readyz", ready)):
            app.add_api_route(path, _probe(told), methods=_METHODS, include_in_schema=False)

    return add


def part(render: Callable[[], bytes], token: Callable[[], str]) -> Callable[[FastAPI], None]:
    """Return the part of the server that gives figures; token: what opens them to whoever asks from elsewhere."""

    def add(app: FastAPI) -> None:
        @app.api_route("/metrics", methods=_METHODS, include_in_schema=False)
        def figures(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if given or not _direct(request):
                kind, _, shown = given.partition(" ")
                if kind.lower() != "bearer" or not access.same(shown.strip(), token()):
                    return Response(_HOW, 401, {**_FRESH, "WWW-Authenticate": "Bearer"}, "text/plain")
            try:
                body = render()
            except StoreError:
                return Response("the database does not answer\n", 503, _FRESH, "text/plain")
            return Response(body, headers={**_FRESH, "Content-Type": CONTENT_TYPE})

    return add


def _probe(told: Callable[[], Answer]) -> Callable[[], Response]:
    def answer() -> Response:
        found = told()
        return JSONResponse({"ok": found.ok, **found.facts}, 200 if found.ok else 503, _FRESH)

    return answer


def _direct(request: Request) -> bool:
    """Tell whether a program on this machine asks, with nobody between."""
    host = request.headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    asker = request.client.host if request.client else ""
    passed_on = request.scope["http_version"] == "1.0" or any(one in request.headers for one in _FORWARDED)
    return not passed_on and _loopback(asker) and (name == "localhost" or _loopback(name.strip("[]")))


def _loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
