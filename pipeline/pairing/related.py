"""The same event told twice, but not one story: shown beside each other, never merged.

Two outlets at one event, or a retelling: found between the languages, by a threshold of
its own or by an analyst's word. What makes one story of two texts is in `links`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from pipeline.model import PairingRules, Related, Story, Text
from pipeline.pairing import score
from pipeline.pairing.links import Desk, opened
from pipeline.pairing.proposals import Pair, Proposals

#: How an analyst's word reads among the reasons.
SAME_EVENT = "the same event, says an analyst"
#: A story has no more than so many beside it.
_MOST = 10


def related(
    desk: Desk, proposed: Proposals, fresh: Collection[str] | None, rules: PairingRules, stories: Sequence[Story]
) -> tuple[Story, ...]:
    """Return the stories with those that tell of the same event beside each.

    A pair neither of whose texts is fresh stays related, or unrelated, as it was.
    """
    is_open = opened(desk, fresh)
    story_of = {text.id: story.id for story in stories for text in story.texts.values()}
    text_of = {
        item.id: draft.text for side in (desk.russian, desk.english) for draft in side for item in draft.text.items
    }
    found: dict[str, dict[str, Related]] = {story.id: {} for story in stories}
    for mine, one in _before(desk, is_open):
        name = story_of[mine.id]
        there = text_of.get(one.article)
        story = one.story if there is None else story_of[there.id]
        if story != name:
            found[name][one.article] = replace(one, story=story)
    for (ru, en), likely, reasons in _now(desk, proposed, rules, is_open):
        for mine, theirs in ((ru, en), (en, ru)):
            name, other, lead = story_of[mine.id], story_of[theirs.id], theirs.lead
            if name != other:
                found[name][lead.id] = Related(
                    other, lead.id, lead.article.url, lead.article.title, theirs.language, likely, reasons
                )
    return tuple(replace(story, related=_ordered(found[story.id].values())) for story in stories)


def _before(desk: Desk, is_open: Callable[[Pair], bool]) -> Iterator[tuple[Text, Related]]:
    """Yield what stood beside each text and is not judged anew."""
    ru_at, en_at = (
        {item.id: place for place, draft in enumerate(side) for item in draft.text.items}
        for side in (desk.russian, desk.english)
    )
    for code, side, there in (("en", desk.russian, en_at), ("ru", desk.english, ru_at)):
        for place, draft in enumerate(side):
            for one in desk.known[draft.story].related if draft.story else ():
                if one.language != code:
                    continue
                other = there.get(one.article)
                pair = None if other is None else (place, other) if code == "en" else (other, place)
                if pair is None or not is_open(pair):
                    yield draft.text, one


def _now(
    desk: Desk, proposed: Proposals, rules: PairingRules, is_open: Callable[[Pair], bool]
) -> Iterator[tuple[tuple[Text, Text], float, tuple[str, ...]]]:
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
    return tuple(sorted(found, key=lambda one: (-one.probability, one.article))[:_MOST])
