"""A store as a pass over the sample sites would leave it, made without network and children; and a browser for it.

Only declared versions are missing: every pair stands by its texts alone, so some are doubtful.
"""

from __future__ import annotations

import http.cookies
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
from fastapi import FastAPI

from demo import articles as demo
from pipeline import clock, sources
from pipeline.review import app, office, passwords
from pipeline.review.throttle import Throttle
from pipeline.settings import Settings
from pipeline.store import User, open_store
from tests.publish.press import Press

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SITES = ("bureau", "cluster-blog", "instruments", "science-park")
SOURCES = demo.SITES.parent / "sources.yaml"


def build(folder: Path) -> None:
    """Make store, feeds and sources.yaml in folder: 77 articles of the sample sites, paired and published."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_bytes(SOURCES.read_bytes())
    press = Press(folder, sources.load(folder / "sources.yaml"))
    press.now = NOW
    for site in SITES:
        for one in reversed(demo.load(site)):
            url = f"http://{site}.example/{'news' if one.language == 'ru' else 'en/news'}/{one.name}"
            press.arrive(url, one.title, one.text, of=site, at=one.at)
    press.go(seconds=0)
    press.store.search.catch_up()
    for role in ("reader", "analyst", "operator"):
        press.store.users.add(User(role, role, _hashed()), NOW)
    press.close()


def settings(folder: Path, now: datetime = NOW) -> Settings:
    """Return the settings of an installation that `build` made; its clock stands at NOW."""
    return Settings(folder / "sources.yaml", folder / "store", folder / "feeds", (), clock.frozen(now))


def opened(folder: Path, *, loopback: bool = True) -> office.Office:
    """Open the office of an installation that `build` made; close its `store` and `press` when done."""
    made = settings(folder)
    room = office.opened(made, open_store(made.store), loopback=loopback, local_name="ada")
    # Buckets that do not fill again, however slow the machine.
    stands = {"clock": lambda: 0.0}
    return replace(
        room, calls=Throttle(500, 1, **stands), logins=Throttle(5, 1, **stands), strangers=Throttle(20, 1, **stands)
    )


def served(room: office.Office) -> FastAPI:
    """Return the server with the desk alone."""
    made = FastAPI(openapi_url=None)
    app.part(room)(made)
    return made


@dataclass
class Desk:
    """A browser without scripts at the desk: cookies, redirects, forms with their tokens. No network is involved."""

    app: FastAPI
    base: str = "http://localhost:8080"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    follow: bool = True

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, such as "/desk/"."""
        return self._ask("GET", path, headers=headers)

    def post(self, path: str, data: dict | None = None, *, page: str = "/desk/login", **headers: str) -> httpx.Response:
        """Send a form with the token that the browser was given (on `page`, where it has none yet)."""
        return self._ask("POST", path, data={"csrf": self.csrf(page), **(data or {})}, headers=headers)

    def csrf(self, page: str = "/desk/login") -> str:
        """Return the token that forms carry."""
        return re.search(r'name="csrf" content="([0-9a-f]+)"', self.get(page).text)[1]

    def log_in(self, name: str) -> Desk:
        """Log in as one of the three: reader, analyst, operator."""
        self.post("/desk/login", {"name": name, "password": PASSWORD})
        assert "nevawire_session" in self.cookies
        return self

    def _ask(self, method: str, path: str, *, data=None, headers=None, json=None) -> httpx.Response:
        for _ in range(5):
            answer = self._once(method, path, data=data, headers=headers, json=json)
            if not (self.follow and answer.is_redirect):
                return answer
            method, path, data = "GET", answer.headers["location"], None
        raise AssertionError(f"redirected for ever: {path}")

    def _once(self, method: str, path: str, **more) -> httpx.Response:
        words = {name: value for name, value in more.items() if value is not None}
        headers = {**self.headers, **{k.replace("_", "-"): v for k, v in words.pop("headers", {}).items()}}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = run(self.app, method, self.base + path, headers=headers, **words)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
        return answer


def run(app: FastAPI, method: str, url: str, **more) -> httpx.Response:
    """Ask an application without a server."""
    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, url, **more)

    with ThreadPoolExecutor(1) as pool:  # a real browser, where one was started, has a loop running in this one
        return pool.submit(lambda: asyncio.run(ask())).result()


def _hashed(made: dict[str, str] = {}) -> str:  # noqa: B006 - one hash for all: hashing is slow on purpose
    return made.setdefault("one", passwords.hashed(PASSWORD))
