"""The sample sites on loopback, over real HTTP, with switches to make them misbehave.

    with DemoSites(port=0) as sites:
        sites.addresses["bureau"]          # http://127.0.0.1:…
        sites.release("bureau/1431.en")    # a translation arrives late
        sites.edit("bureau", "/news/1431/", title="…")
        sites.break_site("cluster-blog", how="down")
        sites.requests                     # everything that was asked

One port a site. What the pages look like is in `pages`, how HTTP goes in `answers`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

from demo.answers import Answer, Server, of_page, plain
from demo.articles import DemoArticle, load, newest_first
from demo.pages import Page, build
from demo.site import SITE_IDS, DemoSite, load_site

SOURCES = Path(__file__).with_name("sources.yaml")
HOST = "127.0.0.1"
PORT = 8701  #: of the first site; the others follow
BREAKS = ("down", "garbage", "busy")
_BLOCK = 10  # how far to move on when a port of the block is taken
_TRIES = 20


class Request(NamedTuple):
    """One request a site received, and how it was answered (0: not at all)."""

    at: float  #: seconds since 1970
    site: str
    method: str
    path: str
    conditional: dict[str, str]  #: If-None-Match, If-Modified-Since as sent
    status: int


@dataclass(slots=True)
class _State:
    """What a site shows at the moment."""

    site: DemoSite
    articles: tuple[DemoArticle, ...]
    base: str = ""
    broken: str = ""
    removed: set[str] = field(default_factory=set)  # paths that now answer 410
    pages: dict[str, Page] = field(default_factory=dict)

    def shown(self) -> tuple[DemoArticle, ...]:
        return tuple(each for each in self.articles if not each.held and self.site.path(each) not in self.removed)

    def rebuild(self) -> None:
        """Make the pages anew; one whose bytes stay keeps its Last-Modified, any other gets a later one."""
        fresh = build(self.site, self.shown(), self.base)
        self.pages = {path: _dated(self.pages.get(path), page) for path, page in fresh.items()}

    def answer(self, path: str, asked: Mapping[str, str]) -> Answer | None:
        if self.broken == "down":
            return None
        if self.broken == "garbage":
            return Answer(200, {"Content-Type": "text/html"}, random.Random(path).randbytes(3000))
        if self.broken == "busy":
            return plain(503, "Service Unavailable", **{"Retry-After": "60"})
        if path in self.removed:
            return plain(410, "Gone")
        # A query that no page needs is passed over, as most servers do: /news/?page=99 is the first page again.
        page = self.pages.get(path) or self.pages.get(path.partition("?")[0])
        return of_page(page, asked) if page else plain(404, "Not Found")


class DemoSites:
    """The sample sites, served as long as the `with` block lasts.

    port: of the first site, the others follow; where one is taken, the next free block.
    0 takes any free ports. Entering raises OSError where no block is free.
    """

    def __init__(self, port: int = PORT, host: str = HOST) -> None:
        self.host, self.port = host, port
        self.addresses: dict[str, str] = {}  #: site → http://host:port
        self.requests: list[Request] = []
        self._lock = threading.RLock()
        self._states = {site: _State(load_site(site), load(site)) for site in SITE_IDS}
        self._servers: dict[str, Server] = {}

    def __enter__(self) -> Self:
        for site, server in self._bind().items():
            self.addresses[site] = f"http://{self.host}:{server.server_port}"
            self._states[site].base = self.addresses[site]
            self._states[site].rebuild()
            self._run(site, server)
        return self

    def __exit__(self, *_: object) -> None:
        for site in SITE_IDS:
            self._stop(site)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The sites' host:port, in order, as `--allow-address` wants them."""
        return tuple(address.partition("//")[2] for address in self.addresses.values())

    def articles(self, site: str) -> tuple[DemoArticle, ...]:
        """Return what a site shows now, newest first."""
        return self._states[site].shown()

    def url(self, article: DemoArticle) -> str:
        """Return the full address of an article."""
        return self.addresses[article.site] + self._states[article.site].site.path(article)

    def sources_yaml(self) -> str:
        """Return demo/sources.yaml with the addresses where the sites stand."""
        text = SOURCES.read_text("utf-8")
        for site, address in self.addresses.items():
            text = text.replace(f"http://{site}.example", address)
        return text

    # ── what may be changed while they run ──────────────────────────────────────
    def release(self, key: str) -> DemoArticle:
        """Show an article held back so far, `site/name.language`: its page and its listing entry. Raises KeyError."""
        site = key.partition("/")[0]
        held = {each.key: each for each in self._states[site].articles if each.held}
        return self._put(held[key], replace(held[key], held=False))

    def edit(
        self, site: str, path: str, *, title: str | None = None, paragraphs: Sequence[str] | None = None
    ) -> DemoArticle:
        """Correct the article at path; what is not given stays. Raises KeyError."""
        old = self._at(site, path)
        kept = old.paragraphs if paragraphs is None else tuple(paragraphs)
        return self._put(old, replace(old, title=old.title if title is None else title, paragraphs=kept))

    def remove(self, site: str, path: str) -> None:
        """Withdraw the article at path: 410, and gone from every listing. Raises KeyError."""
        self._at(site, path)
        with self._lock:
            self._states[site].removed.add(path)
            self._states[site].rebuild()

    def break_site(self, site: str, how: str = "down") -> None:
        """Make a site misbehave: down (refuses connections), garbage (200 and noise), busy (503). Raises ValueError."""
        if how not in BREAKS:
            raise ValueError(f"how={how!r}: should be one of {', '.join(BREAKS)}")
        self._states[site].broken = how
        if how == "down":
            self._stop(site)

    def mend(self, site: str) -> None:
        """Make a broken site well again, at the same address."""
        self._states[site].broken = ""
        if site not in self._servers:
            port = int(self.addresses[site].rpartition(":")[2])
            self._run(site, self._server(site, port))

    def _at(self, site: str, path: str) -> DemoArticle:
        return {self._states[site].site.path(each): each for each in self.articles(site)}[path]

    def _put(self, old: DemoArticle, new: DemoArticle) -> DemoArticle:
        state = self._states[new.site]
        with self._lock:
            state.articles = newest_first(new if each is old else each for each in state.articles)
            state.rebuild()
        return new

    # ── serving ─────────────────────────────────────────────────────────────────
    def _bind(self) -> dict[str, Server]:
        for block in range(_TRIES if self.port else 1):
            bound: dict[str, Server] = {}
            try:
                for place, site in enumerate(SITE_IDS):
                    bound[site] = self._server(site, self.port + block * _BLOCK + place if self.port else 0)
            except OSError:
                for server in bound.values():
                    server.server_close()
            else:
                return bound
        raise OSError(f"no {len(SITE_IDS)} free ports in a row found from {self.port} on; choose others with --port")

    def _server(self, site: str, port: int) -> Server:
        return Server((self.host, port), partial(self._respond, site))

    def _run(self, site: str, server: Server) -> None:
        self._servers[site] = server
        threading.Thread(target=server.serve_forever, args=(0.05,), name=f"demo {site}", daemon=True).start()

    def _stop(self, site: str) -> None:
        server = self._servers.pop(site, None)
        if server:
            server.shutdown()
            server.server_close()

    def _respond(self, site: str, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
        with self._lock:
            answer = self._states[site].answer(path, headers)
            conditional = {name: headers[name] for name in ("If-None-Match", "If-Modified-Since") if name in headers}
            self.requests.append(Request(time.time(), site, method, path, conditional, answer.status if answer else 0))
        return answer


def _dated(old: Page | None, new: Page) -> Page:
    if old is None or old.body == new.body:
        return old or new
    return replace(new, modified=max(new.modified, old.modified + timedelta(minutes=1)))
