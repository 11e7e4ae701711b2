"""Which texts are one story: an analyst's word, then what was linked before, then the score.

Three layers, each taking only what the ones before leave free. A pair that was judged
when its texts were new keeps that judgement until one of them is new again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property

from pipeline.model import Match, PairingRules, Story
from pipeline.pairing.ledger import Group
from pipeline.pairing.match import matched
from pipeline.pairing.proposals import Pair, Proposals
from pipeline.pairing.texts import Draft
from pipeline.pairing.verdicts import Ruling
from pipeline.record import dataclass

#: How an analyst's word reads among the reasons.
CONFIRMED = "confirmed by an analyst"
_A_LITTLE = 1e-6


@dataclass(frozen=True)
class Desk:
    """The texts of both languages, the stories known, and what the analysts have settled."""

    russian: Sequence[Draft]
    english: Sequence[Draft]
    known: Mapping[str, Story]
    ruling: Ruling

    @property
    def confirmed(self) -> list[Pair]:
        """Pairs an analyst has confirmed."""
        return [self.at(one) for one in self.ruling.confirmed]

    @property
    def barred(self) -> frozenset[Pair]:
        """Pairs an analyst has spoken against."""
        return frozenset(self.at(one) for one in self.ruling.barred)

    @property
    def lapsed(self) -> frozenset[Pair]:
        """Pairs an analyst had spoken against before a text changed."""
        return frozenset(self.at(one) for one in self.ruling.lapsed)

    @property
    def taken_back(self) -> frozenset[Pair]:
        """Pairs that are linked by nothing but a word that was taken back."""
        found = (
            self.at(one) for one in self.ruling.taken_back if one[0] in self.places[0] and one[1] in self.places[1]
        )
        return frozenset(one for one in found if self._by_word(one))

    def _by_word(self, pair: Pair) -> bool:
        story = self.known.get(self.russian[pair[0]].story)
        return story is not None and story.match is not None and CONFIRMED in story.match.reasons

    @cached_property
    def places(self) -> tuple[dict[str, int], dict[str, int]]:
        """Text id → place, of either side."""
        ru, en = ({draft.text.id: place for place, draft in enumerate(side)} for side in (self.russian, self.english))
        return ru, en

    def at(self, pair: tuple[str, str]) -> Pair:
        """Return the places of a pair of text ids."""
        return self.places[0][pair[0]], self.places[1][pair[1]]

    def linked(self) -> list[Pair]:
        """Return what was linked before and nobody has spoken against since."""
        confirmed, barred = self.confirmed, self.barred | self.taken_back
        taken = ({ru for ru, _ in confirmed}, {en for _, en in confirmed})
        partner = {draft.story: place for place, draft in enumerate(self.english) if draft.story}
        found = ((ru, partner[draft.story]) for ru, draft in enumerate(self.russian) if draft.story in partner)
        return [one for one in found if one[0] not in taken[0] and one[1] not in taken[1] and one not in barred]

    def judged(self) -> dict[Pair, Match]:
        """Return what was found of pairs that wait for review."""
        ru_at = {item.id: place for place, draft in enumerate(self.russian) for item in draft.text.items}
        en_at = {item.id: place for place, draft in enumerate(self.english) for item in draft.text.items}
        matches = [self.known[one].match for one in sorted(self.known) if self.known[one].state == "review"]
        return {(ru_at[m.ru], en_at[m.en]): m for m in matches if m and m.ru in ru_at and m.en in en_at}

    def leads(self, pair: Pair) -> tuple[str, str]:
        """Return the ids of the articles that lead a pair's texts."""
        return self.russian[pair[0]].text.lead.id, self.english[pair[1]].text.lead.id


def opened(desk: Desk, fresh: Collection[str] | None) -> Callable[[Pair], bool]:
    """Return what tells whether one of a pair's texts is fresh."""
    ru, en = (
        {place for place, draft in enumerate(side) if fresh is None or any(one.id in fresh for one in draft.text.items)}
        for side in (desk.russian, desk.english)
    )
    return lambda pair: pair[0] in ru or pair[1] in en


def matches(desk: Desk, proposed: Proposals, fresh: Collection[str] | None) -> dict[Pair, Match]:
    """Return what is known of every pair: as scored now where one of its texts is fresh, as judged before elsewhere."""
    is_open = opened(desk, fresh)
    now = {
        one: Match(*desk.leads(one), round(probability, 4), proposed.reasons(one))
        for one, probability in proposed.probabilities.items()
        if is_open(one)
    }
    return {**{one: match for one, match in desk.judged().items() if not is_open(one)}, **now}


def groups(desk: Desk, found: Mapping[Pair, Match], rules: PairingRules) -> list[Group]:
    """Return every text as a story to be, alone or with its version."""
    confirmed, before = desk.confirmed, desk.linked()
    settled = [*confirmed, *before]
    taken = ({ru for ru, _ in settled}, {en for _, en in settled})
    barred = desk.barred
    free = {
        one: match.probability
        for one, match in found.items()
        if one[0] not in taken[0] and one[1] not in taken[1] and one not in barred
    }
    for one in desk.lapsed & free.keys():  # proposed anew, never linked by itself
        free[one] = min(free[one], rules.link - _A_LITTLE)
    sure, likely = matched(free, rules.link, rules.review)
    out = [_linked(desk, one, _confirmed(desk, one, found.get(one))) for one in confirmed]
    out += [_linked(desk, one, _known(desk, one, found.get(one))) for one in before]
    out += [_linked(desk, one, found[one]) for one in sure]
    for ru, en in likely:
        out += [Group((draft,), "review", found[ru, en]) for draft in (desk.russian[ru], desk.english[en])]
    return [*out, *_alone(desk, [*settled, *sure, *likely])]


def _alone(desk: Desk, pairs: Sequence[Pair]) -> Iterator[Group]:
    ru, en = {ru for ru, _ in pairs}, {en for _, en in pairs}
    for side, gone in ((desk.russian, ru), (desk.english, en)):
        for place, draft in enumerate(side):
            if place not in gone:
                yield Group((draft,), "single")


def _linked(desk: Desk, pair: Pair, match: Match) -> Group:
    both = (desk.russian[pair[0]], desk.english[pair[1]])
    return Group(tuple(sorted(both, key=lambda draft: draft.age)), "linked", match)


def _known(desk: Desk, pair: Pair, found: Match | None) -> Match:
    """Return the match a pair was linked by; it stays, whatever its texts say now."""
    story = desk.known[desk.russian[pair[0]].story]
    return story.match or found or Match(*desk.leads(pair), 1.0, ())


def _confirmed(desk: Desk, pair: Pair, found: Match | None) -> Match:
    """Return the match an analyst vouches for; the wording it was confirmed with stays."""
    leads = desk.leads(pair)
    story = desk.known.get(desk.russian[pair[0]].story)
    before = story.match if story is not None else None
    if before is not None and (before.ru, before.en) == leads:
        if CONFIRMED in before.reasons and story is not None and story.state == "linked":
            return before
        found = found or before
    return Match(*leads, 1.0, (CONFIRMED, *(found.reasons if found else ())))
