"""Whether a record of TLS is here in part is told however it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import httpcore
from anyio.abc import ByteStream

from pipeline.collect.envelopes import Envelopes, counted

RECORDS = b"".join(b"\x17\x03\x03" + size.to_bytes(2, "big") + b"x" * size for size in (3, 0, 300, 1))
ENDS = {8, 13, 318, 324}


class Pieces(ByteStream):
    """Brings what it is given, piece by piece."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        return self._pieces.pop(0)

    async def send(self, item: bytes) -> None: ...

    async def send_eof(self) -> None: ...

    async def aclose(self) -> None: ...

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        return {}


def test_a_part_of_one_is_told_wherever_it_was_cut() -> None:
    async def scenario() -> None:
        for first in range(1, len(RECORDS)):
            for second in (first + 1, first + 4, first + 200):
                cuts = [0, *(cut for cut in (first, second) if cut < len(RECORDS)), len(RECORDS)]
                pieces = [RECORDS[start:end] for start, end in pairwise(cuts)]
                envelopes = Envelopes(Pieces(*pieces))
                for piece, end in zip(pieces, cuts[1:], strict=True):
                    assert await envelopes.receive() == piece
                    assert envelopes.whole is (end in ENDS)

    asyncio.run(scenario())


def test_where_it_cannot_be_told_nothing_is() -> None:
    assert counted(httpcore.AsyncMockStream([])) is None
