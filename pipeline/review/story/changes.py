"""What an analyst does to a story: other words for its titles and summaries, for a machine's sentences; tags, notes, stars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from pipeline import analysts, characters, editing, publish, subeditor
from pipeline.errors import NevawireError
from pipeline.model import EDITABLE, Edit, Story, Text
from pipeline.review import machine_reasons
from pipeline.review.entrance import Here
from pipeline.review.numbered import Number
from pipeline.review.queue import Word
from pipeline.review.story.page import found
from pipeline.review.visit import Visit

pages = APIRouter()
#: Characters at most.
TAG, NOTE = 60, 5_000
_SENTENCE = "sentence-"
#: Seconds to wait for what a word about a pair changes.
_PATIENCE = 3


@pages.post("/story/{name}/words")
def words(
    visit: Here, name: str, language: Annotated[str, Form()], title: Annotated[str | None, Form()] = None,
    summary: Annotated[str | None, Form()] = None, back: Annotated[str, Form()] = "", then: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Put the title and summary of a side into other words; back: the field whose publisher's words come back.

    then: the page of the desk to go on to; left out: the story.
    """
    story = found(visit, name)
    wanted = {"title": title, "summary": summary}
    if back:
        wanted = {field: "" if field == back else None for field in EDITABLE}
    made = reworded(visit, story, language, {field: value for field, value in wanted.items() if value is not None})
    said = (
        visit.tongue.gettext("Kept; the feeds follow in a moment.")
        if made
        else visit.tongue.gettext("Nothing changed.")
    )
    return visit.go(visit.inner(then, f"/story/{story.id}#side-{language}"), said)


def reworded(visit: Visit, story: Story, language: str, values: Mapping[str, str]) -> list[Edit]:
    """Keep other words for fields of a side. Raises 404 where there is no such side, 422 where they may not be said."""
    office, text = visit.office, side(story, language)
    made = []
    for field, value in values.items():
        try:
            one = editing.edit(office.store, office.config(), text, field, value, visit.who.name, office.now())
        except NevawireError as error:
            raise HTTPException(422, str(error)) from error
        if one is not None:
            made.append(one)
            visit.note("edit", story.id, language=language, field=field, value=one.value)
    if made:
        office.press.ask()
    return made


def side(story: Story, language: str) -> Text:
    """Return a side of a story. Raises 404 where there is none."""
    if language not in story.texts:
        raise HTTPException(404, f"this story has no side in {language!r}; it has {', '.join(story.texts)}")
    return story.texts[language]


@pages.post("/story/{name}/verdict")
def judge(
    visit: Here, name: str, ru: Annotated[str, Form()], en: Annotated[str, Form()], kind: Annotated[Word, Form()]
) -> Response:
    """Keep a word about a pair of the story, and stay with it; it is paired anew at once, or soon."""
    office, story = visit.office, found(visit, name)
    try:
        pair = analysts.find(office.store, [ru, en])
        analysts.say(office.store, [(pair, kind)], visit.who.name, office.now())
    except NevawireError as error:
        raise HTTPException(422, str(error)) from error
    office.press.wait(office.press.ask(), _PATIENCE)
    return visit.go(f"/story/{story.id}#pair", visit.tongue.gettext("Kept; the feeds follow in a moment."))


@pages.get("/story/{name}/translation")
def translation(visit: Here, name: str) -> Response:
    """Show a machine's text sentence by sentence, to be put into better words."""
    story = found(visit, name)
    return _sentences(visit, story, _machine(visit, story))


@pages.post("/story/{name}/translation")
async def translate(visit: Here, request: Request, name: str) -> Response:
    """Keep the sentences of a machine's text that were put into other words."""
    given = {key: str(value) for key, value in (await request.form()).items() if key.startswith(_SENTENCE)}
    return await run_in_threadpool(_translate, visit, name, given)


def _translate(visit: Visit, name: str, given: Mapping[str, str]) -> Response:
    """Keep the sentences that differ from what stands."""
    story = found(visit, name)
    own = _machine(visit, story)
    lines = {f"{_SENTENCE}{line.place}": line for line in own.lines}
    changed = {
        lines[key].place: value
        for key, value in given.items()
        if key in lines and characters.line(value) != characters.line(lines[key].said)
    }
    done = subeditor.edit(
        visit.office.store, visit.office.config(), own.text, changed, visit.who.name, visit.office.now()
    )  # fmt: skip
    if not done.kept:
        return _sentences(visit, story, own, refused=done.refused, given=changed)
    if not changed:
        return visit.go(f"/story/{story.id}/translation", visit.tongue.gettext("Nothing changed."))
    visit.note("translation", story.id, text=own.text, sentences=len(changed))
    visit.office.press.ask()
    if done.doubts:
        return _sentences(visit, story, done.side, doubts=done.doubts)
    if done.side.state != "done":
        said = visit.tongue.gettext("Kept; but the text cannot go out yet, see what it still wants.")
        return visit.go(f"/story/{story.id}/translation", said)
    return visit.go(f"/story/{story.id}", visit.tongue.gettext("Kept; the feeds follow in a moment."))


