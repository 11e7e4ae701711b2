"""The same text on several sites (or twice on one) becomes one side of one story.

Texts are compared by their runs of three words. Two are one where at least `SAME` of the
shorter one's runs stand in the longer (so an excerpt counts), runs a source repeats across
its pages left out. On one site, where posts share templates and self-descriptions, nearly
all of both and the same numbers are asked for. Titles play no part: two posts of one title
and different text stay two. Translations are not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Item
from pipeline.pairing.features import Features, Shingles, rising

#: Share of the shorter text's three-word runs found in the longer: small edits, excerpts and
#: another site's boilerplate leave 0.65 and more, retellings of one event under 0.35.
SAME = 0.6
#: The same on one site, of both texts.
SAME_SITE = 0.9
#: Fewer runs than this cannot tell.
SHORTEST = 12
#: The same words a season later are news again.
FAR = timedelta(days=30)
#: A run found in so many articles of one source is its boilerplate.
REPEATED = 3
#: One run in this many (a power of two) goes into the index of likely pairs.
_SAMPLED = 4
#: Runs are looked up by so many of their bits at most.
_WIDEST = 22
#: A run that more articles hold leads nowhere.
_CROWD = 40
#: With fewer sampled runs than this, one in common is enough to look closer.
_FEW = 6
#: Pairs of texts compared at once: what they have in common is counted run by run, and some runs many have.
_COMPARED = 50_000
#: Source → the runs of words that it repeats, rising.
Furniture = Callable[[str], Shingles]


def grouped(
    items: Sequence[Item],
    features: Mapping[str, Features],
    known: Sequence[Collection[str]] = (),
    apart: Collection[str] = (),
    furniture: Furniture | None = None,
) -> list[tuple[Item, ...]]:
    """Return items of one language as groups of the same text, both in order of id.

    known: ids of items that are one text already; such groups grow but never merge.
    apart: ids of items that never merge with one another, nor into a known text.
    furniture: what sources repeat, where items are only a part of what is known of them.
    """
    by_id = {item.id: item for item in sorted(items, key=lambda item: item.id)}
    group = {one: one for one in by_id}
    anchored: set[str] = set(apart) & by_id.keys()
    for ids in known:
        members = sorted(one for one in ids if one in by_id)
        for one in members:
            group[one] = members[0]
            anchored.discard(one)
        anchored.update(members[:1])
    new = {one for one in by_id if _root(group, one) not in anchored}
    looked_at = _near_new(by_id, features, new) if furniture else by_id
    for one, other in _likely(looked_at, features, furniture):
        first, second = _root(group, one), _root(group, other)
        if first == second or (first in anchored and second in anchored):
            continue
        keep, give = (second, first) if second in anchored else (first, second)
        group[give] = keep
    gathered: defaultdict[str, list[Item]] = defaultdict(list)
    for one, item in by_id.items():
        gathered[_root(group, one)].append(item)
    return [tuple(members) for members in gathered.values()]


def _near_new(items: Mapping[str, Item], features: Mapping[str, Features], new: Collection[str]) -> dict[str, Item]:
    """Return the items that have a sampled run of a new one: no other can be a copy of it, and known ones stay apart."""
    fresh = together(features[one].shingles for one in sorted(new))
    wanted = rising(fresh[_is_sampled(fresh)])
    return {one: item for one, item in items.items() if one in new or among(features[one].shingles, wanted).any()}


def _root(group: Mapping[str, str], one: str) -> str:
    while group[one] != one:
        one = group[one]
    return one


def _likely(
    items: Mapping[str, Item], features: Mapping[str, Features], furniture: Furniture | None
) -> list[tuple[str, str]]:
    """List pairs that are the same text, the most alike first."""
    told = _without_boilerplate(items.values(), features, furniture)
    found = []
    for one, other in _sharing(told):
        alike = _alike(items[one], items[other], told[one], told[other], features)
        if alike:
            found.append((-alike, one, other))
    return [(one, other) for _, one, other in sorted(found)]


def in_common(mine: Shingles, theirs: Shingles) -> float:
    """Return the share of the shorter text's runs of words that stand in the other."""
    return len(np.intersect1d(mine, theirs, assume_unique=True)) / max(1, min(len(mine), len(theirs)))


