"""Every edition of the feeds: what each document was made of, from when on.

Only what changed is added: an entry once for each of its wordings, a feed's list of entries when it
changed. Nothing is ever altered, but for a purge, which takes the wordings that tell of an article.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import zstandard
from sqlalchemy import Connection, Engine, Row, bindparam, func, select, update

from pipeline.record import dataclass
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import meeting_insert, upsert_all
from pipeline.store.tables import edition_parts, editions, proofs

Key = TypeVar("Key", int, str)
#: Database parameters in one question at most.
_PART = 5_000
#: Of a feed whose documents are refused, so many editions before are looked through for their last good state.
_OLDER = 100


@dataclass(frozen=True, slots=True)
class Part:
    """What the documents of one name were made of; `rows` are (entry id, bytes), None where it was purged."""

    name: str
    frame: bytes
    rows: tuple[tuple[str, bytes] | None, ...]
    refused: tuple[str, ...] = ()  #: documents that were not replaced by this
    at: datetime | None = None
    renderer: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Parts that are to be recorded, what they consist of packed."""

    parts: Sequence[Part]
    digests: Mapping[bytes, str]
    bodies: Mapping[str, tuple[str, bytes]]  #: digest → entry, or "" of a frame, and what it says
    new: Sequence[Mapping[str, Any]]  #: rows of what was not kept before


class Editions:
    """Reads and writes of what was published when."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def prepared(self, parts: Sequence[Part]) -> Prepared:
        """Get ready to record these parts what can be got ready before their documents are in place."""
        digests = _digests(parts)
        bodies = {digests[one.frame]: ("", one.frame) for one in parts}
        bodies |= {digests[row[1]]: row for one in parts for row in one.rows if row}
        with reading(self._engine) as connection:
            known = _ids(connection, bodies)
        new = _packed(bodies, bodies.keys() - known.keys())
        return Prepared(parts, digests, bodies, new)

    def record(self, ready: Prepared, renderer: str, now: datetime) -> None:
        """Keep what these documents are made of from now on; nothing where all of them were already."""
        parts, digests = ready.parts, ready.digests
        with writing(self._engine) as connection:
            ids = _proofs(connection, ready)
            wanted = {one.name: _row(one, ids, digests) for one in parts}
            newest = _newest(connection, wanted)
            changed = {name: row for name, row in wanted.items() if newest.get(name) != (*row, renderer)}
            if not changed:
                return
            edition = _edition(connection, renderer, now)
            every = [
                {"name": name, "edition": edition, "frame": frame, "rows": rows, "refused": refused}
                for name, (frame, rows, refused) in sorted(changed.items())
            ]
            upsert_all(connection, edition_parts, every)

    def standing(self, parts: Sequence[Part], renderer: str) -> frozenset[str]:
        """Return the names of those parts that stand as they are, no document of theirs refused."""
        with reading(self._engine) as connection:
            digests = _digests(parts)
            ids = _ids(connection, set(digests.values()))
            whole = [
                one
                for one in parts
                if {digests[one.frame], *(digests[row[1]] for row in one.rows if row)} <= ids.keys()
            ]
            newest = _newest(connection, [one.name for one in whole])
            return frozenset(one.name for one in whole if newest.get(one.name) == (*_row(one, ids, digests), renderer))

    def first(self) -> datetime | None:
        """Return when the first edition came out."""
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(select(func.min(editions.c.at)))
            return found

    def entries(self) -> dict[str, dict[str, int]]:
        """Return which entries each document, or each feed, holds now: name → entry id → which wording of it."""
        own = edition_parts.c
        newest = select(own.name, func.max(own.edition).label("edition")).group_by(own.name).subquery()
        query = select(own.name, own.rows).join(
            newest, (newest.c.name == own.name) & (newest.c.edition == own.edition)
        )  # fmt: skip
        with reading(self._engine) as connection:
            held = {row.name: row.rows for row in connection.execute(query)}
            every = sorted({one for rows in held.values() for one in rows})
            entry = {
                row.id: row.entry
                for part in _parts(every)
                for row in connection.execute(select(proofs.c.id, proofs.c.entry).where(proofs.c.id.in_(part)))
                if row.entry
            }
        return {name: {entry[one]: one for one in rows if one in entry} for name, rows in held.items()}

    def at(self, when: datetime) -> tuple[Part, ...]:
        """Return what everything was made of at an instant, by name.

        Where documents of a name were refused, the parts before stand before it: what one refuses is as the last
        one left it that did not.
        """
        with reading(self._engine) as connection:
            last = connection.scalar(select(func.max(editions.c.id)).where(editions.c.at <= when))
            found = [] if last is None else _rows(connection, int(last))
            bodies = _bodies(connection, {id_ for row in found for id_ in (row.frame, *row.rows)})
        return tuple(_part(row, bodies) for row in found if row.frame in bodies)


def forget(connection: Connection, urls: Collection[str]) -> None:
    """Empty every wording that names one of these addresses.

    Its row stays, as its number stands in the editions before: SQLite gives the highest to whatever is kept next.
    """
    if not urls:
        return
    named = re.compile(b"(?:%s)(?![\\w/?&=%%.~+-])" % b"|".join(re.escape(one.encode()) for one in sorted(urls)))
    rows = connection.execute(select(proofs.c.id, proofs.c.body).where(proofs.c.entry != ""))
    gone = [row.id for row in rows if named.search(_plain(row.body))]
    emptied = [{"own": id_, "digest": f"purged {id_}", "entry": "", "body": b""} for id_ in gone]
    if emptied:
        connection.execute(update(proofs).where(proofs.c.id == bindparam("own")), emptied)


def _proofs(connection: Connection, ready: Prepared) -> Mapping[str, int]:
    """Keep the frames and entries that are new, and return the id of each by digest."""
    found = dict[str, int]()
    new = ready.new
    while True:
        if new:
            connection.execute(meeting_insert(proofs).on_conflict_do_nothing(index_elements=["digest"]), new)
        found |= _ids(connection, ready.bodies.keys() - found.keys())
        if len(found) == len(ready.bodies):
            return found
        new = _packed(ready.bodies, ready.bodies.keys() - found.keys())  # was purged since it was looked for


def _packed(bodies: Mapping[str, tuple[str, bytes]], wanted: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of these frames and entries, in the order of their digests."""
    packer = zstandard.ZstdCompressor()
    return [{"digest": one, "entry": bodies[one][0], "body": packer.compress(bodies[one][1])} for one in sorted(wanted)]


