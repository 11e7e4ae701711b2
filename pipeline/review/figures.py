"""What measures say, summed up for charts and tables; pure. Days are those of UTC, as "2026-11-20"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from statistics import quantiles

from pipeline.pairing import UNDO
from pipeline.record import dataclass
from pipeline.store import Count, Judged, Spent

#: Bounds of the probability by which verdicts are set in groups.
BUCKETS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The verdicts on pairs the matcher thought so likely."""

    low: float
    high: float
    right: int  #: confirmed
    wrong: int  #: rejected, split, or the same event in other words

    @property
    def precision(self) -> float | None:
        """The share that was right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None


@dataclass(frozen=True, slots=True)
class Delay:
    """How many hours the English text came after the Russian one."""

    label: str
    pairs: int
    to_the_minute: int  #: of them, those of which both times are known and not days alone
    first: float
    median: float
    third: float


@dataclass(frozen=True, slots=True)
class Periods:
    """Days of a span, put together where there are too many for a chart: each label with its first and last day."""

    spans: tuple[tuple[date, date], ...]

    def at(self, day: str) -> int:
        """Return which of them a day is in."""
        first = self.spans[0][0]
        long = (self.spans[0][1] - first).days + 1
        return max(0, min(len(self.spans) - 1, (date.fromisoformat(day) - first).days // long))

    @property
    def labels(self) -> list[str]:
        """Return what they are called: their first days."""
        return [f"{first.day:02d}.{first.month:02d}" for first, _ in self.spans]


def periods(first: date, last: date, most: int = 62) -> Periods:
    """Return every day from first to last; as weeks, or four of them, where these are more than `most`."""
    days = (last - first).days + 1
    long = next((each for each in (1, 7, 28) if days <= most * each), 91)
    spans, begin = [], first
    while begin <= last:
        end = min(last, begin + timedelta(days=long - 1))
        spans.append((begin, end))
        begin = end + timedelta(days=1)
    return Periods(tuple(spans))


def by(counts: Iterable[Count], key: str, when: Periods) -> dict[str, list[int]]:
    """Return articles by a field (source, language), in order of how many: value → articles of each period."""
    found: dict[str, list[int]] = {}
    for one in counts:
        row = found.setdefault(getattr(one, key), [0] * len(when.spans))
        row[when.at(one.day)] += one.articles
    return dict(sorted(found.items(), key=lambda pair: (-sum(pair[1]), pair[0])))


def leading(series: Mapping[str, Sequence[int]], most: int, rest: str) -> dict[str, list[int]]:
    """Return the first series, and all others as one called rest."""
    own = dict(list(series.items())[: most if len(series) <= most else most - 1])
    others = [values for key, values in series.items() if key not in own]
    made = {key: list(values) for key, values in own.items()}
    return made | ({rest: [sum(each) for each in zip(*others, strict=True)]} if others else {})


def share_paired(counts: Iterable[Count], when: Periods) -> list[float | None]:
    """Return of each period the share of its articles that stand in pairs; None where it has none."""
    every, paired = [0] * len(when.spans), [0] * len(when.spans)
    for one in counts:
        every[when.at(one.day)] += one.articles
        paired[when.at(one.day)] += one.paired
    return [some / all_ if all_ else None for some, all_ in zip(paired, every, strict=True)]


def share_of(counts: Iterable[Count]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return by source and language how many articles there are and how many stand in pairs."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in counts:
        articles, paired = found.get((one.source, one.language), (0, 0))
        found[one.source, one.language] = (articles + one.articles, paired + one.paired)
    return dict(sorted(found.items()))


def delays(found: Sequence[tuple[str, float, bool]], when: Periods) -> list[Delay]:
    """Return how long English texts took in each period that has some, and in all of it, first."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    at = cache(when.at)
    for day, hours, exact in found:
        groups.setdefault(at(day), []).append((hours, exact))
    each = [_delay(when.labels[at], own) for at, own in sorted(groups.items())]
    return [_delay("", [(hours, exact) for _, hours, exact in found]), *each] if found else []


def holding(judged: Iterable[Judged]) -> list[Judged]:
    """Return the verdict that holds on each pair, with what the matcher thought before anybody had spoken of it."""
    said: dict[tuple[str, str], list[Judged]] = {}
    thought: dict[tuple[str, str], float | None] = {}
    for one in judged:
        pair = (one.ru, one.en)
        thought.setdefault(pair, one.probability)
        words = said.setdefault(pair, [])
        if one.kind != UNDO:
            words.append(one)
        elif words:
            words.pop()
    return [replace(words[-1], probability=thought[pair]) for pair, words in said.items() if words]


def buckets(judged: Iterable[Judged]) -> list[Bucket]:
    """Return verdicts by what the matcher thought; those it thought nothing of are left out."""
    bounds = list(pairwise(BUCKETS))
    right, wrong = [0] * len(bounds), [0] * len(bounds)
    for one in judged:
        if one.probability is not None:
            at = next(n for n, (_, high) in enumerate(bounds) if one.probability < high or n == len(bounds) - 1)
            (right if one.kind == "confirm" else wrong)[at] += 1
    return [Bucket(*bound, *both) for bound, *both in zip(bounds, right, wrong, strict=True)]


def spent(rows: Iterable[Spent], when: Periods) -> dict[str, list[int]]:
    """Return the characters each engine was sent in each period."""
    found: dict[str, list[int]] = {}
    for one in rows:
        found.setdefault(one.engine, [0] * len(when.spans))[when.at(one.day)] += one.characters
    return dict(sorted(found.items()))


def _delay(label: str, own: Sequence[tuple[float, bool]]) -> Delay:
    hours = sorted(one for one, _ in own)
    first, median, third = quantiles(hours, n=4, method="inclusive") if len(hours) > 1 else (hours[0],) * 3
    return Delay(label, len(own), sum(exact for _, exact in own), first, median, third)
