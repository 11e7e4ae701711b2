"""The only writer of feeds/: documents replaced whole, and only when they differ.

A reader sees the old document or the new one, never a part of one; a twin compressed
by gzip stands beside each, or none, but never one of another document. What is fit to
be written is gate.py's word.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import PublishRefused, StoreError
from pipeline.publish import gate

_NAME = re.compile(r"((archive|data|digest)/)?[^\W_][\w-]*(\.[\w-]+)+")
_UNFINISHED = ".tmp"
_PACKED = ".gz"
_PICTURES = (".png", ".ico", ".gif", ".jpg")
#: Documents that are waited for together; each is open meanwhile, and so is its twin.
_LOT = 100
#: Documents compressed at once.
_PRESSES = 2

#: A document, and its twin that is being made; None where it has none.
_New = tuple[bytes, Future[bytes] | None]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the documents, by name."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)  #: name → why


def together(done: Iterable[Written]) -> Written:
    """Return as one what became of several lots of documents."""
    whole = Written()
    for one in done:
        whole = replace(
            whole, written=(*whole.written, *one.written), unchanged=(*whole.unchanged, *one.unchanged),
            refused={**whole.refused, **one.refused},
        )  # fmt: skip
    return whole


def write(folder: Path, documents: Mapping[str, bytes], *, excused: Collection[str] | bool = ()) -> Written:
    """Bring the documents into folder; those the gate refuses leave the last good one in place.

    excused: entries that may be missing (`gate.check`). Files of feeds that are no more stay. One
    writer at a time. Raises StoreError where the folder cannot be written.
    """
    return write_each(folder, [documents], excused=excused)


def write_each(folder: Path, lots: Iterable[Mapping[str, bytes]], *, excused: Collection[str] | bool = ()) -> Written:
    """Bring documents into folder as they come (`write`): while one lot is made, twins of those before are packed."""
    found = _Found()
    try:
        with ThreadPoolExecutor(_PRESSES) as presses:  # the compressor lets others work meanwhile
            _ready(folder, (), found)
            for documents in lots:
                _ready(folder, documents, found)
                for name, document in sorted(documents.items()):
                    _look_at(folder / name, name, document, found, presses, excused)
                    if len(found.ready) >= _LOT:
                        _replace_all(found.ready)
                        found.ready.clear()
            _replace_all(found.ready)
    except OSError as e:
        why = f"cannot write {e.filename or folder}: {e.strerror}; the folder of feeds must be writable"
        raise StoreError(why) from e
    return Written(tuple(sorted(found.written)), tuple(sorted(found.unchanged)), found.refused)


@dataclass
class _Found:
    """What became of documents so far; ready: what is to be put in place, path → document and what its twin will be."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    ready: dict[Path, _New] = field(default_factory=dict)
    places: set[Path] = field(default_factory=set)  #: folders that were looked after


def _ready(folder: Path, names: Iterable[str], found: _Found) -> None:
    """Have the folders of these documents there, without what a crash left in them."""
    for place in sorted({_path(folder, name).parent for name in names} | {folder}):
        if place not in found.places:
            place.mkdir(parents=True, exist_ok=True)
            _clear(place)
            found.places.add(place)


def _look_at(
    path: Path, name: str, new: bytes, found: _Found, presses: Executor, excused: Collection[str] | bool
) -> None:
    """Note what is to become of a document."""
    old = path.read_bytes() if path.exists() else None
    if old == new:
        _repair_twin(path, new)
        found.unchanged.append(name)
        return
    twin = presses.submit(_compressed, new) if _packs(name) else None  # beside the look at it
    try:
        gate.check(name, new, old, excused=excused)
    except PublishRefused as e:
        found.refused[name] = str(e)
        return
    found.written.append(name)
    found.ready[path] = new, twin


def intact(folder: Path, files: Mapping[str, int]) -> bool:
    """Return whether these files (name → bytes) are there in their size, each with its twin."""
    place = f"{folder}/"  # plain names: thousands of files are asked for, and a path costs more than the question
    return all(
        _size(place + name) == size and (not _packs(name) or _size(f"{place}{name}{_PACKED}") >= 0)
        for name, size in files.items()
    )


def sizes(folder: Path, names: Iterable[str]) -> dict[str, int]:
    """Return how many bytes each of these files has."""
    place = f"{folder}/"
    return {name: os.stat(place + name).st_size for name in names}  # noqa: PTH116 - as `intact`


