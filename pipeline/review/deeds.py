"""What was done, in the reader's words, and what it was done to, by its title: for the page of who did what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.record import dataclass
from pipeline.review.tongue import Tongue
from pipeline.review.visit import Visit
from pipeline.store import Deed, Store

_STORY = "urn:uuid:"
_PAIR = re.compile(r"([0-9a-f]{16}) ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Told:
    """One line."""

    deed: Deed
    what: str
    path: str  #: the page of the desk it was done to; "" where there is none
    about: str  #: its title; what the audit names where there is none


def told(visit: Visit, deeds: Sequence[Deed]) -> list[Told]:
    """Return deeds as people read them."""
    called, titles = words(visit.tongue), dict(_titles(visit.office.store, deeds))
    return [Told(one, called.get(one.what, one.what), *_about(one, titles)) for one in deeds]


def words(tongue: Tongue) -> Mapping[str, str]:
    """Return what each kind of change is called."""
    _ = tongue.gettext
    return {
        "verdict": _("a word about a pair"), "edit": _("other words"), "translation": _("edited a translation"),
        "tag": _("tagged"), "untag": _("took the tag off"), "star": _("put a star on it"), "unstar": _("took the star off"),
        "note": _("noted"), "unnote": _("took the note off"), "new": _("moved: new"), "reviewed": _("moved: reviewed"),
        "selected": _("moved: selected"), "published": _("moved: published"), "archived": _("moved: archived"),
        "ignored": _("moved: ignored"), "add": _("asked for an article"), "login": _("logged in"), "logout": _("logged out"),
        "digest begun": _("began a digest"), "digest changed": _("changed a digest"), "digest dropped": _("dropped a digest"),
        "digest published": _("published a digest"), "glossary": _("took a name into the glossary"),
        "glossary-declined": _("declined a name"), "search saved": _("saved a search"), "source paused": _("paused a source"),
        "source resumed": _("resumed a source"), "sources.yaml changed": _("changed sources.yaml"),
        "run asked for": _("asked for a pass"), "probe asked for": _("asked for a probe"), "doctor asked for": _("asked the doctor"),
    }  # fmt: skip


def _about(deed: Deed, titles: Mapping[str, str]) -> tuple[str, str]:
    pair = _PAIR.fullmatch(deed.about)
    if deed.about in titles:
        return (f"/pair/{pair[1]}/{pair[2]}" if pair else f"/story/{deed.about}"), titles[deed.about]
    return "", deed.about


def _titles(store: Store, deeds: Sequence[Deed]) -> Iterator[tuple[str, str]]:
    """Yield the stories and pairs there still are, with their titles."""
    about = {one.about for one in deeds}
    for story in store.stories.load(sorted(one for one in about if one.startswith(_STORY))):
        yield story.id, " / ".join(text.lead.article.title for text in story.texts.values())
    pairs = {one: found for one in about if (found := _PAIR.fullmatch(one))}
    known = store.verdicts.titles({id_ for found in pairs.values() for id_ in found.groups()})
    for one, found in pairs.items():
        if found[1] in known and found[2] in known:
            yield one, f"{known[found[1]][2]} / {known[found[2]][2]}"
