"""A web server on loopback whose every answer is a script, and helpers to ask it."""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

import httpcore
import httpx

from pipeline.clock import Clock, frozen
from pipeline.collect import Fetcher, Guard, Hosts, parse_allowance
from pipeline.model import Expect, Fetch, Publisher, Source, Validators

Answer = bytes | Callable[["Request", asyncio.StreamWriter], Awaitable[None]]
T = TypeVar("T")

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
#: Seconds for a request that is to succeed: more than it takes on any machine, however busy.
PATIENT = 10.0
PUBLISHER = Publisher({"en": "Test"}, "https://news.test/", "editor@news.test")
PAGE = "<html><head><title>Новость</title></head><body><p>Текст новости.</p></body></html>".encode()


@dataclass
class Request:
    """One request as the server saw it."""

    path: str
    headers: Mapping[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Site:
    """Answers by path; writes down who asked for what, and how many asked at once."""

    routes: Mapping[str, Answer | list[Answer]]
    log: list[Request] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()
        for task in list(_TASKS):
            task.cancel()
        await asyncio.gather(*_TASKS, return_exceptions=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path on this server."""
        return f"http://{host}:{self.port}{path}"

    def asked(self) -> list[str]:
        """Return the paths asked for, robots.txt left out."""
        return [request.path for request in self.log if request.path != "/robots.txt"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        _TASKS.add(task)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            request = await _read(reader)
            self.log.append(request)
            await self._answer(request, writer)
            request.ended = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client had enough
        finally:
            self.at_once -= 1
            _TASKS.discard(task)
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = self.routes.get(request.path, reply(404, b"no such page"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            await answer(request, writer)
        else:
            writer.write(answer)
        await writer.drain()


_TLS = httpx.create_ssl_context(trust_env=False)  # reading the certificates takes longer than any test
_TASKS: set[asyncio.Task[Any]] = set()


async def _read(reader: asyncio.StreamReader) -> Request:
    first = await reader.readexactly(1)
    if first == b"\x16":  # a TLS handshake, which nobody here speaks
        return Request("tls", {}, time.monotonic())
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    return Request(head[0].split(" ")[1], headers, time.monotonic())


def reply(status: int = 200, body: bytes = PAGE, **headers: str) -> bytes:
    """Return a whole answer; a header `x_y` is sent as `x-y`, one that is "" not at all."""
    named = {"content_type": "text/html; charset=utf-8", "content_length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status} Whatever\r\n{lines}connection: close\r\n\r\n".encode("latin-1") + body


def redirect(location: str, status: int = 302, **headers: str) -> bytes:
    """Return an answer that sends elsewhere."""
    return reply(status, b"", location=location, **headers)


class Recorder(httpcore.AsyncNetworkBackend):
    """Connects to 127.0.0.1 only; writes down every address it was asked to connect to."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        self.addresses.append((host, port))
        if host != "127.0.0.1":
            try:
                raise ConnectionRefusedError(errno.ECONNREFUSED, f"a test asked for {host}:{port}")
            except OSError as error:
                raise httpcore.ConnectError(str(error)) from error
        return await self._network.connect_tcp(host, port, *args, **more)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Names:
    """A name server that gives each name's answers in turn, the last one for ever."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        turns = self._answers.get(host, [()])
        return turns.pop(0) if len(turns) > 1 else turns[0]


def source(timeout: float = PATIENT, pause: float = 0.0, links: int = 1, **more: Any) -> Source:
    """Return a source; its time is short only where what is tested is that it ends."""
    return Source(
        "s", {"en": "S"}, "cluster", (), timeout=timedelta(seconds=timeout), pause=timedelta(seconds=pause),
        expect=Expect(links=links), **more,
    )  # fmt: skip


def fetcher(
    recorder: Recorder | None = None, names: Names | None = None, clock: Clock | None = None, **more: Any
) -> Fetcher:
    """Return a fetcher that may connect to loopback, at any port."""
    clock = clock or frozen(NOW)
    more.setdefault("guard", Guard([parse_allowance("127.0.0.1:*")]))
    more.setdefault("hosts", Hosts(clock))
    more.setdefault("tls", _TLS)
    return Fetcher(
        publisher=PUBLISHER, clock=clock, network=recorder or Recorder(), resolver=names or Names({}), **more
    )


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a test's coroutine; a hang is a failure, not a wait."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=20))


async def ask(
    routes: Mapping[str, Answer | list[Answer]], path: str = "/page", *, validators: Validators | None = None,
    role: str = "article", seconds: float = PATIENT,
) -> Fetch:  # fmt: skip
    """Return how one request to a fresh server ended."""
    async with Site(routes) as site, fetcher() as client:
        return await client.fetch(site.url(path), source=source(seconds), validators=validators, role=role)


def outcome(answer: Answer, **more: Any) -> Fetch:
    """Return how a request ended that was answered so."""
    return run(ask({"/page": answer}, **more))
