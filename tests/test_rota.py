"""What the desk asks of a running watch: sources rest and work again, a pass begins at once, and its end is told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from pipeline import newsroom
from pipeline.clock import Clock
from pipeline.collect import Guard
from pipeline.model import Listing
from pipeline.rota import Rota
from pipeline.settings import Settings
from tests.publish.press import configured, source

CLOSED = (Listing("http://127.0.0.1:1/news/"),)
CONFIG = configured(source("one", listings=CLOSED), source("two", listings=CLOSED))


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "sources.yaml", tmp_path / "store", tmp_path / "feeds", (), Clock())


def heeding(settings, work):
    """Let work happen before a rota that was enlisted; return what it said, and the store's errands afterwards."""
    said = []

    async def inside():
        async with newsroom.opened(settings, CONFIG, Guard((), loopback_only=True), lambda *_: None) as room:
            duty = SimpleNamespace(held=lambda: True, holder="me")
            rota = Rota(room, said.append, lambda _: None, duty, asyncio.Event(), asyncio.Event())
            rota.scheduler.remove_job("publish")
            rota.scheduler.start(paused=True)
            rota.enlist(CONFIG.sources)
            await work(room.store, rota)
            found = [(one.source, one.state, dict(one.outcome)) for one in room.store.errands.of("", room.clock.now())]
            rota.scheduler.shutdown(wait=False)
            return found

    return said, asyncio.run(inside())


def jobs(rota):
    return {job.id for job in rota.scheduler.get_jobs()}


def test_a_pause_takes_a_source_off_and_its_end_puts_it_back(settings):
    async def work(store, rota):
        assert {"one", "two"} <= jobs(rota)
        store.pauses.begin("one", "anna", "", rota.room.clock.now())
        rota.heed()
        assert "one" not in jobs(rota)
        rota.enlist(CONFIG.sources[:1])  # a sources file read anew does not wake it
        rota.enlist(CONFIG.sources)
        assert "one" not in jobs(rota)
        store.pauses.end("one")
        rota.heed()
        assert "one" in jobs(rota)

    said, _ = heeding(settings, work)
    assert said == ["one: paused; `nevawire sources resume one` ends it", "one: resumed"]


def test_a_pause_survives_a_restart_of_the_watch(settings):
    async def before(store, rota):
        store.pauses.begin("one", "anna", "", rota.room.clock.now())

    async def after(_store, rota):
        assert jobs(rota) >= {"two"}
        assert "one" not in jobs(rota)

    heeding(settings, before)
    heeding(settings, after)


def test_a_pass_that_was_asked_for_begins_at_once_though_the_source_rests_and_is_told_how_it_ended(settings):
    async def work(store, rota):
        store.pauses.begin("one", "anna", "", rota.room.clock.now())
        store.errands.ask("run", "one", "anna", rota.room.clock.now())
        store.errands.ask("run", "nobody", "anna", rota.room.clock.now())
        rota.heed()
        (job,) = [job for job in rota.scheduler.get_jobs() if job.id == "one"]
        await job.func(*job.args)

    _, found = heeding(settings, work)
    ended = {source: (state, outcome) for source, state, outcome in found}
    assert ended["nobody"][0] == "failed"
    assert "not among the sources" in ended["nobody"][1]["why"]
    state, outcome = ended["one"]
    assert state == "failed"
    assert outcome["sources"]["one"]["failure"]["kind"] == "blocked-address"
