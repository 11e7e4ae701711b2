"""Items → texts: known ones with their ids, new ones minted, copies gathered under one.

Which texts belong together across languages is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.model import Item, Story, Text, Verdict
from pipeline.pairing import identity
from pipeline.pairing.duplicates import Furniture, grouped
from pipeline.pairing.features import Features
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """One text on its way into a story."""

    text: Text
    story: str = ""  #: id of the known story it belongs to, "" for a new text
    lead_before: str = ""  #: id of the item that led it there

    @property
    def age(self) -> identity.Seniority:
        """What orders drafts from the oldest to the youngest."""
        return identity.seniority(self.text.items)


def every_item(items: Sequence[Item], stories: Sequence[Story]) -> dict[str, Item]:
    """Return all items by id: those given, and those of known stories that the window has left behind."""
    kept = {item.id: item for story in stories for text in story.texts.values() for item in text.items}
    return {**kept, **{item.id: item for item in items}}


def drafts(
    items: Mapping[str, Item],
    stories: Sequence[Story],
    verdicts: Sequence[Verdict],
    features: Mapping[str, Features],
    home: str,
    furniture: Furniture | None = None,
    parted: Iterable[tuple[str, str]] = (),
) -> list[Draft]:
    """Return every text of items and stories, the oldest first; each item is in exactly one.

    parted: ids of items that are not one text, though they may have been taken for one.
    """
    known = {item.id: (story, text) for story in stories for text in story.texts.values() for item in text.items}
    for pair in sorted(parted):
        if pair[0] in known and pair[1] in known and known[pair[0]][1].id == known[pair[1]][1].id:
            del known[_leaving(known[pair[0]][1], pair, home)]
    language = {one: known[one][1].language if one in known else item.language.code for one, item in items.items()}
    spoken_of = {one for verdict in verdicts for one in (verdict.ru, verdict.en)}
    out: list[Draft] = []
    for code in sorted(set(language.values())):
        here = [item for one, item in items.items() if language[one] == code]
        ours = [text for story in stories for text in story.texts.values() if text.language == code]
        groups = grouped(
            here,
            features,
            [[item.id for item in text.items if item.id in known] for text in ours],
            spoken_of,
            furniture,
        )
        out.extend(_draft(group, code, known, home) for group in groups)
    return sorted(out, key=lambda draft: (draft.age, draft.text.id))


def _leaving(text: Text, pair: tuple[str, str], home: str) -> str:
    """Return which of two items leaves the text: the one it has its id from stays, else the one that leads."""
    first, second = (item for item in text.items if item.id in pair)
    return first.id if identity.text_id(home, text.language, second) == text.id else second.id


def _draft(group: Sequence[Item], code: str, known: Mapping[str, tuple[Story, Text]], home: str) -> Draft:
    ordered = identity.leading(group)
    place = next((known[item.id] for item in ordered if item.id in known), None)
    if place is None:
        return Draft(Text(identity.text_id(home, code, ordered[0]), code, ordered))
    story, text = place
    return Draft(replace(text, items=ordered), story.id, text.lead.id)
