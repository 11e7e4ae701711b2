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
from numpy.typing import NDArray

from pipeline.model import Item
from pipeline.pairing.space import Floats, Ints, Space

#: English published this many days after Russian (negative: before) is looked at.
WINDOW = (-3.0, 7.0)
#: Days of doubt, either way, about a date that stands only in the prose: it may be the event's.
PROSE_DOUBT = 30.0
#: How many of either side are kept.
NEAREST = 10
#: A pair beaten by more than this is not worth a closer look.
BEATEN = 0.25
#: Similarity assumed of the neighbours that a small window does not have, and the least of those it has.
_FAR, _FARTHEST = 0.07, 0.03
#: Hub-corrected similarity of the best rival any window is assumed to hold.
_RIVAL = 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    """One pair worth scoring, by places in the two lists."""

    ru: int
    en: int
    similarity: float
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
    space: Space, russian: Sequence[When], english: Sequence[When], declared: Collection[tuple[int, int]] = ()
) -> list[Candidate]:
    """Return the pairs worth scoring, ordered by places, with the rivals' measure taken."""
    if not russian or not english:
        return []
    near = np.array(list(space.rows()))
    hubs_ru, hubs_en = _neighbourhood(near), _neighbourhood(near.T)
    adjusted = 2 * near - hubs_ru[:, None] - hubs_en[None, :]
    inside = np.where(_outside(russian, english), -np.inf, adjusted)
    rows, columns = _two_best(inside), _two_best(inside.T)
    out = []
    for ru, en in sorted({*declared, *_best(inside), *((ru, en) for en, ru in _best(inside.T))}):
        own = float(adjusted[ru, en])
        margin = own - max(_rival(rows, ru, en), _rival(columns, en, ru))
        if (margin >= -BEATEN and near[ru, en] > 0) or (ru, en) in declared:
            out.append(Candidate(ru, en, float(near[ru, en]), own, margin))
    return out


def _outside(russian: Sequence[When], english: Sequence[When]) -> NDArray[np.bool_]:
    """Tell which pairs lie outside the date window; undated articles are inside everywhere."""
    later = _days(english)[None, :] - _days(russian)[:, None]
    doubt = np.array([one.doubt for one in english])[None, :] + np.array([one.doubt for one in russian])[:, None]
    return np.asarray((later < WINDOW[0] - doubt) | (later > WINDOW[1] + doubt))  # false where undated: nan


def _days(side: Sequence[When]) -> Floats:
    return np.array([np.nan if one.at is None else one.at.timestamp() / 86_400 for one in side])


def _neighbourhood(near: Floats) -> Floats:
    """Each row's mean similarity to its ten nearest, missing ones taken as far."""
    count = near.shape[1]
    top = np.sort(near, axis=1)[:, max(0, count - NEAREST) :]
    missing = NEAREST - top.shape[1]
    return np.asarray((np.maximum(top, _FARTHEST).sum(axis=1) + missing * _FAR) / NEAREST)


def _best(adjusted: Floats) -> set[tuple[int, int]]:
    """Find the ten best of each row; equal ones in order of place."""
    order: Ints = np.argsort(-adjusted, axis=1, kind="stable")[:, :NEAREST]
    return {
        (row, int(column))
        for row in range(adjusted.shape[0])
        for column in order[row]
        if adjusted[row, column] > -np.inf
    }


def _two_best(adjusted: Floats) -> list[list[tuple[int, float]]]:
    order = np.argsort(-adjusted, axis=1, kind="stable")[:, :2]
    return [[(int(column), float(adjusted[row, column])) for column in order[row]] for row in range(len(order))]


def _rival(best: list[list[tuple[int, float]]], place: int, partner: int) -> float:
    return max([_RIVAL, *(value for other, value in best[place] if other != partner)])
