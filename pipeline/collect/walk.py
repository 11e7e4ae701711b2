"""One listing, walked from its first page to where nothing new stands.

    first page, conditionally ─► unchanged? done
        └► read ─► links ─► any unknown, and pages left? ─► next page ─► read …

Fetching and reading are arguments: `read` is a coroutine that runs `read_page` where a hostile
page can do no harm (a child process that can be killed). Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import address
from pipeline.collect.reading import Reading
from pipeline.errors import ListingError
from pipeline.model import GONE, Fetch, FetchedPage, Link, Listing, Profile, Source, Validators
from pipeline.record import dataclass

if TYPE_CHECKING:  # for children read pages, and ask for none
    from pipeline.collect.fetch import Fetcher

Read = Callable[[FetchedPage, Listing], Awaitable[Reading]]

#: Sitemaps an index may lead to in one pass.
MAX_CHILDREN = 20


@dataclass(frozen=True, slots=True)
class Walk:
    """What walking a listing brought: how each request ended, and the articles announced."""

    listing: Listing
    fetches: tuple[Fetch, ...]
    links: tuple[Link, ...] = ()
    group: str = ""  #: for Profile.link_groups[listing.url]; "" where there is nothing to remember
    failure: tuple[str, str] | None = None  #: kind, detail; links that were found stand all the same
    unchanged: bool = False  #: not modified since last time, so not read
    #: It names sitemaps: it stays the same for years while these change, so it is to be read each time.
    index: bool = False
    children: tuple[Fetch, ...] = ()  #: the sitemaps of an index that were read, for their validators


def read_page(page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    """Read one page of a listing, whichever kind it is; raises ListingError where it cannot be read."""
    from pipeline.collect import readers  # whoever only has pages read begins sooner without

    try:
        return readers.read(page, listing, profile)
    except RecursionError as error:
        raise ListingError("parse", page.url, "nested too deeply") from error


async def walk(
    source: Source,
    listing: Listing,
    *,
    fetcher: Fetcher,
    validators: Validators | None,
    known: Callable[[str], bool],
    read: Read,
    remembered: Callable[[str], Validators | None] = lambda _url: None,
) -> Walk:
    """Walk a listing at most `listing.pages` deep, stopping at the first page without an unknown link.

    known tells whether an article's address has been seen before, remembered what a conditional
    request of a sitemap that an index names needs. Failures are values: kinds of
    `model.FETCH_KINDS`, of ListingError, or "no-links", "shrink" and "drift".
    """
    listing = replace(listing, encoding=listing.encoding or source.encoding)
    # Where a listing is to be read whole, so are the sitemaps it names.
    conditions = remembered if validators else lambda _url: None
    return await _Walker(source, listing, fetcher, known, read, conditions).walk(validators)


def _index_like(listing: Listing) -> bool:
    return listing.kind == "sitemap" or (listing.kind is None and "sitemap" in listing.url.lower())


def _numbered_page(listing: Listing, number: int) -> str | None:
    """Return the address of a listing's page by its "{n}" pattern, None where it has none."""
    if not listing.next or "{n}" not in listing.next:
        return None
    return address.resolve(listing.url, listing.next.replace("{n}", str(number)))


class _Walker:
    def __init__(
        self, source: Source, listing: Listing, fetcher: Fetcher, known: Callable[[str], bool], read: Read,
        remembered: Callable[[str], Validators | None],
    ) -> None:  # fmt: skip
        self._source = source
        self._listing = listing
        self._fetcher = fetcher
        self._known = known
        self._read = read
        self._remembered = remembered
        self._fetches: list[Fetch] = []
        self._read_children: list[Fetch] = []
        self._same = 0  # children that were as last time
        self._links: dict[str, Link] = {}
        self._failure: tuple[str, str] | None = None

    async def walk(self, validators: Validators | None) -> Walk:
        first = await self._visit(self._listing.url, validators)
        if self._unchanged and not (first and first.children):
            return Walk(self._listing, tuple(self._fetches), unchanged=True)
        if first is not None:
            fresh = self._take(first)
            await (self._children(first) if first.children else self._deeper(first, fresh=fresh))
        if self._failure is None:
            self._failure = self._unexpected(first)
        links = tuple(replace(link, place=place) for place, link in enumerate(self._links.values()))
        return Walk(
            self._listing, tuple(self._fetches), links, first.group if first else "", self._failure,
            unchanged=self._same > 0 and not self._read_children and self._failure is None,
            index=bool(first and first.children),
            children=tuple(self._read_children),
        )  # fmt: skip

    @property
    def _unchanged(self) -> bool:
        """Whether the last answer was that of last time."""
        return self._fetches[-1].kind in ("not-modified", "same-digest")

    async def _visit(self, url: str, validators: Validators | None = None) -> Reading | None:
        """Return what stands at url; None, with the failure noted, where nothing can be read."""
        role = "api" if self._listing.kind == "api" else "listing"
        fetch = await self._fetcher.fetch(url, source=self._source, validators=validators, role=role)
        self._fetches.append(fetch)
        if fetch.page is None or (self._unchanged and not _index_like(self._listing)):
            # A page past the end of a listing is often simply not there.
            if not fetch.good and not (fetch.kind in GONE and len(self._fetches) > 1):
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
            url = _numbered_page(self._listing, number) or reading.next
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
            child = await self._visit(url, self._remembered(url))
            if self._unchanged:
                self._same += 1
            elif child is not None:
                self._take(child)
                self._read_children.append(self._fetches[-1])

    def _unexpected(self, first: Reading | None) -> tuple[str, str] | None:
        found, expected = len(self._links), self._source.expect.links
        if self._same:  # what stands in the others is not counted anew
            return None
        if found == 0:
            looked = f"the selector {self._listing.links!r} matches" if self._listing.links else "it shows"
            return ("no-links", f"{looked} no article link") if expected else None
        if first is not None and first.drifted:
            return "drift", f"the links of earlier visits are gone; took {first.group!r} instead"
        if found < expected:
            return "shrink", f"{found} links, expected at least {expected}"
        return None
