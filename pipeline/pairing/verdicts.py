"""What the analysts have said, carried over from articles to the texts they belong to.

Of several words about one pair the latest holds; "undo" takes the latest one back, so that the one before
holds again, or none. Whose word it was plays no part. A word
against a pair holds for the wording it was said of: where a text has changed since, the
pair may be proposed again, but never links by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from pipeline.model import Item, Verdict
from pipeline.pairing.texts import Draft
from pipeline.record import dataclass

Pair = tuple[str, str]
#: The word that takes back the latest one.
UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Pairs of text ids, Russian first, that are settled."""

    confirmed: tuple[Pair, ...]  #: one-to-one; of rivals the latest word wins
    barred: frozenset[Pair]  #: rejected, split, or the same event told independently
    lapsed: frozenset[Pair] = frozenset()  #: rejected or split before a text changed
    same_event: frozenset[Pair] = frozenset()  #: of those barred
    taken_back: frozenset[Pair] = frozenset()  #: of which every word was taken back
    beside: frozenset[Pair] = frozenset()  #: of one language, in order of id: the same event told independently
    strangers: frozenset[Pair] = frozenset()  #: of one language, in order of id: neither copies nor of one event


def content(item: Item) -> str:
    """Return the digest of what a verdict on item is said of: its title and text."""
    return hashlib.sha256(f"{item.article.title}\0{item.article.text}".encode("utf-8", "surrogatepass")).hexdigest()


def standing(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the words that hold, the oldest first: without those taken back, and without what takes them back."""
    words: dict[Pair, list[Verdict]] = {}
    for one in _in_order(verdicts):
        said = words.setdefault((one.ru, one.en), [])
        if one.kind != UNDO:
            said.append(one)
        elif said:
            said.pop()
    return _in_order([one for said in words.values() for one in said])


def _in_order(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(verdicts, key=lambda one: (one.at, one.kind, one.ru, one.en, one.who)))


def rulings(verdicts: Sequence[Verdict], drafts: Sequence[Draft]) -> Ruling:
    """Return what verdicts settle among drafts; words about articles not at hand are passed over."""
    items = {item.id: item for draft in drafts for item in draft.text.items}
    text_of = {item.id: draft.text for draft in drafts for item in draft.text.items}
    latest: dict[Pair, Verdict] = {}
    within: dict[Pair, str] = {}
    for verdict in standing(verdicts):
        ru, en = text_of.get(verdict.ru), text_of.get(verdict.en)
        if ru is None or en is None:
            continue
        if ru.language == en.language:
            within[min(ru.id, en.id), max(ru.id, en.id)] = verdict.kind
        elif (ru.language, en.language) == ("ru", "en"):
            latest.pop((ru.id, en.id), None)
            latest[ru.id, en.id] = verdict
    confirmed: list[Pair] = []
    for pair, verdict in reversed(latest.items()):
        free = all(pair[0] != ru and pair[1] != en for ru, en in confirmed)
        if verdict.kind == "confirm" and free:
            confirmed.append(pair)
    against = {pair: verdict for pair, verdict in latest.items() if verdict.kind != "confirm"}
    same_event = frozenset(pair for pair, verdict in against.items() if verdict.kind == "same-event")
    lapsed = frozenset(pair for pair, verdict in against.items() if not _holds(verdict, items)) - same_event
    undone = {(text_of[one.ru].id, text_of[one.en].id) for one in verdicts
              if one.kind == UNDO and one.ru in text_of and one.en in text_of}  # fmt: skip
    taken_back = frozenset(undone - latest.keys())
    beside = frozenset(pair for pair, kind in within.items() if kind == "same-event")
    return Ruling(
        tuple(sorted(confirmed)), frozenset(against) - lapsed, lapsed, same_event, taken_back,
        beside, frozenset(within.keys() - beside),
    )  # fmt: skip


def parted(verdicts: Sequence[Verdict], items: Mapping[str, Item]) -> frozenset[Pair]:
    """Return the ids of articles at hand of one language that an analyst says are not one text."""
    told = ((one.ru, one.en) for one in standing(verdicts) if one.ru in items and one.en in items)
    return frozenset(pair for pair in told if items[pair[0]].language.code == items[pair[1]].language.code)


def _holds(verdict: Verdict, items: Mapping[str, Item]) -> bool:
    """Tell whether both texts still say what they said when the verdict was given."""
    return not verdict.digests or verdict.digests == (content(items[verdict.ru]), content(items[verdict.en]))
