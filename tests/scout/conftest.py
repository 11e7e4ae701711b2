"""An installation of the test's own, and the three further layouts served on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from pipeline import collect, newsroom, sources
from pipeline.children import Children
from pipeline.cli import app
from pipeline.gather import gather
from pipeline.model import Config, Item, Source
from pipeline.newsroom import Newsroom
from pipeline.settings import Settings, settle
from pipeline.sources import edit
from tests.scout.layouts import Layout, Served

NOW = "2026-11-20T12:00:00+03:00"
HEAD = """# Kept as it stands.
publisher: {title: {en: "News"}, home: https://news.nevaport.ru/, contact: news@nevaport.ru}

defaults: {pause: 0s, timeout: 5s} # our own sites, on this machine

sources:
  old: # a source nobody asks
    name: {en: "Old"}
    kind: bureau
    enabled: false
    reason: it is gone
    listings:
      - {url: http://127.0.0.1:9/news/} # unverified
"""
Made = TypeVar("Made")


class AtHome(Children):
    """Reads in this process: the pages are our own, and the tests of the how-to start real children."""

    async def run(self, task, *args, **kwargs):
        return task(*args, **kwargs)


@dataclass
class Desk:
    """One installation: its folder, the command, and the inside of it."""

    folder: Path
    children: bool = False  #: whether verbs read pages in real children, as they do at an operator's

    @property
    def file(self) -> Path:
        return self.folder / "sources.yaml"

    @property
    def settings(self) -> Settings:
        return settle(
            {"NEVAWIRE_NOW": NOW}, sources=self.file, store=self.folder / "store", feeds=self.folder / "feeds",
            allow=["127.0.0.0/8:*"],
        )  # fmt: skip

    @property
    def config(self) -> Config:
        return sources.load(self.file)

    def source(self, id_: str) -> Source:
        return next(source for source in self.config.sources if source.id == id_)

    def at_work(self, work: Callable[[Newsroom], Awaitable[Made]]) -> Made:
        async def inside() -> Made:
            guard = collect.Guard([collect.parse_allowance(text) for text in self.settings.allow])
            async with newsroom.opened(self.settings, self.config, guard, lambda *_: None) as room:
                return await work(replace(room, children=AtHome()))

        return asyncio.run(inside())

    def collected(self, *ids: str) -> dict[str, Item]:
        """Run these sources' part of a pass; return address → item of all that is stored."""

        async def work(room: Newsroom) -> dict[str, Item]:
            for id_ in ids:
                report = await gather(room, "test", self.source(id_))
                assert report.failure is None, report
            return {item.article.url: item for item in room.store.articles.each()}

        return self.at_work(work)

    def write(self, id_: str, block: dict) -> None:
        before = self.file.read_bytes()
        edit.replace(self.file, before, edit.added(before, id_, block, "sources.yaml"), [id_])

    def call(self, *words: str, answer: str | None = None) -> Result:
        """Run a verb in this process."""
        environment = {
            "NEVAWIRE_NOW": NOW, "NEVAWIRE_SOURCES": str(self.file), "NEVAWIRE_STORE": str(self.folder / "store"),
            "NEVAWIRE_FEEDS": str(self.folder / "feeds"), "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*", "COLUMNS": "160",
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            if not self.children:
                patch.setattr("pipeline.newsroom.Children", AtHome)
            return CliRunner().invoke(app, list(words), env=environment, input=answer)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "sources.yaml").write_text(HEAD, encoding="utf-8")
    return Desk(tmp_path)


@pytest.fixture
def serve() -> Iterator[Callable[[str], Served]]:
    """Serve a layout until the test ends."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(Served(Layout(name)))
