"""Stories that are related through one another → threads: what one event grew into.

Only links whose ends lie a fortnight apart at most chain; a thread may last longer than that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.model import Story
from pipeline.pairing.identity import dated

#: The days that a link of a thread spans at most.
APART = timedelta(days=14)


def threads(stories: Iterable[Story]) -> dict[str, str]:
    """Return story id → id of its thread, which is that of its oldest story; stories without links have none."""
    known = {story.id: story for story in stories}
    age = {one: _day(story) for one, story in known.items()}
    root = {one: one for one in known}

    def top(one: str) -> str:
        while root[one] != one:
            one = root[one]
        return one

    linked: set[str] = set()
    for one in sorted(known):
        for other in sorted(each.story for each in known[one].related):
            if other in known and abs(age[one] - age[other]) <= APART:
                linked |= {one, other}
                first, second = sorted((top(one), top(other)), key=lambda id_: (age[id_], id_))
                root[second] = first
    return {one: top(one) for one in sorted(linked)}


def _day(story: Story) -> datetime:
    """Return when a story was first told, as far as its articles say; else when it was first seen."""
    items = [item for text in story.texts.values() for item in text.items]
    return min(item.first_seen if item.article.published is None else dated(item) for item in items)
