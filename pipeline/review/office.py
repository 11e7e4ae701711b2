"""What an installation gives the desk: its store, configuration, feeds and clock."""

from __future__ import annotations

import os
import threading
from collections import Counter
from dataclasses import field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import mailroom, newsstand, pairs, sources
from pipeline.errors import ConfigError
from pipeline.legwork import KINDS, Legwork
from pipeline.model import Config
from pipeline.record import dataclass
from pipeline.review.effects import Change, difference
from pipeline.review.press import Press
from pipeline.review.throttle import Throttle
from pipeline.settings import Settings
from pipeline.store import Errand, Store


@dataclass(frozen=True)
class Office:
    """Everything handlers work with; made once, by `opened`."""

    settings: Settings
    store: Store
    config: Current  #: called, the configuration as sources.yaml says now
    press: Press
    legwork: Legwork  #: what goes out of the house: passes, probes, the doctor
    loopback: bool  #: whether the server listens at loopback only
    local_name: str  #: who it is that needs no login
    calls: Throttle = field(default_factory=lambda: Throttle(at_once=120, a_minute=300))  #: of the API
    logins: Throttle = field(default_factory=lambda: Throttle(at_once=5, a_minute=5))  #: wrong ones, per name
    strangers: Throttle = field(default_factory=lambda: Throttle(at_once=20, a_minute=10))  #: and per address

    @property
    def feeds(self) -> Path:
        """The folder published into."""
        return self.settings.feeds

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return self.settings.clock.now()

    def send(self, kind: str, source: str, who: str, target: str = "") -> Errand:
        """Have work done that goes out of the house; the same once at a time."""
        errand = self.store.errands.ask(kind, source, who, self.now(), target)
        self.legwork.poke()
        return errand

    def close(self) -> None:
        """Finish what is under way, and stop."""
        self.legwork.close()
        self.press.close()

    def wrong(self) -> str:
        """Return why sources.yaml as it is now does not load, and an older state of it is in force; "" where it does."""
        self.config()
        return self.config.wrong

    def newsstand(self) -> newsstand.Desk:
        """Return what publishing works with, as of now."""
        return newsstand.Desk(self.config(), self.store, self.feeds, self.now(), self.settings.secret)

    @property
    def zone(self) -> ZoneInfo:
        """The clock that dates are told by: the one most sources keep."""
        zones = Counter(one.timezone for one in self.config().sources if one.enabled)
        return ZoneInfo(min(zones, key=lambda name: (-zones[name], name)) if zones else "Europe/Moscow")


def opened(settings: Settings, store: Store, *, loopback: bool, local_name: str) -> Office:
    """Return the office of an installation. Raises ConfigError where sources.yaml cannot be read."""
    current = Current(settings.sources)
    current()

    def put_out() -> tuple[Change, ...]:
        before = store.editions.entries()
        config, now = current(), settings.clock.now()
        pairs.pair_up(store, config, now)
        stand = newsstand.Desk(config, store, settings.feeds, now, settings.secret)
        newsstand.put_out(stand)
        mailroom.reissue(stand)
        store.search.catch_up()
        return difference(before, store.editions.entries())

    def failed(error: Exception) -> None:
        store.ledger.event("desk", "", f"{type(error).__name__}: {error}", settings.clock.now())

    legwork = Legwork(settings, store, os.environ)
    if store.errands.waiting(KINDS):  # asked for before this server began
        legwork.poke()
    return Office(settings, store, current, Press(put_out, failed), legwork, loopback, local_name)


class Current:
    """The configuration, read anew when its file has changed; one that would not load changes nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: object = None
        self._config: Config | None = None
        self.wrong = ""  #: why the file as it is now does not load; "" where it does

    def __call__(self) -> Config:
        """Return the configuration. Raises ConfigError where the file never was right."""
        stamp = sources.stamp(self._path)
        with self._lock:
            if self._config is None or stamp != self._stamp:
                try:
                    self._config, self.wrong = sources.load(self._path), ""
                except ConfigError as error:
                    if self._config is None:
                        raise
                    self.wrong = str(error)
                self._stamp = stamp
            return self._config
