"""The door of every page: who comes in, what they may, and whether a form is our own.

Without a login only from this very machine (people.needs_no_login); otherwise by a session, which the login
form makes. A change asks for the role of an analyst unless its handler is marked `@least(role)`.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Annotated, TypeVar
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pipeline.review import passwords
from pipeline.review.office import Office
from pipeline.review.people import STRANGER, Person, needs_no_login
from pipeline.review.visit import SESSION, VISITOR, Visit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Handler = TypeVar("Handler", bound=Callable[..., object])


class LoginNeeded(Exception):
    """Nobody has said who they are, and there are users who could."""


class NobodyKnown(Exception):
    """Nobody has said who they are, and there is nobody who could."""


def least(role: str) -> Callable[[Handler], Handler]:
    """Let a handler be called by those who have this role or more; "" lets everybody in."""

    def mark(handler: Handler) -> Handler:
        handler.least = role  # type: ignore[attr-defined]  # read by `asked_role`
        return handler

    return mark


def asked_role(request: Request) -> str:
    """Return the role that a request needs: as marked, or a reader's to look and an analyst's to change."""
    usual = "reader" if request.method in SAFE else "analyst"
    return str(getattr(request.scope.get("endpoint"), "least", usual))


def is_local(office: Office, request: Request) -> bool:
    """Return whether a request needs no login."""
    return needs_no_login(
        loopback=office.loopback, hosts=request.headers.getlist("host"), names=request.headers.keys(),
        version=str(request.scope.get("http_version", "")),
    )  # fmt: skip


def visit_of(request: Request) -> Visit:
    """Return the visit of a request, whoever it is."""
    office: Office = request.app.state.office
    token = request.cookies.get(SESSION, "")
    user = office.store.users.logged_in(passwords.digest(token), office.now()) if token else None
    if user is not None:
        return Visit(request, office, Person(user.name, user.role, language=user.language), token)
    secret = request.cookies.get(VISITOR) or passwords.new_token()
    if is_local(office, request):
        return Visit(request, office, Person(office.local_name, "operator", local=True), secret)
    return Visit(request, office, STRANGER, secret)


def enter(request: Request) -> Visit:
    """Return the visit of a request that may come in. Raises LoginNeeded, NobodyKnown, or HTTPException 403."""
    visit, role = visit_of(request), asked_role(request)
    if role and not visit.who.role:
        raise LoginNeeded if visit.office.store.users.any() else NobodyKnown
    visit.need(role)
    return visit


Here = Annotated[Visit, Depends(enter)]


async def genuine(request: Request, visit: Here) -> None:
    """Go on only with forms of our own. Raises HTTPException 403: no other site may change anything here."""
    if request.method in SAFE:
        return
    same_origin(request)
    given = request.headers.get("x-csrf-token", "") or str((await request.form()).get("csrf", ""))
    if not hmac.compare_digest(given.encode(errors="replace"), visit.csrf.encode()):
        why = visit.tongue.gettext(
            "This form is no longer valid, nothing was changed. Load the page anew and try again."
        )
        raise HTTPException(403, why)


def same_origin(request: Request) -> None:
    """Go on unless a browser says that a page from elsewhere asks. Raises HTTPException 403."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise HTTPException(403, "A page of another site asked for this change.")


def add_answers(app: FastAPI) -> None:
    """Answer with pages where somebody may not come in, or something went wrong."""

    @app.exception_handler(LoginNeeded)
    async def log_in(request: Request, _error: LoginNeeded) -> Response:
        if request.method not in SAFE:
            return await error_page(request, 401, "")
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}/login?{urlencode({'next': wanted})}", 303)

    @app.exception_handler(NobodyKnown)
    async def nobody(request: Request, _error: NobodyKnown) -> Response:
        return await error_page(request, 403, "", template="closed.html")

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        standard = error.detail if error.status_code not in (404, 405) else ""
        answer = await error_page(request, error.status_code, standard)
        answer.headers.update(error.headers or {})
        return answer


async def error_page(request: Request, status: int, detail: str, template: str = "error.html") -> Response:
    """Return the page that says what went wrong; as JSON to our script."""

    def make() -> Response:
        visit = visit_of(request)
        if visit.wants_json:
            return JSONResponse({"status": status, "detail": detail}, status)
        return visit.page(template, status, status=status, detail=detail)

    return await run_in_threadpool(make)
