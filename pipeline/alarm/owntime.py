"""A source's own time: it runs while the source usually publishes and nearly stands still while it does not.

A week has 168 hours in own time as by the clock, but an office that publishes on working
days has most of them from Monday to Friday. Two things are known beforehand: a public holiday
counts like a Sunday, and the anniversary of a long break does not count at all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate

#: Days on which Russian offices are closed in every year, with the bridging days usual around them.
#: The margins of what is judged by own time bear what a year's decree adds to them.
HOLIDAYS = (
    (12, 31), *((1, day) for day in range(1, 10)), (2, 23), (3, 8),
    (5, 1), (5, 2), (5, 3), (5, 8), (5, 9), (5, 10), (6, 12), (11, 4),
)  # fmt: skip
_SUNDAY = 6
#: Publications that each weekday, or hour, is thought to have had before any is counted: no time stands still.
_PRIOR = 0.5


class OwnTime:
    """Measures spans in a source's own hours."""

    def __init__(
        self, zone: tzinfo, days: Sequence[float], hours: Sequence[float], quiet: Iterable[date], years: range
    ) -> None:
        """Weigh weekdays and hours (each 1 on average); `quiet` days do not count; holidays are known in `years`."""
        self._zone = zone
        self.quiet = tuple(quiet)
        self._day = tuple(24.0 * weight for weight in days)
        # Share of a day that is over when an hour begins, and at its end.
        self._over = (0.0, *accumulate(weight / 24.0 for weight in hours))
        self._weeks = (0.0, *accumulate(self._day))
        off = tuple(min(self._day[_SUNDAY], own) for own in self._day)
        special = {day: off[(day - 1) % 7] for day in _holidays(years)}
        special |= {day.toordinal(): 0.0 for day in self.quiet}
        self._special = special
        self._ordinals = sorted(special)
        self._less = (0.0, *accumulate(self._day[(day - 1) % 7] - special[day] for day in self._ordinals))

    def at(self, instant: datetime) -> float:
        """Return how many own hours passed from some fixed past until instant."""
        local = instant.astimezone(self._zone)
        day = local.toordinal()
        weeks, weekday = divmod(day - 1, 7)  # day 1 of the calendar is a Monday
        whole = weeks * self._weeks[7] + self._weeks[weekday] - self._less[bisect_left(self._ordinals, day)]
        part = (local.minute * 60 + local.second) / 3600
        over = self._over[local.hour] + part * (self._over[local.hour + 1] - self._over[local.hour])
        return whole + self._special.get(day, self._day[weekday]) * over

    def after(self, start: datetime, hours: float, longest: timedelta = timedelta(days=1500)) -> datetime:
        """Return the first minute at which `hours` own hours have passed since start, at most `longest` later."""
        due, low, high = self.at(start) + hours, 0, int(longest.total_seconds() // 60)
        while low < high:
            middle = (low + high) // 2
            if self.at(start + timedelta(minutes=middle)) < due:
                low = middle + 1
            else:
                high = middle
        return start + timedelta(minutes=low)


@lru_cache(maxsize=100)
def _holidays(years: range) -> tuple[int, ...]:
    """Return the numbers of all holidays of these years: every source has three times of its own, and most the same years."""
    return tuple(date(year, *day).toordinal() for year in years for day in HOLIDAYS)


def day_weights(instants: Iterable[datetime]) -> list[float]:
    """Return how much each weekday counts, 1 on average, by the days (each in its own zone) that had news."""
    active = {instant.date() for instant in instants}
    counted = Counter(day.weekday() for day in active)
    return [7 * (counted[day] + _PRIOR) / (len(active) + 7 * _PRIOR) for day in range(7)]


def hour_weights(instants: Iterable[datetime]) -> list[float]:
    """Return how much each hour of the day counts, 1 on average; neighbouring hours share what they have."""
    counted = Counter(hour for _, hour in {(instant.date(), instant.hour) for instant in instants})
    smooth = [
        counted[(hour - 1) % 24] / 4 + counted[hour] / 2 + counted[(hour + 1) % 24] / 4 + _PRIOR for hour in range(24)
    ]
    return [24 * weight / sum(smooth) for weight in smooth]
