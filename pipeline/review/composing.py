"""What pages and API of digests share: begin, find, change, throw away, send out; each kept in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException

from pipeline import editorial
from pipeline.errors import NevawireError
from pipeline.model import Draft
from pipeline.review.visit import Visit

#: Stories in one digest, at most: more than mail programs show whole.
MOST = 300
_STALE = "Somebody changed this digest meanwhile, or it went out; look at it as it is now, and try again."


def found(visit: Visit, number: int) -> Draft:
    """Return a draft. Raises 404."""
    draft = visit.office.store.drafts.get(number)
    if draft is None:
        raise HTTPException(404, f"no digest {number}")
    return draft


def begun(visit: Visit, language: str, stories: Sequence[str] | None = None, title: str = "") -> Draft:
    """Begin a draft with these stories, or all that are selected: the first selected first."""
    store = visit.office.store
    if stories is None:
        stories = [one.story for one in reversed(store.selections.page("selected", MOST))]
    draft = store.drafts.begin(language, title, list(dict.fromkeys(stories)), visit.who.name, visit.office.now())
    visit.note("digest begun", str(draft.id), stories=len(draft.stories))
    return draft


def changed(
    visit: Visit, draft: Draft, version: int, title: str, intro: Mapping[str, str], stories: Sequence[str]
) -> Draft:
    """Change a draft that stands at this version. Raises 409 where it does not."""
    told = {language: words.strip() for language, words in intro.items() if words.strip()}
    done = visit.office.store.drafts.change(
        draft.id, version, visit.office.now(), title=title.strip(), intro=told, stories=list(dict.fromkeys(stories)),
        who=visit.who.name,
    )  # fmt: skip
    if done is None:
        raise HTTPException(409, visit.tongue.gettext(_STALE))
    visit.note("digest changed", str(draft.id), stories=len(done.stories))
    return done


def dropped(visit: Visit, number: int) -> None:
    """Throw a draft away. Raises 404, 409."""
    found(visit, number)
    if not visit.office.store.drafts.drop(number):
        raise HTTPException(409, visit.tongue.gettext(_STALE))
    visit.note("digest dropped", str(number))


def published(visit: Visit, number: int) -> Draft:
    """Let a draft go out. Raises 404, 409 with the reason."""
    draft = found(visit, number)
    try:
        editorial.send(visit.office.newsstand(), draft, visit.who.name)
    except NevawireError as error:
        raise HTTPException(409, str(error)) from error
    out = found(visit, number)
    visit.note("digest published", str(number), issue=out.issue)
    visit.office.press.ask()
    return out
