"""Documents and their twins on their way to the disk together, and from there into place together.

What a disk takes long for is not to write but to be waited for. What is not here: which documents, and when (write.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from pipeline.publish import lasting
from pipeline.record import dataclass

PACKED = ".gz"

#: A place, and the file beside it that is to be there.
Move = tuple[str, str]


@dataclass(frozen=True, slots=True)
class New:
    """A document that is to be put in place."""

    body: bytes
    twin: Callable[[], bytes] | None  #: makes it, or waits for whoever does; None where it has none
    before: int  #: when the one in place changed, in seconds; 0 where there is none


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies beside its place."""

    documents: list[Move]
    twins: list[Move]

    def drop(self) -> None:
        """Remove it; where that cannot be either, why it is dropped is what has to be told (`lasting.clear`)."""
        for _, ready in (*self.documents, *self.twins):
            with suppress(OSError):
                os.unlink(ready)


def laid_down(sheaf: Mapping[str, New]) -> Laid:
    """Write documents and their twins beside those in place, and return when they are on the disk.

    Nothing of them is left where that fails.
    """
    laid = Laid([], [])
    try:
        with lasting.landing() as write:
            changed = {}
            for path, one in sheaf.items():
                ready, changed[path] = write(path, one.body, one.before, 0)
                laid.documents.append((path, ready))
            for path, one in sheaf.items():
                if one.twin:
                    ready, _ = write(path + PACKED, one.twin(), 0, changed[path])
                    laid.twins.append((path + PACKED, ready))
    except BaseException:
        laid.drop()
        raise
    return laid


def put_in_place(sheaves: Sequence[Laid]) -> None:
    """Replace documents and their twins. The old twins go first: a crash leaves none rather than a stale one.

    What lies in folders comes before what lies beside them, and leads there.
    """
    documents = [move for one in sheaves for move in one.documents]
    for path, _ in documents:
        with suppress(FileNotFoundError):
            os.unlink(path + PACKED)
    lasting.sync(path for path, _ in documents)
    for step in (documents, [move for one in sheaves for move in one.twins]):
        folders: dict[str, list[Move]] = {}
        for move in step:
            folders.setdefault(os.path.dirname(move[0]), []).append(move)
        for folder in sorted(folders, key=len, reverse=True):
            for path, ready in folders[folder]:
                os.replace(ready, path)
            lasting.sync([path])
