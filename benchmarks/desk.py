"""What the desk's pages cost the server when the store is full: made-up news, the real application, no network.

    python benchmarks/desk.py [--articles 100000] [--store FOLDER] [--requests 200] [--export]

Fills a store (kept in --store and used again there), opens the desk over it as `serve` would, and asks for pages in
the same process: `search` (words, phrases, beginnings, both languages, alone and with facets, later pages), `facets`
(no words), `queue`, `story`, `verdict` (the answer to a form; pairing and publishing follow behind it in another
thread, and are switched off here). Of each the middle and the 95th percentile in milliseconds, by the clock and by
the processor: on a machine that has other things to do the clock tells of those, too. `first` is the first search of
all, which reads every card (`serve` does so before anybody asks). `lists` are the other pages that are made of much;
`resident` is the memory of the process before the requests and after. --export measures files of everything instead.
The last line is JSON. The promise: at 100,000 articles 100 ms, verdicts 50 ms, at the 95th percentile on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import desk_store
import desk_texts
import httpx
import psutil
from fastapi import FastAPI

from pipeline import clock
from pipeline.review import app, office
from pipeline.review.press import Press
from pipeline.settings import Settings
from pipeline.store import Wish, open_store

BASE = "http://localhost:8080"
FORMS = ("csv", "jsonl", "xlsx", "parquet")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a line for each kind of request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--store", type=Path, help="where the store is kept from one run to the next")
    parser.add_argument("--requests", type=int, default=200, help="of each kind")
    parser.add_argument("--export", action="store_true", help="measure files of everything instead")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.store or Path(scratch) / "store"
        desk_store.fill(folder, given.articles)
        room = opened(folder)
        try:
            found = exports(room) if given.export else asyncio.run(pages(room, given.requests))
        finally:
            room.press.close()
            room.store.close()
    print(json.dumps({"articles": given.articles, **found}))
    return 0


def opened(folder: Path) -> office.Office:
    """Open the desk over a filled store."""
    sources = folder / "sources.yaml"
    sources.write_text(desk_store.sources_file(), encoding="utf-8")
    settings = Settings(sources, folder, folder / "feeds", (), clock.frozen(desk_texts.NEWEST))
    room = office.opened(settings, open_store(folder), loopback=True, local_name="bench")
    room.press.close()
    return replace(room, press=Press(lambda: None, lambda _error: None))


async def pages(room: office.Office, count: int) -> dict[str, object]:
    """Return what each kind of page costs."""
    made = FastAPI(openapi_url=None)
    app.part(room)(made)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=BASE) as browser:
        started = time.perf_counter()
        answer = await browser.get("/desk/items")
        first = time.perf_counter() - started
        csrf = re.findall(r'name="csrf" content="([0-9a-f]+)"', answer.text)[0]
        begun = _resident()
        found: dict[str, object] = {"first_ms": round(first * 1000)}
        for name, requests in _kinds(room, count, csrf).items():
            found[name] = await measured(browser, requests)
            print(f"{name:8} {json.dumps(found[name])}")
    return {**found, "resident_mb": [round(begun), round(_resident())]}


async def measured(
    browser: httpx.AsyncClient, requests: Sequence[tuple[str, dict[str, str] | None]]
) -> dict[str, float]:
    """Ask one after the other; return milliseconds. The first three warm up what is loaded when it is first needed."""
    clocked, worked = [], []
    for path, form in [*requests[:3], *requests] if requests[0][1] is None else requests:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = await (browser.get(path) if form is None else browser.post(path, data=form))
        clocked.append((time.perf_counter() - wall) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{path}: {answer.status_code} {answer.text[:200]}")
    kept = slice(len(clocked) - len(requests), None)
    return {
        "requests": len(requests), "median_ms": _share(clocked[kept], 0.5), "p95_ms": _share(clocked[kept], 0.95),
        "median_cpu_ms": _share(worked[kept], 0.5), "p95_cpu_ms": _share(worked[kept], 0.95),
    }  # fmt: skip


def _kinds(room: office.Office, count: int, csrf: str) -> dict[str, list[tuple[str, dict[str, str] | None]]]:
    pairs = [(row.ru.id, row.en.id) for row in room.store.queue.page(Wish(), count)]
    stories = room.store.stories.newest(count)
    return {
        "search": [(f"/desk/items?{ask}", None) for ask in islice(_searches(), count)],
        "facets": [(f"/desk/items?{ask}", None) for ask in islice(_facets(), count)],
        "queue": [(f"/desk/?{ask}", None) for ask in islice(cycle(["", "source=source-3", "state=review"]), count)],
        "pair": [(f"/desk/pair/{ru}/{en}", None) for ru, en in pairs],
        "story": [(f"/desk/story/{one}", None) for one in stories],
        "lists": [(f"/desk/{page}", None) for page in islice(cycle(_LISTS), max(count // 4, len(_LISTS)))],
        "verdict": [
            (f"/desk/pair/{ru}/{en}/verdict", {"csrf": csrf, "kind": kind})
            for (ru, en), kind in zip(pairs, cycle(["confirm", "reject", "related"]), strict=False)
        ],
    }  # fmt: skip


#: A year of measures among them.
_LISTS = (
    "sources", "sources/source-3", "selection", "status", "glossary", "marked", "audit", "measures",
    f"measures?since={desk_texts.NEWEST.date() - timedelta(days=364)}&until={desk_texts.NEWEST.date()}",
)  # fmt: skip


def _searches() -> Iterator[str]:
    """Yield searches as analysts make them: mostly words of a title, some broad, some narrow, no two alike."""
    dice = random.Random(5)
    while True:
        code = dice.choice(["ru", "en"])
        words = desk_texts.one(dice.randrange(20_000)).title[code].lower().split()
        start = dice.randrange(max(len(words) - 2, 1))
        kind = dice.randrange(10)
        asked = {
            0: words[start], 1: words[start], 2: f'"{" ".join(words[start : start + 2])}"', 3: f"{words[start][:4]}*",
            4: f"{words[start]} -{words[-1]}",
        }.get(kind, " ".join(words[start : start + 2]))  # fmt: skip
        more = dice.choice(
            ["", "", "&state=linked", "&source=source-7&source=source-8", "&place=nevsky-prospekt", "&sort=date"]
        )
        yield f"q={asked}{more}"


def _facets() -> Iterator[str]:
    dice = random.Random(6)
    parts = [
        "", "language=ru", "language=en", "state=review", "state=single", "topic=port", "kind=bureau", "source=source-11",
        "place=pulkovo-airport", "organisation=gazprom", "origin=publisher", "since=2026-01-01",
    ]  # fmt: skip
    while True:
        yield "&".join({dice.choice(parts), dice.choice(parts)} - {""})


def exports(room: office.Office) -> dict[str, object]:
    """Return what files of everything take: seconds, size, and memory at a thousand rows and at most from then on."""
    from pipeline import cuttings, sheets
    from pipeline.review.items import listing
    from pipeline.store import Asked

    found: dict[str, object] = {}
    kinds = listing.kinds(room.config())
    for form in FORMS:
        started, seen = time.perf_counter(), _Watched(room.store.search.articles(Asked(), kinds))
        rows = cuttings.rows(room.store, room.config(), seen)
        size = sum(len(part) for part in sheets.FORMS[form].written(rows, cuttings.COLUMNS))
        found[form] = {
            "rows": seen.rows, "s": round(time.perf_counter() - started, 1), "mb": round(size / 1e6),
            "rss_mb_at_1000": round(seen.early), "rss_mb_most": round(seen.most),
        }  # fmt: skip
        print(f"{form:8} {json.dumps(found[form])}")
    return found


class _Watched:
    """Ids as they are taken, and how much memory is in use meanwhile, in MB."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids, self.rows, self.early, self.most = ids, 0, 0.0, 0.0

    def __iter__(self) -> Iterator[str]:
        for one in self._ids:
            self.rows += 1
            if self.rows % 1_000 == 0:
                now = _resident()
                self.early, self.most = self.early or now, max(self.most, now)
            yield one


def _resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _share(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[min(int(len(values) * share), len(values) - 1)], 1)


if __name__ == "__main__":
    sys.exit(main())
