"""What becomes of an article whose address answers otherwise one day, and of a link that leads to a document."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from typer.testing import CliRunner

from pipeline import collect, newsroom
from pipeline.cli import app
from pipeline.clock import frozen
from pipeline.gather import gather
from pipeline.model import Config, Listing, Publisher, PublishRules, Source
from pipeline.report import SourceReport
from pipeline.settings import Settings
from pipeline.store import open_store
from tests.collect.hostile import Answer, Site, redirect, reply
from tests.scout.conftest import AtHome

START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
PROSE = (
    "Совет кластера собрался в четверг и обсудил план выставки номер {0}, которая пройдёт осенью в Гавани.",
    "Участники договорились о совместных проектах {0} и пригласили на встречу молодых инженеров города.",
)
FRONT = (
    "Кластер объединяет приборостроителей Северо-Запада и помогает им выходить на новые рынки с 2012 года.",
    "Мы проводим выставки, готовим инженеров и ведём испытательный центр на Васильевском острове.",
)


def html(title: str, *paragraphs: str, more: str = "") -> bytes:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return reply(
        body=f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}{more}</body></html>".encode()
    )


def article(number: int, more: str = "") -> bytes:
    return html(f"Выставка номер {number} пройдёт осенью", *(one.format(number) for one in PROSE), more=more)


LISTING = html("Новости", more="".join(f'<p><a class="n" href="/news/{n}">Новость {n}</a></p>' for n in range(1, 6)))
FIRST: Mapping[str, Answer] = {
    "/robots.txt": reply(404), "/news/": LISTING, **{f"/news/{n}": article(n) for n in range(1, 5)},
    "/news/5": reply(body=b"%PDF-1.7 ...", content_type="application/pdf"),
}  # fmt: skip
NEXT: Mapping[str, Answer] = {
    **FIRST,
    "/": html("Кластер «Гранит»", *FRONT),
    "/news/1": html("Кластер «Гранит» — главная", *FRONT),
    "/news/2": redirect("/"),
    "/news/3": LISTING,
    "/news/4": html("Выставка номер 4 пройдёт осенью", PROSE[0].format(4), "Начало в 11 часов.", PROSE[1].format(4)),
}


class Town:
    """One source over a site whose answers change between passes, and the store it fills."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.passes = count()

    def visit(self, routes: Mapping[str, Answer]) -> SourceReport:
        """Make the source's part of a pass, a day after the last."""
        return asyncio.run(self._visit(routes))

    async def _visit(self, routes: Mapping[str, Answer]) -> SourceReport:
        now = START + timedelta(days=next(self.passes))
        async with Site(routes) as site:
            host = f"127.0.0.1:{site.port}"
            source = Source(
                "town", {"ru": "Город"}, "town", (Listing(f"http://{host}/news/", links="a.n"),), pause=timedelta(0),
                recheck=tuple(timedelta(days=day, hours=-1) for day in range(1, 9)),
            )  # fmt: skip
            settings = Settings(self.folder / "s.yaml", self.folder / "store", self.folder / "feeds", (), frozen(now))
            config = Config(Publisher({}, "https://a.example/", "a@a.example"), PublishRules(), (source,))
            guard = collect.Guard([collect.parse_allowance("127.0.0.1:*")], loopback_only=True)
            async with newsroom.opened(settings, config, guard, lambda *_: None) as room:
                room.children.__class__ = AtHome
                return await gather(room, "test", source)

    def look(self):
        store = open_store(self.folder / "store")
        try:
            items = {item.article.url.rpartition("/")[2]: item for item in store.articles.each()}
            return items, store.strays.counts(), list(store.strays.documents())
        finally:
            store.close()


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.setattr(Site, "__aenter__", _on_one_port(Site.__aenter__))
    return Town(tmp_path)


def _on_one_port(enter):
    """Serve every pass at the port of the first, or the addresses would be others."""
    kept: dict[str, int] = {}

    async def entered(self):
        original = asyncio.start_server

        async def started(handler, host, _port, **more):
            return await original(handler, host, kept.get("port", 0), **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "start_server", started)
            await enter(self)
        kept["port"] = self.port
        return self

    return entered


def test_what_takes_an_article_s_place_is_no_correction_of_it(town):
    assert town.visit(FIRST).new == 4
    before, _, _ = town.look()
    report = town.visit(NEXT)
    after, astray, _ = town.look()

    assert (report.new, report.changed, report.refused) == (0, 1, 3)
    assert {one.kind for one in report.problems} == {"replaced", "not-article"}
    assert after.keys() == before.keys() == {"1", "2", "3", "4"}
    assert all(after[one] == before[one] for one in "123")
    assert "11 часов" in after["4"].article.text
    assert astray["town"] == {"not-article": 2, "replaced": 1, "not-html": 1}

    town.visit(NEXT)  # nothing changed since: what was found still holds
    assert town.look()[1] == astray
    town.visit(FIRST)  # and an article that comes back is one again
    assert town.look()[1] == {"town": {"not-html": 1}}


def test_a_link_straight_to_a_document_is_told_and_exported(town):
    report = town.visit(FIRST)
    (source, url, said, link, _), *rest = town.look()[2]

    assert not rest
    assert [one.kind for one in report.problems] == ["not-html"]
    assert (source, url.rpartition("/")[2], link["title"]) == ("town", "5", "Новость 5")
    assert said.startswith("content-type application/pdf, 12 bytes")
    environment = {"NEVAWIRE_STORE": str(town.folder / "store")}
    told = CliRunner().invoke(app, ["export", "documents", "--format", "csv"], env=environment).stdout
    assert f"town,{url},Новость 5,application/pdf,12,," in told


@pytest.mark.parametrize(
    "verb",
    [
        ["status"],
        ["export", "articles"],
        ["pairs", "list"],
        ["replay"],
        ["withdraw", "a1", "--reason", "x"],
        ["digest"],
    ],
)
def test_a_mistyped_store_is_said_and_not_made(tmp_path, verb):
    file = tmp_path / "sources.yaml"
    file.write_text(
        "publisher: {title: {en: T}, home: https://a.example/, contact: a@a.example}\n"
        "sources: {a: {name: {en: A}, kind: k, listings: [{url: https://a.example/n/}]}}\n"
    )
    missing = tmp_path / "stroe"
    environment = {"NEVAWIRE_SOURCES": str(file), "NEVAWIRE_STORE": str(missing), "NEVAWIRE_FEEDS": str(tmp_path / "f")}
    done = CliRunner().invoke(app, verb, env=environment)
    assert done.exit_code != 0
    assert "there is no store here" in str(done.exception)
    assert not missing.exists()
