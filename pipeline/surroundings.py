"""What an installation stands on: environment, disk, clock, addresses, permissions, database.

Looks and says; the only thing written is a trial file that is removed at once.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pipeline import duty, permission, sources
from pipeline import store as stores
from pipeline.errors import ConfigError, FetchError, StoreError
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.settings import Settings
from pipeline.store import Store

#: What the environment may say to us; anything else that begins so is a slip.
KNOWN = frozenset({
    "NEVAWIRE_SOURCES", "NEVAWIRE_STORE", "NEVAWIRE_FEEDS", "NEVAWIRE_ALLOW_ADDRESS", "NEVAWIRE_NOW",
    "NEVAWIRE_ARCHIVE_URL", "NEVAWIRE_CLOCK_RATE", "NEVAWIRE_DISK_LIMIT", "NEVAWIRE_DATABASE_URL", "NEVAWIRE_CHROMIUM",
})  # fmt: skip
#: STRICT tables came with it.
_SQLITE = (3, 37, 0)
_ROOM = 200_000_000
_RELEASED = datetime(2026, 1, 1, tzinfo=UTC)

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    about: str
    state: str  #: ok | warning | wrong
    what: str


def look(settings: Settings, environment: Mapping[str, str], resolve: Resolve | None = None) -> Iterator[Check]:
    """Yield everything that was looked at, in a fixed order. resolve: host, port → addresses."""
    yield from _environment(environment)
    yield from _disk(settings)
    yield from _sources(settings, environment, resolve or _resolve)
    yield from _permissions(settings)
    yield from _database(settings)


def _sources(settings: Settings, environment: Mapping[str, str], resolve: Resolve) -> Iterator[Check]:
    try:
        config = sources.load(settings.sources)
    except ConfigError as error:
        yield Check("sources", "wrong", str(error))
        return
    yield Check("sources", "ok", f"{settings.sources}: {sum(one.enabled for one in config.sources)} enabled")
    named = {one.proxy for one in config.sources if one.enabled and one.proxy}
    for name in sorted(named - set(environment)):
        yield Check("environment", "wrong", f"{name}, which sources.yaml names as a proxy, is not set")
    yield from _addresses(settings, config, resolve)


def _environment(environment: Mapping[str, str]) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("environment", "ok", f"Python {version}, SQLite {sqlite3.sqlite_version}")
    if sqlite3.sqlite_version_info < _SQLITE:
        yield Check("environment", "wrong", f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed")
    for name in sorted(environment):
        if (
            name.startswith("NEVAWIRE_")
            and name not in KNOWN
            and not name.endswith(("_SECRET", "_PASSWORD", "_USER", "_TOKEN", "_PROXY", "_KEY", "_FOLDER"))
        ):
            yield Check("environment", "warning", f"{name} means nothing to this program; is it a slip?")
    for name in ("NEVAWIRE_NOW", "NEVAWIRE_CLOCK_RATE"):
        if environment.get(name):
            yield Check("clock", "warning", f"{name} is set: the time is not the real one")


def _disk(settings: Settings) -> Iterator[Check]:
    for name, folder in (("store", settings.store), ("feeds", settings.feeds)):
        there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        _, used, free = shutil.disk_usage(there)
        percent = 100 * used / max(1, used + free)
        told = f"{name}: {percent:.0f} % used, {free / 1e9:.1f} GB free"
        if percent >= settings.disk_limit:
            yield Check("disk", "wrong", f"{told}; above {settings.disk_limit:g} % no page is archived there")
        else:
            yield Check("disk", "warning" if free < _ROOM else "ok", told)
        inodes = os.statvfs(there)
        if inodes.f_files and inodes.f_favail < 10_000:
            yield Check("disk", "warning", f"{name}: only {inodes.f_favail} more files can be made")


def _addresses(settings: Settings, config: Config, resolve: Resolve) -> Iterator[Check]:
    for missing in sources.publisher_missing(config):
        yield Check("addresses", "wrong", f"{missing} must be filled in before a site beyond this machine is asked")
    if config.publisher.home.startswith("http://"):
        yield Check("addresses", "warning", f"{config.publisher.home}: feeds are better served over https")
    try:
        guard = permission.guard(settings, config, [])
    except ConfigError as error:
        yield Check("addresses", "wrong", str(error))
        return
    wrong = 0
    urls = {listing.url for one in config.sources if one.enabled and not one.proxy for listing in one.listings}
    hosts = sorted(
        {(urlsplit(url).hostname or "", urlsplit(url).port or (443 if url.startswith("https") else 80)) for url in urls}
    )
    for host, port in hosts:
        try:
            guard.admit(host, port, resolve(host, port))
        except FetchError as error:
            wrong += 1
            yield Check("addresses", "wrong", f"{error.kind}: {host}: {error.detail}")
    if hosts and not wrong:
        yield Check("addresses", "ok", f"{len(hosts)} hosts have addresses that may be asked")


def _permissions(settings: Settings) -> Iterator[Check]:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Check("permissions", "warning", "this runs as root; a user of its own is enough")
    for name, folder in (("store", settings.store), ("feeds", settings.feeds)):
        if not folder.exists():
            yield Check("permissions", "warning", f"{folder}: is not there yet; the first pass makes it")
            continue
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-"):
                pass
        except OSError as error:
            yield Check("permissions", "wrong", f"{folder}: cannot be written ({error.strerror})")
        else:
            yield Check("permissions", "ok", f"{name} can be written")


def _database(settings: Settings) -> Iterator[Check]:
    try:
        if not stores.in_folder(settings.store):
            yield Check("database", "warning", f"{settings.store} holds no store yet; the first pass makes it")
            return
        before = stores.schema(settings.store)
        opened = stores.open_store(settings.store)
        try:
            yield from _inside(opened, settings, before.pending)
        finally:
            opened.close()
    except StoreError as error:
        yield Check("database", "wrong", str(error))


def _inside(opened: Store, settings: Settings, pending: Iterable[tuple[str, str]]) -> Iterator[Check]:
    if names := ", ".join(revision for revision, _ in pending):
        yield Check("database", "ok", f"upgraded: {names}")
    now = settings.clock.now()
    found = opened.figures(now)
    yield Check("database", "ok", opened.about())
    yield Check("database", "ok", f"{found.articles} articles, {sum(found.stories.values())} stories")
    known = [found.last_pass, *(one.last_success for one in found.sources)]
    last = max((at for at in known if at is not None), default=None)
    if now < _RELEASED:
        yield Check("clock", "wrong", f"it says {now:%Y-%m-%d}, which cannot be")
    elif last is not None and last > now + timedelta(minutes=5):
        yield Check(
            "clock", "wrong", f"it says {now.isoformat()}, but a pass ended {last.isoformat()}: it went backwards"
        )
    else:
        yield Check("clock", "ok", now.isoformat(timespec="seconds"))
    away = opened.archive.away()
    yield Check("archive", "wrong" if away else "ok", away or f"pages lie in {opened.archive.place}")
    holder = opened.leases.look(duty.NAME)
    yield Check("duty", "ok", f"held by {holder.holder}" if holder else "no watch is on duty")


def _resolve(host: str, port: int) -> list[str]:
    try:
        return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise FetchError("dns", host, str(error)) from error
