"""The hands of a scout: asks each address once, politely, and reads what comes in a child.

Everything goes through the room's Fetcher (robots.txt, pace, guard) and Children. Nothing is stored.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline import address, collect, extract, language
from pipeline.children import ChildLost
from pipeline.collect.robots import Robots
from pipeline.errors import ListingError
from pipeline.model import Article, Fetch, FetchedPage, Link, Listing, Profile, Refusal, Source
from pipeline.newsroom import Newsroom
from pipeline.scout.findings import Sample, Survey
from pipeline.scout.survey import survey


class Visitor:
    """Looks at one source's site; remembers what it was answered."""

    def __init__(self, room: Newsroom, source: Source, profile: Profile | None = None) -> None:
        self.room = room
        self.source = source
        self.profile = profile or Profile(source.id)
        self._answers: dict[tuple[str, str], Fetch] = {}

    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """How every request ended, in the order they were made."""
        return tuple(self._answers.values())

    async def fetch(self, url: str, role: str = "listing") -> Fetch:
        """Ask for an address, once."""
        key = (url.partition("#")[0], role)
        listed = self._answers.get((key[0], "listing"))
        if listed is not None and (listed.page is None or "html" in listed.page.headers.get("content-type", "")):
            return listed
        if key not in self._answers:
            self._answers[key] = await self.room.fetcher.fetch(url, source=self.source, role=role)
        return self._answers[key]

    async def read(self, page: FetchedPage, listing: Listing) -> collect.Reading:
        """Read a listing's page; raises ListingError."""
        try:
            return await self.room.children.run(collect.read_page, page, listing, self.profile)
        except ChildLost as lost:
            raise ListingError(lost.kind, page.url, lost.detail) from lost

    async def survey(self, page: FetchedPage) -> Survey:
        """Read what a page says of its site; an empty survey where it cannot be read."""
        try:
            return await self.room.children.run(survey, page)
        except ChildLost:
            return Survey(page.url)

    async def samples(self, links: Sequence[Link], source: Source | None = None) -> tuple[Sample, ...]:
        """Fetch the articles behind links and read them, compared with each other as a pass would."""
        source = source or self.source
        readings: list[tuple[Link, Fetch, extract.PageReading, float]] = []
        failed: list[Sample] = []
        for link in links:
            fetch = await self.fetch(link.url, "article")
            if fetch.page is None:
                failed.append(Sample(link, fetch, problem=f"{fetch.kind}: {fetch.detail}".rstrip(": ")))
                continue
            began = time.monotonic()
            reading = await self._reading(fetch.page, source, link)
            readings.append((link, fetch, reading, time.monotonic() - began))
        results, _ = extract.finish([reading for _, _, reading, _ in readings], self.profile, source)
        done = []
        for (link, fetch, _, seconds), result in zip(readings, results, strict=True):
            if isinstance(result, Article):
                done.append(Sample(link, fetch, result, language.identify(result), "", round(seconds, 3)))
            else:
                done.append(Sample(link, fetch, problem=f"{result.kind}: {result.detail}", seconds=round(seconds, 3)))
        order = {link.url: place for place, link in enumerate(links)}
        return tuple(sorted([*done, *failed], key=lambda sample: order[sample.link.url]))

    async def _reading(self, page: FetchedPage, source: Source, link: Link) -> extract.PageReading:
        try:
            return await self.room.children.run(extract.read, page, source, link)
        except ChildLost as lost:
            return extract.PageReading(None, Refusal(page.url, lost.kind, lost.detail))

    def robots_says(self, url: str) -> str:
        """Return what robots.txt of an address's origin says, in a few words."""
        file = self.room.fetcher.robots_files.get(address.origin(url))
        if file is None:
            return "no answer"
        if not 200 <= file.status < 300:
            return f"none ({file.status}): nothing is forbidden"
        delay = Robots(file).delay.total_seconds()
        return "found" + (f", crawl-delay {delay:g} s" if delay else "")

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that robots.txt names."""
        file = self.room.fetcher.robots_files.get(address.origin(url))
        lines = file.text.splitlines() if file else ()
        named = (line.partition(":")[2].strip() for line in lines if line.strip().lower().startswith("sitemap:"))
        return tuple(dict.fromkeys(filter(None, (address.resolve(url, each) for each in named))))


def spread(links: Iterable[Link], count: int) -> tuple[Link, ...]:
    """Return so many links, from the first to the last in even steps."""
    every = list(links)
    if len(every) <= count:
        return tuple(every)
    step = (len(every) - 1) / max(count - 1, 1)
    return tuple(replace(every[round(place * step)]) for place in range(count))
