"""The only writer of feeds/: documents replaced whole, and only when they differ.

A reader sees the old document or the new one, never a part of one (lasting.py); a twin
compressed by gzip stands beside each, or none, but never one of another document. What is
fit to be written is gate.py's word.
"""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import Self

import deflate

from pipeline.errors import PublishRefused, StoreError
from pipeline.publish import gate, lasting, sheaf
from pipeline.record import dataclass

_PLACES = ("archive", "data", "digest")
_NAME = re.compile(rf"(({'|'.join(_PLACES)})/)?[^\W_][\w-]*(\.[\w-]+)+")
_PICTURES = (".png", ".ico", ".gif", ".jpg")
#: Documents that are put in place together at most, and their bytes.
_LOT, _LOT_BYTES = 500, 16_000_000
#: Documents that go to the disk together, while others are made, and their bytes.
_SHEAF, _SHEAF_BYTES = 40, 2_000_000
#: Of libdeflate, as small as gzip's own default: one higher takes a fifth longer for half a percent.
_LEVEL = 5
#: Documents compressed at once, and how many of them one after the other: to hand a thread something takes longer than to
#: compress a small one, which is left to the one that writes it.
_PRESSES, _STACK, _SMALL = 2, 4, 16_000


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
    with Writing(folder) as writing:
        written = writing.take(documents, excused=excused)
        writing.settle()
    return written


class Writing:
    """Documents brought into a folder as they come (`write`): packed, and carried to the disk, while others are made.

    They are in place when `settle` returns; a great many are put there in lots before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: set[str] = set()  # folders that were looked after
        self._names: set[str] = set()  # of files that may be there; no other is
        self._ready: dict[str, sheaf.New] = {}  # the next sheaf
        self._sheaves: list[Future[sheaf.Laid]] = []
        self._count = self._bytes = 0
        self._carrier = ThreadPoolExecutor(1)  # waits for the disk, which others need not
        self._presses = ThreadPoolExecutor(_PRESSES)  # the compressor lets others work meanwhile

    def __enter__(self) -> Self:
        """Have the folder there."""
        with self._told():
            self._look_after(())
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what was not settled as it was."""
        self._carrier.shutdown(cancel_futures=True)
        self._presses.shutdown(cancel_futures=True)
        _drop(self._sheaves)

    def take(self, documents: Mapping[str, bytes], *, excused: Collection[str] | bool = ()) -> Written:
        """Look at these documents, and return what will have become of them."""
        written, unchanged, refused = [], [], {}
        with self._told():
            self._look_after(documents)
            before = {name: self._standing(name) for name in sorted(documents)}
            twins = self._twins({name: new for name, new in documents.items() if new != before[name]})
            for name, old in before.items():
                new, path = documents[name], f"{self._folder}/{name}"  # as `intact`
                if old == new:
                    _repair_twin(Path(path), new)
                    unchanged.append(name)
                    continue
                try:
                    gate.check(name, new, old, excused=excused)
                except PublishRefused as e:
                    refused[name] = str(e)
                    continue
                written.append(name)
                self._ready[path] = sheaf.New(new, twins.get(name), 0 if old is None else lasting.changed(path))
                self._count, self._bytes = self._count + 1, self._bytes + len(new)
                if self._count >= _LOT or self._bytes >= _LOT_BYTES:
                    self._put_in_place()
                elif len(self._ready) >= _SHEAF or sum(len(one.body) for one in self._ready.values()) >= _SHEAF_BYTES:
                    self.carry()
        return Written(tuple(written), tuple(unchanged), refused)

    def _twins(self, documents: Mapping[str, bytes]) -> dict[str, Callable[[], bytes]]:
        """Return what gives each document's twin; large ones are compressed from now on, beside the look at documents."""
        made: dict[str, Callable[[], bytes]] = {}
        large = []
        for name, body in documents.items():
            if _packs(name):
                made[name] = partial(_compressed, body)
                large += [(name, body)] if len(body) > _SMALL else []
        for start in range(0, len(large), _STACK):
            stack = large[start : start + _STACK]
            packed = self._presses.submit(_all_compressed, [body for _, body in stack])
            made |= {name: partial(_one_of, packed, place) for place, (name, _) in enumerate(stack)}
        return made

    def _standing(self, name: str) -> bytes | None:
        """Return the document in place; the disk is not asked for what is not in its folder, as it is at work meanwhile."""
        if name not in self._names:
            self._names.add(name)
            return None
        path = self._folder / name
        try:
            return path.read_bytes()
        except OSError:  # none is there, or a link that leads nowhere
            if path.exists():
                raise
        return None

    def settle(self) -> None:
        """Put in place what was taken."""
        with self._told():
            self._put_in_place()

    def carry(self) -> None:
        """Send what was taken on its way to the disk."""
        if self._ready:
            ready, self._ready = self._ready, {}
            self._sheaves.append(self._carrier.submit(sheaf.laid_down, ready))

    def _put_in_place(self) -> None:
        """Replace what was taken, once all of it is on the disk: a full disk changes nothing."""
        self.carry()
        sheaf.put_in_place([one.result() for one in self._sheaves])
        self._sheaves.clear()
        self._count = self._bytes = 0

    def _look_after(self, names: Iterable[str]) -> None:
        """Have the folders of these documents there, without what a crash left in them."""
        for place in sorted({"".join(_checked(name).rpartition("/")[:2]) for name in names} | {""}):
            if place not in self._places:
                folder = self._folder / place
                folder.mkdir(parents=True, exist_ok=True)
                self._names.update(place + name for name in lasting.clear(folder))
                self._places.add(place)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            why = f"cannot write {e.filename or self._folder}: {e.strerror}; the folder of feeds must be writable"
            raise StoreError(why) from e