def _alike(one: Item, other: Item, mine: Shingles, theirs: Shingles, features: Mapping[str, Features]) -> float:
    """Return the share of common runs where the two are the same text, else 0."""
    shorter, longer = sorted((len(mine), len(theirs)))
    if shorter < SHORTEST or _far_apart(one, other):
        return 0.0
    common = len(np.intersect1d(mine, theirs, assume_unique=True))
    if one.article.source != other.article.source:
        return common / shorter if common / shorter >= SAME else 0.0
    same_numbers = features[one.id].whole.numbers.keys() == features[other.id].whole.numbers.keys()
    return common / longer if common / longer >= SAME_SITE and same_numbers else 0.0


def _far_apart(one: Item, other: Item) -> bool:
    first, second = one.article.published, other.article.published
    return first is not None and second is not None and abs(first.at - second.at) > FAR


def _without_boilerplate(
    items: Iterable[Item], features: Mapping[str, Features], furniture: Furniture | None
) -> dict[str, Shingles]:
    """Return each item's runs without those its source repeats (by address, so a page twice listed counts once)."""
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        by_source[item.article.source].append(item.id)
    told: dict[str, Shingles] = {}
    for source, ids in by_source.items():
        runs = [features[one].shingles for one in ids]
        repeated = furniture(source) if furniture else repeats(runs)
        told |= {one: without(features[one].shingles, repeated) for one in ids}
    return told


def without(runs: Shingles, repeated: Shingles) -> Shingles:
    """Return the runs that are not among those (rising) that their source repeats."""
    return runs[~among(runs, repeated)]


def repeats(shingles: Sequence[Shingles]) -> Shingles:
    """Return the runs that are found in several of one source's articles, rising."""
    every = np.sort(together(shingles))
    again = every[REPEATED - 1 :]  # of a run found often enough, the one so many places on
    runs = every[: len(again)]
    first = np.ones(len(runs), dtype=np.bool_)
    first[1:] = runs[1:] != runs[:-1]
    return np.asarray(runs[first & (runs == again)])


def together(shingles: Iterable[Shingles]) -> Shingles:
    """Return runs of many texts, one text after the other."""
    return np.concatenate([np.zeros(0, dtype=np.uint32), *shingles])


