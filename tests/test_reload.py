"""The sources file under a running watch: what it takes over, what it refuses, and that it says so once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from pipeline import newsroom, passes
from pipeline.reload import Watched
from pipeline.rota import Rota
from pipeline.settings import settle
from pipeline.store import open_store

BLOCK = "  {id}: {{name: {{en: {id}}}, kind: bureau, listings: [{{url: 'http://127.0.0.1:9/{id}/'}}]}}\n"


class Installation:
    def __init__(self, folder):
        self.file = folder / "sources.yaml"
        self.settings = settle({}, sources=self.file, store=folder / "store", feeds=folder / "feeds")
        self.write("one")

    def write(self, *names):
        self.file.write_text("sources:\n" + "".join(BLOCK.format(id=name) for name in names), encoding="utf-8")

    @asynccontextmanager
    async def opened(self):
        config, chosen, guard = passes.prepare(self.settings, [])
        async with newsroom.opened(self.settings, config, guard, lambda _report, _stage: None) as room:
            yield room, chosen

    @property
    def watched(self):
        return Watched(passes.Renew(self.settings))


@pytest.fixture
def installation(tmp_path):
    return Installation(tmp_path)


def looked(installation, *changes):
    """Return what two looks after each change found."""

    async def look():
        async with installation.opened() as (room, _):
            file, found = installation.watched, []
            assert file.look(room, asked=False) is None
            for change in changes:
                change()
                found.append([file.look(room, asked=False), file.look(room, asked=False)])
            return found

    return asyncio.run(look())


def test_a_change_counts_when_the_file_stands_still(installation):
    [[first, second]] = looked(installation, lambda: installation.write("one", "two"))
    assert first is None
    assert [source.id for source in second.sources] == ["one", "two"]
    assert [source.id for source in second.room.config.sources] == ["one", "two"]


def test_a_wrong_file_is_told_once_for_each_of_its_states(installation):
    def broken(word):
        return lambda: installation.file.write_text(f"sorces: {word}\n", encoding="utf-8")

    found = looked(installation, broken("a"), lambda: None, broken("b"), installation.file.unlink)
    assert [[one and bool(one.why) for one in pair] for pair in found] == [
        [None, True], [None, None], [None, True], [None, True],
    ]  # fmt: skip
    assert "sorces" in found[0][1].why
    assert f"{installation.file}:1:1" in found[0][1].why
    assert "cannot be read" in found[3][1].why


def test_who_asks_is_answered_though_nothing_changed(installation):
    async def look():
        async with installation.opened() as (room, _):
            return installation.watched.look(room, asked=True), room

    found, room = asyncio.run(look())
    assert found.room is not None
    assert found.room.store is room.store
    assert found.room.fetcher.hosts is room.fetcher.hosts  # politeness outlives a reload


def test_the_rota_follows_the_file(installation):
    said = []

    async def day():
        async with installation.opened() as (room, chosen):
            rota = Rota(room, said.append, lambda _: None, None, asyncio.Event(), asyncio.Event())
            rota.scheduler.start(paused=True)
            rota.enlist(chosen)
            kept = rota.scheduler.get_job("one")
            file = installation.watched
            installation.write("one", "two")
            rota.look(file, asked=True)
            assert rota.scheduler.get_job("one") is kept
            assert rota.scheduler.get_job("two") is not None
            installation.write("two")
            rota.look(file, asked=True)
            assert rota.scheduler.get_job("one") is None
            installation.file.write_text("{", encoding="utf-8")
            rota.look(file, asked=True)
            assert set(rota.sources) == {"two"}
            rota.enter("one")  # one whose turn ends now is not ours any more
            assert rota.scheduler.get_job("one") is None
            await rota.close()

    asyncio.run(day())
    assert len([line for line in said if "read anew" in line]) == 2
    assert len([line for line in said if "is wrong" in line]) == 1
    store = open_store(installation.settings.store)
    with store._engine.connect() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM events").scalars().all()
    assert kinds == ["reload"]
    store.close()
