"""Texts of two languages → scored pairs with their reasons; nothing decided yet.

The one place where features, pool, candidates, clues and score meet. Works on texts (a
leading article and its copies), or on bare features where there are no articles at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from pipeline.model import DATE_WINDOW, Item, Source
from pipeline.pairing import declared as claims
from pipeline.pairing import evidence, score
from pipeline.pairing.candidates import Candidate, Ranking
from pipeline.pairing.evidence import Clues
from pipeline.pairing.features import Features, features
from pipeline.pairing.headlines import Headlines, likeness
from pipeline.pairing.learned import Learned
from pipeline.pairing.lexicon import Lexicon
from pipeline.pairing.meaning import Meanings, alike
from pipeline.pairing.pictures import picture_files
from pipeline.pairing.pool import Pool, Standing, Windows
from pipeline.pairing.sketch import sketch
from pipeline.pairing.space import Space
from pipeline.pairing.when import When, Window, gap, when
from pipeline.record import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True)
class Side:
    """One language's texts: the items of each, the leading one first; the one it is compared by, and its features."""

    items: Sequence[Sequence[Item]]
    telling: Sequence[str]
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
    lexicon: Lexicon,
    learned: Learned | None = None,
) -> dict[Pair, Clues]:
    """Return the clues of the texts of every pair worth scoring, whatever their dates."""
    pool = Pool([
        Standing(f"{place:09}", code, "", sketch(one, code, lexicon))
        for code, side in (("ru", ru), ("en", en))
        for place, one in enumerate(side)
    ])  # fmt: skip
    space = Space(pool, lexicon, learned or Learned())
    found = Ranking(pool, range(len(pool.rows))).candidates()
    first = pool.russian
    return {
        (one.ru, one.en - first): evidence.compare(one, space, ru[one.ru], en[one.en - first], numbers)
        for one, numbers in zip(found, _numbers(found, pool), strict=True)
    }


def _numbers(found: Collection[Candidate], pool: Pool) -> list[float]:
    """Return the cosines of the numbers of candidates, worked out together."""
    return pool.cosines("numbers", [(one.ru, one.en) for one in found])


def clues_of(ru: Sequence[Item], en: Sequence[Item], lexicon: Lexicon) -> dict[tuple[str, str], Clues]:
    """Return the clues of the texts of every pair of these items worth scoring, whatever their dates, by their ids."""
    read = [[features(item) for item in side] for side in (ru, en)]
    found = text_clues(read[0], read[1], lexicon)
    return {(ru[one].id, en[other].id): clues for (one, other), clues in found.items()}


def ranked(
    sides: Iterable[tuple[str, Side]], lexicon: Lexicon, sources: Mapping[str, Source], window: Window
) -> Ranking:
    """Return the ranking of a window of which all texts are at hand, all of them open."""
    standing = [
        Standing(
            telling,
            code,
            items[0].article.source,
            sketch(read, code, lexicon),
            *_dated(items[0]),
            pictures=tuple(name for item in items for name in picture_files(item)),
        )
        for code, side in sides
        for items, telling, read in zip(side.items, side.telling, side.features, strict=True)
    ]
    return Ranking(Pool(standing, windows_of(sources, window)), range(len(standing)))


def windows_of(sources: Mapping[str, Source], usual: Window = DATE_WINDOW) -> Windows:
    """Return how long after a Russian article an English one may come, by source."""
    return Windows(usual, {one.id: one.date_window for one in sources.values() if one.date_window is not None})


def _dated(item: Item) -> tuple[datetime | None, str]:
    published = item.article.published
    return (published.at, published.evidence) if published else (None, "")


def proposals(
    ru: Side,
    en: Side,
    ranking: Ranking,
    *,
    sources: Mapping[str, Source],
    lexicon: Lexicon,
    weights: score.Weights,
    forced: Collection[Pair] = (),
    meanings: Meanings | None = None,
    learned: Learned | None = None,
    headlines: Headlines | None = None,
) -> Proposals:
    """Return all pairs worth scoring, scored; forced ones are scored wherever they lie.

    A pair one of whose articles `learned` learned from is scored without it.
    """
    pool, space = ranking.pool, Space(ranking.pool, lexicon, learned or Learned())
    every = [one for side in (ru, en) for items in side.items for one in items]
    claimed = _claimed(ru, en, claims.declared(every, sources))
    at_ru, at_en = places(ru, pool), places(en, pool)
    wanted = {(at_ru[one], at_en[other]) for one, other in {*claimed, *forced} if one in at_ru and other in at_en}
    here = {*at_ru.values(), *at_en.values()}
    aside = {pool.place[one] for one in _ids(ru, en) if one in pool.place} - here
    text_ru, text_en = ({place: text for text, place in at.items()} for at in (at_ru, at_en))
    known = [one for one in ranking.candidates(wanted, aside) if one.ru in text_ru and one.en in text_en]
    found = {(text_ru[one.ru], text_en[one.en]): one for one in known}
    clues = _with_options(_compared(found, ru, en, space), ru, en, meanings or {}, headlines or {}, pool)
    full = _with_relations(clues, ru, en, {pair: way for pair, way in claimed.items() if pair in clues}, pool, weights)
    told = {pair: score.probability(one, weights) for pair, one in full.items()}
    for pair, probability in told.items():
        if probability >= 0.1 or pair in forced:
            words = evidence.shared(ru.features[pair[0]], en.features[pair[1]], space)
            full[pair] = full[pair]._replace(shared=words)
    return Proposals(full, told, weights)


