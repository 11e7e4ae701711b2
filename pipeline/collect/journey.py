"""One request with its redirects: where it is, how long it took, what it carries.

Each hop meets robots.txt, the pace of its host and the guard anew. What is shared by
all requests of a run stands in `fetch`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import httpx

from pipeline import address
from pipeline.clock import Clock
from pipeline.collect import answer, challenge, robots, switchboard
from pipeline.collect.body import Body
from pipeline.collect.hosts import Hosts
from pipeline.errors import FetchError
from pipeline.model import Fetch, Source, Validators

MAX_REDIRECTS = 8
MAX_BODY = 8 * 2**20
MAX_HEADERS = 64 * 1024
#: Share of a request's time that looking at the body of a failure may take.
_GLANCE = 0.3

_PAGES = "text/html,application/xhtml+xml"
_ACCEPT = {
    "article": f"{_PAGES};q=0.9,*/*;q=0.5",
    "listing": f"{_PAGES},application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5",
    "api": "application/json,text/html;q=0.8,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
    "part": "*/*",
}


class Sender(Protocol):
    """What a journey needs of the run's fetcher."""

    clock: Clock
    hosts: Hosts

    async def permit(self, url: str, source: Source) -> timedelta:
        """Return the pause url's host asks for; raises FetchError where robots.txt forbids url."""

    def request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        """Build a request that says who we are."""

    async def send(self, request: httpx.Request, source: Source) -> httpx.Response:
        """Send one request as it stands; the body is still to be read."""


class Journey:
    """One request and its redirects: where it is, how long it took, what it carries."""

    def __init__(self, fetcher: Sender, source: Source, role: str, validators: Validators, url: str) -> None:
        self._fetcher = fetcher
        self._source = source
        self._role = role
        self.validators = validators
        self._start = url
        self.url = url.partition("#")[0]
        self.spent = 0.0
        self.asked = False
        self._cookies = httpx.Cookies()

    async def follow(self) -> Fetch:
        """Return how the journey ends; raises FetchError where it ends badly."""
        seen: set[tuple[str, str]] = set()
        for _ in range(MAX_REDIRECTS + 1):
            self._check(seen)
            end = await self._hop()
            if isinstance(end, Fetch):
                return end
            if address.origin(end) != address.origin(self.url):
                self._cookies = httpx.Cookies()  # what one origin gave is not told to another
            self.url = end
        raise FetchError("redirects", self.url, f"more than {MAX_REDIRECTS} redirects")

    def _check(self, seen: set[tuple[str, str]]) -> None:
        answer.refuse_scheme(self.url)
        state = (self.url, repr(sorted((c.name, c.value or "") for c in self._cookies.jar)))
        if state in seen:
            raise FetchError("redirects", self.url, "the redirects go round in a circle")
        seen.add(state)

    async def _hop(self) -> Fetch | str:
        """Return the end of the journey, or the next address."""
        request = self._fetcher.request(answer.without_userinfo(self.url), self._headers())
        pause = self._source.pause
        if self._role != "robots":
            pause = max(pause, await self._fetcher.permit(str(request.url), self._source))
        if pause.total_seconds() >= switchboard.IDLE:  # no line is held for so long
            request.headers["Connection"] = "close"
        async with self._fetcher.hosts.turn(str(request.url), pause):
            left = self._source.timeout.total_seconds() - self.spent
            began = time.monotonic()
            try:
                async with asyncio.timeout(max(left, 0.0)):
                    return await self._exchange(request)
            except TimeoutError as error:
                limit = f"no whole answer within {self._source.timeout.total_seconds():g} s"
                raise FetchError("timeout", self.url, limit) from error
            finally:
                self.spent += time.monotonic() - began

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": _ACCEPT[self._role], **answer.condition(self.validators)}
        if self._role == "api":  # what scripts say; some servers answer the whole page otherwise
            headers["X-Requested-With"] = "XMLHttpRequest"
        if address.origin(answer.without_userinfo(self.url)) == address.origin(answer.without_userinfo(self._start)):
            headers.update(answer.credentials(self._start))
        return headers

    async def _exchange(self, request: httpx.Request) -> Fetch | str:
        if self._cookies:  # most journeys have none, and to look for those that fit takes its time
            self._cookies.set_cookie_header(request)
        self.asked = True
        response = await self._fetcher.send(request, self._source)
        try:
            if sum(len(name) + len(value) + 4 for name, value in response.headers.raw) > MAX_HEADERS:
                raise FetchError("too-large", self.url, f"more than {MAX_HEADERS} bytes of headers")
            if "set-cookie" in response.headers:  # most answers set none, and to look for them takes its time
                self._cookies.extract_cookies(response)
            following = answer.redirect(response, self.url)
            if following:
                return following
            body = await self._body(response)
            seen = answer.Seen(self._source.id, self._start, str(request.url), self._role, self.validators)
            return answer.judge(seen, response, body, self._fetcher.clock.now())
        finally:
            await response.aclose()

    async def _body(self, response: httpx.Response) -> bytes:
        if answer.worth_a_glance(response, self._role):
            return await self._glance(response)
        if not answer.worth_reading(response, self._role):
            return b""
        limit = robots.MAX_BYTES if self._role == "robots" else MAX_BODY
        body = Body(self.url, response.headers.get("content-encoding", ""), limit)
        try:
            async for chunk in _parts(response):
                body.add(chunk)
        except FetchError as error:
            if self._role == "robots" and error.kind == "too-large":
                return body.so_far()
            raise
        return body.whole()

    async def _glance(self, response: httpx.Response) -> bytes:
        """Return the beginning of a failure's body, as far as it comes soon; its status tells the rest."""
        body = Body(self.url, response.headers.get("content-encoding", ""), challenge.REACH)
        limit = self._source.timeout.total_seconds() * _GLANCE
        try:
            async with asyncio.timeout(limit):
                async for chunk in _parts(response):
                    body.add(chunk)
        except (FetchError, TimeoutError):
            pass  # too long, broken or slow: what came is enough
        return body.so_far()


def _parts(response: httpx.Response) -> httpx.AsyncByteStream:
    """Return a body as it comes off the wire."""
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("a body that does not come asynchronously")
    return response.stream
