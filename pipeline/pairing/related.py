"""The same event told twice, but not one story: shown beside each other, never merged.

Two outlets at one event, or a retelling: found between the languages by a threshold of its
own or by an analyst's word, and within one language by `kin`. What makes one story of two texts is
in `links`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.model import PairingRules, Related, Story, Text
from pipeline.pairing import kin, score
from pipeline.pairing.links import Desk, opened
from pipeline.pairing.pool import Pool
from pipeline.pairing.proposals import Pair, Proposals, Side, places
from pipeline.pairing.texts import Draft
from pipeline.pairing.when import gap

#: How an analyst's word reads among the reasons.
SAME_EVENT = "the same event, says an analyst"
_Found = tuple[tuple[Text, Text], float, tuple[str, ...]]


def related(
    desk: Desk,
    proposed: Proposals,
    kindred: Sequence[_Found],
    fresh: Collection[str] | None,
    rules: PairingRules,
    stories: Sequence[Story],
) -> tuple[Story, ...]:
    """Return the stories with those that tell of the same event beside each.

    A pair neither of whose texts is fresh stays related, or unrelated, as it was.
    """
    is_open = opened(desk, fresh)
    story_of = {text.id: story.id for story in stories for text in story.texts.values()}
    text_of = {
        item.id: draft.text for side in (desk.russian, desk.english) for draft in side for item in draft.text.items
    }
    found: dict[str, dict[tuple[str, str], Related]] = {story.id: {} for story in stories}
    for mine, one in _before(desk, is_open, fresh):
        name = story_of[mine.id]
        there = text_of.get(one.article)
        story = one.story if there is None else story_of[there.id]
        if story != name:
            found[name][mine.lead.id, one.article] = replace(one, story=story, own=mine.lead.id)
    now = (*_unless_parted(desk, kindred), *_now(desk, proposed, rules, is_open), *_said_within(desk))
    told = {text.id: _Told.of(text, story.id) for story in stories for text in story.texts.values()}
    for (one_text, other_text), likely, why in now:
        first, second = told[one_text.id], told[other_text.id]
        if first.story != second.story:
            for this, that in ((first, second), (second, first)):
                found[this.story][this.lead, that.lead] = Related(*that, likely, why, this.lead)
    return tuple(replace(story, related=_ordered(found[story.id].values())) for story in stories)


class _Told(NamedTuple):
    """What is told of a text beside another one: the first fields of `Related`."""

    story: str
    lead: str
    url: str
    title: str
    language: str

    @classmethod
    def of(cls, text: Text, story: str) -> _Told:
        lead = text.lead
        return cls(story, lead.id, lead.article.url, lead.article.title, text.language)


def kindred(
    sides: Sequence[tuple[Sequence[Draft], Side]], pool: Pool, fresh: Collection[str] | None, rules: PairingRules
) -> list[_Found]:
    """Return the texts of one language that tell of the same event, where one of the two is fresh."""
    out: list[_Found] = []
    for drafts, side in sides:
        text_at = {place: text for text, place in places(side, pool).items()}
        open_ = [place for place, text in text_at.items() if _is_fresh(drafts[text], fresh)]
        near = kin.near(pool, open_)
        pairs = [pair for pair in near if pair[0] in text_at and pair[1] in text_at]
        for pair, numbers in zip(pairs, pool.cosines("numbers", pairs), strict=True):
            days = gap(pool.when(pair[0]), pool.when(pair[1]))
            likely = kin.kinship(near[pair], numbers, days)
            if likely >= rules.related:
                one, other = text_at[pair[0]], text_at[pair[1]]
                why = kin.reasons(pool, side.features[one], side.features[other], days)
                out.append(((drafts[one].text, drafts[other].text), likely, why))
    return out


def _unless_parted(desk: Desk, kindred: Sequence[_Found]) -> Iterator[_Found]:
    if not desk.ruling.strangers:
        yield from kindred
        return
    for texts, likely, why in kindred:
        one, other = sorted(text.id for text in texts)
        if (one, other) not in desk.ruling.strangers:
            yield texts, likely, why


def _said_within(desk: Desk) -> Iterator[_Found]:
    """Yield the texts of one language that an analyst says tell of the same event."""
    texts = {draft.text.id: draft.text for side in (desk.russian, desk.english) for draft in side}
    for one, other in sorted(desk.ruling.beside):
        yield (texts[one], texts[other]), 1.0, (SAME_EVENT,)


def _is_fresh(draft: Draft, fresh: Collection[str] | None) -> bool:
    return fresh is None or any(item.id in fresh for item in draft.text.items)


def _before(
    desk: Desk, is_open: Callable[[Pair], bool], fresh: Collection[str] | None
) -> Iterator[tuple[Text, Related]]:
    """Yield what stood beside each text and is not judged anew."""
    at = {
        code: {item.id: place for place, draft in enumerate(side) for item in draft.text.items}
        for code, side in (("ru", desk.russian), ("en", desk.english))
    }
    for code, side in (("ru", desk.russian), ("en", desk.english)):
        drafts = {"ru": desk.russian, "en": desk.english}
        for place, draft in enumerate(side):
            for one in desk.known[draft.story].related if draft.story else ():
                if at[code].get(one.own) != place if one.own else one.language == code:
                    continue
                other = at[one.language].get(one.article)
                if other is None:  # not near any more, where this text is new; an analyst's word stays
                    judged = _is_fresh(draft, fresh) and SAME_EVENT not in one.reasons
                elif one.language == code:
                    judged = _is_fresh(draft, fresh) or _is_fresh(drafts[code][other], fresh)
                else:
                    judged = is_open((place, other) if code == "ru" else (other, place))
                if not judged:
                    yield draft.text, one


def _now(desk: Desk, proposed: Proposals, rules: PairingRules, is_open: Callable[[Pair], bool]) -> Iterator[_Found]:
    """Yield the pairs of texts that tell of the same event, as far as they are judged now."""
    said = {desk.at(one) for one in desk.ruling.same_event}
    for pair in sorted({*proposed.clues, *said}):
        texts = (desk.russian[pair[0]].text, desk.english[pair[1]].text)
        if pair in said:
            yield texts, 1.0, (SAME_EVENT,)
        elif is_open(pair) and pair not in desk.barred:
            likely = round(score.kinship(proposed.clues[pair]), 4)
            if likely >= rules.related:
                yield texts, likely, proposed.reasons(pair)


def _ordered(found: Collection[Related]) -> tuple[Related, ...]:
    return tuple(sorted(found, key=lambda one: (-one.probability, one.article, one.own)))
