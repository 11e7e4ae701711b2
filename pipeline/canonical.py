"""The address a page calls its own (rel=canonical): a hint, believed only where that page says the same.

Print views and addresses with a word of where one came from then lead to one article. An address
already published keeps its article: ids do not move.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pipeline import address, extract
from pipeline.children import ChildLost
from pipeline.model import Article, FetchedPage, Refusal, Source
from pipeline.newsroom import Newsroom
from pipeline.store import Due, Waiting

#: A page and what was read on it.
Read = tuple[Waiting, extract.PageReading]


async def settle(
    room: Newsroom, run: str, source: Source, waiting: Waiting, reading: extract.PageReading
) -> list[Read]:
    """Return a reading under the address its page calls its own, behind that address's own reading if it was asked now."""
    article = reading.article
    if article is None or reading.also or not reading.canonical or waiting.link.by == "version":
        return [(waiting, reading)]
    strays, collected, own = room.store.strays, room.store.collected, waiting.link.url
    known = strays.known([own, reading.canonical])
    there = known.get(address.key(reading.canonical))
    if there is not None and address.key(own) not in known and extract.same_text(there.article, article):
        return [(waiting, _under(reading, article, there.article.url))]
    if known or not collected.unknown([reading.canonical]):
        return [(waiting, reading)]
    came = await _ask(room, run, source, waiting, reading.canonical)
    if came is None:
        return [(waiting, reading)]
    main = came[1].article
    if main is not None and extract.same_text(main, article):
        return [came, (waiting, _under(reading, article, main.url))]
    refusal = Refusal(came[0].page.url, "not-article", f"said to be {own}, and tells something else")
    return [(came[0], extract.PageReading(None, refusal)), (waiting, reading)]


def _under(reading: extract.PageReading, article: Article, url: str) -> extract.PageReading:
    return replace(reading, article=replace(article, url=url), lines=())


async def _ask(room: Newsroom, run: str, source: Source, waiting: Waiting, url: str) -> Read | None:
    """Ask for the page at url as if its link had announced it; None where it does not come."""
    link, now = replace(waiting.link, url=url), room.clock.now()
    room.store.collected.add(source, [link], now, history=waiting.history)
    due = next((one for one in room.store.collected.due(source, now) if one.url == url), None)
    if due is None or room.fetcher.hosts.is_held(url):
        return None
    came = await _kept(room, run, source, due)
    if came is None:
        return None
    try:
        return came, await room.children.run(extract.read, came.page, source, link)
    except ChildLost as lost:
        return came, extract.PageReading(None, Refusal(url, lost.kind, lost.detail))


async def _kept(room: Newsroom, run: str, source: Source, due: Due) -> Waiting | None:
    fetch = await room.fetcher.fetch(due.url, source=source, role="article")
    page: FetchedPage | None = fetch.page if fetch.kind == "ok" else None
    held = await asyncio.to_thread(room.store.collected.archive, page) if page else None
    return room.store.collected.record_fetch(run, source, due, fetch, room.clock.now(), held)
