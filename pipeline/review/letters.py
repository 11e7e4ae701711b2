"""Digests composed at the desk: their stories, order and intro; as mail before it is mail; exported; sent out.

What goes into one and why not is editorial's to say, how it looks the publish stage's; nothing is mailed from here:
a sender takes the files, or the feed of digests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from pipeline import editorial, mailroom
from pipeline.model import Draft
from pipeline.review import problems, teasers
from pipeline.review.composing import MOST, begun, changed, dropped, found, published
from pipeline.review.entrance import Here
from pipeline.review.gateway import Caller
from pipeline.review.numbered import Number
from pipeline.review.selection import StoryId
from pipeline.review.visit import Visit
from pipeline.store import Issue

pages = APIRouter()
api = APIRouter(tags=["digests"])

Tongue = Literal["ru", "en", "both"]
Form_ = Literal["html", "mail.html", "txt", "md", "campaign.json"]
_TYPES = {
    "html": "text/html",
    "mail.html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
    "campaign.json": "application/json",
}
#: A mail as it will look: its own styles, pictures from where they stand, and nothing that could act.
_AS_MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; frame-ancestors 'self'; sandbox"
Title = Annotated[str, Field(max_length=300)]
Words = Annotated[str, Field(max_length=10_000)]


class Letter(BaseModel):
    """A digest that is being composed, or went out."""

    id: int
    language: Tongue
    title: str
    intro: dict[str, str]
    stories: list[str]
    who: str
    changed: datetime
    version: int
    issue: str = ""  #: id of the digest it went out as


class Look(Letter):
    """A digest, and what of it would go out now."""

    ready: list[str]
    left: dict[str, Literal["gone", "silent", "sent", "state", "hidden"]]
    too_long: bool


class Begun(BaseModel):
    """A digest to begin; without stories it takes all that are selected."""

    language: Tongue
    title: Title = ""
    stories: Annotated[list[StoryId], Field(max_length=MOST)] | None = None


class Changed(BaseModel):
    """What a digest should say now; version is the one it was read at."""

    version: Annotated[int, Field(ge=1, le=10**9)]
    title: Title = ""
    intro: dict[Literal["ru", "en"], Words] = {}
    stories: Annotated[list[StoryId], Field(max_length=MOST)]


class Sent(BaseModel):
    """A digest that went out, composed or by a plan."""

    id: str
    language: Tongue
    period: str
    name: str
    title: str
    at: datetime
    entries: int


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────
@api.get("/digests")
def drafts(visit: Caller) -> list[Letter]:
    """List the digests that are being composed, the latest change first."""
    return [_letter(one) for one in visit.office.store.drafts.every()]


@api.get("/digests/sent")
def sent(visit: Caller) -> list[Sent]:
    """List the digests that went out, composed or by a plan, the newest first."""
    return [Sent.model_validate(one, from_attributes=True) for one in visit.office.store.issues.all()]


@api.post("/digests", status_code=201)
def begin(visit: Caller, wanted: Begun) -> Letter:
    """Begin a digest."""
    return _letter(begun(visit, wanted.language, wanted.stories, wanted.title))


@api.get("/digests/{number}", responses=problems.documented(404))
def look(visit: Caller, number: Number) -> Look:
    """Say what a digest holds, and what of it would go out now."""
    draft = found(visit, number)
    made = editorial.composed(visit.office.newsstand(), draft)
    more = {"ready": list(made.stories), "left": dict(made.left), "too_long": made.digest.left_out > 0}
    return Look.model_validate(_letter(draft).model_dump() | more)


@api.put("/digests/{number}", responses=problems.documented(404, 409))
def change(visit: Caller, number: Number, wanted: Changed) -> Letter:
    """Change title, intro, stories and their order."""
    intro = {str(language): words for language, words in wanted.intro.items()}
    return _letter(changed(visit, found(visit, number), wanted.version, wanted.title, intro, wanted.stories))


@api.delete("/digests/{number}", status_code=204, responses=problems.documented(404, 409))
def drop(visit: Caller, number: Number) -> None:
    """Throw away a digest that did not go out."""
    dropped(visit, number)


@api.get(
    "/digests/{number}/documents/{form}", response_class=Response,
    responses=problems.documented(404) | {200: {"content": {kind: {} for kind in sorted({*_TYPES.values()})}}},
)  # fmt: skip
def document(visit: Caller, number: Number, form: Form_) -> Response:
    """Return a digest's file: page, mail, text, Markdown, or a campaign for listmonk."""
    return _document(visit, number, form)


@api.post("/digests/{number}/publish", responses=problems.documented(404, 409))
def publish(visit: Caller, number: Number) -> Letter:
    """Let a digest go out: its files are written, its stories are published, nothing of it is sent again."""
    return _letter(published(visit, number))


