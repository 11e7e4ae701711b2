"""The page archive: raw bytes under the name of their digest, compressed, written once.

pages/ab/<sha256>.html.zst; a file that has its name is whole (temporary file, fsync,
rename). What the bytes mean is not known here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import zstandard

from pipeline.errors import StoreError

_SUFFIX = ".html.zst"


class Archive:
    """The pages/ folder of a store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, body: bytes) -> str:
        """Store body, if it is not there yet, and return its digest. Raises StoreError where the disk will not."""
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest)
        if not path.exists():
            try:
                self._write(path, zstandard.ZstdCompressor(level=6).compress(body))
            except OSError as error:
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
