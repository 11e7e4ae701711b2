"""One candidate listing, tried: what it announces, whether it goes on, and two or three of its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline import address, collect
from pipeline.children import ChildLost
from pipeline.errors import ListingError
from pipeline.model import LANGUAGES, FetchedPage, Link, Listing
from pipeline.scout import anchors, apis
from pipeline.scout.findings import Survey, Trial
from pipeline.scout.visitor import Visitor, spread

#: Articles read for each listing.
SAMPLES = 3
#: Pages a proposal walks at most; `run --backfill` goes deeper.
MOST_PAGES = 20
#: The same where nothing tells how many there are.
SOME_PAGES = 10
#: Sitemaps of an index that are looked into.
_CHILDREN = 3


async def attempt(visitor: Visitor, url: str, why: str, kind: str | None = None) -> Trial:
    """Try one address as a listing."""
    fetch = await visitor.fetch(url)
    listing = Listing(url, kind=kind)
    trial = Trial(listing, why, fetch, kind or "")
    if fetch.page is None:
        return replace(trial, problem=f"{fetch.kind}: {fetch.detail}".rstrip(": "))
    kind = collect.kind_of(fetch.page, listing)
    trial = replace(trial, kind=kind, listing=replace(listing, kind=None if kind == "html" else kind))
    if kind == "api":
        return await _as_api(visitor, trial, fetch.page)
    try:
        reading = await visitor.read(fetch.page, trial.listing)
    except ListingError as error:
        return replace(trial, problem=f"{error.kind}: {error.detail}")
    links = reading.links or await _of_children(visitor, reading.children, trial.listing)
    survey = await visitor.survey(fetch.page) if kind == "html" else None
    trial = replace(trial, links=links, first=len(links), group=reading.group, survey=survey)
    if survey is not None and survey.second:
        trial = await _continued(visitor, trial, survey)
    return trial if trial.links else replace(trial, problem="no-links: no link of it looks like an article's")


async def _as_api(visitor: Visitor, trial: Trial, page: FetchedPage) -> Trial:
    """Try the ways a JSON answer may be read, until one announces articles."""
    try:
        ways = await visitor.room.children.run(apis.guesses, page)
    except ChildLost as lost:
        return replace(trial, problem=f"{lost.kind}: {lost.detail}")
    for api in ways:
        listing = replace(trial.listing, kind="api", api=api)
        try:
            reading = await visitor.read(page, listing)
        except ListingError:
            continue
        if len(reading.links) > 1:
            return replace(trial, listing=listing, links=reading.links, first=len(reading.links))
    return replace(trial, problem="no-links: JSON in which no list of articles with their addresses was found")


async def declared(visitor: Visitor, listing: Listing) -> Trial:
    """Ask for a listing as sources.yaml declares it, and read it."""
    fetch = await visitor.fetch(listing.url)
    trial = Trial(listing, "declared", fetch)
    if fetch.page is None:
        return replace(trial, problem=f"{fetch.kind}: {fetch.detail}".rstrip(": "))
    try:
        reading = await visitor.read(fetch.page, listing)
    except ListingError as error:
        return replace(trial, problem=f"{error.kind}: {error.detail}")
    if reading.children:
        return replace(trial, kind="sitemap", first=len(reading.children))
    links = reading.links
    return replace(trial, links=links, first=len(links), group=reading.group, drifted=reading.drifted)


async def sampled(visitor: Visitor, trial: Trial) -> Trial:
    """Read some of a listing's articles, and tell its language from them."""
    if trial.problem:
        return trial
    trial = replace(trial, samples=await visitor.samples(spread(trial.links, SAMPLES)))
    if not trial.works:
        return replace(
            trial, problem=next((one.problem for one in trial.samples if one.problem), "its links are no articles")
        )
    languages = trial.languages
    if len(languages) == 1 and languages[0] in LANGUAGES:
        trial = replace(trial, listing=replace(trial.listing, language=languages[0]))
    return trial


async def with_selector(visitor: Visitor, trial: Trial, known: Sequence[Link]) -> Trial:
    """Give a page that shows known articles, though its links were not found, a selector for them."""
    page: FetchedPage | None = trial.fetch.page
    if page is None or trial.kind != "html":
        return trial
    match = await visitor.room.children.run(anchors.learn, page, frozenset(address.key(link.url) for link in known))
    if match is None or match.known < 3:
        return trial
    listing = replace(trial.listing, links=match.selector)
    reading = await visitor.read(page, listing)
    trial = replace(trial, listing=listing, links=reading.links, first=len(reading.links), problem="")
    if trial.survey is not None and trial.survey.second:
        trial = await _continued(visitor, trial, trial.survey)
    return await sampled(visitor, trial)


async def _continued(visitor: Visitor, trial: Trial, survey: Survey) -> Trial:
    """Look at the second page; only where it shows other articles does the listing go on."""
    fetch = await visitor.fetch(survey.second)
    listing = replace(trial.listing, next=survey.next, pages=2)
    if fetch.page is None:
        return trial
    try:
        reading = await visitor.read(fetch.page, listing)
    except ListingError:
        return trial
    seen = {address.key(link.url) for link in trial.links}
    fresh = [link for link in reading.links if address.key(link.url) not in seen]
    if not fresh:
        return trial
    following = await visitor.survey(fetch.page)
    count = max(survey.pages, following.pages)
    if count <= 2 and following.second not in ("", survey.second, survey.url):
        count = SOME_PAGES
    links = tuple(replace(link, place=place) for place, link in enumerate((*trial.links, *fresh)))
    return replace(trial, links=links, listing=replace(listing, pages=min(max(count, 2), MOST_PAGES)))


async def _of_children(visitor: Visitor, children: Sequence[str], listing: Listing) -> tuple[Link, ...]:
    links: list[Link] = []
    for url in children[:_CHILDREN]:
        fetch = await visitor.fetch(url)
        if fetch.page is not None:
            try:
                links.extend((await visitor.read(fetch.page, listing)).links)
            except ListingError:
                continue
    return tuple(links)
