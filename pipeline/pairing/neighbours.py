"""Which articles of a window must be looked at closely when some of them are new.

Those that are ranked near, those that share runs of words (copies), and those that a site
declares, with all who declare the same. The rest keeps its judgement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.model import DATE_WINDOW, Item, Source
from pipeline.pairing import kin
from pipeline.pairing.candidates import Ranking
from pipeline.pairing.declared import same_ids, targets
from pipeline.pairing.duplicates import overlapping, sharing, without
from pipeline.pairing.features import Shingles
from pipeline.pairing.pool import Pool, Row
from pipeline.pairing.proposals import windows_of
from pipeline.pairing.sketch import Sketches
from pipeline.pairing.when import Window
from pipeline.record import dataclass


@dataclass(frozen=True)
class Nearby:
    """The ranking of a window, and the ids of the articles that fresh ones may belong to, theirs among them."""

    ranking: Ranking
    ids: tuple[str, ...]

    @property
    def sketches(self) -> Sketches:
        """The sketches of the window."""
        return self.ranking.pool.sketches


def nearby(
    rows: Iterable[Row],
    fresh: Collection[Item],
    sources: Mapping[str, Source],
    usual: Window = DATE_WINDOW,
    before: Sketches | None = None,
) -> Nearby:
    """Return what of a window must be looked at, fresh being the items that are new, changed or freed.

    before: the sketches of an earlier window, which most of these may be the same as; they save time alone.
    """
    pool = Pool(rows, windows_of(sources, usual), before)
    new = {item.id for item in fresh}
    fresh_at = [pool.place[one] for one in sorted(new) if one in pool.place]
    ranking = Ranking(pool, fresh_at)
    if len(fresh_at) == len(pool.rows):  # a first pass: there is nobody else
        found = set[str]()
    else:
        found = {pool.rows[place].id for one in ranking.candidates() for place in (one.ru, one.en)}
        found |= {pool.rows[place].id for pair in kin.near(pool, fresh_at) for place in pair}
    claimed = {one for item in fresh for one in targets(item, sources)}
    claimed |= {one for row in pool.rows if row.id in new for one in row.claims}
    wanted, theirs = {*new, *claimed}, {item.article.source for item in fresh}
    claimants = {row.id for row in pool.rows if row.claims and not wanted.isdisjoint(row.claims)}
    alike = same_ids(fresh, [(row.id, row.source, row.url) for row in pool.rows if row.source in theirs], sources)
    near = {*new, *found, *claimed, *claimants, *alike}
    others = [place for place, row in enumerate(pool.rows) if row.id not in near]
    return Nearby(ranking, tuple(sorted(near | _copies(pool, new, _sharing(pool, new, others)))))


def compared(
    rows: Iterable[Row],
    items: Collection[Item],
    sources: Mapping[str, Source],
    usual: Window = DATE_WINDOW,
    before: Sketches | None = None,
) -> Ranking:
    """Return the ranking of a window where nothing is asked but what these items are to one another."""
    pool = Pool(rows, windows_of(sources, usual), before)
    return Ranking(pool, sorted(pool.place[item.id] for item in items), alone=True)


def _sharing(pool: Pool, new: Collection[str], others: Collection[int]) -> list[int]:
    """Return which of others (places) have runs of words in common with a new one of their language."""
    if not others:
        return []
    runs, sizes = pool.sketches.every_run()
    half = int(sizes[: pool.russian].sum())
    out: list[int] = []
    for first, part, lengths in (
        (0, runs[:half], sizes[: pool.russian]),
        (pool.russian, runs[half:], sizes[pool.russian :]),
    ):
        fresh = [pool.sketches.runs(place) for place in _of_these(pool, new, first, len(lengths))]
        out += [first + one for one in sharing(fresh, part, lengths)]
    wanted = set(others)
    return [one for one in out if one in wanted]


def _copies(pool: Pool, new: Collection[str], likely: Sequence[int]) -> set[str]:
    """Return the ids of those likely ones that share enough of a new one of their language."""
    found: set[str] = set()
    for first, count in ((0, pool.russian), (pool.russian, len(pool.rows) - pool.russian)):
        ours = [place for place in likely if first <= place < first + count]
        fresh = _of_these(pool, new, first, count) if ours else []
        alike = overlapping(*([_told(pool, place) for place in every] for every in (ours, fresh)))
        found.update(pool.rows[place].id for place, one in zip(ours, alike, strict=True) if one)
    return found


def _told(pool: Pool, place: int) -> Shingles:
    """Return the runs of words of an article without those that its source repeats."""
    return without(pool.sketches.runs(place), pool.repeated(pool.rows[place].source))


def _of_these(pool: Pool, ids: Collection[str], first: int, count: int) -> list[int]:
    """Return the places of these articles among so many from the first on."""
    return sorted(place for one in ids if first <= (place := pool.place.get(one, -1)) < first + count)
