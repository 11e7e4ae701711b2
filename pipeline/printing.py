"""Galleys into documents under feeds/: rendered and written only where a galley is another than the one that stands.

Documents are made of their galley alone (publish/galley.py), and what was published is kept as galleys
(store/editions.py): the same galley, made by the same code, with its files in place, needs nothing done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline import publish
from pipeline.store import Part, Store

#: Of the code that makes documents of stories: raised when the same stories would now read otherwise.
VERSION = "3"
#: Galleys rendered at once: the documents of hundreds of feeds would take as many megabytes.
_LOT = 10


@cache
def renderer() -> str:
    """Name the code that makes documents of galleys: the same name, the same bytes."""
    return " ".join([VERSION, *(f"{package}-{version(package)}" for package in ("css-inline", "feedgen", "lxml"))])


def bring_out(
    store: Store, folder: Path, galleys: Sequence[publish.Galley], documents: Mapping[str, bytes], now: datetime, *,
    excused: Collection[str] | bool = (),
) -> publish.Written:  # fmt: skip
    """Write the documents that were made of these galleys, and keep what they were made of (see rebuild.py)."""
    return _kept(store, galleys, publish.write(folder, documents, excused=excused), now)


def set_up(
    store: Store, folder: Path, galleys: Sequence[publish.Galley], now: datetime, *,
    excused: Collection[str] | bool = (),
) -> publish.Written:  # fmt: skip
    """Render these galleys, each while the documents of those before are packed, and bring them out."""
    return _kept(store, galleys, publish.write_each(folder, map(publish.render, galleys), excused=excused), now)


def _kept(store: Store, galleys: Sequence[publish.Galley], written: publish.Written, now: datetime) -> publish.Written:
    refused = {name: publish.stem(name) for name in sorted(written.refused)}
    store.editions.record(_parts(galleys, refused), renderer(), now)
    return written


def renew(
    store: Store, folder: Path, galleys: Sequence[publish.Galley], files: Mapping[str, int], now: datetime, *,
    excused: Collection[str] | bool = (),
) -> publish.Written:  # fmt: skip
    """Bring out those of these galleys that do not stand as they are.

    files: the documents that stand, as they were when all was well, name → bytes.
    """
    own: dict[str, dict[str, int]] = {one.name: {} for one in galleys}
    for name, size in files.items():
        own.get(publish.stem(name), {})[name] = size
    there = [one for one in galleys if own[one.name]]  # of a first pass none: nothing is packed only to be asked about
    same = store.editions.standing(_parts(there, {}), renderer()) if there else ()
    settled = {name for name in same if publish.intact(folder, own[name])}
    others = [one for one in galleys if one.name not in settled]
    written = []
    for start in range(0, len(others), _LOT):
        lot = others[start : start + _LOT]
        written.append(set_up(store, folder, lot, now, excused=excused))
    unchanged = tuple(name for one in sorted(settled) for name in sorted(own[one]))
    return publish.together([*written, publish.Written(unchanged=unchanged)])


def _parts(galleys: Sequence[publish.Galley], refused: Mapping[str, str]) -> list[Part]:
    packed: dict[int, tuple[str, bytes]] = {}  # an entry stands in many feeds
    parts = []
    for one in galleys:
        rows = [row for row in one.rows if row]
        packed |= {id(row): (row.id, publish.packed(row)) for row in rows if id(row) not in packed}
        left = tuple(name for name, galley in refused.items() if galley == one.name)
        parts.append(Part(one.name, publish.packed(one.frame), tuple(packed[id(row)] for row in rows), left))
    return parts
