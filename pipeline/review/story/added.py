"""An article added by its address: asked for at once, fetched behind the analyst's back, its outcome shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pipeline import address, owners, permission
from pipeline.errors import ConfigError
from pipeline.review.entrance import Here
from pipeline.review.visit import Visit
from pipeline.store import Errand

pages = APIRouter()
#: Shown of what was asked for.
_SIZE = 20


@pages.get("/add")
def form(visit: Here, url: str = "") -> Response:
    """Show where an address is given, and what became of those given lately."""
    return _page(visit, url)


@pages.post("/add")
def add(visit: Here, url: Annotated[str, Form()]) -> Response:
    """Ask for an article."""
    try:
        ask(visit, url)
    except HTTPException as error:
        return _page(visit, url, wrong=str(error.detail), status=error.status_code)
    return visit.go("/add", visit.tongue.gettext("Asked for; what comes of it stands below."))


def ask(visit: Visit, given: str) -> Errand:
    """Keep that somebody wants an article, and have it fetched. Raises 422 where it can be no article's address."""
    office = visit.office
    try:
        url = address.clean(given if "://" in given else f"https://{given.strip()}")
        permission.guard(office.settings, office.config(), [url])
    except ValueError as error:
        why = visit.tongue.gettext("This is no web address; write it like https://site.ru/news/1.html")
        raise HTTPException(422, why) from error
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    owner = owners.neighbour(office.config(), url)
    made = office.send("add", owner.id if owner else owners.ADDED, visit.who.name, url)
    visit.note("add", url, errand=made.id)
    return made


def _page(visit: Visit, url: str, wrong: str = "", status: int = 200) -> Response:
    latest = visit.office.store.errands.latest("add", visit.office.now(), _SIZE)
    answer = visit.page("add.html", status, here="items", rows=latest, url=url, wrong=wrong)
    if any(one.open for one in latest) and not wrong:
        answer.headers["Refresh"] = f"3; url={visit.root}/add"
    return answer
