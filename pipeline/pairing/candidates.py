"""Which pairs are worth scoring: inside the date window, among the ten nearest of either side.

A pair's hub-corrected similarity (CSLS, Conneau et al. 2018: twice the similarity less
each side's mean to its ten nearest) and its lead over the best rival are worked out here,
because only here all rivals are in sight. Declared pairs are scored wherever they lie.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from pipeline.model import Item
from pipeline.pairing.space import Floats, Space

#: English published this many days after Russian (negative: before) is looked at.
WINDOW = (-3.0, 7.0)
#: Days of doubt, either way, about a date that stands only in the prose: it may be the event's.
PROSE_DOUBT = 30.0
#: How many of either side are kept, and how many are looked at before hubs are corrected for.
NEAREST, _LOOKED_AT = 10, 50
#: A pair beaten by more than this is not worth a closer look.
BEATEN = 0.25
#: Similarity assumed of the neighbours that a small window does not have, and the least of those it has.
_FAR, _FARTHEST = 0.07, 0.03
#: Hub-corrected similarity of the best rival any window is assumed to hold.
_RIVAL = 0.02

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One pair worth scoring, by places in the two lists."""

    ru: int
    en: int
    hub: float  #: CSLS
    margin: float  #: lead of `hub` over the best rival's, the narrower of the two sides


@dataclass(frozen=True, slots=True)
class When:
    """The day an article may be from: `at` ± `doubt` days; no `at`: any."""

    at: datetime | None
    doubt: float = 0.0


def when(item: Item) -> When:
    """Return what is known of the day item was published."""
    published = item.article.published
    if published is None or published.evidence == "first-seen":
        return When(None)
    return When(published.at, PROSE_DOUBT if published.evidence == "prose" else 0.0)


def gap(ru: When, en: When) -> float | None:
    """Return the days from the Russian to the English article, None where one is undated or doubtful."""
    if ru.at is None or en.at is None or ru.doubt or en.doubt:
        return None
    return (en.at - ru.at) / timedelta(days=1)


def candidates(
    space: Space, russian: Sequence[When], english: Sequence[When], declared: Collection[Pair] = ()
) -> list[Candidate]:
    """Return the pairs worth scoring, ordered by places, with the rivals' measure taken."""
    if not russian or not english:
        return []
    ru, en = _sides(space, russian, english)
    from_ru, from_en = _best(ru, en.hubs), _best(en, ru.hubs)
    chosen = {(one, other) for one, best in enumerate(from_ru) for other, _ in best[:NEAREST]}
    chosen |= {(one, other) for other, best in enumerate(from_en) for one, _ in best[:NEAREST]}
    out = []
    for one, other in sorted({*chosen, *declared}):
        near = space.similarity(one, other)
        hub = 2 * near - float(ru.hubs[one] + en.hubs[other])
        margin = hub - max(_rival(from_ru[one], other), _rival(from_en[other], one))
        if (margin >= -BEATEN and near > 0) or (one, other) in declared:
            out.append(Candidate(one, other, hub, margin))
    return out


@dataclass(frozen=True, slots=True)
class _Side:
    """Of each article of one language: its mean similarity to its nearest, and those inside the window."""

    hubs: Floats
    near: list[list[tuple[int, float]]]


def _sides(space: Space, russian: Sequence[When], english: Sequence[When]) -> tuple[_Side, _Side]:
    days = (_days(russian), _days(english))
    doubt = tuple(np.array([one.doubt for one in side]) for side in (russian, english))
    out = []
    for side, sign in ((0, 1), (1, -1)):
        hubs, near = np.zeros(space.sizes[side]), []
        for place, row in enumerate(space.rows(side)):
            hubs[place] = _neighbourhood(row)
            later = sign * (days[1 - side] - days[side][place])
            unsure = doubt[1 - side] + doubt[side][place]
            outside = (later < WINDOW[0] - unsure) | (later > WINDOW[1] + unsure)  # false where undated: nan
            near.append(_nearest(np.where(outside, -1.0, row)))
        out.append(_Side(hubs, near))
    return out[0], out[1]


def _days(side: Sequence[When]) -> Floats:
    return np.array([np.nan if one.at is None else one.at.timestamp() / 86_400 for one in side])


def _neighbourhood(row: Floats) -> float:
    """Return the mean similarity to the ten nearest, missing ones taken as far."""
    top = np.partition(row, -NEAREST)[-NEAREST:] if len(row) > NEAREST else row
    return float(np.maximum(top, _FARTHEST).sum() + (NEAREST - len(top)) * _FAR) / NEAREST


def _nearest(row: Floats) -> list[tuple[int, float]]:
    """Return the nearest places inside the window (similarity of nought or more), equal ones by place."""
    floor = np.partition(row, -_LOOKED_AT)[-_LOOKED_AT] if len(row) > _LOOKED_AT else -1.0
    places = np.flatnonzero((row >= floor) & (row >= 0.0))
    order = np.lexsort((places, -row[places]))[:_LOOKED_AT]
    return [(int(place), float(row[place])) for place in places[order]]


def _best(side: _Side, hubs: Floats) -> list[list[tuple[int, float]]]:
    """Return each article's counterparts by hub-corrected similarity, the best first."""
    return [
        sorted(
            ((other, 2 * value - float(side.hubs[place] + hubs[other])) for other, value in near),
            key=lambda one: (-one[1], one[0]),
        )
        for place, near in enumerate(side.near)
    ]


def _rival(best: Sequence[tuple[int, float]], partner: int) -> float:
    return max([_RIVAL, *(value for other, value in best[:2] if other != partner)])
