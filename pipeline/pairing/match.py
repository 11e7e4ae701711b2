"""Scores → one-to-one pairs: the sure ones first, then the likely ones among what is left.

Within each step the sum of log-odds over the floor is made largest, so nobody takes a
partner that another fits better; "no partner" costs nothing and wins below the floor.
Equal sums are settled by place, so the answer is one. Verdicts are not here: what they
fix or forbid never reaches this module.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

#: From here on a pair is one story.
LINKED = 0.9
#: From here on a pair waits for an analyst.
REVIEW = 0.1
#: Gains that differ by less may rank as the same.
_CLOSE = 1e-8

Pair = tuple[int, int]


def matched(
    scores: Mapping[Pair, float], linked: float = LINKED, review: float = REVIEW
) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs to link and, among the others, those to review; both one-to-one and in order."""
    sure = assigned({pair: score for pair, score in scores.items() if score >= linked}, linked)
    taken_ru, taken_en = {ru for ru, _ in sure}, {en for _, en in sure}
    left = {(ru, en): score for (ru, en), score in scores.items() if ru not in taken_ru and en not in taken_en}
    likely = assigned({pair: score for pair, score in left.items() if review <= score < linked}, review)
    return sure, likely


def assigned(scores: Mapping[Pair, float], floor: float) -> list[Pair]:
    """Return the one-to-one pairs of largest total log-odds over floor, in order of place."""
    gains = {pair: _odds(score) - _odds(floor) + 1e-6 for pair, score in sorted(scores.items())}
    out: list[Pair] = []
    for component in _components(gains):
        out.extend(_best(component))
    return sorted(out)


def _components(gains: Mapping[Pair, float]) -> list[dict[Pair, float]]:
    """Split into sets of pairs that compete with one another."""
    by_ru: defaultdict[int, list[Pair]] = defaultdict(list)
    by_en: defaultdict[int, list[Pair]] = defaultdict(list)
    for pair in gains:
        by_ru[pair[0]].append(pair)
        by_en[pair[1]].append(pair)
    seen: set[Pair] = set()
    out = []
    for start in gains:
        if start in seen:
            continue
        seen.add(start)
        queue, component = [start], {}
        while queue:
            pair = queue.pop()
            component[pair] = gains[pair]
            for rival in (*by_ru[pair[0]], *by_en[pair[1]]):
                if rival not in seen:
                    seen.add(rival)
                    queue.append(rival)
        out.append(dict(sorted(component.items())))
    return out


def _best(gains: Mapping[Pair, float]) -> list[Pair]:
    """Grow a matching along the most gainful alternating path until none gains (Bellman–Ford)."""
    partner_of_en: dict[int, int] = {}
    options: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for (ru, en), gain in gains.items():
        options[ru][en] = gain
    free = sorted(options)
    while True:
        path = _path(options, partner_of_en, free)
        if not path:
            return sorted((ru, en) for en, ru in partner_of_en.items())
        partner_of_en.update({en: ru for ru, en in path})
        free.remove(path[0][0])


def _path(options: Mapping[int, Mapping[int, float]], partner_of_en: Mapping[int, int], free: list[int]) -> list[Pair]:
    """Find the pairs to set along the most gainful path from a free Russian place to a free English one."""
    best: dict[int, tuple[float, list[Pair]]] = {ru: (0.0, []) for ru in free}
    ends: tuple[float, list[Pair]] = (1e-9, [])
    frontier = sorted(best)
    while frontier:
        reached: dict[int, tuple[float, list[Pair]]] = {}
        for ru in frontier:
            before, path = best[ru]
            for en, gain in options[ru].items():
                holder, total = partner_of_en.get(en), before + gain
                if holder is None:
                    if total > ends[0] - _CLOSE:
                        ends = max(ends, (total, [*path, (ru, en)]), key=_rank)
                elif holder != ru:
                    total -= options[holder][en]
                    known = best.get(holder, reached.get(holder))
                    if known is None or total > known[0] + 1e-9:
                        reached[holder] = (total, [*path, (ru, en)])
        best.update(reached)
        frontier = sorted(reached)
    return ends[1]


def _rank(end: tuple[float, list[Pair]]) -> tuple[float, int, list[Pair]]:
    """Order paths by gain, then shorter ones first, then lower places first."""
    return (round(end[0], 9), -len(end[1]), [(-ru, -en) for ru, en in end[1]])


def _odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