def of_those(runs: Shingles, wanted: Shingles) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of those runs that are wanted, and which of these (rising) each is.

    They are looked up by their first bits, which hardly any two share.
    """
    cut = 32 - min(_WIDEST, len(wanted).bit_length() + 4)
    buckets = wanted >> cut
    first = np.full(1 << (32 - cut), len(wanted), dtype=np.int32)
    first[buckets[::-1]] = np.arange(len(wanted), dtype=np.int32)[::-1]
    at = first[runs >> cut]
    likely = np.flatnonzero(at < len(wanted))
    at, mine = at[likely].astype(np.int64), runs[likely]
    padded = np.concatenate([wanted, wanted])
    fullest = int(np.bincount(np.searchsorted(buckets, buckets)).max(initial=0))
    which = np.full(len(mine), -1)
    for further in range(fullest):
        hit = padded[at + further] == mine
        which[hit] = at[hit] + further
    hit = which >= 0
    return likely[hit], which[hit]


def _is_sampled(runs: Shingles) -> NDArray[np.bool_]:
    return np.asarray((runs & np.uint32(_SAMPLED - 1)) == 0)


def among(mine: Shingles, sorted_ones: Shingles) -> NDArray[np.bool_]:
    """Tell which runs are among others (rising)."""
    if not len(sorted_ones):
        return np.zeros(len(mine), dtype=np.bool_)
    places = np.minimum(np.searchsorted(sorted_ones, mine), len(sorted_ones) - 1)
    return np.asarray(sorted_ones[places] == mine)


def sharing(fresh: Sequence[Shingles], runs: Shingles, sizes: NDArray[np.int64]) -> list[int]:
    """Return which of many texts have enough sampled runs in common with fresh ones to look closer.

    runs: those of all texts, one text after the other; sizes: how many each has.
    """
    sampled = [one[_is_sampled(one)] for one in fresh]
    of_short = rising(together(one for one in sampled if len(one) < _FEW))
    looked_at = np.flatnonzero(_is_sampled(runs))
    wanted = rising(together(sampled))
    places, which = of_those(runs[looked_at], wanted)
    telling = np.bincount(which, minlength=len(wanted)) <= _CROWD
    places, which = places[telling[which]], which[telling[which]]
    owners = np.searchsorted(np.cumsum(sizes), looked_at[places], side="right")
    worth = np.where(among(wanted, of_short), 2, 1)[which]
    shared = np.bincount(owners, weights=worth, minlength=len(sizes))
    return [int(one) for one in np.flatnonzero((shared > 1) | ((shared > 0) & (sizes < _FEW * _SAMPLED)))]


def overlapping(texts: Sequence[Shingles], fresh: Sequence[Shingles]) -> NDArray[np.bool_]:
    """Tell which texts may be copies of a fresh one, or of what that is a copy of; all without boilerplate.

    Half of the share is asked that makes two texts one: a copy may be nearer to another copy than to the leading text.
    """
    every, sizes = together(fresh), np.array([len(one) for one in fresh], dtype=np.int64)
    order = np.argsort(every, kind="stable")
    every, owners = every[order], np.repeat(np.arange(len(fresh)), sizes)[order]
    found = np.zeros(len(texts), dtype=np.bool_)
    step = max(1, _COMPARED // max(1, len(fresh)))
    for start in range(0, len(texts), step):
        part = texts[start : start + step]
        lengths = np.array([len(one) for one in part], dtype=np.int64)
        shorter = np.minimum(lengths[:, None], sizes[None, :])
        enough = _common(part, lengths, every, owners, len(fresh)) >= np.maximum(shorter, SHORTEST) * (SAME / 2)
        found[start : start + step] = enough.any(axis=1)
    return found


def _common(
    texts: Sequence[Shingles], lengths: NDArray[np.int64], every: Shingles, owners: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Return how many runs each text (row) shares with each of so many others; every: theirs, rising, of `owners`."""
    runs = together(texts)
    first = np.searchsorted(every, runs, side="left")
    held = np.searchsorted(every, runs, side="right") - first
    text = np.repeat(np.repeat(np.arange(len(texts)), lengths), held)
    at = np.repeat(first - (np.cumsum(held) - held), held) + np.arange(int(held.sum()))
    return np.bincount(text * count + owners[at], minlength=len(texts) * count).reshape(len(texts), count)


def _sharing(told: Mapping[str, Shingles]) -> list[tuple[str, str]]:
    """List pairs with at least two sampled runs in common (one, where a text is short)."""
    ids = sorted(told)
    sampled = [told[one][_is_sampled(told[one])] for one in ids]
    runs = together(sampled)
    owners = np.repeat(np.arange(len(ids)), [len(part) for part in sampled])
    order = np.argsort(runs, kind="stable")
    runs, owners = runs[order], owners[order]
    starts = np.flatnonzero(np.diff(runs, prepend=-1))
    sizes = np.diff(starts, append=len(runs))
    several = (sizes > 1) & (sizes <= _CROWD)  # most runs have one holder
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for start, size in zip(starts[several].tolist(), sizes[several].tolist(), strict=True):
        holders = owners[start : start + size].tolist()
        for place, one in enumerate(holders):
            for other in holders[place + 1 :]:
                shared[one, other] += 1
    enough = (pair for pair, count in shared.items() if count > 1 or min(len(sampled[one]) for one in pair) < _FEW)
    return [(ids[one], ids[other]) for one, other in sorted(enough)]
