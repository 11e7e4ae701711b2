"""Where things are: options first, then NEVAWIRE_… environment variables, then the current folder.

What is collected from whom is not here: that is sources.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline import clock
from pipeline.errors import ConfigError
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The paths, exceptions and clock of one invocation."""

    sources: Path
    store: Path
    feeds: Path
    allow: tuple[str, ...]
    clock: clock.Clock
    secret: str = ""  #: tokens of private feeds are made from it; "": from one that the store keeps
    disk_limit: float = 90  #: percent of the disk above which raw pages are no longer archived


def settle(
    environment: Mapping[str, str],
    *,
    sources: Path | None = None,
    store: Path | None = None,
    feeds: Path | None = None,
    allow: Sequence[str] = (),
) -> Settings:
    """Return the settings of this invocation.

    Raises ConfigError where an environment variable cannot be read.
    """
    addresses = tuple(allow) or tuple(environment.get("NEVAWIRE_ALLOW_ADDRESS", "").replace(",", " ").split())
    return Settings(
        sources=sources or Path(environment.get("NEVAWIRE_SOURCES") or "sources.yaml"),
        store=store or Path(environment.get("NEVAWIRE_STORE") or "store"),
        feeds=feeds or Path(environment.get("NEVAWIRE_FEEDS") or "feeds"),
        allow=addresses,
        clock=_clock(environment),
        secret=environment.get("NEVAWIRE_SECRET", ""),
        disk_limit=_percent("NEVAWIRE_DISK_LIMIT", environment.get("NEVAWIRE_DISK_LIMIT") or "90"),
    )


def _clock(environment: Mapping[str, str]) -> clock.Clock:
    now, rate = environment.get("NEVAWIRE_NOW", ""), environment.get("NEVAWIRE_CLOCK_RATE", "")
    start = instant("NEVAWIRE_NOW", now) if now else None
    if rate:
        return clock.running(_rate(rate), start)
    return clock.frozen(start) if start else clock.Clock()


def instant(name: str, text: str) -> datetime:
    """Return the instant that a setting or option of this name says, in UTC, which it is where no zone is given.

    Raises ConfigError where it says none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{name}: {text!r} is no instant; write it like 2026-11-21T09:00:00+03:00") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _percent(name: str, text: str) -> float:
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise ConfigError(f"{name}: {text!r} should be a percentage from 0 to 100, such as 90")
    return percent


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1_000_000:
        raise ConfigError(f"NEVAWIRE_CLOCK_RATE: {text!r} should be a number above 0, such as 60")
    return rate
