"""How often somebody may do something: so much at once, and so much a minute after that. Lives as long as the process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

#: So many keys are remembered; the one not seen for longest goes.
_KNOWN = 10_000


class Throttle:
    """A bucket for each key that holds `at_once` and fills by `a_minute`."""

    def __init__(self, at_once: int, a_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._clock = float(at_once), a_minute / 60, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one from a key's bucket and return 0; or, where it is empty, the seconds until there is one again."""
        with self._lock:
            left, now = self._left(key)
            if left < 1:
                return (1 - left) / self._rate
            self._put(key, left - 1, now)
            return 0.0

    def wait(self, key: str) -> float:
        """Return the seconds until something can be taken; nothing is."""
        with self._lock:
            left, _ = self._left(key)
        return 0.0 if left >= 1 else (1 - left) / self._rate

    def forget(self, key: str) -> None:
        """Fill a key's bucket."""
        with self._lock:
            self._buckets.pop(key, None)

    def _left(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, since = self._buckets.get(key, (self._most, now))
        return min(self._most, left + (now - since) * self._rate), now

    def _put(self, key: str, left: float, now: float) -> None:
        self._buckets[key] = (left, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > _KNOWN:
            self._buckets.popitem(last=False)
