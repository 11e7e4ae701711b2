"""A batch of readings: when it is looked where the articles stand, and what the pages after that are told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from pipeline import language, pairing, reader
from pipeline.children import ChildLost
from pipeline.extract import PageReading
from pipeline.model import FetchedPage, Layout, Source
from pipeline.reader import Read
from pipeline.reading import FIRST, LESSON, Readings, language_of
from pipeline.store import Waiting
from tests.extract import building

SOURCE = Source("site", {}, "cluster", ())


class Children:
    """Answers for the children that read pages; remembers what each was told."""

    def __init__(self, lesson: Layout | None = None) -> None:
        self.told: list[Any] = []
        self.lesson = lesson

    @property
    def children(self) -> Children:
        return self

    async def run(self, task: Any, page: FetchedPage, *args: Any, **told: Any) -> Read:
        self.told.append((args[2], told["common"]))
        return Read(PageReading(None, None, ("menu", f"line {page.url}"), lesson=self.lesson))


def waiting(number: int) -> Waiting:
    """Return a page that is to be read."""
    page = building.page("<p>news</p>", f"https://site.example/news/{number}")
    return Waiting(number, page, building.link(page.url))


def told(batch: Readings, room: Any, count: int) -> list[Any]:
    """Read so many pages; return the layouts and the common lines that went with each."""

    async def through() -> None:
        for number in range(count):
            await batch.begin(room, SOURCE, waiting(number))
        await batch.take()

    asyncio.run(through())
    return list(room.told)


def test_the_first_pages_of_a_source_tell_what_its_pages_share() -> None:
    seen = told(Readings(()), Children(), LESSON + 1)
    assert [bool(common) for _, common in seen] == [False] * FIRST + [True] * (LESSON + 1 - FIRST)
    assert seen[-1][1] == {"menu"}


def test_of_a_known_source_its_latest_pages_tell_it_from_the_start() -> None:
    seen = told(Readings((), [("menu", str(number)) for number in range(5)]), Children(), 2)
    assert [common for _, common in seen] == [{"menu"}, {"menu"}]


def test_a_layout_serves_from_the_twenty_first_page_on_and_nothing_is_compared_then() -> None:
    lesson = Layout("body", "body>div", ("p",), (), 1, shortest=500, longest=900)
    seen = told(Readings(()), Children(lesson), LESSON + 1)
    layouts, common = seen[LESSON]
    assert [one.pages for one in layouts] == [LESSON]
    assert common == frozenset()


class Telling:
    """Children that tell of articles again; or are lost over it."""

    def __init__(self, *, lost: bool = False) -> None:
        self.asked: list[Any] = []
        self.lost = lost

    @property
    def children(self) -> Telling:
        return self

    async def run(self, task: Any, article: Any, **told: Any) -> Any:
        self.asked.append(article)
        if self.lost:
            raise ChildLost("timeout", "not done")
        return task(article, **told)


def known() -> tuple[Readings, Any]:
    """Return a batch of which one page was read, and that page's article."""
    lines = ("Город утвердил план ремонта набережной: работы начнутся в мае.",) * 6
    page = building.page(building.html("Набережную отремонтируют", *lines))
    one = reader.read(page, building.source(), None, shelve=True)
    article, own = one.articles[0], one.languages[0]
    return Readings(
        told={language.asked_of(article): own}, kept={pairing.asked_of(article, own): one.shelved[0]}
    ), article


def test_only_of_what_became_another_article_is_told_again() -> None:
    batch, article = known()
    other = replace(article, text="Работы на набережной начнутся в мае, как утвердил город.")
    room = Telling()
    asyncio.run(batch.tell_again(room, [article, other]))  # type: ignore[arg-type]  # stands for an installation
    assert room.asked == [other]
    own = batch.told[language.asked_of(other)]
    assert own == language.identify(other)
    assert batch.kept[pairing.asked_of(other, own)] == reader.retold(other, shelve=True)[1]


def test_where_nothing_is_to_be_kept_for_pairing_a_child_is_asked_for_the_language_alone() -> None:
    batch, article = known()
    batch.shelving, batch.kept = False, {}
    other = replace(article, title="The embankment")
    room = Telling()
    asyncio.run(batch.tell_again(room, [article, other]))  # type: ignore[arg-type]
    assert room.asked == [other]
    assert not batch.kept


def test_what_a_child_is_lost_over_is_told_here() -> None:
    batch, article = known()
    other = replace(article, title="The embankment")
    asyncio.run(batch.tell_again(Telling(lost=True), [other]))  # type: ignore[arg-type]
    assert language_of(other, batch.told) == language.identify(other)


def test_what_waits_to_be_compared_holds_no_bodies() -> None:
    """A child is given the whole page; afterwards nobody asks for it, and two hundred of them are much."""

    class Whole(Children):
        async def run(self, task: Any, page: FetchedPage, *args: Any, **told: Any) -> Read:
            bodies.append(page.body)
            return await super().run(task, page, *args, **told)

    async def through() -> list[bytes]:
        batch = Readings(layouts=())
        await batch.begin(Whole(), SOURCE, waiting(1))  # type: ignore[arg-type]  # stands for a newsroom
        return [one.page.body for one, _ in await batch.take()]

    bodies: list[bytes] = []
    assert asyncio.run(through()) == [b""]
    assert bodies == [b"<p>news</p>"]
