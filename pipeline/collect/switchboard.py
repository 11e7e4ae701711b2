"""Lines to hosts, held open from one request to the next: what a call costs first is paid once for several.

A line is held only after an answer that came whole and left nothing behind, and asked over again only where nothing came
since. Any doubt, and it is closed: an answer that is read as another page's is worse than a hundred new connections.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import time

import httpcore

from pipeline.collect.envelopes import Envelopes
from pipeline.record import dataclass

#: How long a line is held, seconds: longer than the usual pause, and shorter than the five seconds after which the least
#: patient of the usual servers (Apache, Node.js) close one themselves.
IDLE = 4.0
#: Lines held at once; the one held longest makes room.
MOST = 64


class Line(httpcore.AsyncHTTP11Connection):
    """A connection on which a page comes in few pieces: each takes a turn of the loop, however large."""

    READ_NUM_BYTES = 256 * 1024

    def __init__(
        self, origin: httpcore.Origin, stream: httpcore.AsyncNetworkStream, envelopes: Envelopes | None = None
    ) -> None:
        """envelopes: of what comes to it locked; without them nobody can tell whether nothing came."""
        super().__init__(origin, stream)
        self._envelopes = envelopes
        self._socket = stream.get_extra_info("socket")  # asked for once: the answer takes longer than what it is for
        self._tls = stream.get_extra_info("ssl_object")

    @property
    def unheard(self) -> bool:
        """Whether nothing of an answer came yet, as far as it is not understood."""
        return not self._h11_state.trailing_data[0]

    @property
    def done(self) -> bool:
        """Whether the last answer is over, and nothing came with it that is not a part of it."""
        return self.is_idle() and self._h11_state.trailing_data == (b"", False)

    @property
    def clean(self) -> bool:
        """Whether whatever comes next can only be the answer to what is asked next."""
        return self.done and self._nothing_locked() and _silent(self._socket)

    def _nothing_locked(self) -> bool:
        """Whether TLS holds nothing that came and was not read; the socket knows nothing of that."""
        if self._tls is None:
            return True
        return self._envelopes is not None and self._envelopes.whole and _nothing_read(self._tls)


@dataclass(frozen=True, slots=True)
class _Held:
    line: Line
    way: object  #: what it was made by: another route, or other authorities, have lines of their own
    until: float  # time.monotonic()


class Switchboard:
    """The lines of a run that nobody speaks on, one a host at most."""

    def __init__(self) -> None:
        self._held: dict[bytes, _Held] = {}  #: host → its line, the one held longest first
        self._short: set[bytes] = set()  #: hosts that gave no answer over one: none is held, until all are closed
        self._watch: asyncio.Task[None] | None = None

    async def line(self, way: object, origin: httpcore.Origin) -> Line | None:
        """Return a line to an origin that is still good to ask over, None where there is none."""
        held = self._held.pop(origin.host, None)
        if held is None:
            return None
        fits = held.way is way and held.line.can_handle_request(origin) and time.monotonic() < held.until
        if fits and held.line.clean:
            return held.line
        await held.line.aclose()
        return None

    async def hold(self, way: object, host: bytes, line: Line) -> None:
        """Hold a line to host for a while, where an answer has left it clean; close it else."""
        if not line.done or host in self._short:
            await line.aclose()
            return
        before = self._held.pop(host, None)
        self._held[host] = _Held(line, way, time.monotonic() + IDLE)
        if before is None and len(self._held) > MOST:
            before = self._held.pop(next(iter(self._held)))
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._until_idle())
        if before is not None:
            await before.line.aclose()

    def lost(self, host: bytes) -> None:
        """Hold no line to a host for now that did not answer over one: each of its pages might go the same way."""
        self._short.add(host)

    async def close(self) -> None:
        """Close all lines that are held; nothing of them is left."""
        self._short.clear()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        while self._held:
            await self._held.popitem()[1].line.aclose()

    async def _until_idle(self) -> None:
        """Close each line when its time is over, until there are none."""
        while self._held:
            host, first = next(iter(self._held.items()))
            left = first.until - time.monotonic()
            if left > 0:
                await asyncio.sleep(left)
            else:
                del self._held[host]
                await first.line.aclose()


def _nothing_read(tls: ssl.SSLObject) -> bool:
    """Whether nothing comes out of TLS that has all it needs to read it."""
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        pass
    return False


def _silent(connected: socket.socket | None) -> bool:
    """Whether nothing came, not even an end."""
    if connected is None or connected.fileno() < 0:
        return False
    looked = select.poll()
    looked.register(connected, select.POLLIN)
    return not looked.poll(0)
