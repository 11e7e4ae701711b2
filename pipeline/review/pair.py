"""One pair, face to face: what speaks for it and against it, and the analyst's word on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pipeline import analysts, facing
from pipeline.errors import NevawireError
from pipeline.model import Item, Story, Text
from pipeline.pairing import Explanation
from pipeline.record import dataclass
from pipeline.review import effects, queue, reasons, wishes
from pipeline.review.entrance import Here
from pipeline.review.visit import Visit
from pipeline.store import Wish

pages = APIRouter()
#: How long a page waits for the feeds, seconds.
_PATIENCE = 4.0


@dataclass(frozen=True)
class Sides:
    """A pair as it is shown: both articles and the stories they are in now."""

    ru: Item
    en: Item
    stories: tuple[Story, ...]

    @property
    def state(self) -> str:
        """Linked where both are in one story, review where they wait to be, machine where one is a machine's; else apart."""
        if self.machine:
            return "machine"
        if len(self.stories) == 1:
            return "linked"
        waits = any(
            one.match and (one.match.ru, one.match.en) == self.ids for one in self.stories if one.state == "review"
        )
        return "review" if waits else "apart"

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of the two articles."""
        return self.ru.id, self.en.id

    def story_of(self, item: Item) -> str:
        """Return the id of the story an article is in, "" where it is in none."""
        return next((one.id for one, text in self._texts() if any(other.id == item.id for other in text.items)), "")

    def copies(self, item: Item) -> int:
        """Return at how many more places an article's text stands."""
        return next((len(text.items) - 1 for _, text in self._texts() if text.lead.id == item.id), 0)

    def _texts(self) -> Iterator[tuple[Story, Text]]:
        return ((one, text) for one in self.stories for text in one.texts.values())

    @property
    def machine(self) -> str:
        """The language of the side a machine wrote, "" where none is."""
        made = (text for _, text in self._texts() if text.origin == "machine")
        return next((text.language for text in made if text.lead.id in self.ids), "")

    @property
    def probability(self) -> float | None:
        """What the matcher thinks of the pair, where it is linked or in review."""
        found = (one.match for one in self.stories if one.match and (one.match.ru, one.match.en) == self.ids)
        return next((one.probability for one in found), None)

    @property
    def reasons(self) -> Sequence[str]:
        """Why, as it was kept."""
        found = (one.match for one in self.stories if one.match and (one.match.ru, one.match.en) == self.ids)
        return next((one.reasons for one in found), ())


@pages.get("/pair/{ru}/{en}")
def show(visit: Here, ru: str, en: str, wish: wishes.Wished, turn: int = 0, about: str = "") -> Response:
    """Show a pair, with the ways to the next and the one before."""
    sides = sides_of(visit, ru, en)
    store = visit.office.store
    before, following = neighbours(visit, wish, ru, en)
    return visit.page(
        "pair.html", here="queue", wish=wish, pair=sides, face=facing.face(sides.ru, sides.en), before=before,
        following=following, names=queue.names(visit), query=wishes.query, say=reasons.said, turn=turn, about=about,
        said_before=store.verdicts.of_pair(ru, en), spoken=analysts.spoken(store, ru, en),
        waiting=store.queue.count(wish, queue.COUNTED), counted=queue.COUNTED, others=store.queue.machine_titles(sides.ids),
    )  # fmt: skip


@pages.get("/pair/{ru}/{en}/why")
def why(visit: Here, ru: str, en: str) -> Response:
    """Show what each clue is worth."""
    sides = sides_of(visit, ru, en)
    if sides.machine:
        raise HTTPException(404)
    told = analysts.explain(visit.office.store, visit.office.config(), analysts.Pair(sides.ru, sides.en))
    assert isinstance(told, Explanation)  # these are of two languages
    values = {"told": told, "rows": reasons.weighed(visit.tongue, told), "pair": sides, "say": reasons.said}
    if visit.wants_json:
        return JSONResponse({"html": visit.part("why.html", **values)})
    return visit.page("why_page.html", here="queue", **values)


