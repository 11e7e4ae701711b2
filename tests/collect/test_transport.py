"""A connection is closed with its request, wherever that is broken off."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx
import pytest

from pipeline.collect.proxy import Tunnels

from .faults import GOOD
from .hostile import Recorder, fetcher, redirect, reply, run, source

#: Turns of the loop that no request here takes.
TURNS = 60


@dataclass
class Line(httpcore.AsyncNetworkStream):
    """A connection that answers piece by piece, each in a turn of its own."""

    answer: bytes
    is_open: bool = True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        await asyncio.sleep(0)
        size = max(len(self.answer) // 4, 1)
        part, self.answer = self.answer[:size], self.answer[size:]
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await asyncio.sleep(0)

    async def start_tls(self, *_: Any, **__: Any) -> Line:
        await asyncio.sleep(0)
        return self

    async def aclose(self) -> None:
        self.is_open = False  # as a socket: at once, and its end is waited for
        await asyncio.sleep(0)

    def get_extra_info(self, info: str) -> Any:
        return None


@dataclass
class Lines(Recorder):
    """Opens lines that all answer the same."""

    answer: bytes
    opened: list[Line] = field(default_factory=list)

    async def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> Line:
        await asyncio.sleep(0)
        self.opened.append(Line(self.answer))
        return self.opened[-1]


ANSWERS = {
    "a page": GOOD["gzip"], "a page in chunks": GOOD["chunked"], "a failure": reply(503), "nothing": b"",
    "no answer": b"220 mail.example ESMTP ready\r\n\r\n", "a redirect": redirect("/page?2"),
    "half a page": reply(content_length="5000"), "a picture": reply(content_type="image/png"),
}  # fmt: skip


def whenever_broken_off(answer: bytes, scheme: str = "http", proxy: str = "") -> None:
    """Break a request off after each number of turns of the loop, until it ends before."""

    async def broken_off(turns: int) -> tuple[int, bool]:
        lines = Lines(answer)
        async with fetcher(Tunnels(proxy, lines) if proxy else lines) as client:
            task = asyncio.create_task(client.fetch(f"{scheme}://127.0.0.1/page", source=source(), role="robots"))
            for _ in range(turns):
                await asyncio.sleep(0)
            ended = task.done()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return [line.is_open for line in lines.opened].count(True), ended

    async def scenario() -> None:
        found = [await broken_off(turns) for turns in range(TURNS)]
        assert [turns for turns, (still_open, _) in enumerate(found) if still_open] == []
        assert found[-1][1], "the last of them was not broken off"

    run(scenario())


@pytest.mark.parametrize("name", ANSWERS)
def test_whenever_a_request_is_broken_off_no_connection_stays_open(name: str) -> None:
    whenever_broken_off(ANSWERS[name])


def test_nor_one_in_the_middle_of_a_handshake() -> None:
    whenever_broken_off(ANSWERS["a page"], "https")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nor_one_to_a_proxy(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    context = httpx.create_ssl_context(trust_env=False)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: context)  # to make one takes longer than the rest

    whenever_broken_off(b"HTTP/1.1 200 Go\r\n\r\n", proxy=f"{scheme}://127.0.0.1:3128")
