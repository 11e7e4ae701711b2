"""What the analysts have said, carried over from articles to the texts they belong to.

Of several words about one pair the latest holds. Whose word it was plays no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Verdict
from pipeline.pairing.texts import Draft

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Pairs of text ids, Russian first, that are settled."""

    confirmed: tuple[Pair, ...]  #: one-to-one; of rivals the latest word wins
    barred: frozenset[Pair]  #: rejected, split, or the same event told independently


def rulings(verdicts: Sequence[Verdict], drafts: Sequence[Draft]) -> Ruling:
    """Return what verdicts settle among drafts; words about articles not at hand are passed over."""
    text_of = {item.id: draft.text for draft in drafts for item in draft.text.items}
    latest: dict[Pair, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda one: (one.at, one.kind, one.ru, one.en, one.who)):
        ru, en = text_of.get(verdict.ru), text_of.get(verdict.en)
        if ru is not None and en is not None and (ru.language, en.language) == ("ru", "en"):
            latest.pop((ru.id, en.id), None)
            latest[ru.id, en.id] = verdict
    confirmed: list[Pair] = []
    for pair, verdict in reversed(latest.items()):
        free = all(pair[0] != ru and pair[1] != en for ru, en in confirmed)
        if verdict.kind == "confirm" and free:
            confirmed.append(pair)
    barred = frozenset(pair for pair, verdict in latest.items() if verdict.kind != "confirm")
    return Ruling(tuple(sorted(confirmed)), barred)