@pages.post("/pair/{ru}/{en}/verdict")
def judge(visit: Here, ru: str, en: str, wish: wishes.Wished, kind: Annotated[queue.Word, Form()]) -> Response:
    """Keep a word about a pair, and go on to the next; the feeds follow by themselves."""
    sides = sides_of(visit, ru, en)
    if sides.machine:
        raise HTTPException(422, visit.tongue.gettext("One side is a machine's: there is no pair to speak of."))
    _, following = neighbours(visit, wish, ru, en)
    analysts.say(visit.office.store, [(analysts.Pair(sides.ru, sides.en), kind)], visit.who.name, visit.office.now())
    turn = visit.office.press.ask()
    if following in ("", f"/pair/{ru}/{en}"):
        return _on(visit, "/", wish, turn, sides, kind)
    return _on(visit, following, wish, turn, sides, kind)


@pages.post("/pair/{ru}/{en}/undo")
def undo(visit: Here, ru: str, en: str, wish: wishes.Wished) -> Response:
    """Take the last word about a pair back, and show the pair."""
    sides = sides_of(visit, ru, en)
    try:
        pair = analysts.Pair(sides.ru, sides.en)
        analysts.say(visit.office.store, [(pair, "undo")], visit.who.name, visit.office.now())
    except NevawireError as error:
        raise HTTPException(409, visit.tongue.gettext("There is no word to take back.")) from error
    return _on(visit, f"/pair/{ru}/{en}", wish, visit.office.press.ask(), sides, "undo")


@pages.get("/effects/{turn}")
def effect(visit: Here, turn: int, about: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Say what a word changed in the feeds, once it has."""
    ready = visit.office.press.wait(turn, _PATIENCE)
    values = {"ready": ready, "effects": effects_of(visit, turn, about) if ready else (), "turn": turn, "about": about}
    if visit.wants_json:
        return JSONResponse({"ready": ready, "html": visit.part("effects.html", **values)})
    return visit.page("effects_page.html", here="queue", **values)


def effects_of(visit: Visit, turn: int, about: str) -> tuple[effects.Effect, ...] | None:
    """Return what a turn changed of the stories of two articles; None where it failed or is forgotten."""
    changes = visit.office.press.result(turn)
    if changes is None:
        return None
    store = visit.office.store
    stories = store.stories.of_items(store.features.items(about.split(" ")))
    feeds = {one.feed for one in changes if "/" not in one.feed and ":" not in one.feed}
    return effects.told(changes, effects.entries(stories), feeds)


def sides_of(visit: Visit, ru: str, en: str) -> Sides:
    """Return a pair by its articles' ids. Raises HTTPException 404."""
    store = visit.office.store
    items = {item.id: item for item in store.features.items([ru, en])}
    if set(items) != {ru, en} or (items[ru].language.code, items[en].language.code) != ("ru", "en"):
        raise HTTPException(404)
    return Sides(items[ru], items[en], store.stories.of_items([items[ru], items[en]]))


def neighbours(visit: Visit, wish: Wish, ru: str, en: str) -> tuple[str, str]:
    """Return where the pair before and the next one stand, "" where there is none; the queue begins anew at its end."""
    kept = visit.office.store.queue
    at = kept.where(wish, ru, en)
    before = kept.page(wish, 1, before=at) if at else []
    following = kept.page(wish, 2, after=at) if at else []
    following = [row for row in following or kept.page(wish, 2) if (row.ru.id, row.en.id) != (ru, en)]
    first, second = (f"/pair/{row.ru.id}/{row.en.id}" if row else "" for row in
                     (next(iter(before), None), next(iter(following), None)))  # fmt: skip
    return first, second


def _on(visit: Visit, path: str, wish: Wish, turn: int, sides: Sides, kind: str) -> Response:
    """Go on to another page, which tells what was kept and what it changed."""
    about = " ".join(sides.ids)
    if visit.wants_json:
        banner = visit.part(
            "banner.html", turn=turn, about=about, told=_told(visit, kind, sides), wish=wish, query=wishes.query
        )
        where = f"{visit.root}{path}{wishes.query(wish)}"
        return JSONResponse(
            {"next": where, "banner": banner, "effects": f"{visit.root}/effects/{turn}?{urlencode({'about': about})}"}
        )
    return visit.go(f"{path}{wishes.query(wish, turn=turn, about=about)}", _told(visit, kind, sides))


def _told(visit: Visit, kind: str, sides: Sides) -> str:
    gettext = visit.tongue.gettext
    words = {
        "confirm": gettext("Confirmed as one story"), "reject": gettext("Rejected"),
        "related": gettext("Kept as the same event"), "split": gettext("Taken apart"),
        "undo": gettext("Taken back"),
    }  # fmt: skip
    return f"{words[kind]}: {sides.ru.article.title} · {sides.en.article.title}"
