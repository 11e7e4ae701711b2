"""What a turn of publishing works with: the desk, a run of the press, and what is read or set once for all documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime
from functools import cached_property

from pipeline import printing, publish
from pipeline.imprint import Desk
from pipeline.model import Story
from pipeline.record import dataclass
from pipeline.store import Store, Wanted

#: So many stories are kept: an article's text and HTML are tens of kilobytes.
_KEPT = 500


class Stories:
    """The store's stories as they were when they were first asked for; the last ones stay at hand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Story] = {}

    def load(self, ids: Iterable[str]) -> tuple[Story, ...]:
        """Return the stories of these ids that there are, by id."""
        wanted = sorted(set(ids))
        found = {one: self._read[one] for one in wanted if one in self._read}
        if unread := [one for one in wanted if one not in found]:
            found |= {story.id: story for story in self._store.stories.load(unread)}
        newest = {**self._read, **found} if len(found) < _KEPT else found
        self._read = dict(list(newest.items())[-_KEPT:])
        return tuple(found[one] for one in wanted if one in found)


@dataclass(frozen=True)
class Makeup:
    """One turn."""

    desk: Desk
    press: printing.Run
    stories: Stories
    setting: publish.Setting
    _newest: dict[tuple[Wanted, int], Sequence[str]] = field(default_factory=dict)

    def newest(self, wanted: Wanted, size: int) -> Sequence[str]:
        """Return the ids of a feed's newest stories, newest first; the same whenever it is asked."""
        key = (wanted, size)
        if key not in self._newest:
            self._newest[key] = self.desk.store.publications.newest(wanted, size)
        return self._newest[key]

    @cached_property
    def archived(self) -> dict[str, int]:
        """The number of each feed's newest archive document, those of this turn included: feeds lead to them.

        They are put in place before any feed (publish/sheaf.py).
        """
        return self.desk.store.publications.archived()

    @cached_property
    def withdrawn(self) -> Mapping[str, datetime]:
        """The articles that must not be shown, and since when."""
        return self.desk.store.publications.withdrawn()


@contextmanager
def begun(desk: Desk) -> Iterator[Makeup]:
    """Begin a turn: nobody else publishes meanwhile."""
    with printing.Run(desk.store, desk.feeds, desk.now) as press:
        yield Makeup(desk, press, Stories(desk.store), publish.Setting(desk.config))
