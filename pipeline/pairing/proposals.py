"""Texts of two languages → scored pairs with their reasons; nothing decided yet.

The one place where features, space, candidates, clues and score meet. Works on texts (a
leading article and its copies), or on bare features where there are no articles at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Item, Source
from pipeline.pairing import candidates as nearby
from pipeline.pairing import declared as claims
from pipeline.pairing import evidence, score
from pipeline.pairing.evidence import Clues
from pipeline.pairing.features import Features
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.space import Space

Pair = tuple[int, int]


@dataclass(frozen=True)
class Side:
    """One language's texts: the items of each, the leading one first, and the features of its fullest one."""

    items: Sequence[Sequence[Item]]
    features: Sequence[Features]


@dataclass(frozen=True)
class Proposals:
    """Every scored pair, by places in the two sides."""

    clues: Mapping[Pair, Clues]
    probabilities: Mapping[Pair, float]
    weights: score.Weights

    def reasons(self, pair: Pair) -> tuple[str, ...]:
        """Return why pair has its probability."""
        return score.reasons(self.clues[pair], self.weights)


def text_clues(
    ru: Sequence[Features],
    en: Sequence[Features],
    when: tuple[Sequence[nearby.When], Sequence[nearby.When]],
    lexicon: Lexicon,
    forced: Collection[Pair] = (),
) -> tuple[dict[Pair, Clues], Space]:
    """Return the clues of the texts of every pair worth scoring, forced ones among them."""
    whole = Space([one.whole for one in ru], [one.whole for one in en], lexicon)
    found = nearby.candidates(whole, *when, forced)
    return {(one.ru, one.en): evidence.compare(one, whole, ru[one.ru], en[one.en]) for one in found}, whole


def proposals(
    ru: Side,
    en: Side,
    *,
    sources: Mapping[str, Source],
    lexicon: Lexicon,
    weights: score.Weights,
    forced: Collection[Pair] = (),
) -> Proposals:
    """Return all pairs worth scoring, scored; forced ones are scored wherever they lie."""
    every = [item for side in (ru, en) for items in side.items for item in items]
    claimed = _claimed(ru, en, claims.declared(every, sources))
    when = tuple([nearby.when(items[0]) for items in side.items] for side in (ru, en))
    clues, space = text_clues(ru.features, en.features, (when[0], when[1]), lexicon, {*claimed, *forced})
    pictures = evidence.picture_files(every)
    believed = {pair for pair in claimed if score.text_odds(clues[pair], weights) >= score.NOTHING}
    settled = ({one for one, _ in believed}, {other for _, other in believed})
    full = {}
    for pair, bare in clues.items():
        mine, theirs = ru.items[pair[0]], en.items[pair[1]]
        full[pair] = replace(
            bare,
            days=evidence.days_between(mine[0], theirs[0]),
            same_source=not {one.article.source for one in mine}.isdisjoint(one.article.source for one in theirs),
            picture=not _pictures(mine, pictures).isdisjoint(_pictures(theirs, pictures)),
            declared=claimed.get(pair, ""),
            elsewhere=pair not in believed and (pair[0] in settled[0] or pair[1] in settled[1]),
        )
    told = {pair: score.probability(one, weights) for pair, one in full.items()}
    for pair, probability in told.items():
        if probability >= 0.1 or pair in forced:
            words = evidence.shared(ru.features[pair[0]], en.features[pair[1]], space, lexicon)
            full[pair] = replace(full[pair], shared=words)
    return Proposals(full, told, weights)


def _claimed(ru: Side, en: Side, claimed: Mapping[tuple[str, str], str]) -> dict[Pair, str]:
    """Claims between items, carried over to the texts they belong to; the most telling one stays."""
    place_ru = {item.id: place for place, items in enumerate(ru.items) for item in items}
    place_en = {item.id: place for place, items in enumerate(en.items) for item in items}
    order = list(claims.WAYS)
    out: dict[Pair, str] = {}
    for (one, other), way in claimed.items():
        pair = (place_ru[one], place_en[other])
        out[pair] = min(way, out.get(pair, way), key=order.index)
    return out


def _pictures(items: Sequence[Item], pictures: Mapping[str, frozenset[str]]) -> set[str]:
    return {name for item in items for name in pictures[item.id]}
