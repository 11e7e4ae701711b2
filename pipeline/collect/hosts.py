"""One request at a time to a host, a pause between two, and quiet where a server asked for it.

Shared by all sources of a run: two sources on one host wait for each other. Where other processes
work on the same store, a `Gate` shares the turns with them. How long a server wants to be left alone is
remembered here for the run; keeping it longer is the caller's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.clock import Clock
from pipeline.errors import FetchError
from pipeline.record import dataclass

#: A server may ask for patience, not for ever.
LONGEST_WAIT = timedelta(days=30)
_PORTS = {"http": 80, "https": 443}


#: Between two looks whether another process is done with a host, real seconds.
_LOOK = 0.1


class Gate(Protocol):
    """Whose turn it is at a host among several processes."""

    shared: bool  #: whether there are several

    def take(self, host: str) -> bool:
        """Take the turn, and return whether it was free."""

    def give_back(self, host: str) -> None:
        """Let the next process take the turn."""


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    pause: timedelta = timedelta(0)
    ended: float | None = None  # time.monotonic() at the end of the last request
    leaving: asyncio.Task[None] | None = None  # gives the turn back to other processes after the pause


class Hosts:
    """The hosts of one run: whose turn it is, and until when a host is left alone."""

    def __init__(self, clock: Clock, held: Mapping[str, datetime] | None = None, gate: Gate | None = None) -> None:
        self._clock = clock
        self._gate = gate if gate and gate.shared else None
        self._hosts: dict[str, _Host] = {}
        #: host → instant before which it asked not to be asked
        self.held: dict[str, datetime] = dict(held or {})

    @asynccontextmanager
    async def turn(self, url: str, pause: timedelta) -> AsyncIterator[None]:
        """Wait for this request's turn at its host, and hold the host while inside.

        The pause between two requests is the longest any source asked for on this host.
        Raises FetchError("status-429") while the host is held.
        """
        name = host_of(url)
        host = self._hosts.setdefault(name, _Host())
        host.pause = max(host.pause, pause)
        async with host.lock:
            self._refuse_held(name, url)
            await self._enter(name, host)
            await self._wait(host)
            try:
                yield
            finally:
                host.ended = time.monotonic()
                self._leave(name, host)

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of url alone for so many seconds from now."""
        until = self._clock.now() + min(timedelta(seconds=seconds), LONGEST_WAIT)
        name = host_of(url)
        self.held[name] = max(until, self.held.get(name, until))

    def is_held(self, url: str) -> bool:
        """Whether the host of url asked to be left alone for now."""
        until = self.held.get(host_of(url))
        return until is not None and until > self._clock.now()

    def _refuse_held(self, name: str, url: str) -> None:
        until = self.held.get(name)
        left = (until - self._clock.now()).total_seconds() if until else 0.0
        if until and left > 0:
            detail = f"{name} asked to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC"
            raise FetchError("status-429", url, detail, retry_after=left)

    async def _enter(self, name: str, host: _Host) -> None:
        """Wait until no other process is at the host; where the last turn there was ours, it still is."""
        if self._gate is None:
            return
        if host.leaving is not None and host.leaving.cancel():
            return
        while not await asyncio.to_thread(self._gate.take, name):  # noqa: ASYNC110 - no event crosses processes
            await asyncio.sleep(_LOOK)

    def _leave(self, name: str, host: _Host) -> None:
        """Give the turn to other processes once the pause is over."""
        if self._gate is not None:
            host.leaving = asyncio.create_task(_given_back(self._gate, name, self._clock.real_seconds(host.pause)))

    async def _wait(self, host: _Host) -> None:
        if host.ended is None:
            return
        left = self._clock.real_seconds(host.pause) - (time.monotonic() - host.ended)
        if left > 0:
            await asyncio.sleep(left)


async def _given_back(gate: Gate, name: str, seconds: float) -> None:
    await asyncio.sleep(seconds)
    gate.give_back(name)


def host_of(url: str) -> str:
    """Return the host a request burdens: its name, with the port where that is not the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".").lower()
    return name if parts.port in (None, _PORTS.get(parts.scheme)) else f"{name}:{parts.port}"


def retry_after(value: str, date: str, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110 §10.2.3): seconds, or a date less the answer's own Date.

    None where it says nothing readable.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_WAIT.total_seconds())
    until = _http_date(text)
    if until is None:
        return None
    left = (until - (_http_date(date) or now)).total_seconds()
    return min(max(left, 0.0), LONGEST_WAIT.total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
