"""What TLS carries comes in envelopes, and whether the last one came whole can be told by their outsides alone.

TLS keeps a part of one to itself until the rest is there, and tells nobody: a connection that holds some of an answer
nobody asked for looks like one that holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpcore
from anyio.abc import ByteStream

#: A record begins with its type, a version, and the length of the rest (RFC 8446 section 5.1).
_HEAD, _LENGTH = 5, 3
#: As much as the loop ever takes from a socket at once: what is asked for less is kept back where no one looks.
_ALL = 256 * 1024


class Envelopes(ByteStream):
    """A stream below TLS, whose records are counted as they come."""

    def __init__(self, wire: ByteStream) -> None:
        self._wire = wire
        self._head = b""  #: of a record whose length is not known yet
        self._left = 0  #: bytes that a record lacks

    @property
    def whole(self) -> bool:
        """Whether no record is here in part."""
        return not self._left and not self._head

    async def receive(self, max_bytes: int = _ALL) -> bytes:  # noqa: ARG002 - TLS takes whatever comes
        """Return what came, all of it."""
        came = await self._wire.receive(_ALL)
        self._count(came)
        return came

    def _count(self, came: bytes) -> None:
        came, self._head = self._head + came, b""
        place = self._left
        while len(came) - place >= _HEAD:
            place += _HEAD + int.from_bytes(came[place + _LENGTH : place + _HEAD])
        self._left = max(0, place - len(came))
        self._head = came[place:]

    async def send(self, item: bytes) -> None:
        """Send it on."""
        await self._wire.send(item)

    async def send_eof(self) -> None:
        """Tell the other end that no more comes."""
        await self._wire.send_eof()

    async def aclose(self) -> None:
        """Close the wire."""
        await self._wire.aclose()

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """Tell of the wire."""
        return self._wire.extra_attributes


def counted(stream: httpcore.AsyncNetworkStream) -> Envelopes | None:
    """Have all counted that comes to a stream, before TLS is put around it; None where there is no way to."""
    wire = getattr(stream, "_stream", None)  # what httpcore's own streams hand to TLS; nothing else of it is asked
    if not isinstance(wire, ByteStream):
        return None
    envelopes = Envelopes(wire)
    stream.__dict__["_stream"] = envelopes
    return envelopes
