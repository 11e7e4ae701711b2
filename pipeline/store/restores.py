"""A backup put in place of a store: unpacked and looked through beside it, upgraded, purged again, then moved in.

Beside it, it is an SQLite store always; into PostgreSQL its rows are copied, in one transaction.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import backups, copying, engine, presence
from pipeline.store.archive import Archive
from pipeline.store.backups import PURGED, SOURCES, Manifest
from pipeline.store.place import FILE as DATABASE

if TYPE_CHECKING:  # the package itself: importing it here would be a circle
    from pipeline.store import Store

_STAGING = ".restore"
_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", PURGED)


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    manifest: Manifest
    purged: tuple[str, ...]  #: articles that were purged after the backup, and now are again
    sources: bytes | None  #: sources.yaml as it was


def holds(folder: Path) -> bool:
    """Return whether there is a store in folder."""
    return presence.in_folder(folder) or (folder / "pages").exists()


def restore(
    file: Path, folder: Path, now: datetime, open_: Callable[[Path, str], Store], *, force: bool = False
) -> Restored:
    """Put a backup into folder. Nothing there is touched before the backup is known to be whole and usable.

    What the folder's own purged.jsonl names is purged from the backup as well. Raises StoreError where the
    folder holds a store (force: it is replaced), or the backup does not serve.
    """
    if holds(folder) and not force:
        raise StoreError(f"{folder} holds a store already; restore elsewhere, or replace it with --force")
    staging = folder / _STAGING
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        manifest = backups.read(file, staging)
        _join_purges(folder / PURGED, staging / PURGED)
        sources = (staging / SOURCES).read_bytes() if SOURCES in manifest.members else None
        opened = open_(staging, engine.file_in(staging))
        try:
            _put_elsewhere(staging / "pages", opened.archive)
            purged = opened.removals.again(now).articles
            opened.upkeep.publish_anew()
        finally:
            opened.close()
        _move_in(staging, folder)
    except OSError as error:
        raise StoreError(f"cannot restore into {folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(manifest, purged, sources)


def _put_elsewhere(pages: Path, archive: Archive) -> None:
    """Put the backup's pages where the store has them, if that is not its own folder."""
    if archive.place == str(pages):
        return
    for file in sorted(pages.glob("??/*")):
        archive.put(file.name.partition(".")[0], file.read_bytes())
    shutil.rmtree(pages, ignore_errors=True)


def _join_purges(here: Path, there: Path) -> None:
    """Add the lines of the folder's list of purges to the backup's."""
    lines = [line for file in (there, here) if file.exists() for line in file.read_text("utf-8").splitlines()]
    if lines:
        there.write_text("".join(f"{line}\n" for line in dict.fromkeys(lines)), encoding="utf-8")


def _move_in(staging: Path, folder: Path) -> None:
    url = engine.database_of(folder)
    if url == engine.file_in(folder):
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
    else:
        _copy_in(staging, url)
        (folder / PURGED).unlink(missing_ok=True)
        (staging / DATABASE).unlink()
    shutil.rmtree(folder / "pages", ignore_errors=True)
    for name in ("pages", PURGED, DATABASE):  # the database last: without it there is no store
        if (staging / name).exists():
            (staging / name).replace(folder / name)


def _copy_in(staging: Path, url: str) -> None:
    source, target = engine.connect(engine.file_in(staging)), engine.open_engine(url)
    try:
        copying.replace(source, target)
    finally:
        source.dispose()
        target.dispose()