def _size(path: str) -> int:
    """Return the bytes of a file; -1 where there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - as `intact`
    except (FileNotFoundError, NotADirectoryError):
        return -1


def remove(folder: Path, names: Collection[str]) -> tuple[str, ...]:
    """Remove documents that must not be public any more, their twins first; return the names of those that were there."""
    gone = []
    for path in (_path(folder, name) for name in sorted(names)):
        for one in (_twin(path), path):
            if one.exists():
                one.unlink()
                gone.append(one.name)
    return tuple(gone)


def sweep(folder: Path, needles: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Remove files of feeds that are no more where they mention a needle; return their names.

    known: files that are kept up to date, and need no sweeping.
    """
    swept = []
    for path in sorted(folder.glob("*.*")):
        name = path.name.removesuffix(_PACKED)
        if name in known or path.name == "README.md" or not path.is_file():
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == _PACKED else path.read_bytes()
        if any(needle.encode() in data for needle in needles):
            path.unlink()
            swept.append(path.name)
    return tuple(swept)


def has_twin(path: Path, document: bytes) -> bool:
    """Return whether the compressed twin beside a file is one of this document, where it has one at all."""
    twin = _twin(path)
    return not _packs(path.name) or (twin.exists() and twin.read_bytes()[-8:] == _trailer(document))


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a feed's file: {name!r}")
    return folder / name


def _twin(path: Path) -> Path:
    return path.with_name(path.name + _PACKED)


def _replace_all(new: Mapping[Path, _New]) -> None:
    """Replace documents and their twins. The old twins go first: a crash leaves none rather than a stale one.

    All are on the disk before anything in place is touched: a full disk changes nothing. Together, as what a disk
    takes long for is not to write but to be waited for.
    """
    documents: dict[Path, Path] = {}
    twins: dict[Path, Path] = {}
    try:
        for path, (document, _) in new.items():
            before = _changed(path) if path.exists() else 0
            documents[path] = _prepared(path, document, later_than=before)
        for path, (_, twin) in new.items():
            if twin:
                twins[_twin(path)] = _prepared(_twin(path), twin.result(), as_old_as=_changed(documents[path]))
        _settle([*documents.values(), *twins.values()])
    except OSError:
        for unfinished in (*documents.values(), *twins.values()):
            unfinished.unlink(missing_ok=True)
        raise
    for path in documents:
        _twin(path).unlink(missing_ok=True)
    _sync(documents)
    for step in (documents, twins):
        for path, ready in step.items():
            ready.replace(path)
        _sync(step)


def _repair_twin(path: Path, document: bytes) -> None:
    """Make the twin anew where a crash left none, or something else changed it."""
    if not has_twin(path, document):
        _replace(_twin(path), _compressed(document), as_old_as=_changed(path))


def _packs(name: str) -> bool:
    """Return whether a document has a twin: pictures are packed already."""
    return not name.endswith(_PICTURES)


def _changed(path: Path) -> int:
    """Return when a file changed, in whole seconds: HTTP knows no smaller ones."""
    return int(path.stat().st_mtime)


def _compressed(document: bytes) -> bytes:
    return gzip.compress(document, 9, mtime=0)


def _trailer(document: bytes) -> bytes:
    """Return what ends a gzip file of document: CRC-32 and length (RFC 1952, 2.3.1)."""
    return zlib.crc32(document).to_bytes(4, "little") + (len(document) & 0xFFFFFFFF).to_bytes(4, "little")


def _replace(path: Path, content: bytes, *, as_old_as: int = 0) -> None:
    """Put content under path at once, on the disk before its name points to it."""
    ready = _prepared(path, content, as_old_as=as_old_as)
    _settle([ready])
    ready.replace(path)
    _sync([path])


def _prepared(path: Path, content: bytes, *, later_than: int = 0, as_old_as: int = 0) -> Path:
    """Write content under a name of its own, beside path; leave nothing where there is no room for it.

    Servers make Last-Modified, and nginx its ETag too, of the second a file changed in: two states of a
    document never share one (later_than), a document and its twin always do (as_old_as).
    """
    unfinished = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        unfinished.write_bytes(content)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    changed = _changed(unfinished)
    if as_old_as or changed <= later_than:
        os.utime(unfinished, (changed, as_old_as or later_than + 1))
    return unfinished


def _settle(files: Sequence[Path]) -> None:
    """Return when the files are on the disk: all are sent on their way before the first is waited for."""
    with ExitStack() as opened:
        descriptors = []
        for file in files:
            descriptors.append(os.open(file, os.O_RDONLY))
            opened.callback(os.close, descriptors[-1])
        if hasattr(os, "posix_fadvise"):  # not on macOS; Linux begins to write what it is told to forget
            for one in descriptors:
                os.posix_fadvise(one, 0, 0, os.POSIX_FADV_DONTNEED)
        for one in descriptors:
            os.fsync(one)


def _sync(paths: Iterable[Path]) -> None:
    """Make the names of these files last through a power cut."""
    for folder in sorted({path.parent for path in paths}):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _clear(folder: Path) -> None:
    """Remove what a crash left half written."""
    for name in os.listdir(folder):  # noqa: PTH208 - thousands, and they are gone through for every few documents
        if name.startswith(".") and name.endswith(_UNFINISHED):
            (folder / name).unlink()
