"""How a source usually publishes, and how long a quiet is too long for it.

dates ─► own time (which days and hours count) ─► gaps ─► the normal gap ─► the limit

The normal gap is the longest usual one: nineteen twentieths of a source's time lie in gaps no
longer than it. It is looked for among the latest gaps only, so that it follows a source that
slows down, but among enough of them to hold several of the long ones. A break, once a year
or so and far longer than everything around it, is no gap of the rhythm; its anniversary is
expected to be quiet again. Nothing here knows what is done about silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from pipeline.alarm.owntime import HOLIDAYS, OwnTime, day_weights, hour_weights
from pipeline.record import dataclass

#: Fewer days with news, or a shorter time, teach no rhythm.
FEWEST_DAYS = 8
SHORTEST = timedelta(days=21)
#: Share of all time that lies in gaps no longer than the normal one.
USUAL = 0.95
#: The limit in normal gaps: within these two, half as long again as the longest gap there was.
PATIENCE = (2.25, 2.9)
_LONGER = 1.5
#: By the clock, days off left out, it is silent after so many normal gaps at the latest: own time may stand still for
#: weeks where the one weekday of a source falls on holidays.
_AT_MOST = 2.75
#: What the normal gap is learned from: so many latest gaps and at least this time, or so many normal gaps.
_LATEST, _LATEST_TIME, _LONG_ONES = 40, timedelta(days=56), 12
#: Publications this near to each other are one.
_TOGETHER = timedelta(minutes=10)
#: With news in so many different hours of an ordinary day, hours are told apart.
_BUSY_HOURS = 4
#: A break's neighbours: so many gaps on either side or more, together at least so many times as long.
_AROUND, _LASTING = 20, 2
_MOST_BREAKS = 24
#: Own hours; where less is usual, nothing can be told: all of it fell into days that do not count.
_SHORTEST_GAP = 0.05
#: An anniversary may come so much earlier, or last so much longer.
_EARLY = timedelta(days=10)
_YEARS = 3


@dataclass(frozen=True)
class Rhythm:
    """What is usual for a source."""

    time: OwnTime
    normal: timedelta  #: the normal gap by the clock, for people
    gap: float  #: the normal gap in own hours
    limit: float  #: own hours after which it is silent
    clock: OwnTime  #: the clock's time, in which only days off do not count
    latest: float  #: hours of it after which it is silent, whatever own time says

    def deadline(self, last: datetime) -> datetime:
        """Return when a source that published last at that instant will have been quiet for too long."""
        return min(self.time.after(last, self.limit), self.clock.after(last, self.latest))


def learn(dates: Sequence[datetime], zone: str) -> Rhythm | None:
    """Return the rhythm behind the instants at which a source published; None where they are too few.

    zone: IANA name of the source's time zone, in which its days and hours are counted.
    """
    place = ZoneInfo(zone)
    instants = _distinct(dates, place)
    days = {instant.date() for instant in instants}
    if len(days) < FEWEST_DAYS or instants[-1] - instants[0] < SHORTEST:
        return None
    first = _recent(instants, [])
    known = range(instants[0].year - 1, instants[-1].year + _YEARS + 2)
    flat = _own_time(instants[first:], place, (), known)
    breaks = _breaks(instants, _gaps(instants, flat))
    first = _recent(instants, breaks)
    time = _own_time(instants[first:], place, _anniversaries(instants, breaks), known)
    kept = [number for number in range(first, len(instants) - 1) if number not in breaks]
    own, by_clock = _gaps(instants, time), _clock_gaps(instants)
    gaps = [own[number] for number in kept]
    normal = _usual(gaps)
    if normal < _SHORTEST_GAP:
        return None
    limit = min(max(_LONGER * max(gaps), PATIENCE[0] * normal), PATIENCE[1] * normal)
    plain = _clock(time, place, known)
    waking = _gaps(instants, plain)
    latest = _AT_MOST * _usual([waking[number] for number in kept])
    return Rhythm(time, timedelta(hours=_usual([by_clock[number] for number in kept])), normal, limit, plain, latest)


def _distinct(dates: Sequence[datetime], zone: ZoneInfo) -> list[datetime]:
    """Return the instants in the source's zone, those close together as one."""
    kept: list[datetime] = []
    for instant in sorted(each.astimezone(UTC) for each in dates):
        if not kept or instant - kept[-1] >= _TOGETHER:
            kept.append(instant)
    return [instant.astimezone(zone) for instant in kept]


