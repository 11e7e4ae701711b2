"""Names that confirmed pairs suggest for the glossary of machine translation: taken into sources.yaml, or declined.

Finding and keeping them is `pipeline.terms`' business.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from pipeline import terms
from pipeline.errors import ConfigError
from pipeline.review import problems
from pipeline.review.entrance import Here, least
from pipeline.review.gateway import Caller
from pipeline.review.visit import Visit

pages = APIRouter()
api = APIRouter(tags=["glossary"])


class Met(BaseModel):
    """A story that has both names."""

    story: str
    ru: str
    en: str


class Proposed(BaseModel):
    """A name in both languages, and what speaks for it."""

    ru: str
    en: str
    together: int  #: confirmed pairs that have both
    met: int  #: confirmed pairs that have either
    stories: list[Met]  #: some of those with both


class Name(BaseModel):
    """A name in both languages."""

    ru: str
    en: str


@api.get("/glossary/proposed")
def proposals(visit: Caller) -> list[Proposed]:
    """List the names that confirmed pairs suggest, the surest first."""
    return [
        Proposed(**{**asdict(one), "stories": [Met(story=story, ru=ru, en=en) for story, ru, en in one.stories]})
        for one in terms.proposed(visit.office.store, visit.office.config())
    ]


@api.post("/glossary", status_code=204, responses=problems.documented(422))
@least("operator")
def accepted(visit: Caller, name: Name) -> None:
    """Take a name into the glossary of sources.yaml. For operators."""
    _accept(visit, name.ru, name.en)


@api.post("/glossary/declined", status_code=204)
def declined(visit: Caller, name: Name) -> None:
    """Propose a name no more."""
    _decline(visit, name.ru, name.en)


@pages.get("/glossary")
def glossary(visit: Here) -> Response:
    """Show the names that are proposed, and those there are."""
    config = visit.office.config()
    found = terms.proposed(visit.office.store, config)
    return visit.page("glossary.html", here="status", found=found, known=config.glossary)


@pages.post("/glossary/accept")
@least("operator")
def accept(visit: Here, ru: Annotated[str, Form()], en: Annotated[str, Form()]) -> Response:
    """Take a name into the glossary."""
    _accept(visit, ru, en)
    return visit.go("/glossary", said=visit.tongue.gettext("%(ru)s – %(en)s is in the glossary.", ru=ru, en=en))


@pages.post("/glossary/decline")
def decline(visit: Here, ru: Annotated[str, Form()], en: Annotated[str, Form()]) -> Response:
    """Propose a name no more."""
    _decline(visit, ru, en)
    return visit.go("/glossary", said=visit.tongue.gettext("%(ru)s – %(en)s is not proposed again.", ru=ru, en=en))


def _accept(visit: Visit, ru: str, en: str) -> None:
    try:
        terms.accept(visit.office.settings.sources, ru, en)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    visit.note("glossary", ru, en=en)


def _decline(visit: Visit, ru: str, en: str) -> None:
    terms.decline(visit.office.store, ru, en, visit.who.name, visit.office.now())
    visit.note("glossary-declined", ru, en=en)