def _compared(found: Mapping[Pair, Candidate], ru: Side, en: Side, space: Space) -> dict[Pair, Clues]:
    """Return what the texts of candidates say; what was learned from one of the two is no clue."""
    taught = [_taught(side, space.learned) for side in (ru, en)]
    clues = {}
    for (pair, one), numbers in zip(found.items(), _numbers(found.values(), space.pool), strict=True):
        seen = pair[0] in taught[0] or pair[1] in taught[1]
        read = ru.features[pair[0]], en.features[pair[1]]
        clues[pair] = evidence.compare(one, space, *read, numbers, learned=not seen)
    return clues


def _taught(side: Side, learned: Learned) -> frozenset[int]:
    """Return which texts were learned from."""
    known = learned.articles
    return frozenset(place for place, items in enumerate(side.items) if any(one.id in known for one in items))


def _meant(pair: Pair, ru: Side, en: Side, meanings: Meanings) -> float | None:
    mine, theirs = meanings.get(ru.telling[pair[0]]), meanings.get(en.telling[pair[1]])
    return None if mine is None or theirs is None else alike(mine, theirs)


def _with_options(
    clues: Mapping[Pair, Clues], ru: Side, en: Side, meanings: Meanings, headlines: Headlines, pool: Pool
) -> dict[Pair, Clues]:
    """Add what meanings and translated titles say, where these are compared."""
    if not meanings and not headlines:
        return dict(clues)
    return {
        pair: one._replace(meaning=_meant(pair, ru, en, meanings), headline=_titled(pair, ru, en, headlines, pool))
        for pair, one in clues.items()
    }


def _titled(pair: Pair, ru: Side, en: Side, headlines: Headlines, pool: Pool) -> float | None:
    one, other = headlines.get(ru.telling[pair[0]]), headlines.get(en.telling[pair[1]])
    return likeness(one, other, ru.features[pair[0]], en.features[pair[1]], pool)


def _with_relations(
    clues: Mapping[Pair, Clues], ru: Side, en: Side, claimed: Mapping[Pair, str], pool: Pool, weights: score.Weights
) -> dict[Pair, Clues]:
    """Add what sites, dates and pictures say to what the texts say."""
    believed = {
        pair
        for pair, way in claimed.items()
        if way in claims.VERSIONS and score.text_odds(clues[pair], weights) >= score.NOTHING
    }
    settled = ({one for one, _ in believed}, {other for _, other in believed})
    ours = {place: _Outside.of(ru.items[place], pool) for place in {one for one, _ in clues}}
    other = {place: _Outside.of(en.items[place], pool) for place in {one for _, one in clues}}
    out = {}
    for pair, bare in clues.items():
        mine, theirs = ours[pair[0]], other[pair[1]]
        out[pair] = bare._replace(
            days=gap(mine.when, theirs.when),
            same_source=not mine.sources.isdisjoint(theirs.sources),
            picture=not mine.pictures.isdisjoint(theirs.pictures),
            declared=claimed.get(pair, ""),
            elsewhere=pair not in believed and (pair[0] in settled[0] or pair[1] in settled[1]),
        )
    return out


@dataclass(frozen=True, slots=True)
class _Outside:
    """What is known of a text beside its words."""

    when: When
    sources: frozenset[str]
    pictures: frozenset[str]  #: the names of their files, but for those that too many articles carry

    @classmethod
    def of(cls, items: Sequence[Item], pool: Pool) -> _Outside:
        pictures = {name for item in items for name in picture_files(item)}
        return cls(when(items[0]), frozenset(one.article.source for one in items), frozenset(pictures - pool.logos))


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


def places(side: Side, pool: Pool) -> dict[int, int]:
    """Map each text to where it stands in the pool: by the item it is compared by, else its first one there."""
    out = {}
    for place, (telling, items) in enumerate(zip(side.telling, side.items, strict=True)):
        there = [one for one in (telling, *(item.id for item in items)) if one in pool.place]
        if there:
            out[place] = pool.place[there[0]]
    return out


def _ids(*sides: Side) -> list[str]:
    return [item.id for side in sides for items in side.items for item in items]
