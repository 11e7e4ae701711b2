"""Which articles of a window must be looked at closely when some of them are new.

Those that are ranked near, those that share runs of words (copies), and those that a site
declares, with all who declare the same. The rest keeps its judgement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.model import Item, Source
from pipeline.pairing import kin
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.declared import same_ids, targets
from pipeline.pairing.duplicates import overlapping, sharing, without
from pipeline.pairing.features import Shingles
from pipeline.pairing.pool import Pool, Standing


@dataclass(frozen=True)
class Nearby:
    """The ranking of a window, and the ids of the articles that fresh ones may belong to, theirs among them."""

    ranking: Ranking
    ids: tuple[str, ...]


def nearby(standing: Iterable[Standing], fresh: Collection[Item], sources: Mapping[str, Source]) -> Nearby:
    """Return what of a window must be looked at, fresh being the items that are new, changed or freed."""
    pool = Pool(list(standing))
    new = {item.id for item in fresh}
    fresh_at = [pool.place[one] for one in sorted(new) if one in pool.place]
    ranking = Ranking(pool, fresh_at)
    found = {pool.rows[place].id for one in ranking.candidates() for place in (one.ru, one.en)}
    found |= {pool.rows[place].id for pair in kin.near(pool, fresh_at) for place in pair}
    claimed = {one for item in fresh for one in targets(item, sources)}
    claimed |= {one for row in pool.rows if row.id in new for one in row.claims}
    wanted, theirs = {*new, *claimed}, {item.article.source for item in fresh}
    claimants = {row.id for row in pool.rows if row.claims and not wanted.isdisjoint(row.claims)}
    rows = [row for row in pool.rows if row.source in theirs]
    alike = same_ids(fresh, [(row.id, row.source, row.url) for row in rows], sources)
    return Nearby(ranking, tuple(sorted({*new, *found, *claimed, *claimants, *alike, *_copies(pool, new)})))


def _copies(pool: Pool, new: Collection[str]) -> set[str]:
    """Return the ids of articles that share runs of words with a new one of their language."""
    runs, sizes = pool.sketches.every_run()
    half = int(sizes[: pool.russian].sum())
    found: set[str] = set()
    for rows, part, lengths in (
        (range(pool.russian), runs[:half], sizes[: pool.russian]),
        (range(pool.russian, len(pool.rows)), runs[half:], sizes[pool.russian :]),
    ):
        fresh = [place for place in rows if pool.rows[place].id in new]
        likely = [rows[one] for one in sharing([pool.sketches.runs(place) for place in fresh], part, lengths)]
        told = _telling(pool, {*fresh, *likely})
        alike = overlapping([told[place] for place in likely], [told[place] for place in fresh])
        found.update(pool.rows[place].id for place, one in zip(likely, alike, strict=True) if one)
    return found


def _telling(pool: Pool, places: Collection[int]) -> dict[int, Shingles]:
    """Return the runs of words of articles without those that their sources repeat."""
    told: dict[int, Shingles] = {}
    of_source: defaultdict[str, list[int]] = defaultdict(list)
    for place in sorted(places):
        of_source[pool.rows[place].source].append(place)
    for source, here in of_source.items():
        repeated = pool.repeated(source, np.concatenate([pool.sketches.runs(place) for place in here]))
        told |= {place: without(pool.sketches.runs(place), repeated) for place in here}
    return told
