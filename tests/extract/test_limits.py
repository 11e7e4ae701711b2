"""Pages made to spin: each ends as an article or a named refusal within the limit, whatever it does to its reader."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from pipeline.children import Children
from pipeline.reading import read_page
from pipeline.store import Waiting
from tests.extract import building
from tests.extract.test_properties import HOSTILE, check

pytestmark = pytest.mark.long

WORDS = "Совет кластеров собрался в четверг и решил многое, а в пятницу собрался снова. "
PAGES = HOSTILE | {
    "links": "<h1>Ссылки</h1>" + "".join(f'<a href="/{number}">ссылка {number}</a> ' for number in range(50_000)),
    "many attributes": "<div " + " ".join(f"data-{number}=1" for number in range(100_000)) + f"><p>{WORDS}</p></div>",
    "tables": "<table><tr><td>" * 3_000 + WORDS,
    "one long line": "<h1>Строка</h1><p>" + WORDS * 20_000,
    "dates": "<h1>Даты</h1>" + "".join(f"<p>{day % 28 + 1} марта 20{day % 20:02d} года</p>" for day in range(20_000)),
    "title": "<title>" + " | ".join(["Новость"] * 20_000) + f"</title><p>{WORDS * 3}</p>",
    "entities": "<p>" + "&amp;nbsp;&#x41;&#0;" * 60_000,
    "comments": "<!-- " + "--><!-- " * 60_000 + f"--><p>{WORDS}</p>",
    "two languages": "<h1>Two</h1>" + "".join(f"<p>{WORDS}</p><p>The council met on Thursday. </p>" for _ in range(3_000)),
}  # fmt: skip
#: Short, so that the test is: the same kill as a pass's.
SECONDS = 6.0
NAMED = {"no-text", "no-title", "not-article", "parse", "timeout", "memory", "too-short"}


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_hostile_pages_end_within_the_limit(part: int) -> None:
    async def read_all() -> None:
        async with Children(count=1, seconds=SECONDS, megabytes=1500) as children:
            room = SimpleNamespace(children=children)
            for name in sorted(PAGES)[part::4]:
                page = building.page(PAGES[name])
                reading = (await read_page(room, building.source(), Waiting(1, page, building.link(page.url)))).page
                check(reading)
                assert reading.refusal is None or reading.refusal.kind in NAMED, name

    asyncio.run(read_all())


def test_a_page_that_never_ends_is_a_timeout() -> None:
    async def spin() -> str:
        async with Children(count=1, seconds=0.3) as children:

            async def run(_task: object, *_args: object, **_more: object) -> object:
                return await children.run(_for_ever)

            page = building.page("<p>…</p>")
            reading = await read_page(
                SimpleNamespace(children=SimpleNamespace(run=run)), building.source(), Waiting(1, page, building.link(page.url))
            )  # fmt: skip
            assert reading.page.refusal is not None
            return reading.page.refusal.kind

    assert asyncio.run(spin()) == "timeout"


def _for_ever() -> None:
    while True:
        pass
