"""Which links of a page are the articles it announces, found without being told; pure.

Links of one shape were written by one template, so not links but groups of one shape are
judged: the group with the most evidence wins, and others that are nearly as good join it.
What won is a string that the caller keeps (`Profile.link_groups`): on the next visit
the same groups are read without judging anew, and their absence is drift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from pipeline.collect.candidates import Candidate

_SEPARATOR = " | "
_FAMILY = "family:"
# A candidate's score from which it is taken for an article when its group does not decide.
_LIKELY = 0.3
# The same where only the folder is that of the group.
_VERY_LIKELY = 0.6
# Below this even a member of the group is no article: "All news" among the news.
_HARDLY = -0.2


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
    worth = {name: sum(_worth(score) for score in scores) for name, scores in groups.items()}
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
    named = [c.shape for c in found if c.shape.exact in exact or _FAMILY + c.shape.family in exact]
    families, parents = {shape.family for shape in named}, {shape.parent for shape in named} - {""}
    groups = _groups(found)
    return [c for c in found if _belongs(c, exact, families, parents, groups)]


def _belongs(
    c: Candidate,
    exact: AbstractSet[str],
    families: AbstractSet[str],
    parents: AbstractSet[str],
    groups: Mapping[str, Sequence[float]],
) -> bool:
    if c.shape.exact in exact:
        return c.score >= (0.0 if c.region == "menu" else _HARDLY)
    if c.shape.family in families:
        return c.score >= _LIKELY or (c.region != "menu" and _mean(groups[c.shape.exact]) >= _LIKELY)
    return c.shape.parent in parents and c.score >= _VERY_LIKELY


def _worth(score: float) -> float:
    """Return what one link adds to its group: by the square, so that many dull links do not outweigh a few good ones."""
    return (score - _LIKELY) * abs(score - _LIKELY)


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