def _sentences(
    visit: Visit, story: Story, own: subeditor.Side, *, refused: Mapping[int, str] | None = None,
    doubts: Mapping[int, tuple[str, ...]] | None = None, given: Mapping[int, str] | None = None,
) -> Response:  # fmt: skip
    """Show a machine's text sentence by sentence; refused, doubts, given: what came of those that were sent."""
    return visit.page(
        "translation.html", 422 if refused else 200, here="items", story=story, own=own, refused=refused or {},
        doubts=doubts or {}, given=given or {}, say=machine_reasons.said, named=machine_reasons.faults,
    )  # fmt: skip


def _machine(visit: Visit, story: Story) -> subeditor.Side:
    made = (text for text in story.texts.values() if text.origin != "publisher")
    sides = (subeditor.side(visit.office.store, visit.office.config(), text.id) for text in made)
    own = next((one for one in sides if one is not None), None)
    if own is None:
        raise HTTPException(404, "no side of this story was written by a machine")
    return own


@pages.post("/story/{name}/tags")
def tag(visit: Here, name: str, tags: Annotated[str, Form()]) -> Response:
    """Put tags on a story; several with commas between them."""
    story = found(visit, name)
    for one in tags.split(","):
        put_tag(visit, story, one)
    return visit.go(f"/story/{story.id}#marks")


def put_tag(visit: Visit, story: Story, given: str) -> str:
    """Put a tag on a story and return it as it is kept; "" for none. Raises 422 where it is too long."""
    tag = characters.line(given).lower().replace('"', "")  # so that a search can be written that asks for it
    if len(tag) > TAG:
        raise HTTPException(422, visit.tongue.gettext("A tag has %(most)s characters at most.", most=TAG))
    if tag and visit.office.store.marks.tag(story.id, tag, visit.who.name, visit.office.now()):
        visit.note("tag", story.id, tag=tag)
        _retagged(visit)
    return tag


def _retagged(visit: Visit) -> None:
    """Have the feeds made anew where some go by tags."""
    if publish.asks_tags(visit.office.config()):
        visit.office.press.ask()


@pages.post("/story/{name}/tags/off")
def untag(visit: Here, name: str, tag: Annotated[str, Form()]) -> Response:
    """Take a tag off a story."""
    story = found(visit, name)
    take_tag(visit, story, tag)
    return visit.go(f"/story/{story.id}#marks")


def take_tag(visit: Visit, story: Story, tag: str) -> bool:
    """Take a tag off a story; say whether it was there."""
    there = visit.office.store.marks.untag(story.id, characters.legal(tag), visit.who.name, visit.office.now())
    if there:
        visit.note("untag", story.id, tag=tag)
        _retagged(visit)
    return there


@pages.post("/story/{name}/star")
def star(visit: Here, name: str, on: Annotated[bool, Form()] = True) -> Response:
    """Put one's star on a story, or take it off."""
    story = found(visit, name)
    put_star(visit, story, on=on)
    return visit.go(f"/story/{story.id}")


def put_star(visit: Visit, story: Story, *, on: bool) -> None:
    """Put one's star on a story, or take it off."""
    marks = visit.office.store.marks
    if (marks.star if on else marks.unstar)(story.id, visit.who.name, visit.office.now()):
        visit.note("star" if on else "unstar", story.id)


@pages.post("/story/{name}/notes")
def note(visit: Here, name: str, text: Annotated[str, Form()], number: Annotated[Number, Form()] = 0) -> Response:
    """Write a note about a story; number: of the one it is in place of."""
    story = found(visit, name)
    put_note(visit, story, text, number)
    return visit.go(f"/story/{story.id}#marks")


def put_note(visit: Visit, story: Story, given: str, number: int = 0) -> int:
    """Write a note and return its number. Raises 422 where it is empty or too long, 404 where there is no such note."""
    text = characters.legal(given).strip()
    if not text or len(text) > NOTE:
        raise HTTPException(422, visit.tongue.gettext("A note has 1 to %(most)s characters.", most=NOTE))
    marks, now = visit.office.store.marks, visit.office.now()
    if number:
        made = marks.rewrite(story.id, number, text, visit.who.name, now)
        if not made:
            raise HTTPException(404, f"no note {number} on this story")
    else:
        made = marks.note(story.id, text, visit.who.name, now)
    visit.note("note", story.id, number=made)
    return made


@pages.post("/story/{name}/notes/off")
def unnote(visit: Here, name: str, number: Annotated[Number, Form()]) -> Response:
    """Take a note off a story."""
    story = found(visit, name)
    if visit.office.store.marks.unnote(story.id, number, visit.who.name, visit.office.now()):
        visit.note("unnote", story.id, number=number)
    return visit.go(f"/story/{story.id}#marks")
