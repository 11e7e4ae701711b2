"""The page archive: raw bytes under the name of their digest, compressed, written once.

ab/<sha256>.html.zst on a shelf, a folder as a rule; a file that has its name is whole. What the bytes mean is not
known here, nor how a shelf keeps them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import zstandard

from pipeline.errors import ArchiveAway, StoreError
from pipeline.store.shelves import Folder, Shelf, Usage, fullness

_SUFFIX = ".html.zst"
#: How hard pages are packed: level 6 takes three times as long, for a thirteenth less on disk.
_LEVEL = 3
_own = threading.local()


class Archive:
    """The pages of a store."""

    def __init__(self, shelf: Shelf, disk: Path, limit: float = 100, usage: Usage = shutil.disk_usage) -> None:
        self._shelf = shelf
        self._disk = disk
        self._usage = usage
        #: Above so many percent of the disk no page is kept on it, so that the feeds have room.
        self.limit = limit

    @property
    def place(self) -> str:
        """Where the pages lie, as an operator knows it."""
        return self._shelf.place

    def away(self) -> str:
        """Ask whether the place can be reached; return why it cannot, "" where it can. A folder is always there."""
        if not self._shelf.own:
            try:
                self._shelf.size("00/anything")
            except ArchiveAway as error:
                return str(error)
        return ""

    def keep(self, body: bytes, digest: str = "") -> str:
        """Store body, if it is not there yet, there is room and the place can be reached, and return its digest.

        digest: that of body, where it is known. Raises ArchiveAway where the disk fails in another way than by being full.
        """
        digest = digest or hashlib.sha256(body).hexdigest()
        if not self.full() and not self.holds(digest):
            self._shelf.write(_name(digest), _packed(body))
        return digest

    def read(self, digest: str) -> bytes:
        """Return the bytes kept under digest. Raises StoreError where they are missing or damaged.

        Raises ArchiveAway, a StoreError, where that cannot be told now.
        """
        try:
            body = zstandard.ZstdDecompressor().decompress(self._shelf.read(_name(digest)))
        except ArchiveAway:
            raise
        except (StoreError, zstandard.ZstdError) as error:
            raise StoreError(f"page {digest} cannot be read from {self.place}: {error}") from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise StoreError(f"page {digest} in {self.place} is damaged: its bytes have another digest")
        return body

    def packed(self, digest: str) -> bytes | None:
        """Return a page as it is kept, for a copy of it; None where it is not there. Raises ArchiveAway."""
        try:
            return self._shelf.read(_name(digest))
        except ArchiveAway:
            raise
        except StoreError:
            return None

    def put(self, digest: str, packed: bytes) -> None:
        """Keep a page that is packed already. Raises StoreError where that cannot be done."""
        name = _name(digest)
        if self._shelf.size(name) is None and not self._shelf.write(name, packed):
            raise StoreError(f"page {digest} cannot be put into {self.place}: {self.away() or 'there is no room'}")

    def remove(self, digest: str) -> None:
        """Delete the page kept under digest, if it is there. Raises StoreError where that cannot be done."""
        self._shelf.remove(_name(digest))

    def holds(self, digest: str) -> bool:
        """Return whether a page is kept, as far as can be told now."""
        try:
            return self._shelf.size(_name(digest)) is not None
        except ArchiveAway:
            return False

    def used(self) -> float:
        """Return how full the disk is, in percent: the pages' where they lie in a folder, else the store's."""
        return fullness(self._disk, self._usage)

    def full(self) -> bool:
        """Return whether the disk is too full for pages; elsewhere they may lie without end."""
        return self._shelf.own and self.used() >= self.limit

    def size(self, digest: str) -> int:
        """Return how many bytes a page takes; 0 where it is not there. Raises ArchiveAway."""
        return self._shelf.size(_name(digest)) or 0

    def digests(self) -> Iterator[str]:
        """Yield the digests of all pages there are. Raises ArchiveAway."""
        for name in self._shelf.names():
            if name.endswith(_SUFFIX):
                yield name.rpartition("/")[2].removesuffix(_SUFFIX)

    def settled(self, digest: str) -> bool:
        """Return whether a page has been there for an hour: a younger one's capture may be on the way."""
        return self._shelf.settled(_name(digest))

    def sweep(self) -> None:
        """Remove what a killed run left half-written."""
        self._shelf.sweep()


def opened(folder: Path, limit: float) -> Archive:
    """Return the archive of a store: where NEVAWIRE_ARCHIVE_URL says, else in its folder.

    Raises ConfigError where the place cannot be used at all.
    """
    url = os.environ.get("NEVAWIRE_ARCHIVE_URL", "")
    parts = urlsplit(url)
    if parts.scheme in ("", "file"):
        pages = Path(url2pathname(parts.path)).expanduser() if url else folder / "pages"
        return Archive(Folder(pages), pages, limit)
    from pipeline.store.remote import Remote

    return Archive(Remote(url), folder, limit)


def _packed(body: bytes) -> bytes:
    """Return a page's bytes packed, by what this thread packs with: to make that anew takes a fifth of the time."""
    packer = getattr(_own, "packer", None)
    if packer is None:
        packer = _own.packer = zstandard.ZstdCompressor(level=_LEVEL)
    packed: bytes = packer.compress(body)
    return packed


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest}{_SUFFIX}"
