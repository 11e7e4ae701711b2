"""Files that last: put in place whole, and on the disk before their name points to them.

A reader sees the old content or the new one, never a part of one, whenever the power goes. Which files, and when,
is the word of write.py and sheaf.py, the only ones that call this.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from secrets import token_hex

_UNFINISHED = ".tmp"
#: Seconds after which nobody will finish what is half written.
_LEFT = 3600
#: Files that are open at once while they are waited for.
_OPEN = 200
#: So many of them are waited for at the same time: the disk brings them home together, in a fifth of the time that one
#: after the other takes it. More only stand in one another's way.
_ABREAST = 2


def changed(path: Path) -> int:
    """Return when a file changed, in whole seconds: HTTP knows no smaller ones."""
    return int(path.stat().st_mtime)


def replace(path: Path, content: bytes, *, as_old_as: int = 0) -> None:
    """Put content under path at once, on the disk before its name points to it."""
    ready = prepared(path, content, as_old_as=as_old_as)
    settle([ready])
    ready.replace(path)
    sync([path])


def prepared(path: Path, content: bytes, *, later_than: int = 0, as_old_as: int = 0) -> Path:
    """Write content under a name that nobody else has, beside path; leave nothing where there is no room for it.

    Servers make Last-Modified, and nginx its ETag too, of the second a file changed in: two states of a
    document never share one (later_than), a document and its twin always do (as_old_as).
    """
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}{_UNFINISHED}")
    try:
        unfinished.write_bytes(content)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    now = changed(unfinished)
    if as_old_as or now <= later_than:
        os.utime(unfinished, (now, as_old_as or later_than + 1))
    return unfinished


def settle(files: Sequence[Path]) -> None:
    """Return when the files are on the disk: all are sent on their way before the first is waited for."""
    for start in range(0, len(files), _OPEN):
        _wait_for(files[start : start + _OPEN])


def _wait_for(files: Sequence[Path]) -> None:
    with ExitStack() as opened:
        descriptors = []
        for file in files:
            descriptors.append(os.open(file, os.O_RDONLY))
            opened.callback(os.close, descriptors[-1])
        if hasattr(os, "posix_fadvise"):  # not on macOS; Linux begins to write what it is told to forget
            for one in descriptors:
                os.posix_fadvise(one, 0, 0, os.POSIX_FADV_DONTNEED)
        waiting = opened.enter_context(ThreadPoolExecutor(_ABREAST))  # left first: all have come back then
        for _ in waiting.map(os.fsync, descriptors):
            pass


def sync(paths: Iterable[Path]) -> None:
    """Make the names of these files last through a power cut."""
    for folder in sorted({path.parent for path in paths}):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def clear(folder: Path, left: int = _LEFT) -> None:
    """Remove what a crash left half written; what is younger than an hour may be another's who is still at it.

    left: seconds instead of that hour; 0 where nobody else can be at it.
    """
    for name in os.listdir(folder):  # noqa: PTH208 - thousands, and they are gone through for every few documents
        if name.startswith(".") and name.endswith(_UNFINISHED):
            with suppress(FileNotFoundError):  # whose it is has finished it meanwhile
                if not left or changed(folder / name) < time.time() - left:
                    (folder / name).unlink()
