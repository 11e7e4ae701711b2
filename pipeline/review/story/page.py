"""The story page, and the story as files: JSON, a translation memory."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pipeline import citation, dossier, export_pairs, history, timeline
from pipeline.dossier import Dossier
from pipeline.history import Step
from pipeline.model import Mark, Story
from pipeline.review import reasons
from pipeline.review.entrance import Here
from pipeline.review.story import shapes, view
from pipeline.review.visit import Visit

pages = APIRouter()


def found(visit: Visit, name: str) -> Story:
    """Return the story that goes, or went, by an id, with or without "urn:uuid:". Raises 404."""
    full = name if name.startswith("urn:uuid:") else f"urn:uuid:{name}"
    story = dossier.find(visit.office.store, full)
    if story is None:
        raise HTTPException(404, f"no story {name}")
    return story


def gathered(visit: Visit, name: str) -> Dossier:
    """Return all that is known of a story. Raises 404."""
    return dossier.read(visit.office.store, found(visit, name), visit.office.now())


@pages.get("/story/{name}")
def page(visit: Here, name: str, images: bool = False) -> Response:
    """Show a story. images: ask its publishers for the pictures."""
    told = gathered(visit, name)
    config, own = visit.office.config(), told.story
    citations = [view.citation(told, text.lead, config) for text in own.texts.values() if text.origin == "publisher"]
    return visit.page(
        "story.html", here="items", story=own, told=told, sides=view.sides(told, config), images=images,
        events=timeline.events(told)[::-1], standing=standing(told.marks), tags_in_use=visit.office.store.marks.in_use(),
        steps=list(_steps(told)),
        citations=[(one, [(form, citation.plain(one, form)) for form in ("ru", "en")], citation.bibtex(one)) for one in citations],
        pair=_pair(told), evidence=lambda name: citation.EVIDENCE[visit.language].get(name, name),
        say=reasons.said,
    )  # fmt: skip


@pages.get("/story/{name}/story.json")
def as_json(visit: Here, name: str) -> Response:
    """Give the story as a JSON file."""
    told = gathered(visit, name)
    made = shapes.whole(told, visit.office.config()).model_dump(mode="json")
    return _file(json.dumps(made, ensure_ascii=False, indent=1), "application/json", told.story, "json")


@pages.get("/story/{name}/story.tmx")
def as_tmx(visit: Here, name: str) -> Response:
    """Give the story's two texts as a translation memory."""
    own = found(visit, name)
    return _file(memory(own), "application/x-tmx+xml", own, "tmx")


def memory(story: Story) -> str:
    """Return a story's two texts as TMX. Raises 404 where publishers wrote it in one language only."""
    if {code for code, text in story.texts.items() if text.origin == "publisher"} < {"ru", "en"}:
        raise HTTPException(404, "a translation memory needs both languages from publishers")
    file = io.StringIO()
    export_pairs.write_tmx([story], file, confirmed=False)
    return file.getvalue()


def standing(marks: tuple[Mark, ...]) -> dict[str, list[Mark]]:
    """Return the marks that are on a story now, by kind."""
    return {kind: [one for one in marks if one.kind == kind and one.gone is None] for kind in ("tag", "star", "note")}


def _steps(told: Dossier) -> Iterator[tuple[str, str, list[tuple[int, Step]]]]:
    """Yield for each article that was corrected its id, title and wordings, the newest first."""
    for item in told.items:
        revisions = told.revisions.get(item.id, ())
        if len(revisions) > 1:
            numbered = list(enumerate(history.steps(revisions), start=1))[:0:-1]
            yield item.id, item.article.title, numbered


def _pair(told: Dossier) -> dict[str, Any] | None:
    """Return the pair a story stands on or waits with: its two articles, and where the other one is."""
    match = told.story.match
    if match is None:
        return None
    mine = {item.id for item in told.items}
    unknown = ("", "", "")
    return {
        "match": match,
        "rows": [(code, one, *told.titles.get(one, unknown)[1:], one in mine) for code, one in (("ru", match.ru), ("en", match.en))],
    }  # fmt: skip


def _file(text: str, media: str, story: Story, ending: str) -> Response:
    name = f"story-{story.id.rpartition(':')[2]}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=f"{media}; charset=utf-8", headers=headers)
