"""Stories that are related through one another → threads: what one event grew into.

Only links whose ends lie a fortnight apart at most chain; a thread may last longer than that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pipeline.model import Instalment

#: The days that a link of a thread spans at most.
APART = timedelta(days=14)


def threads(stories: Iterable[Instalment]) -> dict[str, str]:
    """Return story id → id of its thread, which is that of its oldest story; stories without links have none."""
    known = {one.story: one for one in stories}
    root = {one: one for one in known}

    def top(one: str) -> str:
        while (above := root[one]) != one:
            root[one] = root[above]  # half of the way is spared whoever goes it next
            one = above
        return one

    linked: set[str] = set()
    for one in sorted(known):
        for other in known[one].beside:
            if other in known and abs(known[one].day - known[other].day) <= APART:
                linked |= {one, other}
                mine, theirs = top(one), top(other)
                if mine != theirs:
                    first, second = sorted((mine, theirs), key=lambda id_: (known[id_].day, id_))
                    root[second] = first
    return {one: top(one) for one in sorted(linked)}
