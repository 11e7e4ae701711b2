"""One listing, walked from its first page to where nothing new stands.

    first page, conditionally ─► unchanged? done
        └► read ─► links ─► any unknown, and pages left? ─► next page ─► read …

Fetching and reading are arguments: `read` is a coroutine that runs `read_page` where a hostile
page can do no harm (a child process that can be killed). Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from pipeline import address
from pipeline.collect.api import read_api
from pipeline.collect.fetch import Fetcher
from pipeline.collect.kinds import kind_of
from pipeline.collect.listing import numbered_page, read_listing
from pipeline.collect.reading import Reading
from pipeline.collect.sitemap import read_sitemap
from pipeline.collect.syndication import read_feed
from pipeline.errors import ListingError
from pipeline.model import Fetch, FetchedPage, Link, Listing, Profile, Source, Validators

Read = Callable[[FetchedPage, Listing], Awaitable[Reading]]

#: Sitemaps an index may lead to in one pass.
MAX_CHILDREN = 20
# A page past the end of a listing is often simply not there.
_GONE = frozenset({"status-404", "status-410"})


@dataclass(frozen=True, slots=True)
class Walk:
    """What walking a listing brought: how each request ended, and the articles announced."""

    listing: Listing
    fetches: tuple[Fetch, ...]
    links: tuple[Link, ...] = ()
    group: str = ""  #: for Profile.link_groups[listing.url]; "" where there is nothing to remember
    failure: tuple[str, str] | None = None  #: kind, detail; links that were found stand all the same
    unchanged: bool = False  #: not modified since last time, so not read


def read_page(page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    """Read one page of a listing, whichever kind it is; raises ListingError where it cannot be read."""
    kind = kind_of(page, listing)
    if kind == "feed":
        return read_feed(page, listing)
    if kind == "sitemap":
        return read_sitemap(page, listing)
    if kind == "api":
        return read_api(page, listing, profile)
    return read_listing(page, listing, profile)


async def walk(
    source: Source,
    listing: Listing,
    *,
    fetcher: Fetcher,
    validators: Validators | None,
    known: Callable[[str], bool],
    read: Read,
) -> Walk:
    """Walk a listing at most `listing.pages` deep, stopping at the first page without an unknown link.

    known tells whether an article's address has been seen before. Failures are values: kinds of
    `model.FETCH_KINDS`, of ListingError, or "no-links", "shrink" and "drift".
    """
    return await _Walker(source, listing, fetcher, known, read).walk(validators)


class _Walker:
    def __init__(
        self, source: Source, listing: Listing, fetcher: Fetcher, known: Callable[[str], bool], read: Read
    ) -> None:
        self._source = source
        self._listing = listing
        self._fetcher = fetcher
        self._known = known
        self._read = read
        self._fetches: list[Fetch] = []
        self._links: dict[str, Link] = {}
        self._failure: tuple[str, str] | None = None

    async def walk(self, validators: Validators | None) -> Walk:
        first = await self._visit(self._listing.url, validators)
        if self._fetches[-1].kind in ("not-modified", "same-digest"):
            return Walk(self._listing, tuple(self._fetches), unchanged=True)
        if first is not None:
            fresh = self._take(first)
            await (self._children(first) if first.children else self._deeper(first, fresh=fresh))
        if self._failure is None:
            self._failure = self._unexpected(first)
        links = tuple(replace(link, place=place) for place, link in enumerate(self._links.values()))
        group = first.group if first else ""
        return Walk(self._listing, tuple(self._fetches), links, group, self._failure)

    async def _visit(self, url: str, validators: Validators | None = None) -> Reading | None:
        """Return what stands at url; None, with the failure noted, where nothing can be read."""
        fetch = await self._fetcher.fetch(url, source=self._source, validators=validators, role="listing")
        self._fetches.append(fetch)
        if fetch.page is None or fetch.kind == "same-digest":
            if not fetch.good and not (fetch.kind in _GONE and len(self._fetches) > 1):
                self._failure = (fetch.kind, fetch.detail)
            return None
        try:
            return await self._read(fetch.page, self._listing)
        except ListingError as error:
            self._failure = (error.kind, error.detail)
            return None

    def _take(self, reading: Reading) -> bool:
        """Add a page's links; tell whether any of them is unknown and was not on an earlier page."""
        fresh = False
        for link in reading.links:
            key = address.key(link.url)
            if key not in self._links:
                self._links[key] = link
                fresh = fresh or not self._known(link.url)
        return fresh

    async def _deeper(self, reading: Reading, *, fresh: bool) -> None:
        """Go on page by page while each brings something unknown."""
        visited = {self._listing.url}
        for number in range(2, self._listing.pages + 1):
            url = numbered_page(self._listing, number) or reading.next
            if not fresh or url is None or url in visited:
                return
            visited.add(url)
            following = await self._visit(url)
            if following is None:
                return
            reading, fresh = following, self._take(following)

    async def _children(self, index: Reading) -> None:
        """Read the sitemaps an index names, newest first; they are sections, so all are looked at."""
        for url in index.children[:MAX_CHILDREN]:
            child = await self._visit(url)
            if child is not None:
                self._take(child)

    def _unexpected(self, first: Reading | None) -> tuple[str, str] | None:
        found, expected = len(self._links), self._source.expect.links
        if found == 0:
            looked = f"the selector {self._listing.links!r} matches" if self._listing.links else "it shows"
            return ("no-links", f"{looked} no article link") if expected else None
        if first is not None and first.drifted:
            return "drift", f"the links of earlier visits are gone; took {first.group!r} instead"
        if found < expected:
            return "shrink", f"{found} links, expected at least {expected}"
        return None
