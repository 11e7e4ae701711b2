"""Items and verdicts → stories: the stage from end to end.

     items ─► texts (the same words on several sites are one)
           ─► links (an analyst's word, then what was linked before, then the score)
           ─► stories (known ids kept, new ones minted, merged ones left as aliases)

What was linked is undone only by an analyst. The answer depends on the values given and on
nothing else, their order included; "now" is an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Item, Match, Source, Story, Verdict
from pipeline.pairing import lexicon as lexicons
from pipeline.pairing import score
from pipeline.pairing.features import Features, features
from pipeline.pairing.ledger import Group, Ledger
from pipeline.pairing.match import matched
from pipeline.pairing.proposals import Pair, Proposals, Side, proposals
from pipeline.pairing.texts import Draft, drafts, every_item
from pipeline.pairing.verdicts import Ruling, rulings

#: How an analyst's word reads among the reasons.
CONFIRMED = "confirmed by an analyst"
#: A text is compared by its leading article, unless that has less than this share of its fullest one.
_EXCERPT = 0.7


@dataclass(frozen=True)
class Pairing:
    """The stories of the items given, by id, and (younger, older) ids of the known ones that became one."""

    stories: tuple[Story, ...]
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Links:
    """Pairs of places in the Russian and the English side, each one-to-one."""

    confirmed: tuple[Pair, ...]
    known: tuple[Pair, ...]
    sure: tuple[Pair, ...] = ()
    likely: tuple[Pair, ...] = ()


def pair(
    items: Sequence[Item],
    *,
    stories: Sequence[Story],
    verdicts: Sequence[Verdict],
    sources: Mapping[str, Source],
    home: str,
    now: datetime,
    cache: MutableMapping[str, Features] | None = None,
    lexicon: lexicons.Lexicon | None = None,
    weights: score.Weights | None = None,
) -> Pairing:
    """Return all stories made of items: known ones, changed where news came, and new ones.

    items: every item of the window, known or new; stories: those that items already belong to.
    cache: features by content digest, filled as needed; lexicon, weights: other than the shipped.
    """
    every = every_item(items, stories)
    read = {one: features(item, cache) for one, item in every.items()}
    texts = drafts(every, stories, verdicts, read, home)
    russian, english = ([draft for draft in texts if draft.text.language == code] for code in ("ru", "en"))
    ruling = rulings(verdicts, texts)
    settled = _settled(russian, english, ruling)
    proposed = proposals(
        _side(russian, read),
        _side(english, read),
        sources=sources,
        lexicon=lexicon or lexicons.shipped(),
        weights=weights or score.shipped(),
        forced={*settled.confirmed, *settled.known},
    )
    links = _linked(settled, proposed, _barred(russian, english, ruling))
    known = {story.id: story for story in stories}
    groups = _groups(russian, english, links, proposed, known)
    groups += [Group((draft,), "single") for draft in texts if draft.text.language not in ("ru", "en")]
    return Pairing(*Ledger(home, now, known).entered(groups))


def _side(texts: Sequence[Draft], read: Mapping[str, Features]) -> Side:
    return Side([draft.text.items for draft in texts], [_telling(draft, read) for draft in texts])


def _telling(draft: Draft, read: Mapping[str, Features]) -> Features:
    """Choose the features a text is compared by."""
    lead = read[draft.text.lead.id]
    fullest = max((read[item.id] for item in draft.text.items), key=lambda one: one.length)
    return lead if lead.length >= _EXCERPT * fullest.length else fullest


def _settled(russian: Sequence[Draft], english: Sequence[Draft], ruling: Ruling) -> _Links:
    """Links that no score can touch: confirmed ones, and earlier ones no analyst has spoken against."""
    ru_at = {draft.text.id: place for place, draft in enumerate(russian)}
    en_at = {draft.text.id: place for place, draft in enumerate(english)}
    confirmed = tuple((ru_at[ru], en_at[en]) for ru, en in ruling.confirmed)
    taken_ru, taken_en = {ru for ru, _ in confirmed}, {en for _, en in confirmed}
    other_side = {draft.story: place for place, draft in enumerate(english) if draft.story}
    known = []
    for ru, draft in enumerate(russian):
        en = other_side.get(draft.story, -1) if draft.story else -1
        if en < 0 or ru in taken_ru or en in taken_en:
            continue
        if (draft.text.id, english[en].text.id) not in ruling.barred:
            known.append((ru, en))
    return _Links(confirmed, tuple(known))


def _barred(russian: Sequence[Draft], english: Sequence[Draft], ruling: Ruling) -> set[Pair]:
    ru_at = {draft.text.id: place for place, draft in enumerate(russian)}
    en_at = {draft.text.id: place for place, draft in enumerate(english)}
    return {(ru_at[ru], en_at[en]) for ru, en in ruling.barred}


def _linked(settled: _Links, proposed: Proposals, barred: Collection[Pair]) -> _Links:
    """Add to the settled links what the score says of the texts they leave free."""
    both = (*settled.confirmed, *settled.known)
    taken_ru, taken_en = {ru for ru, _ in both}, {en for _, en in both}
    free = {
        one: probability
        for one, probability in proposed.probabilities.items()
        if one[0] not in taken_ru and one[1] not in taken_en and one not in barred
    }
    sure, likely = matched(free)
    return _Links(settled.confirmed, settled.known, tuple(sure), tuple(likely))


def _groups(
    russian: Sequence[Draft],
    english: Sequence[Draft],
    links: _Links,
    proposed: Proposals,
    known: Mapping[str, Story],
) -> list[Group]:
    out = []
    single_ru, single_en = set(range(len(russian))), set(range(len(english)))
    for one in (*links.confirmed, *links.known, *links.sure):
        ru, en = russian[one[0]], english[one[1]]
        match = _match(one, ru, en, proposed)
        if one in links.known and ru.story and known[ru.story].match:
            match = known[ru.story].match or match
        if one in links.confirmed:
            match = _confirmed(match, known.get(ru.story))
        out.append(Group(tuple(sorted((ru, en), key=lambda draft: draft.age)), "linked", match))
        single_ru.discard(one[0])
        single_en.discard(one[1])
    for one in links.likely:
        ru, en = russian[one[0]], english[one[1]]
        match = _match(one, ru, en, proposed)
        out += [Group((ru,), "review", match), Group((en,), "review", match)]
        single_ru.discard(one[0])
        single_en.discard(one[1])
    out += [Group((russian[place],), "single") for place in sorted(single_ru)]
    return out + [Group((english[place],), "single") for place in sorted(single_en)]


def _match(one: Pair, ru: Draft, en: Draft, proposed: Proposals) -> Match:
    return Match(ru.text.lead.id, en.text.lead.id, round(proposed.probabilities[one], 4), proposed.reasons(one))


def _confirmed(match: Match, known: Story | None) -> Match:
    """Make the match an analyst vouches for; the wording it was confirmed with stays."""
    before = known.match if known is not None and known.state == "linked" else None
    if before is not None and CONFIRMED in before.reasons and (before.ru, before.en) == (match.ru, match.en):
        return before
    return Match(match.ru, match.en, 1.0, (CONFIRMED, *match.reasons))
