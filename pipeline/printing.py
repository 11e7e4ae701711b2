"""Galleys into documents under feeds/: rendered and written only where a galley is another than the one that stands.

Documents are made of their galley alone (publish/galley.py), and what was published is kept as galleys
(store/editions.py): the same galley, made by the same code, with its files in place, needs nothing done. What is
kept in the store of documents is kept once they are in place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Self

from pipeline import publish
from pipeline.store import Part, Store

#: Of the code that makes documents of stories: raised when the same stories would now read otherwise.
VERSION = "3"
#: So many entries stand in what waits to be put in place, at most; more galleys wait for that.
_WAITING = 1_000


@cache
def renderer() -> str:
    """Name the code that makes documents of galleys: the same name, the same bytes."""
    return " ".join([VERSION, *(f"{package}-{version(package)}" for package in ("css-inline", "feedgen", "lxml"))])


def bring_out(
    store: Store, folder: Path, galleys: Sequence[publish.Galley], documents: Mapping[str, bytes], now: datetime, *,
    excused: Collection[str] | bool = (),
) -> publish.Written:  # fmt: skip
    """Write the documents that were made of these galleys, and keep what they were made of (see rebuild.py)."""
    written = publish.write(folder, documents, excused=excused)
    if galleys:
        left = {one.name: [name for name in written.refused if publish.stem(name) == one.name] for one in galleys}
        ready = store.editions.prepared([_part(one, left[one.name]) for one in galleys])
        store.editions.record(ready, renderer(), now)
    return written


class Run:
    """A run of the press: galleys rendered as they come, and their documents put in place together when it settles."""

    def __init__(self, store: Store, folder: Path, now: datetime) -> None:
        self._store, self._folder, self._now = store, folder, now
        self._writing = publish.Writing(folder)
        self._parts: list[Part] = []
        self._kept: list[Callable[[], object]] = []

    def __enter__(self) -> Self:
        """Have the folder there."""
        self._writing.__enter__()
        return self

    def __exit__(self, *about: object) -> None:
        """Leave what was not settled as it was."""
        self._writing.__exit__(*about)
        publish.let_go()

    def set_up(self, galleys: Sequence[publish.Galley], *, excused: Collection[str] | bool = ()) -> publish.Written:
        """Render these galleys, each while the documents of those before are packed; return what comes of them."""
        done = []
        for one in galleys:
            written = self._writing.take(publish.render(one), excused=excused)
            self._parts.append(_part(one, written.refused))
            done.append(written)
            if sum(len(part.rows) for part in self._parts) > _WAITING:
                self.settle()
        return publish.together(done)

    def renew(
        self, galleys: Sequence[publish.Galley], files: Mapping[str, int], *, excused: Collection[str] | bool = ()
    ) -> publish.Written:
        """Set up those of these galleys that do not stand as they are.

        files: the documents that stand, as they were when all was well, name → bytes.
        """
        own: dict[str, dict[str, int]] = {one.name: {} for one in galleys}
        for name, size in files.items():
            own.get(publish.stem(name), {})[name] = size
        # Of a first pass none: nothing is packed only to be asked about.
        parts = [_part(one) for one in galleys if own[one.name]]
        same = self._store.editions.standing(parts, renderer()) if parts else ()
        settled = {name for name in same if publish.intact(self._folder, own[name])}
        written = self.set_up([one for one in galleys if one.name not in settled], excused=excused)
        unchanged = tuple(name for one in sorted(settled) for name in sorted(own[one]))
        return publish.together([written, publish.Written(unchanged=unchanged)])

    def then(self, keep: Callable[[], object]) -> None:
        """Have something kept when all that was set up so far is in place."""
        self._kept.append(keep)

    def settle(self) -> None:
        """Put in place what was set up, and keep what it was made of, and what was to be kept then."""
        parts, self._parts = self._parts, []
        self._writing.carry()
        ready = self._store.editions.prepared(parts) if parts else None  # while the disk is at work
        self._writing.settle()
        if ready:
            self._store.editions.record(ready, renderer(), self._now)
        kept, self._kept = self._kept, []
        for keep in kept:
            keep()


def _part(galley: publish.Galley, refused: Collection[str] = ()) -> Part:
    """Return what a galley's documents are made of. refused: those that were not replaced."""
    rows = tuple((row.id, publish.packed(row)) for row in galley.rows if row)
    return Part(galley.name, publish.packed_frame(galley.frame), rows, tuple(sorted(refused)))
