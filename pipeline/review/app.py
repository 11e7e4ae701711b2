"""The desk put together: its pages at /desk/, its API at /api/v1. A new area is one more line in AREAS."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.errors import StoreError
from pipeline.review import (
    entrance,
    gateway,
    glossary,
    items,
    letters,
    login,
    me,
    measures,
    pair,
    pairs_api,
    partner,
    problems,
    queue,
    selection,
    sources,
    statics,
    status,
    story,
)
from pipeline.review.headers import Headers
from pipeline.review.office import Office
from pipeline.serve import Part

#: Modules or packages with `pages`, `api`, or both.
AREAS: tuple[Any, ...] = (
    queue,
    pair,
    partner,
    pairs_api,
    items,
    letters,
    selection,
    measures,
    sources,
    status,
    glossary,
    story,
    me,
)
_ABOUT = (
    "What the analysts' desk knows and does, as JSON. Lists are paged: pass `next` of one page as `after` of the next. "
    "Errors are problem+json (RFC 9457)."
)


def part(office: Office) -> Part:
    """Return the part of the server that is the desk."""

    def add(app: FastAPI) -> None:
        @app.get("/desk", include_in_schema=False)
        def without_slash(request: Request) -> Response:
            return RedirectResponse(f"{request.scope.get('root_path', '')}/desk/", 308)

        app.mount("/desk", desk(office))
        app.mount("/api/v1", api(office))
        inside: Any = app.routes[-1]  # a path with a line break in it is the API's to refuse as well
        inside.path_regex = re.compile(inside.path_regex.pattern, re.DOTALL)

    return add


def desk(office: Office) -> FastAPI:
    """Return the pages."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.office = office
    app.add_middleware(Headers)
    entrance.add_answers(app)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return await entrance.error_page(request, 422, told)

    @app.exception_handler(StoreError)
    async def unavailable(request: Request, error: StoreError) -> Response:
        return await entrance.error_page(request, 503, str(error))

    app.include_router(statics.pages)
    inside = [Depends(entrance.genuine)]
    for area in (login, *AREAS):
        if hasattr(area, "pages"):
            app.include_router(area.pages, dependencies=inside)
    return app


def api(office: Office) -> FastAPI:
    """Return the API."""
    app = FastAPI(
        title="Nevawire", version="1", description=_ABOUT, docs_url=None, redoc_url=None, redirect_slashes=False,
        separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.office = office
    app.add_middleware(Headers)
    problems.add_answers(app)
    told = problems.documented(400, 401, 403, 422, 429, 503)
    for area in AREAS:
        if hasattr(area, "api"):
            app.include_router(area.api, dependencies=[Depends(gateway.call)], responses=told)
    _with_problems(app)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(_visit: gateway.Caller, path: str) -> Response:
        raise HTTPException(404, f"nothing is found at {path}")

    return app


def _with_problems(app: FastAPI) -> None:
    """Describe problems in the OpenAPI document, in place of FastAPI's own errors."""
    make = app.openapi

    def described() -> dict[str, Any]:
        document = make()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", problems.Problem.model_json_schema())
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        return document

    app.openapi = described  # type: ignore[method-assign]  # the way FastAPI's documentation gives
