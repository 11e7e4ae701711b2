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
import hashlib
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpcore
import httpx

from pipeline import address
from pipeline.clock import Clock
from pipeline.collect import answer, challenge, robots
from pipeline.collect.browser import Browser
from pipeline.collect.guard import Guard
from pipeline.collect.hosts import Hosts
from pipeline.collect.journey import Journey
from pipeline.collect.proxy import Tunnels
from pipeline.collect.robots import Robots, RobotsFile
from pipeline.collect.route import Route, route_of, trust
from pipeline.collect.switchboard import Switchboard
from pipeline.collect.transport import GuardedBackend, GuardedTransport, Resolver, resolve
from pipeline.errors import FetchError
from pipeline.model import Fetch, FetchedPage, Publisher, Source, Validators

# Failures that say more about the site than "robots" would: no page of it would answer either.
_SITE_DOWN = frozenset({"dns", "tls", "refused", "timeout", "blocked-address", "proxy"})


class Fetcher:
    """What asks for pages in a run; an async context manager.

    `robots_cache` seeds the robots.txt known from earlier runs (origin → file); what is known
    after the run stands in `robots_files`, how the asking went is told once by `take_robots_fetches`.
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
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.clock = clock
        self.hosts = hosts or Hosts(clock)
        self._cache = dict(robots_cache or {})
        self._robots: dict[str, Robots] = {}
        self._asked: dict[str, Fetch] = {}
        self._untold: list[Fetch] = []
        self._locks: dict[str, asyncio.Lock] = {}
        self._agent = user_agent(publisher)
        self._guard = guard
        self._resolver = resolver
        self._network = network
        self._tls = tls
        self._environment = environment or {}
        self._ways: dict[Route, GuardedTransport] = {}
        self._board = Switchboard()
        self._browser = Browser(self._environment, self._agent)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._browser.close()
        await self.rest()

    async def rest(self) -> None:
        """Close what was held open for a next request, as none comes for a while."""
        await self._board.close()

    @property
    def robots_files(self) -> dict[str, RobotsFile]:
        """The conclusive robots.txt of every origin met or seeded, to seed the next run with."""
        met = {origin: rules.file for origin, rules in self._robots.items()}
        return {origin: file for origin, file in sorted({**self._cache, **met}.items()) if file.conclusive}

    def know_robots(self, files: Mapping[str, RobotsFile]) -> None:
        """Take over robots.txt files that somebody else has asked for."""
        self._cache |= files

    def take_robots_fetches(self) -> tuple[Fetch, ...]:
        """Return how the requests for robots.txt since the last call ended, in the order they were made."""
        told, self._untold = tuple(self._untold), []
        return told

    async def fetch(
        self, url: str, *, source: Source, validators: Validators | None = None, role: str = "article"
    ) -> Fetch:
        """Ask for url and return how it ended; a failure of the network is a kind, never an exception.

        role: "listing" (any kind of text), "api" (JSON rather), "article" (HTML only), "part" (anything) or
        "robots" (no robots.txt asked first, cut at its cap). Time limit: source.timeout for the
        whole request with its redirects, waiting for the host's turn not counted.
        """
        shown = source.render == "browser" and role in ("listing", "article")
        known = validators or Validators()
        # A page that scripts fill may be new though it came unchanged.
        journey = Journey(self, source, role, Validators() if shown else known, url)
        at = self.clock.now()
        try:
            end = await journey.follow()
            if shown and end.page is not None and answer.is_html(end.page):
                end = await self._shown(end.page, source, known)
        except FetchError as error:
            end = Fetch(source.id, url, error.kind, at, detail=error.detail, retry_after=error.retry_after)
        if end.retry_after and role in ("listing", "api", "robots"):
            self.hosts.hold(journey.url, end.retry_after)
        sent = bool(journey.validators.etag or journey.validators.last_modified)
        return replace(end, at=at, seconds=round(journey.spent, 3), conditional=sent and journey.asked)

    async def _shown(self, page: FetchedPage, source: Source, known: Validators) -> Fetch:
        """Return a page as a browser shows it; raises FetchError where it cannot."""

        async def ask(url: str) -> Fetch:
            return await self.fetch(url, source=source, role="part")

        html = await self._browser.show(page, ask, source.timeout.total_seconds(), source.pause.total_seconds())
        body = html.encode("utf-8", errors="replace")
        who = challenge.maker(page.status, {}, body)
        if who:
            raise FetchError("challenge", page.url, f"{who} wants to see a person")
        digest = hashlib.sha256(body).hexdigest()
        headers = {**page.headers, "content-type": "text/html; charset=utf-8"}
        page = replace(page, body=body, headers=headers, digest=digest)
        kind = "same-digest" if digest == known.digest else "ok"
        return Fetch(page.source, page.asked, kind, page.fetched_at, size=len(body), page=page)

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
            if origin not in self._robots or self._outdated(origin):
                file = await self._file(origin, source)
                # Beside the loop: half a megabyte of rules takes its time.
                self._robots[origin] = await asyncio.to_thread(Robots, file)
            return self._robots[origin]

    def _outdated(self, origin: str) -> bool:
        """Whether the rules of an origin are to be asked for again: `watch` keeps one Fetcher for weeks."""
        file, asked = self._robots[origin].file, self._asked.get(origin)
        known_since = max(file.fetched_at, asked.at) if asked else file.fetched_at
        conclusive = file.conclusive and (asked is None or asked.good or asked.kind.startswith("status-4"))
        return self.clock.now() - known_since >= (robots.MAX_AGE if conclusive else robots.RETRY)

    async def _file(self, origin: str, source: Source) -> RobotsFile:
        known = self._cache.get(origin)
        if known and known.fresh(self.clock.now()):
            return known
        asked = await self.fetch(f"{origin}/robots.txt", source=source, role="robots")
        self._asked[origin] = asked
        self._untold.append(asked)
        file = answer.robots_file(asked)
        # RFC 9309 §2.4: an old file counts while a new one cannot be had.
        return known if known and known.conclusive and not file.conclusive else file

    async def send(self, request: httpx.Request, source: Source) -> httpx.Response:
        """Send one request as it stands, by its source's way; the body is still to be read."""
        return await self._way(route_of(source, self._environment)).handle_async_request(request)

    def _way(self, route: Route) -> GuardedTransport:
        """Return what goes this way; no client around it, as redirects and cookies are `Journey`'s."""
        if route not in self._ways:
            network = Tunnels(route.proxy, self._network) if route.proxy else self._network
            backend = GuardedBackend(self._guard, self._resolver, network)
            # What TLS to a proxy has in hand of TLS to a site cannot be looked at, so nothing is asked after it.
            board = None if route.proxy.lower().startswith("https:") else self._board
            self._ways[route] = GuardedTransport(backend, partial(self._trusted, route), board)
        return self._ways[route]

    def _trusted(self, route: Route) -> ssl.SSLContext:
        return self._tls if self._tls and not route.ca else trust(route)

    def request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        """Build a request that says who we are."""
        ours = {
            "User-Agent": self._agent,
            # zstd is understood but not asked for: servers that insist are rare, bombs are not.
            "Accept-Encoding": "gzip, deflate, br",
        }
        try:
            return httpx.Request("GET", url, headers={**ours, **headers})
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError("protocol", url, f"not an address that can be asked: {error}") from error


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