# ── as pages ────────────────────────────────────────────────────────────────────────────────
@pages.get("/selection/digests")
def digests(visit: Here) -> Response:
    """Show the digests that are being composed, and those that went out."""
    store = visit.office.store
    return visit.page(
        "letters.html", here="selection", drafts=store.drafts.every(), sent=store.issues.all()[:100],
        selected=store.selections.counts()["selected"], home=visit.office.config().publisher.home,
    )  # fmt: skip


@pages.post("/selection/digests")
def compose(visit: Here, language: Annotated[Tongue, Form()]) -> Response:
    """Begin a digest of what is selected."""
    return visit.go(f"/selection/digests/{begun(visit, language).id}")


@pages.get("/selection/digests/{number}")
def digest(visit: Here, number: Number) -> Response:
    """Show a digest as it is being composed."""
    draft = found(visit, number)
    made = editorial.composed(visit.office.newsstand(), draft)
    selected = [one.story for one in visit.office.store.selections.page("selected", MOST)]
    return visit.page(
        "letter.html", here="selection", draft=draft, about=teasers.teasers(visit, draft.stories), left=made.left,
        ready=len(made.stories), too_long=made.digest.left_out, subject=made.digest.title,
        text=made.documents["txt"].decode(), forms=tuple(_TYPES), more=sum(one not in draft.stories for one in selected),
        languages_of=mailroom.languages(draft.language), issue=_issue(visit, draft),
    )  # fmt: skip


@pages.post("/selection/digests/{number}")
async def save(visit: Here, number: Number) -> Response:
    """Change a digest by its form: words, places of stories, those to leave out; or send it, or throw it away."""
    form = await visit.request.form()
    return await run_in_threadpool(_saved, visit, number, {key: str(form[key]) for key in form}, form.getlist("out"))


@pages.get("/selection/digests/{number}/preview")
def preview(visit: Here, number: Number) -> Response:
    """Show a digest as mail."""
    answer = _document(visit, number, "mail.html")
    del answer.headers["content-disposition"]
    return answer


@pages.get("/selection/digests/{number}/{form}")
def exported(visit: Here, number: Number, form: Form_) -> Response:
    """Hand over a digest's file."""
    return _document(visit, number, form)


def _saved(visit: Visit, number: int, form: Mapping[str, str], out: Sequence[object]) -> Response:
    """Change a draft as its form says, then do what the button says."""
    draft, do = found(visit, number), form.get("do", "save")
    here = f"/selection/digests/{number}"
    if do == "drop":
        dropped(visit, number)
        return visit.go("/selection/digests", visit.tongue.gettext("The digest was thrown away."))
    arranged = editorial.arranged(draft.stories, _places(form, draft.stories))
    stories = _moved([one for one in arranged if one not in out], do)
    if do == "add":
        selected = (one.story for one in reversed(visit.office.store.selections.page("selected", MOST)))
        stories = list(dict.fromkeys([*stories, *selected]))[:MOST]
    intro = {language: form.get(f"intro-{language}", "")[:10_000] for language in mailroom.languages(draft.language)}
    version = int(form["version"]) if form.get("version", "").isdecimal() else 0
    changed(visit, draft, min(version, 10**9), form.get("title", "")[:300], intro, stories)
    if do == "publish":
        published(visit, number)
        return visit.go(here, visit.tongue.gettext("The digest went out."))
    return visit.go(here, visit.tongue.gettext("Saved."))


def _places(form: Mapping[str, str], stories: Sequence[str]) -> dict[str, int]:
    """Return the places that were typed beside stories."""
    typed = {one: form.get(f"place-{one}", "").strip()[:6] for one in stories}
    return {one: int(place) for one, place in typed.items() if place.isdecimal()}


def _moved(stories: list[str], do: str) -> list[str]:
    """Move one story up or down by a place: do is `up:<story>` or `down:<story>`."""
    step, _, story = do.partition(":")
    if step in ("up", "down") and story in stories:
        at = stories.index(story)
        to = max(0, min(len(stories) - 1, at + (-1 if step == "up" else 1)))
        stories.insert(to, stories.pop(at))
    return stories


def _document(visit: Visit, number: int, form: str) -> Response:
    draft = found(visit, number)
    made = editorial.composed(visit.office.newsstand(), draft)
    name = (_issue(visit, draft) or made.digest).name
    kind = _TYPES[form]
    answer = Response(made.documents[form], media_type=kind)
    answer.headers["content-disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["content-security-policy"] = _AS_MAIL
    return answer


def _issue(visit: Visit, draft: Draft) -> Issue | None:
    """Return the digest a draft went out as."""
    return next((one for one in visit.office.store.issues.all() if draft.issue and one.id == draft.issue), None)


def _letter(draft: Draft) -> Letter:
    return Letter.model_validate(draft, from_attributes=True)
