"""What it costs to read the pages of one source once it is known where its articles stand, and whether it is right.

    python benchmarks/layouts.py [--site bureau] [--pages 200] [--rounds 3]

A source of so many articles at real page sizes is read as a pass reads it, then each page once more as a whole. After the
first 20 pages: `ratio_to_parse` is CPU time for reading a page over that of a bare lxml parse of the same bytes, in the
same run; `same_text` the share of pages whose text is the whole reading's, `same_article` of those where every field
is. `changed` tells of a second run in which the site has a new template from the middle on: pages until it was noticed
(none of them read by the old layout from there on), and articles lost.
The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from lxml import html

from benchmarks import sample_pages
from demo import pages
from demo.site import SITE_IDS, load_site
from pipeline import extract, reader
from pipeline.model import Article, FetchedPage, Profile, Source
from pipeline.reading import Readings
from pipeline.store import Waiting

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: Pages that may be read as a whole before anything is measured.
FIRST = 20


@dataclass
class _Room:
    """Reads pages in this very process, one after the other, and keeps what each cost."""

    seconds: list[float] = field(default_factory=list)

    @property
    def children(self) -> _Room:
        return self

    async def run(self, _task: Any, *args: Any, **kwargs: Any) -> reader.Read:
        del kwargs["shelve"]  # as `told` below: it costs every page the same, by a layout or not
        started = time.process_time()
        made = extract.read(*args, **kwargs)
        self.seconds.append(time.process_time() - started)
        return reader.told(made)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="bureau", choices=SITE_IDS)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3, help="the least of so many measurements counts")
    given = parser.parse_args()
    print(json.dumps(measured(given.site, given.pages, given.rounds)))


def measured(site: str, count: int, rounds: int) -> dict[str, Any]:
    """Return the figures of one site's source."""
    source = Source(site, {"en": site}, "cluster", ())
    made = made_pages(site, count)
    runs = [read(source, made) for _ in range(rounds)]
    spent = [min(costs) for costs in zip(*(seconds for _, seconds in runs), strict=True)]
    bare = [min(_parse(page.body) for _ in range(rounds)) for page in made]
    quick, whole = runs[0][0], as_wholes(source, made)
    done, _ = extract.finish(quick, Profile(source.id), source)
    meant, _ = extract.finish(whole, Profile(source.id), source)
    pairs = list(zip(done, meant, strict=True))[FIRST:]
    return {
        "site": site, "pages": len(made), "kb": round(statistics.mean(len(page.body) for page in made) / 1000),
        "by_layout": sum(one.layout is not None for one in quick[FIRST:]),
        "ms": round(1000 * statistics.mean(spent[FIRST:]), 2), "ms_first": round(1000 * statistics.mean(spent[:FIRST]), 2),
        "parse_ms": round(1000 * statistics.mean(bare[FIRST:]), 2),
        "ratio_to_parse": round(sum(spent[FIRST:]) / sum(bare[FIRST:]), 2),
        "same_text": round(statistics.mean(_text(one) == _text(other) for one, other in pairs), 4),
        "same_article": round(statistics.mean(_plain(one) == _plain(other) for one, other in pairs), 4),
        "changed": changed(source, site, count),
    }  # fmt: skip


def changed(source: Source, site: str, count: int) -> dict[str, int]:
    """Return what becomes of a source whose template changes in the middle."""
    made = made_pages(site, count)
    half = count // 2
    renewed = [replace(page, body=_renewed(page.body)) for page in made[half:]]
    readings, _ = read(source, [*made[:half], *renewed])
    old = {one.layout.body for one in readings[:half] if one.layout}
    stale = [n for n, one in enumerate(readings[half:], 1) if one.layout and one.layout.body in old]
    return {
        "noticed_after": max(stale, default=0), "lost": sum(one.article is None for one in readings),
        "by_layout_again": sum(one.layout is not None for one in readings[half:]),
    }  # fmt: skip


def made_pages(site: str, count: int) -> list[FetchedPage]:
    """Return the pages of a site's made-up articles, as they were fetched."""
    plan, base = load_site(site), f"http://127.0.0.1/{site}"
    shown = list(sample_pages.articles(plan, count))
    built = pages.build(plan, shown, base)
    done = []
    for number, one in enumerate(shown):
        url = base + plan.path(one)
        body = sample_pages.swollen(built[plan.path(one)], number).body
        headers = {"content-type": "text/html; charset=utf-8"}
        done.append(FetchedPage(site, url, url, 200, headers, body, NOW, hashlib.sha256(body).hexdigest()))
    return done


def read(source: Source, made: Sequence[FetchedPage]) -> tuple[list[extract.PageReading], list[float]]:
    """Read pages as a pass does; return what they gave and the CPU seconds each took."""
    room: Any = _Room()

    async def through() -> list[tuple[Waiting, extract.PageReading]]:
        batch = Readings(())
        for page in made:
            await batch.begin(room, source, Waiting(0, page, None, history=False))  # type: ignore[arg-type]  # no listing announced them
            await asyncio.sleep(0)
        return await batch.take()

    return [one for _, one in asyncio.run(through())], room.seconds


def as_wholes(source: Source, made: Sequence[FetchedPage]) -> list[extract.PageReading]:
    """Read each page as if nothing were known of the source."""
    return [extract.read(page, source, None) for page in made]


def _renewed(body: bytes) -> bytes:
    """Return a page in the site's next template: other names around the same words."""
    for tag in (b"article", b"main", b"section"):
        body = body.replace(b"<" + tag, b"<div").replace(b"</" + tag, b"</div")
    return body.replace(b'class="', b'class="next-').replace(b'id="', b'id="next-')


def _parse(body: bytes) -> float:
    started = time.process_time()
    html.document_fromstring(body)
    return time.process_time() - started


def _text(one: object) -> str:
    return one.text if isinstance(one, Article) else ""


def _plain(one: object) -> object:
    return replace(one, made_by="") if isinstance(one, Article) else one


if __name__ == "__main__":
    main()
