"""The review queue as a list: filters, the way into the pairs, and one word for many of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from pipeline import analysts, editing
from pipeline.review import paging, reasons, wishes
from pipeline.review.entrance import Here
from pipeline.review.numbered import possible
from pipeline.review.visit import Visit
from pipeline.store import InQueue, Wish

pages = APIRouter()
#: Pairs on a page, counted at most, and spoken of at once.
_PAGE, COUNTED, _AT_ONCE = 30, 500, 500
#: Numbers of the first and last word of many.
_WORDS = r"^([0-9]{1,15}-[0-9]{1,15})?$"
Words = Annotated[str, Query(pattern=_WORDS)]
Word = Literal["confirm", "reject", "related", "split"]


@pages.get("/")
def queue(visit: Here, wish: wishes.Wished, after: str = "", turn: int = 0, words: Words = "") -> Response:
    """Show the pairs that wait, the most doubtful first; words: those just said of many, to be taken back."""
    kept = visit.office.store.queue
    found = kept.page(wish, _PAGE + 1, after=wishes.place(after))
    rows, following = paging.page(found, _PAGE, lambda row: row.place)
    return visit.page(
        "queue.html", here="queue", wish=wish, rows=rows, following=following, turn=turn, after=after, words=words,
        count=kept.count(wish, COUNTED), counted=COUNTED, names=names(visit), query=wishes.query,
        others=kept.machine_titles(one.id for row in rows for one in (row.ru, row.en)), say=reasons.said,
        edits=len(editing.waiting(visit.office.store)) if not after else 0,
    )  # fmt: skip


@pages.post("/bulk")
def bulk(
    visit: Here, wish: wishes.Wished, kind: Annotated[Word, Form()], pair: Annotated[list[str] | None, Form()] = None,
    every: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Say one word of the pairs that were ticked, or of all that the filter lets through."""
    store, told = visit.office.store, visit.tongue
    chosen = _filtered(visit, wish) if every else [tuple(one.split(" ", 1)) for one in pair or []]
    if any(len(one) != 2 for one in chosen):
        raise HTTPException(422, told.gettext("These are no pairs."))
    if not chosen:
        return visit.go(f"/{wishes.query(wish)}", told.gettext("Nothing was ticked."))
    items = {item.id: item for item in store.features.items(one for both in chosen for one in both)}
    words = [
        (analysts.Pair(items[ru], items[en]), kind)
        for ru, en in chosen
        if ru in items and en in items and (items[ru].language.code, items[en].language.code) == ("ru", "en")
    ]
    first, last = analysts.say(store, words, visit.who.name, visit.office.now())
    turn = visit.office.press.ask()
    said = told.ngettext("%(num)s pair: your word is kept.", "%(num)s pairs: your word is kept.", len(words))
    return visit.go(f"/{wishes.query(wish, turn=turn, words=f'{first}-{last}')}", said)


@pages.post("/bulk/undo")
def undo(visit: Here, wish: wishes.Wished, words: Annotated[str, Form(pattern=_WORDS)]) -> Response:
    """Take back what one said of many pairs at once; a pair of which something else was said since keeps that."""
    first, _, last = words.partition("-")
    done = analysts.take_back(
        visit.office.store, possible(int(first)), possible(int(last)), visit.who.name, visit.office.now()
    )
    if not done:
        return visit.go(f"/{wishes.query(wish)}", visit.tongue.gettext("Nothing changed."))
    said = visit.tongue.ngettext("%(num)s pair: taken back.", "%(num)s pairs: taken back.", done)
    return visit.go(f"/{wishes.query(wish, turn=visit.office.press.ask())}", said)


def names(visit: Visit) -> dict[str, str]:
    """Return the sources' names by id, in the reader's language where they have one."""
    sources = visit.office.config().sources
    return {one.id: one.name.get(visit.language) or next(iter(one.name.values()), one.id) for one in sources}


def _filtered(visit: Visit, wish: Wish) -> list[tuple[str, ...]]:
    rows: list[InQueue] = visit.office.store.queue.page(wish, _AT_ONCE)
    return [(row.ru.id, row.en.id) for row in rows if not (row.ru.machine or row.en.machine)]
