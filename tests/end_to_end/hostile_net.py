"""A small internet of hostile sites on loopback: many hosts, one port, every answer a script; all of it is logged."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from tests.collect.hostile import Answer, Request, reply


@dataclass
class Visit:
    """One connection as a host saw it."""

    host: str
    path: str
    began: float
    ended: float = 0.0


@dataclass
class Net:
    """Hosts 127.0.1.1, 127.0.1.2, …; routes are host → path → answer and may name the port as {port}."""

    hosts: Mapping[str, Mapping[str, Answer]]
    visits: list[Visit] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        sockets = _sockets(list(self.hosts))
        self.port = sockets[0].getsockname()[1]
        for host, each in zip(self.hosts, sockets, strict=True):
            asyncio.run_coroutine_threadsafe(self._listen(host, each), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def of(self, host: str) -> list[Visit]:
        """Return the visits of one host, in the order they began."""
        return [visit for visit in self.visits if visit.host == host]

    async def _listen(self, host: str, each: socket.socket) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(host, reader, writer)

        self._servers = [*getattr(self, "_servers", []), await asyncio.start_server(serve, sock=each, limit=2**20)]

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = Visit(host, "", time.monotonic())
        self.visits.append(visit)
        try:
            request = await _read(reader, visit)
            answer = asyncio.ensure_future(self._answer(host, request, writer))
            gone = asyncio.ensure_future(reader.read())  # returns when the client hangs up
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client had enough
        finally:
            visit.ended = time.monotonic()
            writer.close()

    async def _answer(self, host: str, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = self.hosts[host].get(request.path, reply(404, b"no such page"))
        if callable(answer):
            await answer(request, writer)
        else:
            assert isinstance(answer, bytes)
            writer.write(answer.replace(b"{port}", str(self.port).encode()))
        await writer.drain()


async def _read(reader: asyncio.StreamReader, visit: Visit) -> Request:
    first = await reader.readexactly(1)
    if first == b"\x16":  # a TLS handshake, which nobody here speaks
        visit.path = "tls"
        return Request("tls", {}, visit.began)
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    visit.path = head[0].split(" ")[1]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Request(visit.path, headers, visit.began)


def _sockets(hosts: list[str]) -> list[socket.socket]:
    """Bind every host to one free port."""
    for _ in range(20):
        bound: list[socket.socket] = []
        try:
            for host in hosts:
                each = socket.socket()
                bound.append(each)
                each.bind((host, bound[0].getsockname()[1] if len(bound) > 1 else 0))
        except OSError:
            for each in bound:
                each.close()
            continue
        return bound
    raise OSError("no port is free on all hosts")
