"""The files of feeds/ as a server needs them: read whole, with what tells one state of a file from another.

Writers put a new file in the place of the old one, so whoever has opened a file reads one state of
it to the end. What is worked out of the bytes is kept for as long as the file is the same one.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
import zlib
from dataclasses import replace
from pathlib import Path

from pipeline.record import dataclass

# What the writer of feeds/ writes: no dot in front, no folders but these, nothing that is on its way.
_NAME = re.compile(r"(?:(?:archive|data|digest)/)?[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
#: Pages that stand for something else than themselves.
_INNER = frozenset({"404.html", "README.md"})
MEDIA = {
    "rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json",
    "html": "text/html", "opml": "text/x-opml", "jsonl": "application/jsonl", "txt": "text/plain",
    "md": "text/markdown", "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "gif": "image/gif",
    "jpg": "image/jpeg",
}  # fmt: skip
_BINARY = frozenset({"png", "ico", "gif", "jpg"})


@dataclass(frozen=True, slots=True)
class Document:
    """One state of one file, as it goes over the wire."""

    body: bytes
    media: str  #: with its charset
    etag: str  #: strong: of these very bytes
    modified: int  #: seconds since 1970
    packed: bool = False  #: by gzip
    varies: bool = False  #: there may be a packed form of it


@dataclass(frozen=True, slots=True)
class _Marks:
    state: tuple[int, ...]
    digest: str
    checksum: int


class Shelf:
    """The documents of a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marks: dict[str, _Marks] = {}

    def get(self, name: str, *, packed: bool = False, inner: bool = False) -> Document | None:
        """Return a document; None where there is none of this name that is for readers.

        name: below the folder, "" for its index; packed: its gzip twin, where one of the same state
        is there; inner: also what is only shown in the place of something else.
        """
        name = name or "index.html"
        media = media_type(name)
        if not _NAME.fullmatch(name) or not media or (name in _INNER and not inner):
            return None
        opened = _read(self._folder / name)
        if opened is None:
            return None
        body, state, modified = opened
        marks = self._marks.get(name)
        if marks is None or marks.state != state:
            marks = _Marks(state, hashlib.sha256(body).hexdigest()[:32], zlib.crc32(body))
            self._marks[name] = marks
        varies = name.rpartition(".")[2] not in _BINARY
        made = Document(body, media, f'"{marks.digest}"', modified, varies=varies)
        twin = _read(self._folder / f"{name}.gz") if packed and varies else None
        if twin is None or not _of(twin[0], marks.checksum, len(body)):
            return made  # the twin is the last to be replaced: for a moment there is none
        return replace(made, body=twin[0], etag=f'"{marks.digest}-gzip"', packed=True)


def document(name: str, body: bytes, modified: int, *, packed: bool = False) -> Document:
    """Return as a document what stands in no file."""
    digest = hashlib.sha256(body).hexdigest()[:32]
    if packed:
        squeezed = gzip.compress(body, 6, mtime=0)
        return Document(squeezed, media_type(name), f'"{digest}-gzip"', modified, packed=True, varies=True)
    return Document(body, media_type(name), f'"{digest}"', modified, varies=True)


def media_type(name: str) -> str:
    """Return the media type of a file by its name; "" where it is not for readers."""
    ext = name.rpartition(".")[2]
    media = MEDIA.get(ext, "")
    if name.startswith("digest/") and ext == "json":
        media = "application/json"  # a campaign, no feed
    return f"{media}; charset=utf-8" if media and ext not in _BINARY else media


def _read(path: Path) -> tuple[bytes, tuple[int, ...], int] | None:
    """Return a file's bytes, what changes whenever it does, and when it changed; None where there is none."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return None
            return file.read(), (about.st_ino, about.st_mtime_ns, about.st_ctime_ns, about.st_size), int(about.st_mtime)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _of(twin: bytes, checksum: int, size: int) -> bool:
    """Return whether a gzip file holds bytes of this CRC-32 and length: its last eight say so (RFC 1952, 2.3.1)."""
    return twin[-8:] == checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
