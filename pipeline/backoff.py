"""How long a source that makes trouble is left alone, and when it is paused; pure.

Trouble adds up while a source's listings fail, by how little waiting is likely to help,
and is forgotten with the first success. `nevawire run` ignores all of it: the operator
knows what they ask for. What a server itself asks for (Retry-After) is not here, and never ignored.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

_HARD, _SOFT, _PASSING = 1.0, 0.5, 0.25
_WEIGHTS = {
    "timeout": _PASSING, "status-408": _PASSING, "status-425": _PASSING, "status-429": _PASSING, "status-503": _PASSING,
    "refused": _SOFT, "reset": _SOFT, "truncated": _SOFT, "protocol": _SOFT, "empty": _SOFT, "shrink": _SOFT,
    "memory": _SOFT, "challenge": _SOFT, "render": _SOFT, "proxy": _PASSING,
}  # fmt: skip

#: A source with this much trouble is no longer asked by `watch` until a pass over it succeeds.
LIMIT = 10.0
#: No source is left alone for longer than this before it is paused.
LONGEST = timedelta(days=2)
#: Before a source's next turn where the last one broke off, as on a full disk.
AFTER_TROUBLE = timedelta(minutes=5)


def weight(kind: str) -> float:
    """Return how much a failure of this kind counts: hard 1, soft ½, temporary ¼."""
    return _WEIGHTS.get(kind, _SOFT if kind.startswith("status-5") else _HARD)


def interval(every: timedelta, trouble: float) -> timedelta:
    """Return how long after a pass the next one is due: doubled with each unit of trouble, within two days."""
    return max(every, min(LONGEST, every * 2 ** min(trouble, LIMIT)))


def paused(trouble: float) -> bool:
    """Return whether a source is past its limit."""
    return trouble >= LIMIT


def opening(window: str, at: datetime) -> datetime:
    """Return the first instant from `at` on that lies in a window such as "22:00-06:00", read in at's own zone.

    An empty window is always open.
    """
    if not window:
        return at
    start, end = (time.fromisoformat(part) for part in window.split("-"))
    told = at.time()
    inside = start <= told < end if start < end else told >= start or told < end
    if inside:
        return at
    begins = at.replace(hour=start.hour, minute=start.minute, second=0, microsecond=0)
    return begins if begins > at else begins + timedelta(days=1)
