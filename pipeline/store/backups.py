"""A backup: one file that holds database, pages and what was purged, and can prove that it is whole.

A tar stream compressed with zstd, its members in a fixed order:

    nevawire.sqlite        the database as of one moment, while writers go on: SQLite's own online copy, or a copy of every
                           row where it is PostgreSQL, so that a backup of either can be put in place of either
    pages/ab/<digest>…     every page the copy names; pages are written once, so none can change under us
    sources.yaml           as it was, where the caller gives it
    purged.jsonl           read last: what was purged while pages were copied is in it
    manifest.json          the digest of everything above; a file that was cut short has none
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import zstandard
from sqlalchemy import Engine

from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import copying
from pipeline.store.archive import Archive
from pipeline.store.engine import file_in, open_engine
from pipeline.store.place import FILE as DATABASE

FORMAT = 1
PURGED, SOURCES, MANIFEST = "purged.jsonl", "sources.yaml", "manifest.json"
_PAGE = re.compile(r"pages/([0-9a-f]{2})/(\1[0-9a-f]{62})\.html\.zst")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_by: str
    at: str
    schema: str
    members: Mapping[str, str] = field(default_factory=dict)  #: name → SHA-256, pages aside
    pages: int = 0
    missing: tuple[str, ...] = ()  #: pages that were gone from the archive already


def write(
    engine: Engine, archive: Archive, folder: Path, target: Path, also: Mapping[str, bytes], now: datetime, made_by: str
) -> Manifest:
    """Write a backup of the store in folder to target, and read it back. Raises StoreError; then no target is left.

    also: further members by name. An existing target is replaced, once the new one is known to be whole.
    """
    unfinished = target.with_name(f".{target.name}.tmp")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
            copy = Path(scratch) / DATABASE
            snapshot(engine, copy)
            unfinished.touch(mode=0o600)
            manifest = _pack(copy, archive, folder, unfinished, also, now, made_by)
        if read(unfinished) != manifest:
            raise StoreError(f"{target}: the backup reads otherwise than it was written; is the disk sound?")
        unfinished.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def snapshot(engine: Engine, target: Path) -> None:
    """Copy the database as it stands now into one file, without its leases. Raises StoreError where it is damaged."""
    if engine.dialect.name == "sqlite":
        _copy_file(engine, target)
    else:
        into = open_engine(file_in(target.parent))
        try:
            copying.copy(engine, into)
        finally:
            into.dispose()
    _settle(target)


def _copy_file(engine: Engine, target: Path) -> None:
    source = engine.raw_connection()
    try:
        own: Any = source.driver_connection
        with closing(sqlite3.connect(target)) as copy:
            own.backup(copy)
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be copied: {error}") from error
    finally:
        source.close()


def _settle(copy: Path) -> None:
    """Make one file of a copy, without leases; raise StoreError where it is damaged."""
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as own:
            own.execute("PRAGMA journal_mode=DELETE")
            if own.execute("SELECT 1 FROM sqlite_master WHERE name = 'leases'").fetchone():  # an older schema has none
                own.execute("DELETE FROM leases")
            found = [row[0] for row in own.execute("PRAGMA integrity_check(5)")]
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be copied: {error}") from error
    if found != ["ok"]:
        raise StoreError(f"the database is damaged: {'; '.join(found)}")


def read(file: Path, into: Path | None = None) -> Manifest:
    """Read a backup whole, compare everything with its digests, and return its manifest.

    into: an empty folder to unpack it into. Raises StoreError where it is no backup, or damaged.
    """
    members: dict[str, str] = {}
    pages, manifest = 0, None
    try:
        for name, data in _members(file):
            if name == MANIFEST:
                manifest = _manifest(file, json.loads(data.read()))
                continue
            if page := _PAGE.fullmatch(name):
                pages += 1
                _take_page(data.read(), page[2], into / name if into else None)
            elif name in (DATABASE, PURGED, SOURCES):
                members[name] = _take(data, into / name if into else None)
            else:
                raise StoreError(f"{file}: no backup of this program: it has a member {name!r}")
    except (tarfile.TarError, zstandard.ZstdError, EOFError, ValueError) as error:
        raise StoreError(f"{file}: no backup, or a damaged one: {error}") from error
    except OSError as error:
        raise StoreError(f"{error.filename or file}: {error.strerror or error}") from error
    if manifest is None:
        raise StoreError(f"{file}: the backup was cut short")
    if manifest.members != members or manifest.pages != pages:
        raise StoreError(f"{file}: the backup is damaged: its contents have other digests than it says")
    return manifest


def _pack(
    copy: Path, archive: Archive, folder: Path, target: Path, also: Mapping[str, bytes], now: datetime, made_by: str
) -> Manifest:
    with (
        target.open("wb") as raw,
        zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        with copy.open("rb") as data:
            _add(tar, DATABASE, data, copy.stat().st_size)
        pages, missing = _add_pages(tar, copy, archive)
        purged = folder / PURGED
        last = {**also, **({PURGED: purged.read_bytes()} if purged.exists() else {})}
        members = {DATABASE: _digest(copy)}
        for name in sorted(last, reverse=True):  # sources.yaml, then purged.jsonl
            members[name] = hashlib.sha256(last[name]).hexdigest()
            _add(tar, name, io.BytesIO(last[name]), len(last[name]))
        manifest = Manifest(FORMAT, made_by, now.isoformat(), _revision(copy), members, pages, missing)
        body = json.dumps(asdict(manifest), sort_keys=True, indent=1).encode()
        _add(tar, MANIFEST, io.BytesIO(body), len(body))
    with target.open("rb") as whole:
        os.fsync(whole.fileno())
    return manifest


def _add_pages(tar: tarfile.TarFile, copy: Path, archive: Archive) -> tuple[int, tuple[str, ...]]:
    """Add every page that the copy names; return how many, and the digests of those that are not there."""
    pages, missing = 0, []
    for digest in _named(copy):
        name = f"pages/{digest[:2]}/{digest}.html.zst"
        page = archive.packed(digest)
        if page is None:
            missing.append(digest)
            continue
        pages += 1
        _add(tar, name, io.BytesIO(page), len(page))
    return pages, tuple(missing)


def _add(tar: tarfile.TarFile, name: str, data: IO[bytes], size: int) -> None:
    about = tarfile.TarInfo(name)  # no owner, no time: equal stores give equal members
    about.size, about.mode = size, 0o600
    tar.addfile(about, data)


def _named(copy: Path) -> list[str]:
    """Return the digests of the pages that a copy of the database says are there."""
    query = "SELECT DISTINCT digest FROM captures WHERE digest NOT IN (SELECT digest FROM absent_pages) ORDER BY digest"
    with closing(sqlite3.connect(copy)) as connection:
        return [row[0] for row in connection.execute(query)]


def _revision(copy: Path) -> str:
    with closing(sqlite3.connect(copy)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with (
        file.open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=False) as stream,
        tarfile.open(fileobj=stream, mode="r|") as tar,
    ):
        for member in tar:
            data = tar.extractfile(member) if member.isreg() else None
            if data is None:
                raise StoreError(f"{file}: no backup of this program: {member.name!r} is no plain file")
            yield member.name, data


def _manifest(file: Path, said: Any) -> Manifest:
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise StoreError(f"{file}: a backup of a form this version does not read; use the version that made it")
    return Manifest(**{**said, "missing": tuple(said["missing"])})


def _take(data: IO[bytes], target: Path | None) -> str:
    """Copy a member to target, where there is one, and return its digest."""
    digest = hashlib.sha256()
    out = target.open("wb") if target else None
    try:
        while part := data.read(1 << 20):
            digest.update(part)
            if out:
                out.write(part)
    finally:
        if out:
            out.close()
    return digest.hexdigest()


def _take_page(packed: bytes, digest: str, target: Path | None) -> None:
    if hashlib.sha256(zstandard.ZstdDecompressor().decompress(packed)).hexdigest() != digest:
        raise StoreError(f"page {digest} is damaged in the backup: its bytes have another digest")
    if target:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(packed)


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
