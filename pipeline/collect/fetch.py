"""Polite, guarded HTTP: one address → one `Fetch`, whatever the network does.

What a request does, in order:

    robots.txt allows it? ─► the host's turn ─► connect where the guard lets us ─► headers, body
        ▲                                                                              │
        └────────── each redirect, at most 8, starts again from here ◄─────────────────┘

Redirects are followed here, not by httpx, so that each hop meets robots.txt, the pace of its
host and the guard. What an answer means is decided in `answer`.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpcore
import httpx

from pipeline import address
from pipeline.clock import Clock
from pipeline.collect import answer, robots
from pipeline.collect.body import Body
from pipeline.collect.guard import Guard
from pipeline.collect.hosts import Hosts
from pipeline.collect.robots import Robots, RobotsFile
from pipeline.collect.transport import GuardedBackend, GuardedTransport, Resolver, resolve
from pipeline.errors import FetchError
from pipeline.model import Fetch, Publisher, Source, Validators

MAX_REDIRECTS = 8
MAX_BODY = 8 * 2**20
MAX_HEADERS = 64 * 1024

_ACCEPT = {
    "article": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "listing": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}
# Failures that say more about the site than "robots" would: no page of it would answer either.
_SITE_DOWN = frozenset({"dns", "tls", "refused", "timeout", "blocked-address"})


class Fetcher:
    """The one HTTP client of a run; an async context manager.

    `robots_cache` seeds the robots.txt known from earlier runs (origin → file); what is known
    after the run stands in `robots_files`, how the asking went in `robots_fetches`.
    """

    def __init__(
        self,
        *,
        guard: Guard,
        publisher: Publisher,
        clock: Clock,
        hosts: Hosts | None = None,
        robots_cache: Mapping[str, RobotsFile] | None = None,
        resolver: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.clock = clock
        self.hosts = hosts or Hosts(clock)
        self._cache = dict(robots_cache or {})
        self._robots: dict[str, Robots] = {}
        self._asked: dict[str, Fetch] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._agent = user_agent(publisher)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(
                GuardedBackend(guard, resolver, network), tls or httpx.create_ssl_context(trust_env=False)
            ),
            # The client itself keeps no cookies; `_Journey` does, for one chain of redirects.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            timeout=None,  # noqa: S113 - it restarts with every byte; the wall clock in `_Journey` does not
            event_hooks={"response": [_hide_location]},
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    @property
    def robots_files(self) -> dict[str, RobotsFile]:
        """The conclusive robots.txt of every origin met or seeded, to seed the next run with."""
        met = {origin: rules.file for origin, rules in self._robots.items()}
        return {origin: file for origin, file in sorted({**self._cache, **met}.items()) if file.conclusive}

    @property
    def robots_fetches(self) -> tuple[Fetch, ...]:
        """How the requests for robots.txt ended, in the order they were made."""
        return tuple(self._asked.values())

    async def fetch(
        self, url: str, *, source: Source, validators: Validators | None = None, role: str = "article"
    ) -> Fetch:
        """Ask for url and return how it ended; a failure of the network is a kind, never an exception.

        role: "listing" (any kind of text), "article" (HTML only) or "robots" (no robots.txt asked
        first, cut at its cap). Time limit: source.timeout for the whole request with its
        redirects, waiting for the host's turn not counted.
        """
        journey = _Journey(self, source, role, validators or Validators(), url)
        at = self.clock.now()
        try:
            end = await journey.follow()
        except FetchError as error:
            end = Fetch(source.id, url, error.kind, at, detail=error.detail, retry_after=error.retry_after)
        if end.retry_after and role in ("listing", "robots"):
            self.hosts.hold(journey.url, end.retry_after)
        sent = bool(journey.validators.etag or journey.validators.last_modified)
        return replace(end, at=at, seconds=round(journey.spent, 3), conditional=sent and journey.asked)

    async def permit(self, url: str, source: Source) -> timedelta:
        """Return the pause url's host asks for; raises FetchError where robots.txt forbids url."""
        origin = address.origin(url)
        rules = await self._rules(origin, source)
        refusal = rules.refusal(url)
        asked = self._asked.get(origin)
        if refusal and asked and not rules.file.conclusive:
            if asked.kind in _SITE_DOWN:
                raise FetchError(asked.kind, url, asked.detail, retry_after=asked.retry_after)
            raise FetchError("robots", url, f"{refusal} ({asked.detail})", retry_after=asked.retry_after)
        if refusal:
            raise FetchError("robots", url, refusal)
        return rules.delay

    async def _rules(self, origin: str, source: Source) -> Robots:
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._robots:
                self._robots[origin] = Robots(await self._file(origin, source))
            return self._robots[origin]

    async def _file(self, origin: str, source: Source) -> RobotsFile:
        known = self._cache.get(origin)
        if known and known.fresh(self.clock.now()):
            return known
        asked = await self.fetch(f"{origin}/robots.txt", source=source, role="robots")
        self._asked[origin] = asked
        file = answer.robots_file(asked)
        # RFC 9309 §2.4: an old file counts while a new one cannot be had.
        return known if known and known.conclusive and not file.conclusive else file

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send one request as it stands; the body is still to be read."""
        return await self._client.send(request, stream=True)

    def request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        """Build a request that says who we are."""
        ours = {
            "User-Agent": self._agent,
            # zstd is understood but not asked for: servers that insist are rare, bombs are not.
            "Accept-Encoding": "gzip, deflate, br",
            "Connection": "close",
        }
        try:
            return self._client.build_request("GET", url, headers={**ours, **headers})
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError("protocol", url, f"not an address that can be asked: {error}") from error


class _Journey:
    """One request and its redirects: where it is, how long it took, what it carries."""

    def __init__(self, fetcher: Fetcher, source: Source, role: str, validators: Validators, url: str) -> None:
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
        if address.origin(answer.without_userinfo(self.url)) == address.origin(answer.without_userinfo(self._start)):
            headers.update(answer.credentials(self._start))
        return headers

    async def _exchange(self, request: httpx.Request) -> Fetch | str:
        self._cookies.set_cookie_header(request)
        self.asked = True
        response = await self._fetcher.send(request)
        try:
            if sum(len(name) + len(value) + 4 for name, value in response.headers.raw) > MAX_HEADERS:
                raise FetchError("too-large", self.url, f"more than {MAX_HEADERS} bytes of headers")
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
        if not answer.worth_reading(response, self._role):
            return b""
        limit = robots.MAX_BYTES if self._role == "robots" else MAX_BODY
        body = Body(self.url, response.headers.get("content-encoding", ""), limit)
        try:
            async for chunk in response.aiter_raw():
                body.add(chunk)
        except FetchError as error:
            if self._role == "robots" and error.kind == "too-large":
                return body.so_far()
            raise
        return body.whole()


async def _hide_location(response: httpx.Response) -> None:
    """Keep a redirect's target from httpx, which parses even those it does not follow, and raises on odd ones."""
    response.extensions["location"] = response.headers.pop("location", None)


def user_agent(publisher: Publisher) -> str:
    """Return how we name ourselves: product, version, and where the operator can be reached."""
    try:
        release = version("nevawire")
    except PackageNotFoundError:
        release = "0"
    reach = "; ".join(
        quote(part, safe=":/@.+?&=~ ,()'!*;[]#%-_") for part in (publisher.home, publisher.contact) if part
    )
    return f"{robots.AGENT}/{release} (+{reach})" if reach else f"{robots.AGENT}/{release}"