def intact(folder: Path, files: Mapping[str, int]) -> bool:
    """Return whether these files (name → bytes) are there in their size, each with its twin."""
    place = f"{folder}/"  # plain names: thousands of files are asked for, and a path costs more than the question
    return all(
        _size(place + name) == size and (not _packs(name) or _size(f"{place}{name}{sheaf.PACKED}") >= 0)
        for name, size in files.items()
    )


def there(folder: Path, name: str) -> bool:
    """Return whether a document is there."""
    return _size(f"{folder}/{name}") >= 0


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
    for path in (folder / _checked(name) for name in sorted(names)):
        for one in (_twin(path), path):
            if one.exists():
                one.unlink()
                gone.append(one.name)
    return tuple(gone)


def sweep(folder: Path, needles: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Remove files of feeds that are no more where they mention a needle; return their names.

    known: files that are kept up to date, and need no sweeping. Nobody may be writing: what is half written goes, too.
    """
    swept = []
    for place in filter(Path.is_dir, (folder, *(folder / one for one in _PLACES))):
        lasting.clear(place, left=0)
    for path in sorted(folder.glob("*.*")):
        name = path.name.removesuffix(sheaf.PACKED)
        if name in known or path.name == "README.md" or not path.is_file():
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == sheaf.PACKED else path.read_bytes()
        if any(needle.encode() in data for needle in needles):
            path.unlink()
            swept.append(path.name)
    return tuple(swept)


def has_twin(path: Path, document: bytes) -> bool:
    """Return whether the compressed twin beside a file is one of this document, where it has one at all."""
    twin = _twin(path)
    return not _packs(path.name) or (twin.exists() and twin.read_bytes()[-8:] == _trailer(document))


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a feed's file: {name!r}")
    return name


def _twin(path: Path) -> Path:
    """Return where a document's compressed twin stands."""
    return path.with_name(path.name + sheaf.PACKED)


def _repair_twin(path: Path, document: bytes) -> None:
    """Make the twin anew where a crash left none, or something else changed it."""
    if not has_twin(path, document):
        lasting.replace(_twin(path), _compressed(document), as_old_as=lasting.changed(path))


def _drop(sheaves: Iterable[Future[sheaf.Laid]]) -> None:
    """Remove what was laid down and not put in place."""
    for one in sheaves:
        if not one.cancelled() and one.exception() is None:
            one.result().drop()


def _packs(name: str) -> bool:
    """Return whether a document has a twin: pictures are packed already."""
    return not name.endswith(_PICTURES)


def _compressed(document: bytes) -> bytes:
    return bytes(deflate.gzip_compress(document, _LEVEL))


def _all_compressed(documents: Sequence[bytes]) -> list[bytes]:
    return [_compressed(one) for one in documents]


def _one_of(packed: Future[list[bytes]], place: int) -> bytes:
    return packed.result()[place]


def _trailer(document: bytes) -> bytes:
    """Return what ends a gzip file of document: CRC-32 and length (RFC 1952, 2.3.1)."""
    return zlib.crc32(document).to_bytes(4, "little") + (len(document) & 0xFFFFFFFF).to_bytes(4, "little")
