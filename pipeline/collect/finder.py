"""Which links of a page are the articles it announces, found without being told; pure.

Links of one shape were written by one template, so not links but groups of one shape are
judged: the group with the most evidence wins, and others that are nearly as good join it.
What won is a string that the caller keeps (`Profile.link_groups`): on the next visit
the same groups are read without judging anew, and their absence is drift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.collect.candidates import Candidate

_SEPARATOR = " | "
_FAMILY = "family:"
# A candidate's score from which it is taken for an article when its group does not decide.
_LIKELY = 0.3


def choose(found: Sequence[Candidate], remembered: str = "") -> tuple[list[Candidate], str, bool]:
    """Return the articles among the candidates, their group, and whether the remembered group is gone."""
    if remembered:
        kept = _members(found, remembered.split(_SEPARATOR))
        if kept:
            return kept, remembered, False
    names = _best(found)
    return _members(found, names), _SEPARATOR.join(names), bool(remembered)


def _best(found: Sequence[Candidate]) -> list[str]:
    """Return the names of the best group and of those that are nearly as good."""
    groups = _groups(found)
    worth = {name: sum(score - _LIKELY for score in scores) for name, scores in groups.items()}
    ranked = sorted(worth, key=lambda name: (-worth[name], name))
    if not ranked or worth[ranked[0]] <= 0:
        return []
    best = ranked[0]
    bar = max(0.5, 0.8 * _mean(groups[best]))
    inside = {c.shape.exact for c in found if _FAMILY + c.shape.family == best}
    others = [name for name in ranked[1:] if name not in inside and not name.startswith(_FAMILY)]
    return [best, *(name for name in others if len(groups[name]) > 2 and _mean(groups[name]) >= bar)]


def _groups(found: Sequence[Candidate]) -> dict[str, list[float]]:
    """Return the scores of every shape, and of every family of several shapes, outside menus."""
    groups: dict[str, list[float]] = defaultdict(list)
    families: dict[str, set[str]] = defaultdict(set)
    for candidate in found:
        if candidate.region != "menu":
            groups[candidate.shape.exact].append(candidate.score)
            groups[_FAMILY + candidate.shape.family].append(candidate.score)
            families[_FAMILY + candidate.shape.family].add(candidate.shape.exact)
    return {name: scores for name, scores in groups.items() if len(families.get(name, "..")) > 1}


def _members(found: Sequence[Candidate], names: Sequence[str]) -> list[Candidate]:
    """Return the candidates of the groups, and those of their families that look like articles themselves."""
    exact = frozenset(names)
    families = {name.removeprefix(_FAMILY) for name in names if name.startswith(_FAMILY)}
    families |= {c.shape.family for c in found if c.shape.exact in exact}
    groups = _groups(found)
    taken = []
    for c in found:
        kin = c.shape.family in families
        likely = c.score >= _LIKELY or (c.region != "menu" and _mean(groups[c.shape.exact]) >= _LIKELY)
        if (c.shape.exact in exact and (c.region != "menu" or c.score >= 0)) or (kin and likely):
            taken.append(c)
    return taken


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
