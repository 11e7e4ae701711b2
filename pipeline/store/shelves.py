"""Where the archive's files lie: a folder beside the database, or any place that fsspec reaches.

NEVAWIRE_ARCHIVE_URL names another place than store/pages: a folder shared by several machines (`/mnt/news/pages`,
`file:///mnt/news/pages`), or an object store (`s3://bucket/pages`; see `remote`). Files and their names are the same
everywhere, so moving an archive is copying it. What is in the files is not known here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from pipeline.errors import ArchiveAway, StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_HOUR = 3600
#: A file that nobody has begun, and no child inherits.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
#: Of the disk that a folder is on: total, used and free bytes.
Usage = Callable[[Path], tuple[int, int, int]]


class Shelf(Protocol):
    """A place for files that are written once, whole or not at all. Names are relative, with slashes."""

    @property
    def place(self) -> str:
        """How an operator knows it."""

    @property
    def own(self) -> bool:
        """Whether it fills the disk that the store is on."""

    def write(self, name: str, data: bytes) -> bool:
        """Write a file; return whether there was room. Raises ArchiveAway where it cannot be written otherwise."""

    def read(self, name: str) -> bytes:
        """Return a file's bytes. Raises StoreError where it is not there, ArchiveAway where that cannot be told."""

    def remove(self, name: str) -> None:
        """Delete a file, if it is there. Raises StoreError."""

    def size(self, name: str) -> int | None:
        """Return how many bytes a file takes; None where it is not there. Raises ArchiveAway."""

    def names(self) -> Iterator[str]:
        """Yield the names of all files. Raises ArchiveAway."""

    def settled(self, name: str) -> bool:
        """Return whether a file has been there for an hour."""

    def sweep(self) -> None:
        """Remove what a killed run left half-written an hour ago or more; younger files may be at work."""


class Folder:
    """A folder on this machine, or one that is mounted here."""

    own = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def write(self, name: str, data: bytes) -> bool:
        """Write by a temporary file, fsync and rename."""
        try:
            self._write(self._folder / name, data)
        except OSError as error:
            if error.errno in _FULL:
                return False
            raise ArchiveAway(f"cannot archive a page in {self._folder}: {error}") from error
        return True

    def read(self, name: str) -> bytes:
        """Read the file."""
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise StoreError(f"{error.strerror or error}") from error

    def remove(self, name: str) -> None:
        """Unlink the file."""
        (self._folder / name).unlink(missing_ok=True)

    def size(self, name: str) -> int | None:
        """Look at the file."""
        try:
            return (self._folder / name).stat().st_size
        except OSError:
            return None

    def names(self) -> Iterator[str]:
        """Walk the folder, two levels deep."""
        for path in self._folder.glob("??/[!.]*"):
            yield f"{path.parent.name}/{path.name}"

    def settled(self, name: str) -> bool:
        """Look at the file's time."""
        return _old(self._folder / name)

    def sweep(self) -> None:
        """Unlink old temporary files."""
        for path in self._folder.glob("*/.*.tmp"):
            if _old(path):
                path.unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        there = f"{path.parent}/.{secrets.token_hex(8)}.tmp"
        try:
            handle = os.open(there, _NEW, 0o600)
        except FileNotFoundError:  # the first file of its folder
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(there, _NEW, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            os.replace(there, path)  # noqa: PTH105 - a path for each of these calls takes as long as they do
        except BaseException:
            Path(there).unlink(missing_ok=True)
            raise


def fullness(folder: Path, usage: Usage = shutil.disk_usage) -> float:
    """Return how full the disk of a folder is, in percent, as `df` counts: what only root may use is not free."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    _, used, free = usage(there)
    return 100 * used / max(1, used + free)


def _old(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > _HOUR
    return False
