"""The login form, the way out, and the choice of language."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from pipeline.review import passwords
from pipeline.review.entrance import Here, least
from pipeline.review.tongue import LANGUAGES
from pipeline.review.visit import LANGUAGE, SESSION, Visit

pages = APIRouter()
#: A login lasts so long, however busy.
_LASTS = timedelta(days=14)

Text = Annotated[str, Form(max_length=passwords.LONGEST)]


@pages.get("/login")
@least("")
def form(visit: Here, next: str = "") -> Response:  # noqa: A002 - it is called so in the address
    """Show the form."""
    return visit.page("login.html", next=next, name="", wrong="")


@pages.post("/login")
@least("")
def log_in(visit: Here, name: Text = "", password: Text = "", next: Text = "") -> Response:  # noqa: A002
    """Let a user in, or say that name and password do not go together."""
    office, now = visit.office, visit.office.now()
    if wait := _wait(visit, name):
        told = visit.tongue.ngettext(
            "Too many attempts. Wait %(num)s second.", "Too many attempts. Wait %(num)s seconds.", wait
        )
        answer: Response = visit.page("login.html", 429, next=next, name=name, wrong=told)
        answer.headers["Retry-After"] = str(wait)
        return answer
    user = office.store.users.get(name)
    if not passwords.right(user.password if user else None, password) or user is None:
        told = visit.tongue.gettext("Name and password do not go together.")
        return visit.page("login.html", 401, next=next, name=name, wrong=told)
    office.logins.forget(name)
    token = passwords.new_token()
    office.store.users.log_in(user.name, passwords.digest(token), now, now + _LASTS)
    office.store.audit.note(user.name, "login", "", now)
    answer = visit.go(visit.inner(next))
    visit.keep(answer, SESSION, token, int(_LASTS.total_seconds()))
    return answer


@pages.post("/logout")
@least("")
def log_out(visit: Here) -> Response:
    """End this browser's session."""
    if token := visit.request.cookies.get(SESSION):
        visit.office.store.users.log_out(passwords.digest(token))
        visit.note("logout", "")
    answer = visit.go("/login")
    answer.delete_cookie(SESSION, path=visit.path)
    return answer


@pages.post("/language")
@least("")
def choose(visit: Here, language: Text, next: Text = "") -> Response:  # noqa: A002
    """Keep the language of the pages: with the user, or in the browser of who has no login."""
    answer = visit.go(visit.inner(next))
    if language in LANGUAGES:
        visit.keep(answer, LANGUAGE, language)
        if visit.who.name and not visit.who.local:
            visit.office.store.users.set_language(visit.who.name, language, visit.office.now())
    return answer


def _wait(visit: Visit, name: str) -> int:
    """Return how many seconds this name, or this address, must wait before the next attempt; 0: none."""
    client = visit.request.client
    stranger = visit.office.strangers.take(client.host if client else "")
    known = visit.office.logins.take(name)
    return max(0, round(max(stranger, known) + 0.5)) if stranger or known else 0
