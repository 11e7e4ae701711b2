"""A server on loopback that keeps its connections open, and says whatever it is told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from pipeline.collect import Fetcher
from pipeline.model import Fetch, Validators

from .hostile import PAGE, PATIENT, fetcher, run, source

#: Bytes; several, each in a record of TLS of its own; one after the other, the last for ever.
Answer = bytes | tuple[bytes, ...] | list[bytes]
#: Answered with nothing, the connection is closed.
HANG_UP = b""
SECOND = b"<html><p>The second page.</p></html>"
#: What a server would have us take for another page.
WRONG = b"<html><p>Not what was asked for.</p></html>"


def kept(body: bytes = PAGE, status: int = 200, *more: str, length: int | None = None) -> bytes:
    """Return an answer after which the server waits for another request."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Whatever", "content-type: text/html", *more]
    lines += [f"content-length: {size}"] if size >= 0 else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunked(body: bytes, *more: str, end: bytes = b"0\r\n\r\n") -> bytes:
    return kept(
        f"{len(body):x}\r\n".encode() + body + b"\r\n" + end, 200, "transfer-encoding: chunked", *more, length=-1
    )


@dataclass
class Speaker:
    """A server that answers as many requests over a connection as come."""

    routes: Mapping[str, Answer]
    tls: ssl.SSLContext | None = None
    asked: list[tuple[int, str]] = field(default_factory=list)  #: over which connection, for what
    heads: list[str] = field(default_factory=list)
    opened: int = 0
    open: int = 0
    at_once: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server = await asyncio.start_server(self._speak, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hung_up(self) -> bool:
        """Wait until nobody is on the line any more, and return whether that came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENT):
                while self.open:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
        return not self.open

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.writers.append(writer)
        self.opened += 1
        self.open += 1
        own, pages = self.opened, dict(self.routes)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                path = head.split(" ")[1]
                self.asked.append((own, path))
                self.heads.append(head.lower())
                self.at_once += 1
                assert self.at_once == 1, "requests to one host overlap"
                answer = pages.get(path, kept(b"User-agent: *\r\nDisallow:\r\n"))
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
                self.at_once -= 1
                if answer == HANG_UP:
                    return
                writer.writelines(answer if isinstance(answer, tuple) else (answer,))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()


async def both(site: Speaker, client: Fetcher, known: Validators | None = None) -> tuple[Fetch, Fetch]:
    """Ask for one page, and then for another."""
    first = await client.fetch(f"http://127.0.0.1:{site.port}/first", source=source(), validators=known)
    return first, await client.fetch(f"http://127.0.0.1:{site.port}/second", source=source())


def asked(first: Answer, second: Answer, known: Validators | None = None) -> tuple[Any, ...]:
    """Return how asking for both ended, and the server that was asked."""

    async def scenario() -> tuple[Fetch, Fetch, Speaker]:
        async with Speaker({"/first": first, "/second": second}) as site:
            async with fetcher() as client:
                ends = await both(site, client, known)
            assert await site.hung_up()
        return *ends, site

    return run(scenario())
