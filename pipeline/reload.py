"""The sources file under a running watch: what changed in it holds from the next turn on.

A file that would not load changes nothing; why is told once for each state of the file. It is looked at
again and again rather than by the kernel's notices, which network folders and containers do not pass on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pipeline import collect, newsroom, sources
from pipeline.errors import ConfigError
from pipeline.model import Config, Source
from pipeline.newsroom import Newsroom
from pipeline.record import dataclass


class Renew(Protocol):
    """How the sources file is read anew, and where it is."""

    path: Path

    def __call__(self) -> tuple[Config, tuple[Source, ...], collect.Guard]:
        """Return configuration, enabled sources and guard. Raises ConfigError where the file is wrong."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What came of looking at the file: a room under the new configuration, or why there is none."""

    room: Newsroom | None = None
    sources: Sequence[Source] = ()
    why: str = ""


class Watched:
    """The sources file, as it was when it last was taken over or found wrong."""

    def __init__(self, renew: Renew) -> None:
        self._renew = renew
        self._known = self._seen = sources.stamp(renew.path)

    def look(self, room: Newsroom, *, asked: bool) -> Renewed | None:
        """Return what the file now says where it changed, or where somebody asked; None where nothing is to do.

        A change counts once the file stands still from one look to the next: some editors write it in two parts.
        """
        now = sources.stamp(self._renew.path)
        still, self._seen = now == self._seen, now
        if not asked and (now == self._known or not still):
            return None
        self._known = now
        try:
            config, chosen, guard = self._renew()
        except ConfigError as error:
            return Renewed(why=str(error))
        return Renewed(newsroom.renewed(room, config, guard), chosen)
