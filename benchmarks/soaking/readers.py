"""What the feeds must show at an hour, held against what they do show.

Told by the plan and by the servers' log: a page that was given whole must stand in its source's feed soon after,
a listing that was there to be read must have been read in time, and nothing else may stand anywhere.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree, html

from benchmarks.soaking.plan import Site, Story
from benchmarks.soaking.sites import Asked, Sites

_ATOM = "{http://www.w3.org/2005/Atom}"


class Readers:
    """Judges of the feeds; remembers what they saw, as entries must keep their ids."""

    def __init__(self, feeds: Path, town: Sequence[Site], sites: Sites, every: float, slack: float) -> None:
        self._feeds, self._town, self._sites = feeds, town, sites
        self._every, self._slack = every, slack
        self._ids: dict[str, str] = {}  # address → id of its entry when first seen

    def problems(self, now: float) -> list[str]:
        """Return what is not right at an hour."""
        return [*self._formats(), *(one for site in self._town for one in self._of(site, now))]

    def _formats(self) -> Iterator[str]:
        """Tell where the four forms of a feed do not hold the same entries in the same order, each once."""
        for name in ("all", "ru", "en", "newsletter-ru"):
            read = [self._feeds / f"{name}.{form}" for form in ("json", "atom", "rss", "html")]
            if not all(one.exists() for one in read):
                yield f"{name}: not all four forms are there"
                continue
            shown = [item["id"] for item in json.loads(read[0].read_text("utf-8"))["items"]]
            atom = [one.text for one in etree.parse(read[1]).iterfind(f"{_ATOM}entry/{_ATOM}id")]
            rss = [one.text for one in etree.parse(read[2]).iterfind("channel/item/guid")]
            page = len(html.parse(read[3]).xpath("//article"))
            if not (shown == atom == rss and len(shown) == page):
                yield f"{name}: forms differ: {len(shown)} json, {len(atom)} atom, {len(rss)} rss, {page} html"
            if doubled := [one for one, many in Counter(shown).items() if many > 1]:
                yield f"{name}: twice in the feed: {doubled}"

    def _of(self, site: Site, now: float) -> Iterator[str]:
        log = [one for one in self._sites.log if one.site == site.id and one.at <= now]
        entries = self._entries(site)
        shown = {url: entry for entry in entries for url in entry["urls"]}
        if len(shown) != sum(len(entry["urls"]) for entry in entries):
            yield f"{site.id}: an article stands in two entries"
        known = {self._sites.url(site, each, story.number): (story, each) for story, each in _published(site, now)}
        yield from (f"{url}: in the feed, and never published" for url in shown.keys() - known.keys())
        for url, (story, language) in known.items():
            path = url.removeprefix(self._sites.base(site))
            asked = [one for one in log if one.path == path]
            yield from self._article(site, story, language, url, asked, shown.get(url), now)
            if url in shown and self._ids.setdefault(url, shown[url]["id"]) != shown[url]["id"]:
                yield f"{url}: its entry changed its id"

    def _article(
        self, site: Site, story: Story, language: str, url: str, asked: Sequence[Asked], entry: Any, now: float
    ) -> Iterator[str]:
        """Tell what is not right of one version of a story: asked for in time, shown soon after, as corrected, until gone."""
        came = [one for one in asked if one.status == 200 and one.title]
        refused = [one for one in asked if one.status == 410]
        if not came and story.gone is None and now > self._by(site, story.shown[language]):
            yield f"{url}: shown since {story.shown[language]:.2f} h, and not asked for by {now:.2f} h"
        if refused and site.withdraws and now > refused[0].at + self._slack:
            if entry is not None:
                yield f"{url}: gone since {refused[0].at:.2f} h, and still in the feed at {now:.2f} h"
        elif came and entry is None and now > came[0].at + self._slack and not (refused and site.withdraws):
            yield f"{url}: read at {came[0].at:.2f} h, and not in the feed at {now:.2f} h"
        elif came and entry is not None and now > came[-1].at + self._slack and came[-1].title not in entry["title"]:
            yield f"{url}: read as {came[-1].title!r}, and in the feed as {entry['title']!r}"

    def _by(self, site: Site, shown: float) -> float:
        """Return by when a version shown since then must have been asked for, its site's failures counted in.

        Who fails is left alone the longer the longer it fails: up to as long again, and a turn.
        """
        ready = max(shown, 0.0)
        for begins, ends, _ in site.outages:
            awake = ends + (ends - begins) + self._every
            if ready + self._every + self._slack >= begins and ready < awake:
                ready = awake
        return ready + self._every + self._slack

    def _entries(self, site: Site) -> list[dict[str, Any]]:
        file = self._feeds / f"source-{site.id}.json"
        if not file.exists():
            return []
        found = []
        for item in json.loads(file.read_text("utf-8"))["items"]:
            links = item.get("_nevawire", {}).get("links", ())
            own = {item["url"], *(one["url"] for one in links)}
            urls = [one for one in own if one.startswith(self._sites.base(site) + "/")]
            found.append({"id": item["id"], "urls": urls, "title": item["title"]})
        return found


def _published(site: Site, now: float) -> Iterator[tuple[Story, str]]:
    yield from ((story, language) for story in site.stories for language, since in story.shown.items() if since <= now)


def lost_or_doubled(articles: Sequence[dict[str, Any]], stories: Sequence[dict[str, Any]], sites: Sites,
                    town: Sequence[Site]) -> tuple[list[str], list[str]]:  # fmt: skip
    """Return the articles that were given whole and are not kept, and what is kept twice, at the end."""
    given = {sites_url(sites, town, one) for one in sites.log if one.status == 200 and one.title}
    kept = Counter(row["url"] for row in articles)
    told: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in stories:
        for language in ("ru", "en"):
            if url := _url(row, language):
                told[(language, url)] += 1
    lost = sorted(given - kept.keys()) + sorted(
        url for url in kept if not any((each, url) in told for each in ("ru", "en"))
    )
    doubled = [url for url, many in kept.items() if many > 1] + [url for (_, url), many in told.items() if many > 1]
    return lost, sorted(doubled)


def sites_url(sites: Sites, town: Sequence[Site], asked: Asked) -> str:
    """Return the whole address of a request."""
    return sites.base(next(site for site in town if site.id == asked.site)) + asked.path


def _url(row: dict[str, Any], language: str) -> str:
    side = row.get(language)
    return str(side.get("url", "")) if isinstance(side, dict) else str(side or "")
