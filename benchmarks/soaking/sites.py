"""The town's sites over real HTTP on loopback addresses of their own, as the plan has them at the moment asked."""

from __future__ import annotations

import asyncio
import hashlib
import html
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from benchmarks.soaking.plan import LANGUAGES, Site, Story


class Asked(NamedTuple):
    """A request, when it came (hours) and how it was answered; 0 for not at all."""

    at: float
    site: str
    path: str
    status: int
    title: str  #: of the article that was sent whole, "" otherwise


class Sites:
    """The servers, in a thread of their own, and the log of what they were asked."""

    def __init__(self, town: Sequence[Site], start: datetime, hour: Callable[[], float]) -> None:
        self.log: list[Asked] = []
        self.ports: dict[str, int] = {}
        self._town, self._start, self._hour = town, start, hour
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sites", daemon=True)

    def __enter__(self) -> Self:
        """Listen at every site's address."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(60)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop answering."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def base(self, site: Site) -> str:
        """Return a site's address, without a slash behind it."""
        return f"http://{site.host}:{self.ports[site.id]}"

    def url(self, site: Site, language: str, number: int) -> str:
        """Return the address of an article."""
        return f"{self.base(site)}/{language}/news/{number}/"

    async def _listen(self) -> None:
        for site in self._town:
            server = await asyncio.start_server(self._talk(site), site.host, 0)
            self.ports[site.id] = server.sockets[0].getsockname()[1]

    def _talk(self, site: Site) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while head := await reader.readuntil(b"\r\n\r\n"):
                    answer = self._answer(site, head.decode("latin-1"))
                    if not answer:
                        break
                    writer.write(answer)
                    await writer.drain()
            writer.close()

        return talk

    def _answer(self, site: Site, head: str) -> bytes:
        now, lines = self._hour(), head.split("\r\n")
        path = lines[0].split()[1]
        asked = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        status, body, title = _page(site, path, now, self._start, self.base(site))
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and asked.get("if-none-match") == tag:
            status, body, title = 304, b"", ""
        self.log.append(Asked(now, site.id, path, status, title))
        if not status:
            return b""
        kind = "text/plain" if path == "/robots.txt" else "text/html"
        text = f"HTTP/1.1 {status} x\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        return f"{text}ETag: {tag}\r\n\r\n".encode() + body


def _page(site: Site, path: str, now: float, start: datetime, base: str) -> tuple[int, bytes, str]:
    """Return status, body and the article's title."""
    failing = site.failing(now)
    if failing in ("down", "error"):
        return (0 if failing == "down" else 500), b"", ""
    if path == "/robots.txt":
        return 200, b"User-agent: *\nDisallow:\n", ""
    if failing == "noise":
        return 200, random.Random(path).randbytes(3200), ""
    language, news, *rest = [*path.strip("/").split("/"), "", ""]
    if news == "news" and language in LANGUAGES and rest[0]:
        return _news(site, language, rest[0], now, start, base)
    found = news == "news" and language in LANGUAGES
    return (200, _listing(site, language, now, failing), "") if found else (404, b"", "")


def _news(site: Site, language: str, number: str, now: float, start: datetime, base: str) -> tuple[int, bytes, str]:
    """Return status, body and title where an article stands, stood or never did."""
    story = next((one for one in site.stories if str(one.number) == number), None)
    if story is None or story.shown.get(language, now + 1) > now:
        return 404, b"", ""
    if story.gone is not None and now >= story.gone:
        return 410, b"", ""
    body, title = _article(site, story, language, now, start, base)
    return 200, body, title


def _listing(site: Site, language: str, now: float, failing: str) -> bytes:
    shown = [
        one for one in site.stories if one.shown.get(language, now + 1) <= now and (one.gone is None or now < one.gone)
    ]
    rows = "".join(
        f'<li><a href="/{language}/news/{one.number}/">{html.escape(one.title(site.id, language, now))}</a></li>'
        for one in reversed(shown)
    )
    news = "" if failing == "bare" else f'<ul class="news">{rows}</ul>'
    return f'<!doctype html><html lang="{language}"><title>{site.id}</title><body>{news}</body></html>'.encode()


def _article(site: Site, story: Story, language: str, now: float, start: datetime, base: str) -> tuple[bytes, str]:
    title = story.title(site.id, language, now)
    at = start + timedelta(hours=story.shown[language])
    text = "".join(f"<p>{html.escape(line)}</p>" for line in story.paragraphs(site.id, language, now))
    others = "".join(
        f'<link rel="alternate" hreflang="{one}" href="{base}/{one}/news/{story.number}/">'
        for one, since in story.shown.items()
        if since <= now
    )
    page = (
        f'<!doctype html><html lang="{language}"><head><title>{html.escape(title)}</title>{others}'
        f'<meta property="article:published_time" content="{at.isoformat()}"></head>'
        f'<body><article><h1>{html.escape(title)}</h1><div class="text">{text}</div></article></body></html>'
    )
    return page.encode(), title