def _own_time(instants: Sequence[datetime], zone: ZoneInfo, quiet: Sequence[date], years: range) -> OwnTime:
    """Return the own time that these publications speak of."""
    busy: dict[date, set[int]] = {}
    for instant in instants:
        busy.setdefault(instant.date(), set()).add(instant.hour)
    by_hour = median(len(hours) for hours in busy.values()) >= _BUSY_HOURS
    hours = hour_weights(instants) if by_hour else [1.0] * 24
    return OwnTime(zone, day_weights(instants), hours, quiet, years)


def _clock(time: OwnTime, zone: ZoneInfo, years: range) -> OwnTime:
    """Return the clock's time without public holidays and the days that own time leaves out."""
    holidays = [date(year, *day) for year in years for day in HOLIDAYS]
    return OwnTime(zone, [1.0] * 7, [1.0] * 24, [*holidays, *time.quiet], years)


def _gaps(instants: Sequence[datetime], time: OwnTime) -> list[float]:
    passed = [time.at(instant) for instant in instants]
    return [two - one for one, two in pairwise(passed)]


def _clock_gaps(instants: Sequence[datetime]) -> list[float]:
    return [(two - one).total_seconds() / 3600 for one, two in pairwise(instants)]


def _usual(gaps: Sequence[float]) -> float:
    """Return the gap within which, and within shorter ones, the usual share of all time lies."""
    total, passed = sum(gaps), 0.0
    for gap in sorted(gaps):
        passed += gap
        if passed >= USUAL * total:
            return gap
    return max(gaps)


def _recent(instants: Sequence[datetime], breaks: Sequence[int]) -> int:
    """Return the number of the first instant of the part that the normal gap is learned from."""
    gaps = _clock_gaps(instants)
    first = max(0, len(gaps) - _LATEST)
    while True:
        kept = [gaps[number] for number in range(first, len(gaps)) if number not in breaks]
        needed = max(_LATEST_TIME / timedelta(hours=1), _LONG_ONES * _usual(kept) if kept else 0.0)
        if first == 0 or sum(kept) >= needed:
            return first
        first = max(0, first - max(1, (len(gaps) - first) // 4))


def _breaks(instants: Sequence[datetime], gaps: Sequence[float]) -> list[int]:
    """Return the numbers of the gaps that are breaks, the longest first."""
    by_clock, found = _clock_gaps(instants), list[int]()
    longest = sorted(range(len(gaps)), key=lambda number: (-gaps[number], number))[:_MOST_BREAKS]
    for number in longest:
        around = _around(number, by_clock, found)
        if around and gaps[number] > PATIENCE[1] * _usual([gaps[other] for other in around]):
            found.append(number)
    return found


def _around(number: int, gaps: Sequence[float], breaks: Sequence[int]) -> list[int]:
    """Return the gaps on both sides of one, enough of them to compare it with; none where there are not enough."""
    chosen: list[int] = []
    lasting = 0.0
    for distance in range(1, len(gaps)):
        if distance > _AROUND and lasting >= _LASTING * gaps[number]:
            break
        near = [one for one in (number - distance, number + distance) if 0 <= one < len(gaps) and one not in breaks]
        chosen += near
        lasting += sum(gaps[one] for one in near)
    return chosen if lasting >= _LASTING * gaps[number] else []


def _anniversaries(instants: Sequence[datetime], breaks: Sequence[int]) -> list[date]:
    """Return the days of later years around which a break is to be expected again."""
    days: set[date] = set()
    for number in breaks:
        start, end = instants[number].date(), instants[number + 1].date()
        for year in range(1, _YEARS + 1):
            later = start + timedelta(days=round(365.25 * year)) - _EARLY
            days.update(later + timedelta(days=day) for day in range((end - start + 2 * _EARLY).days + 1))
    return sorted(days)
