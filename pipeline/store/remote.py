"""The archive in an object store or whatever else fsspec reaches: `s3://bucket/pages`, `memory://pages`, `sftp://…`.

The place is somebody else's: it may be away for a while. Then it is left alone for a minute at a time, pages are not
kept, and the feeds go on; `trouble` says why. Whom the place asks for keys (environment, files) is its driver's business.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import ArchiveAway, ConfigError, StoreError

#: A place that failed is asked again after so many seconds.
_REST = 60.0
#: So many files that are known to be there are not asked after again.
_KNOWN = 20_000


class Remote:
    """A place that fsspec reaches."""

    own = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.place = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()  # a password is nobody's business
        #: Why the place could not be reached; "" where all is well.
        self.trouble = ""
        self._files, self._root = _opened(url)
        self._retry = 0.0
        self._known: dict[str, int] = {}
        self._lock = Lock()

    def write(self, name: str, data: bytes) -> bool:
        """Write a file that appears when it is whole; false, too, where the place cannot be reached."""
        try:
            with self._asking():
                file = self._files.open(self._path(name), "wb", autocommit=False)
                file.write(data)
                file.close()
                file.commit()
        except ArchiveAway:
            return False
        self._note(name, len(data))
        return True

    def read(self, name: str) -> bytes:
        """Fetch the file."""
        with self._asking():
            try:
                data: bytes = self._files.cat_file(self._path(name))
            except FileNotFoundError as error:
                raise StoreError("there is no such file") from error
        return data

    def remove(self, name: str) -> None:
        """Delete the file."""
        self._known.pop(name, None)
        with self._asking():
            try:
                self._files.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def size(self, name: str) -> int | None:
        """Ask for the file's size; what was just written is not asked after."""
        if name in self._known:
            return self._known[name]
        with self._asking():
            self._files.invalidate_cache()
            try:
                found = int(self._files.info(self._path(name))["size"])
            except FileNotFoundError:
                return None
        self._note(name, found)
        return found

    def names(self) -> Iterator[str]:
        """List the place."""
        with self._asking():
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._root)
            except FileNotFoundError:
                found = []
        for path in found:
            yield str(path).removeprefix(self._root).lstrip("/")

    def settled(self, name: str) -> bool:
        """Ask for the file's time."""
        with self._asking():
            try:
                at: datetime = self._files.modified(self._path(name))
            except FileNotFoundError:
                return False
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        return datetime.now(UTC) - aware > timedelta(hours=1)

    def sweep(self) -> None:
        """Leave everything: what is not whole was never there."""

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turn whatever a driver may raise into ArchiveAway, and leave the place alone for a while after it."""
        if time.monotonic() < self._retry:
            raise ArchiveAway(f"{self.place} cannot be reached: {self.trouble}")
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"
            self._retry = time.monotonic() + _REST
            raise ArchiveAway(f"{self.place} cannot be reached: {self.trouble}") from error
        self.trouble = ""

    def _note(self, name: str, size: int) -> None:
        with self._lock:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[name] = size

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def _opened(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ConfigError(
            f"NEVAWIRE_ARCHIVE_URL: {url} needs fsspec; install it with: pip install 'nevawire[archive]'"
        ) from error
    try:
        files, root = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"NEVAWIRE_ARCHIVE_URL: {url} is no place that can be opened: {error}") from error
    return files, root.rstrip("/")