def _digests(parts: Iterable[Part]) -> dict[bytes, str]:
    """Return the digest of each frame and entry: an entry stands in many parts."""
    bodies = {body for one in parts for body in (one.frame, *(row[1] for row in one.rows if row))}
    return {body: hashlib.sha256(body).hexdigest() for body in bodies}


def _row(part: Part, ids: Mapping[str, int], digests: Mapping[bytes, str]) -> tuple[int, list[int], list[str]]:
    rows = [ids[digests[row[1]]] for row in part.rows if row]
    return ids[digests[part.frame]], rows, sorted(part.refused)


def _ids(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(sorted(digests)):
        query = select(proofs.c.digest, proofs.c.id).where(proofs.c.digest.in_(part))
        found |= {row.digest: row.id for row in connection.execute(query)}
    return found


def _newest(connection: Connection, names: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return what the documents of these names were made of last: frame, rows, what was refused, renderer."""
    own = edition_parts.c
    found: dict[str, tuple[Any, ...]] = {}
    for part in _parts(sorted(names)):
        last = select(own.name, func.max(own.edition).label("edition")).where(own.name.in_(part)).group_by(own.name)
        one = last.subquery()
        query = select(own.name, own.frame, own.rows, own.refused, editions.c.renderer)
        query = query.join(editions, editions.c.id == own.edition)
        query = query.join(one, (one.c.name == own.name) & (one.c.edition == own.edition))
        found |= {row.name: (row.frame, row.rows, row.refused, row.renderer) for row in connection.execute(query)}
    return found


def _rows(connection: Connection, last: int) -> list[Row[Any]]:
    """Return the newest part of each name up to an edition; where it refused documents, those before it first."""
    own = edition_parts.c
    newest = select(own.name, func.max(own.edition).label("edition")).where(own.edition <= last).group_by(own.name)
    one = newest.subquery()
    query = select(edition_parts, editions.c.at, editions.c.renderer).join(editions, editions.c.id == own.edition)
    found = list[Row[Any]]()
    each = query.join(one, (one.c.name == own.name) & (one.c.edition == own.edition)).order_by(own.name)
    for row in connection.execute(each).all():
        older = query.where(own.name == row.name, own.edition < row.edition).order_by(own.edition.desc())
        if row.refused:
            found += connection.execute(older.limit(_OLDER)).all()[::-1]
        found.append(row)
    return found


def _bodies(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, bytes]]:
    found = {}
    for part in _parts(sorted(ids)):
        for row in connection.execute(select(proofs).where(proofs.c.id.in_(part), proofs.c.body != b"")):
            found[row.id] = (row.entry, _plain(row.body))
    return found


def _part(row: Row[Any], bodies: Mapping[int, tuple[str, bytes]]) -> Part:
    rows = tuple(bodies.get(id_) for id_ in row.rows)
    return Part(row.name, bodies[row.frame][1], rows, tuple(row.refused), row.at, row.renderer)


def _edition(connection: Connection, renderer: str, now: datetime) -> int:
    """Return the edition of this instant; several parts of one pass are one edition."""
    last = connection.execute(select(editions).order_by(editions.c.id.desc()).limit(1)).first()
    if last is not None and (last.at, last.renderer) == (now, renderer):
        return int(last.id)
    added = connection.execute(editions.insert().values(at=now, renderer=renderer)).inserted_primary_key
    assert added is not None
    return int(added[0])


def _plain(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(body)


def _parts(ids: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))
