"""A page as a browser shows it, for sites that are empty without JavaScript.

Chromium never opens a connection of its own: every request its page makes is caught and asked for by
our fetcher, which has the guard, robots.txt and manners; names resolve to nothing for the browser, and
its proxy is a dead end, so what escaped the catching would lead nowhere. Pictures, styles,
frames, sockets and everything but GET are refused. Needs the extra nevawire[browser]
and a Chromium of the system.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pipeline.errors import ConfigError, FetchError
from pipeline.model import Fetch, FetchedPage

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright, Route

Ask = Callable[[str], Awaitable[Fetch]]

#: Requests one page may make, and bytes they may bring, before the rest is refused.
MAX_PARTS = 40
MAX_PART_BYTES = 16 * 2**20
MAX_HTML = 8 * 2**20
#: Seconds without a request after which a page is taken to be done.
QUIET = 0.5
_CLOSING = 5.0
_WANTED = frozenset({"script", "xhr", "fetch"})
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DEAD_END = "http://127.0.0.1:9"  # RFC 863: the port where nothing answers
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-pings",
    "--disable-dev-shm-usage",
    "--renderer-process-limit=1",
    "--js-flags=--max-old-space-size=256",
)


def find(environment: Mapping[str, str]) -> str:
    """Return the path of the Chromium to use; raises ConfigError where it or the extra is missing."""
    if find_spec("playwright") is None:
        raise ConfigError("render: browser needs the extra; install it with pip install 'nevawire[browser]'")
    told = environment.get("NEVAWIRE_CHROMIUM", "")
    path = shutil.which(told) if told else next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        why = f"NEVAWIRE_CHROMIUM={told} is no program" if told else "no Chromium is found on this system"
        raise ConfigError(f"render: {why}; install chromium, or set NEVAWIRE_CHROMIUM to its path")
    return path


class Browser:
    """One Chromium of a run, started when the first page needs it; shows one page at a time."""

    def __init__(self, environment: Mapping[str, str], agent: str) -> None:
        self._environment = environment
        self._agent = agent
        self._one = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None

    async def show(self, page: FetchedPage, ask: Ask, seconds: float, pause: float) -> str:
        """Return a page's HTML once its scripts are done.

        It may take `seconds`, and `pause` more for each request it makes. Raises FetchError:
        "timeout", "too-large", or "render" where the browser fails.
        """
        from playwright.async_api import Error

        async with self._one:
            context = None
            try:
                context = await self._context()
                return await _Visit(page, ask, seconds, pause).made(context)
            except Error as error:
                raise FetchError("render", page.url, f"the browser says: {str(error)[:200]}") from error
            finally:
                if context is not None:
                    await self._put_away(context)

    async def close(self) -> None:
        """End the browser, if it was ever started."""
        chromium, playwright = self._chromium, self._playwright
        self._chromium = self._playwright = None
        with suppress(Exception, TimeoutError):  # it may have died before; ending it again is all that is wanted
            if chromium is not None:
                await asyncio.wait_for(chromium.close(), _CLOSING)
        if playwright is not None:
            await playwright.stop()

    async def _context(self) -> BrowserContext:
        if self._chromium is None or not self._chromium.is_connected():
            await self.close()
            await self._start()
        assert self._chromium is not None
        return await self._chromium.new_context(
            user_agent=self._agent, service_workers="block", accept_downloads=False, locale="ru-RU"
        )

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        path = find(self._environment)
        self._playwright = await async_playwright().start()
        self._chromium = await self._playwright.chromium.launch(
            executable_path=path,
            args=list(_ARGUMENTS),
            proxy={"server": _DEAD_END},
            chromium_sandbox=os.geteuid() != 0,  # Chromium's sandbox does not work for root
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    async def _put_away(self, context: BrowserContext) -> None:
        try:
            await asyncio.wait_for(context.close(), _CLOSING)
        except Exception:  # noqa: BLE001 - whatever holds it up, the whole browser goes with it
            await self.close()


class _Visit:
    """One page being shown: what it asked for, what it got, when it was last busy."""

    def __init__(self, page: FetchedPage, ask: Ask, seconds: float, pause: float) -> None:
        self._page = page
        self._ask = ask
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + seconds
        self._busy = self._loop.time()
        self._begun = False
        self._pending = 0
        self._parts = 0
        self._bytes = 0

    async def made(self, context: BrowserContext) -> str:
        await context.route_web_socket("**/*", lambda socket: asyncio.ensure_future(socket.close()))
        await context.route("**/*", self._answer)
        tab = await context.new_page()
        opening = asyncio.ensure_future(tab.goto(self._page.url, wait_until="domcontentloaded", timeout=0))
        try:
            await self._settled(opening)
            async with asyncio.timeout_at(self._deadline + 1):
                html = await tab.content()
        except TimeoutError as error:
            raise FetchError("timeout", self._page.url, "its scripts come to no end") from error
        finally:
            opening.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await opening
        if len(html.encode("utf-8", errors="replace")) > MAX_HTML:
            raise FetchError("too-large", self._page.url, f"shown, it has more than {MAX_HTML} bytes")
        return html

    async def _settled(self, opening: asyncio.Future[Any]) -> None:
        """Wait until the page is there and asks for nothing; raises TimeoutError past the deadline."""
        while True:
            now = self._loop.time()
            if now > self._deadline:
                raise TimeoutError
            if opening.done() and opening.exception():
                opening.result()
            if opening.done() and not self._pending and now - self._busy > QUIET:
                return
            await asyncio.sleep(0.05)

    async def _answer(self, route: Route) -> None:
        from playwright.async_api import Error

        with suppress(Error):  # the page was put away meanwhile
            if not self._begun and route.request.is_navigation_request():
                self._begun = True
                await self._fulfil(route, self._page)
            elif self._wanted(route):
                await self._part(route)
            else:
                await route.abort("blockedbyclient")

    def _wanted(self, route: Route) -> bool:
        request = route.request
        fits = self._parts < MAX_PARTS and self._bytes < MAX_PART_BYTES
        return fits and request.method == "GET" and request.resource_type in _WANTED

    async def _part(self, route: Route) -> None:
        self._parts += 1
        self._pending += 1
        self._deadline += self._pause
        try:
            fetch = await self._ask(route.request.url)
            if fetch.page is None:
                await route.abort("failed")
                return
            self._bytes += fetch.size
            await self._fulfil(route, fetch.page)
        finally:
            self._pending -= 1
            self._busy = self._loop.time()

    async def _fulfil(self, route: Route, page: FetchedPage) -> None:
        origin = await route.request.header_value("origin")
        headers = {"content-type": page.headers.get("content-type", "text/html; charset=utf-8")}
        if origin:  # another host's answer is only shown to the page if it may have it; all of it is public here
            headers |= {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
        await route.fulfill(status=page.status, headers=headers, body=page.body)
