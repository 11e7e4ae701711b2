"""The page archive: raw bytes under the name of their digest, compressed, written once.

pages/ab/<sha256>.html.zst; a file that has its name is whole (temporary file, fsync,
rename). What the bytes mean is not known here.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import zstandard

from pipeline.errors import StoreError

_SUFFIX = ".html.zst"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Of the disk that a folder is on: total, used and free bytes.
Usage = Callable[[Path], tuple[int, int, int]]


class Archive:
    """The pages/ folder of a store."""

    def __init__(self, folder: Path, limit: float = 100, usage: Usage = shutil.disk_usage) -> None:
        self._folder = folder
        self._usage = usage
        #: Above so many percent of the disk no page is kept, so that the feeds have room.
        self.limit = limit

    def keep(self, body: bytes) -> str:
        """Store body, if it is not there yet and there is room, and return its digest.

        Raises StoreError where the disk fails in another way than by being full.
        """
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest)
        if not path.exists() and self.used() < self.limit:
            try:
                self._write(path, zstandard.ZstdCompressor(level=6).compress(body))
            except OSError as error:
                if error.errno in _FULL:
                    return digest
                raise StoreError(f"cannot archive a page in {self._folder}: {error}") from error
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under digest. Raises StoreError where they are missing or damaged."""
        try:
            body = zstandard.ZstdDecompressor().decompress(self._path(digest).read_bytes())
        except (OSError, zstandard.ZstdError) as error:
            raise StoreError(f"page {digest} cannot be read from {self._folder}: {error}") from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise StoreError(f"page {digest} in {self._folder} is damaged: its bytes have another digest")
        return body

    def remove(self, digest: str) -> None:
        """Delete the page kept under digest, if it is there."""
        self._path(digest).unlink(missing_ok=True)

    def holds(self, digest: str) -> bool:
        """Return whether a page is kept."""
        return self._path(digest).exists()

    def used(self) -> float:
        """Return how full the disk is, in percent, as `df` counts: what only root may use is not free."""
        folder = next(one for one in (self._folder, *self._folder.parents) if one.exists())
        _, used, free = self._usage(folder)
        return 100 * used / max(1, used + free)

    def size(self, digest: str) -> int:
        """Return how many bytes a page takes on the disk; 0 where it is not there."""
        try:
            return self._path(digest).stat().st_size
        except OSError:
            return 0

    def settled(self) -> Iterator[str]:
        """Yield the digests of all pages there are, but those of the last hour: their captures may be on the way."""
        for path in self._folder.glob(f"??/*{_SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > 3600:
                    yield path.name.removesuffix(_SUFFIX)

    def sweep(self) -> None:
        """Remove what a killed run left half-written an hour ago or more; younger files may be at work."""
        for path in self._folder.glob("*/.*.tmp"):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > 3600:
                    path.unlink()

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / (digest + _SUFFIX)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
