"""Files that last: put in place whole, and on the disk before their name points to them.

A reader sees the old content or the new one, never a part of one, whenever the power goes. Which files, and when,
is the word of write.py and sheaf.py, the only ones that call this. Plain names, as there are hundreds of files: a path
costs more than what is asked of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import Thread

_UNFINISHED = ".tmp"
#: Seconds after which nobody will finish what is half written.
_LEFT = 3600
#: Writes content beside a path and returns where, and when that changed: `landing`.
Write = Callable[[str, bytes, int, int], tuple[str, int]]


def changed(path: str | Path) -> int:
    """Return when a file changed, in whole seconds: HTTP knows no smaller ones."""
    return int(os.stat(path).st_mtime)


def replace(path: str | Path, content: bytes, *, as_old_as: int = 0) -> None:
    """Put content under path at once, on the disk before its name points to it."""
    place = os.fspath(path)
    with landing() as write:
        ready, _ = write(place, content, 0, as_old_as)
    os.replace(ready, place)
    sync([place])


@contextmanager
def landing() -> Iterator[Write]:
    """Lend a way to write files beside their places; at the end all of them are on the disk.

    They stay open until then. Each goes under a name that nobody else has, and is not left where there is no room for it.
    Servers make Last-Modified, and nginx its ETag too, of the second a file changed in: two states of a document never
    share one (later_than), a document and its twin always do (as_old_as); 0 where that does not matter.
    """
    descriptors: list[int] = []
    own = f".{token_hex(4)}{_UNFINISHED}"

    def write(path: str, content: bytes, later_than: int, as_old_as: int) -> tuple[str, int]:
        folder, name = os.path.split(path)
        unfinished = os.path.join(folder, f".{name}{own}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        descriptors.append(descriptor)
        try:
            _fill(descriptor, content)
            now = int(os.fstat(descriptor).st_mtime)
            if as_old_as or now <= later_than:
                os.utime(descriptor, (now, as_old_as or later_than + 1))
        except OSError as e:
            with suppress(OSError):  # why it was to go is what has to be told
                os.unlink(unfinished)
            e.filename = unfinished  # some of these calls name the number of the open file, or nothing
            raise
        return unfinished, as_old_as or max(now, later_than + 1)

    try:
        yield write
        _wait_for(descriptors)
    finally:
        for one in descriptors:
            os.close(one)


def _fill(descriptor: int, content: bytes) -> None:
    """Write all of content, and send it on its way: it is waited for once all are."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]
    if hasattr(os, "posix_fadvise"):  # not on macOS; Linux begins to write what it is told to forget
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _wait_for(descriptors: Sequence[int]) -> None:
    """Return when these files are on the disk.

    Two are waited for at the same time: the disk brings them home together, in a fifth of the time that one after the
    other takes it. More only stand in one another's way.
    """
    failed: list[BaseException] = []

    def every_other() -> None:
        try:
            _flush(descriptors[1::2])
        except BaseException as e:  # noqa: BLE001 - told below, by whoever waits
            failed.append(e)

    other = Thread(target=every_other)
    other.start()
    try:
        _flush(descriptors[::2])
    finally:
        other.join()
    for one in failed:
        raise one


def _flush(descriptors: Iterable[int]) -> None:
    for one in descriptors:
        os.fsync(one)


def sync(paths: Iterable[str]) -> None:
    """Make the names of these files last through a power cut."""
    for folder in sorted({os.path.dirname(path) for path in paths}):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def clear(folder: Path, left: int = _LEFT) -> list[str]:
    """Remove what a crash left half written, and return the names of what is there besides.

    What is younger than an hour may be another's who is still at it. left: seconds instead of that hour; 0 where nobody
    else can be at it.
    """
    there = []
    for name in os.listdir(folder):  # thousands, and they are gone through for every few documents
        if not (name.startswith(".") and name.endswith(_UNFINISHED)):
            there.append(name)
            continue
        with suppress(FileNotFoundError):  # whose it is has finished it meanwhile
            if not left or changed(folder / name) < time.time() - left:
                (folder / name).unlink()
    return there
