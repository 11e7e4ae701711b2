"""What the list of items is asked for, as it stands in an address: words, facets, days, order, page.

All of it is in the address, so that whoever is sent one sees the same list. What is found is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from pipeline import query, stems
from pipeline.record import dataclass
from pipeline.stems import Part
from pipeline.store import FACETS, Asked

Values = Annotated[list[str], Field(max_length=50)]
_ORDERS = ("", "date", "best")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks the list for."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: facet → values, one of which
    since: date | None = None
    until: date | None = None  #: with this day
    sort: str = ""  #: date | best; "": best where words are asked for
    after: str = ""

    @property
    def address(self) -> str:
        """The query string that asks for this: "?q=port", "" for everything."""
        pairs = [("q", self.q), *((name, one) for name in FACETS for one in self.chosen.get(name, ()))]
        pairs += [
            ("since", self.since.isoformat() if self.since else ""),
            ("until", self.until.isoformat() if self.until else ""),
        ]
        pairs += [("sort", self.sort), ("after", self.after)]
        told = urlencode([(name, value) for name, value in pairs if value])
        return f"?{told}" if told else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.q or self.since or self.until or any(self.chosen.values()))

    def turned(self, facet: str, value: str) -> Wish:
        """Return this with a facet's value chosen, or let go where it was; on the first page."""
        own = self.chosen.get(facet, ())
        now = tuple(one for one in own if one != value) if value in own else (*own, value)
        return replace(self, chosen={**self.chosen, facet: now}, after="")

    def with_(self, **changes: object) -> Wish:
        """Return this, changed; on the first page where nothing is said of pages."""
        return replace(self, **{"after": "", **changes})  # type: ignore[arg-type]  # names of its fields


class Given(BaseModel):
    """What an address may ask for."""

    q: str = Field(
        "", max_length=500, description='Words, "phrases", begin*, -without, source:, kind:, topic:, place: …'
    )
    source: Values = []
    kind: Values = []
    language: Values = []
    topic: Values = []
    state: Values = []
    origin: Values = []
    tag: Values = []
    star: Values = []
    organisation: Values = []
    place: Values = []
    since: str = Field("", max_length=40, description="First day, like 2026-05-20")
    until: str = Field("", max_length=40, description="Last day")
    sort: str = Field("", max_length=10, description="date, or best; best where words are asked for")
    after: str = Field("", max_length=80, description="`next` of the page before")


def wish(given: Annotated[Given, Query()]) -> Wish:
    """Read a wish from an address. Raises 422 where a day or an order is none."""
    chosen = {name: tuple(dict.fromkeys(one for one in getattr(given, name) if one)) for name in FACETS}
    if given.sort not in _ORDERS:
        raise HTTPException(422, "sort: is date or best")
    return Wish(
        given.q.strip(), {name: values for name, values in chosen.items() if values}, _day("since", given.since),
        _day("until", given.until), given.sort, given.after,
    )  # fmt: skip


def asked(wanted: Wish, zone: ZoneInfo) -> Asked:
    """Return what the store is asked; days begin by the clock of zone. Raises ValueError where words cannot be read."""
    sought = Asked.of(query.read(wanted.q))
    both = {**sought.wanted, **wanted.chosen}
    for facet in sought.wanted.keys() & wanted.chosen.keys():
        both[facet] = tuple(one for one in wanted.chosen[facet] if one in sought.wanted[facet]) or ("",)
    return replace(
        sought, wanted=both, since=_midnight(wanted.since, zone), until=_midnight(wanted.until, zone, days=1),
        best=wanted.sort != "date" and bool(sought.words),
    )  # fmt: skip


def parts(wanted: Asked) -> list[Part]:
    """Return the words that are looked for."""
    return [part for word in wanted.words if (part := stems.part(word)) != Part(())]


def _day(name: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise HTTPException(422, f"{name}: is a day like 2026-05-20") from None


def _midnight(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """Return when a day begins, or the one after so many days; None for none, or one beyond the calendar."""
    try:
        return datetime.combine(day + timedelta(days), time(), zone) if day else None
    except OverflowError:
        return None
