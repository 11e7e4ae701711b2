"""Items and verdicts → stories: the stage from end to end.

     items ─► texts (the same words on several sites are one)
           ─► links (an analyst's word, then what was linked before, then the score)
           ─► stories (known ids kept, new ones minted, merged ones left as aliases)

What was linked is undone only by an analyst. An hour's news is paired without a look at
everything: with a `ranking` of the whole window only the items that fresh ones may belong
to are given, and the answer is the one that all of them would have had. It depends on the values given and on
nothing else, their order included; "now" is an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from datetime import datetime

from pipeline.model import Item, PairingRules, Proposal, Source, Story, Verdict
from pipeline.pairing import lexicon as lexicons
from pipeline.pairing import score
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.changes import changes
from pipeline.pairing.features import Features, features
from pipeline.pairing.headlines import Headlines
from pipeline.pairing.learned import Learned
from pipeline.pairing.ledger import Group, Ledger
from pipeline.pairing.links import Desk, groups, matches
from pipeline.pairing.meaning import Meanings
from pipeline.pairing.proposals import Side, proposals, ranked
from pipeline.pairing.related import kindred, related
from pipeline.pairing.texts import Draft, drafts, every_item
from pipeline.pairing.verdicts import parted, rulings, standing
from pipeline.record import dataclass

#: The thresholds that hold where sources.yaml says nothing else.
STANDARD = PairingRules()
#: A text is compared by its leading article, unless that has less than this share of its fullest one.
_EXCERPT = 0.7


@dataclass(frozen=True)
class Pairing:
    """The stories of the items given, by id."""

    stories: tuple[Story, ...]
    merged: tuple[tuple[str, str], ...] = ()  #: (younger, older) ids of the known ones that became one
    proposals: tuple[Proposal, ...] = ()  #: what would be changed of linked pairs, were it asked
    freed: frozenset[str] = frozenset()  #: ids of items whose likely counterpart is theirs no more: worth a fresh look


def pair(
    items: Sequence[Item],
    *,
    stories: Sequence[Story],
    verdicts: Sequence[Verdict],
    sources: Mapping[str, Source],
    home: str,
    now: datetime,
    rules: PairingRules = STANDARD,
    cache: MutableMapping[str, Features] | None = None,
    lexicon: lexicons.Lexicon | None = None,
    weights: score.Weights | None = None,
    fresh: Collection[str] | None = None,
    ranking: Ranking | None = None,
    meanings: Meanings | None = None,
    learned: Learned | None = None,
    headlines: Headlines | None = None,
) -> Pairing:
    """Return all stories made of items: known ones, changed where news came, and new ones.

    items: every item of the window, known or new; stories: those that items already belong to.
    cache: features by content digest, filled as needed; lexicon, weights: not the shipped; meanings, headlines: by item.
    fresh: ids of the items that are new, changed or freed; None: all. ranking: of the whole window (`nearby`).
    """
    every = every_item(items, stories)
    read = {one: features(item, cache) for one, item in every.items()}
    repeated = ranking.pool.repeated if ranking else None
    texts = drafts(every, stories, standing(verdicts), read, home, repeated, parted(verdicts, every))
    (russian, ru), (english, en) = sides = [_side(texts, code, read) for code in ("ru", "en")]
    desk = Desk(russian, english, {story.id: story for story in stories}, rulings(verdicts, texts))
    ranking = ranking or ranked((("ru", ru), ("en", en)), lexicon or lexicons.shipped(), sources, rules.window)
    proposed = proposals(
        ru, en, ranking, sources=sources, lexicon=lexicon or lexicons.shipped(), weights=weights or score.shipped(), forced=desk.confirmed,
        meanings=meanings, learned=learned, headlines=headlines,
    )  # fmt: skip
    told = [*groups(desk, matches(desk, proposed, fresh), rules), *_others(texts)]
    made, merged = Ledger(home, now, desk.known).entered(told)
    made = related(desk, proposed, kindred(sides, ranking.pool, fresh, rules), fresh, rules, made)
    freed = _freed(stories, made, every if fresh is None else fresh)
    return Pairing(made, merged, changes(desk, proposed, fresh, rules), freed)


def _others(texts: Sequence[Draft]) -> list[Group]:
    return [Group((draft,), "single") for draft in texts if draft.text.language not in ("ru", "en")]


def _freed(before: Sequence[Story], after: Sequence[Story], fresh: Collection[str]) -> frozenset[str]:
    """Return the items that had a counterpart, likely or certain, and have none now."""
    had = {item for story in before if story.state != "single" for item in _items(story)}
    alone = {item for story in after if story.state == "single" for item in _items(story)}
    return frozenset(one for one in had & alone if one not in fresh)


def _items(story: Story) -> list[str]:
    return [item.id for text in story.texts.values() for item in text.items]


def _side(texts: Sequence[Draft], code: str, read: Mapping[str, Features]) -> tuple[list[Draft], Side]:
    ours = [draft for draft in texts if draft.text.language == code]
    telling = [_telling(draft, read) for draft in ours]
    return ours, Side([draft.text.items for draft in ours], telling, [read[one] for one in telling])


def _telling(draft: Draft, read: Mapping[str, Features]) -> str:
    """Choose the item a text is compared by."""
    lead = draft.text.lead.id
    if len(draft.text.items) == 1:
        return lead
    fullest = max((item.id for item in draft.text.items), key=lambda one: read[one].length)
    return lead if read[lead].length >= _EXCERPT * read[fullest].length else fullest
