"""Work that goes out of the house, done for the desk: a pass over a source now, a probe of it, a look by the doctor.

    run     left to the `watch` that is on duty; where nobody is, done here, under the same lease
    probe   what would be taken of a source, and how it would come out; nothing is stored
    doctor  what would mend a source that drifted, as a change of sources.yaml; written only by `apply`
    add     one article by its address, through every stage like any other

One thread does it, one errand after the other, since politeness takes its time; what came of it stands in the store.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipeline import cycle, duty, log, newsroom, owners, permission, sources
from pipeline.collect import ready
from pipeline.duty import Duty
from pipeline.errors import ConfigError, NevawireError
from pipeline.model import Config, Source
from pipeline.newsroom import Newsroom
from pipeline.scout import byhand, doctor, probe
from pipeline.settings import Settings
from pipeline.sources import edit
from pipeline.store import Errand, Store

#: How long a running `watch` has to take a pass up before it is looked whether there is one, real seconds.
_COURTESY = 6.0
#: Between two looks for work, real seconds.
_LOOK = 0.5
KINDS = ("run", "probe", "doctor", "add")


class Legwork:
    """A thread that does what was asked for; begun by the first `poke`, ended by `close`."""

    def __init__(self, settings: Settings, store: Store, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._store = store
        self._environment = environment
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def poke(self) -> None:
        """Say that there is work."""
        with self._lock:
            if self._thread is None and not self._end.is_set():
                self._thread = threading.Thread(target=self._work, name="legwork", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End after the page in hand."""
        self._end.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout=30)

    def _work(self) -> None:
        seen: dict[int, float] = {}
        while not self._end.is_set():
            for errand in self._waiting():
                since = seen.setdefault(errand.id, time.monotonic())
                if errand.kind != "run" or self._unclaimed(since):
                    self._do(errand)
            self._end.wait(_LOOK)

    def _waiting(self) -> list[Errand]:
        try:
            return self._store.errands.waiting(KINDS)
        except NevawireError as error:
            log.warn("errands cannot be read", why=str(error))
            return []

    def _unclaimed(self, since: float) -> bool:
        """Tell whether no watch takes up what was asked for so long ago, as there is none."""
        if self._store.leases.look(duty.NAME) is None:
            return True
        return time.monotonic() - since > _COURTESY and not duty.at_work(self._store, self._settings.clock)

    def _do(self, errand: Errand) -> None:
        clock = self._settings.clock
        if not self._store.errands.take(errand.id, "server", clock.now()):
            return
        try:
            outcome, good = asyncio.run(self._done(errand))
        except (NevawireError, OSError) as error:
            outcome, good = {"why": str(error)}, False
        except Exception as error:  # noqa: BLE001  # a bug: told to the operator, and the next errand is done all the same
            log.warn("errand broke off", kind=errand.kind, source=errand.source, why=traceback.format_exc())
            outcome, good = {"why": repr(error)}, False
        self._store.errands.end(errand.id, outcome, clock.now(), good=good)

    async def _done(self, errand: Errand) -> tuple[Mapping[str, Any], bool]:
        data = self._settings.sources.read_bytes()
        config = sources.parse(data, str(self._settings.sources))
        if errand.kind == "add":
            source = owners.of_article(data, str(self._settings.sources), config, errand.target)
            urls = [errand.target]
        else:
            source = _named(config, errand.source)
            urls = [one.url for one in source.listings]
        ready([source], self._environment)
        guard = permission.guard(self._settings, config, urls)
        async with newsroom.opened(self._settings, config, guard) as opened:
            room = replace(opened, stopping=self._end.is_set)
            if errand.kind == "run":
                return await self._pass(room, source)
            if errand.kind == "add":
                return await self._add(room, source, errand.target)
            if errand.kind == "probe":
                seen = await probe.probe(room, source)
                return seen.as_json(), not seen.failed
            return _diagnosed(await doctor.examine(room, source), data, self._settings)

    async def _add(self, room: Newsroom, source: Source, url: str) -> tuple[Mapping[str, Any], bool]:
        report = (await byhand.fetch(room, source, url)).sources[0]
        found = room.store.removals.find(url)
        failure = report.failure
        why = f"{failure.kind}: {failure.detail}".rstrip(": ") if failure else ""
        stories = room.store.stories.of_items(room.store.features.items(found))
        outcome = {"why": why, "articles": list(found), "stories": [one.id for one in stories]}
        return outcome, not failure and bool(found)

    async def _pass(self, room: Newsroom, source: Source) -> tuple[Mapping[str, Any], bool]:
        if not source.enabled:
            raise ConfigError(f"{source.id} is disabled in {self._settings.sources}: enable it there first")
        stop = asyncio.Event()
        alone = Duty(room.store, room.clock, self._end.set)
        if not await alone.wait(stop, lambda _line: None):
            raise NevawireError("another pass is under way")
        try:
            report = await cycle.run(room, [source])
        finally:
            alone.leave()
        return report.as_json(), not report.exit_code


def apply(settings: Settings, errand: Errand) -> str:
    """Write what the doctor proposed into sources.yaml and return the change as a diff.

    Raises ConfigError where the file is not the one the proposal was made for, or there is none.
    """
    outcome = errand.outcome
    if errand.kind != "doctor" or not outcome.get("diff"):
        raise ConfigError("there is no proposal to write; let the doctor look first")
    before = settings.sources.read_bytes()
    if _digest(before) != outcome["file"]:
        raise ConfigError(f"{settings.sources}: was changed since the doctor looked; let the doctor look again")
    after = _mended(before, errand.source, settings, outcome)
    edit.replace(settings.sources, before, after, [errand.source])
    return edit.difference(before, after, settings.sources.name)


def _diagnosed(found: doctor.Diagnosis, data: bytes, settings: Settings) -> tuple[Mapping[str, Any], bool]:
    yesterday = (settings.clock.now() - timedelta(days=1)).date().isoformat()
    outcome: dict[str, Any] = {
        "complaints": list(found.complaints), "unmended": list(found.unmended), "rule": dict(found.rule),
        "links": dict(found.links), "until": yesterday, "file": _digest(data), "diff": "",
    }  # fmt: skip
    if found.mends:
        after = _mended(data, found.source.id, settings, outcome)
        outcome["diff"] = edit.difference(data, after, settings.sources.name)
    return outcome, not found.unmended


def _mended(data: bytes, source: str, settings: Settings, outcome: Mapping[str, Any]) -> bytes:
    return edit.mended(
        data, source, str(settings.sources), rule=outcome["rule"], until=outcome["until"], links=outcome["links"]
    )


def _named(config: Config, name: str) -> Source:
    found = next((one for one in config.sources if one.id == name), None)
    if found is None:
        raise ConfigError(f"{name}: no such source")
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
