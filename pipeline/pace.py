"""How often a source is worth asking, from how often it publishes; pure.

A source that has news once a week is not asked every ten minutes. Its owner sets the bounds: `every` is the
fastest, `at_most` the slowest; without `at_most` nothing is adapted. How long trouble makes one wait is in backoff.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

#: A source is asked so many times in the time that usually lies between two news.
TIMES = 8
#: Publications this near to each other are one.
_TOGETHER = timedelta(minutes=10)
#: The latest gaps tell the rhythm of today; fewer than the least tell none.
_LATEST, _FEWEST = 20, 3


def interval(
    every: timedelta, at_most: timedelta | None, published: Sequence[datetime], latest: datetime | None, now: datetime
) -> timedelta:
    """Return how long after a pass the next one is worth making: within `every` and `at_most`.

    published: when its articles came out, oldest first; latest: the newest sign that it publishes. The usual gap
    counts, or the time since the latest where that is longer: a source that fell quiet is asked less and less.
    """
    if at_most is None:
        return every
    instants: list[datetime] = []
    for one in sorted(published):
        if not instants or one - instants[-1] >= _TOGETHER:
            instants.append(one)
    gaps = sorted([two - one for one, two in pairwise(instants)][-_LATEST:])
    if len(gaps) < _FEWEST:
        return every
    quiet = now - max(latest or instants[-1], instants[-1])
    return max(every, min(max(gaps[len(gaps) // 2], quiet) / TIMES, at_most))
