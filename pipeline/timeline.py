"""What happened to a story, in one order: found, asked for, read, corrected, paired, translated, worded, shown, judged.

Values only: words for these events are the desk's. Requests that found nothing new are told once for a run of them,
and feeds that showed an entry at the same instant once for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from pipeline.dossier import Dossier
from pipeline.record import dataclass
from pipeline.store import Requested

#: Kinds of events, in the order they are told in when they bear one instant.
KINDS = (
    "added", "found", "fetched", "unchanged", "failed", "gone", "read", "revised", "merged", "translated", "reworded", "edited", "unedited",
    "tagged", "untagged", "starred", "unstarred", "noted", "unnoted", "verdict", "moved", "shown", "offered", "sent", "withdrawn",
)  # fmt: skip
_QUIET = frozenset({"not-modified", "same-digest"})
_MARKS = {"tag": ("tagged", "untagged"), "star": ("starred", "unstarred"), "note": ("noted", "unnoted")}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    at: datetime
    kind: str  #: one of KINDS
    who: str = ""  #: a person, where one did it
    article: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  #: plain values, as JSON has them


def events(dossier: Dossier) -> tuple[Event, ...]:
    """Return everything that happened to a story, oldest first."""
    told = [
        *_found(dossier), *_fetched(dossier), *_read(dossier), *_made(dossier), *_edited(dossier), *_marked(dossier),
        *_judged(dossier), *_moved(dossier), *_shown(dossier), *_taken(dossier),
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda one: (one.at, KINDS.index(one.kind), one.article, repr(one.facts))))


def _found(dossier: Dossier) -> Iterator[Event]:
    for known in dossier.addresses:
        yield Event(known.first_seen, "found", article=known.article or "", facts={"url": known.url, "by": known.by})
    for one in dossier.additions:
        yield Event(one.asked, "added", one.who, facts={"url": one.target})


def _fetched(dossier: Dossier) -> Iterator[Event]:
    captures = {(one.asked, one.at): one for one in dossier.captures}
    by_url = sorted(dossier.fetches, key=lambda one: (one.url, one.at))
    for _, run in groupby(by_url, key=lambda one: (one.url, one.kind in _QUIET or one.at)):
        asked = tuple(run)
        last = asked[-1]
        if last.kind in _QUIET:
            facts = {"url": last.url, "times": len(asked), "since": asked[0].at.isoformat()}
            yield Event(last.at, "unchanged", facts=facts)
        elif last.kind == "ok":
            held = captures.get((last.url, last.at))
            yield Event(
                last.at, "fetched", facts=_page(last) | ({"capture": held.id, "digest": held.digest} if held else {})
            )
        else:
            yield Event(last.at, "failed", facts=_page(last) | {"why": last.kind, "detail": last.detail})


def _page(asked: Requested) -> dict[str, Any]:
    return {"url": asked.url, "size": asked.size}


def _read(dossier: Dossier) -> Iterator[Event]:
    for article, revisions in dossier.revisions.items():
        for first in revisions[:1]:
            yield Event(
                first.at, "read", article=article, facts={"number": 1, "title": first.title, "digest": first.digest}
            )
        for number, (old, new) in enumerate(pairwise(revisions), start=2):
            changed = [
                name
                for name in ("title", "text", "html", "published", "language")
                if getattr(old, name) != getattr(new, name)
            ]
            facts = {"number": number, "title": new.title, "digest": new.digest, "changed": changed}
            yield Event(new.at, "revised", article=article, facts=facts)
    for name, at in dossier.merged:
        yield Event(at, "merged", facts={"story": name})


def _made(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.translations:
        facts = {
            "language": one.language,
            "state": one.state,
            "why": one.reason,
            "engine": one.engine,
            "model": one.model,
        }
        yield Event(one.at, "translated", facts=facts)


def _edited(dossier: Dossier) -> Iterator[Event]:
    for (at, who, text), same in groupby(dossier.rewordings, key=lambda one: (one.at, one.who, one.text)):
        yield Event(at, "reworded", who, facts={"text": text, "sentences": sum(1 for _ in same)})
    for one in dossier.edits:
        kind = "edited" if one.value else "unedited"
        yield Event(one.at, kind, one.who, one.article, {"field": one.field, "value": one.value})


def _marked(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.marks:
        put, taken = _MARKS[one.kind]
        facts = {"value": one.value} if one.value else {}
        yield Event(one.at, put, one.who, facts=facts)
        if one.gone:
            yield Event(one.gone, taken, one.gone_by, facts=facts)


def _judged(dossier: Dossier) -> Iterator[Event]:
    own = {item.id for item in dossier.items}
    for one in dossier.verdicts:
        mine, theirs = (one.ru, one.en) if one.ru in own else (one.en, one.ru)
        _, url, title = dossier.titles.get(theirs, ("", "", ""))
        yield Event(one.at, "verdict", one.who, mine, {"verdict": one.kind, "with": theirs, "url": url, "title": title})


def _moved(dossier: Dossier) -> Iterator[Event]:
    for one in dossier.moves:
        yield Event(one.at, "moved", one.who, facts={"before": one.before, "after": one.after, "why": one.reason})


def _shown(dossier: Dossier) -> Iterator[Event]:
    for kind, told in (("shown", "feed"), ("offered", "newsletter"), ("sent", "digest")):
        rows = sorted(
            (one for one in dossier.shown if one.kind == told), key=lambda one: (one.at, one.entry, one.where)
        )
        for (at, entry), same in groupby(rows, key=lambda one: (one.at, one.entry)):
            yield Event(at, kind, facts={"entry": entry, "where": _once(one.where for one in same)})


def _taken(dossier: Dossier) -> Iterator[Event]:
    for article, (at, why) in dossier.withdrawn.items():
        yield Event(at, "withdrawn", article=article, facts={"why": why})
    for article, (at, why) in dossier.missing.items():
        yield Event(at, "gone", article=article, facts={"why": why})


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
