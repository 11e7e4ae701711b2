"""A pass asked for by hand: made here where nobody is at work, by the watch where one is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from pipeline import clock, cycle, handover
from pipeline.duty import NAME, Duty
from pipeline.errors import NevawireError
from pipeline.model import Source
from pipeline.newsroom import Newsroom, Orders

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCES = [Source(name, {"en": name}, "bureau", ()) for name in ("bureau", "port")]


@pytest.fixture
def passes(monkeypatch):
    """Passes made here: who held the lease in them."""
    made = []

    async def run(room, sources):
        made.append((room.store.leases.look(NAME).holder, [one.id for one in sources]))
        return "report"

    monkeypatch.setattr(cycle, "run", run)
    return made


def room(store, tmp_path, **more):
    return Newsroom(None, store, None, None, clock.running(20, NOW), tmp_path, None, **more)


async def beside_a_watch(store, work, watch):
    duty = Duty(store, clock.running(20, NOW), lambda: None)
    assert await duty.wait(asyncio.Event(), print)
    watching = asyncio.create_task(watch(duty))
    try:
        return await asyncio.wait_for(work, 30)
    finally:
        watching.cancel()
        duty.leave()


async def asked(store, many):
    """Wait until so many errands are asked in the database, as another process would."""
    found = []
    while len(found) < many:
        await asyncio.sleep(0.02)
        found = store.errands.waiting(["run"])
    return found


def test_where_nobody_is_at_work_the_pass_is_made_here_under_the_lease(store, tmp_path, passes):
    assert asyncio.run(handover.in_turn(room(store, tmp_path), SOURCES, print)) == "report"
    [(holder, names)] = passes
    assert names == ["bureau", "port"]
    assert holder
    assert store.leases.look(NAME) is None


def test_a_watch_at_work_makes_it(store, tmp_path, passes):
    async def watch(duty):
        for one in await asked(store, 2):
            store.errands.take(one.id, duty.holder, NOW)
            good = one.source == "bureau"
            outcome = {"exit_code": 0, "sources": {"bureau": {"new": 4}}} if good else {"why": "the pass broke off"}
            store.errands.end(one.id, outcome, NOW, good=good)

    told = []
    made = asyncio.run(beside_a_watch(store, handover.in_turn(room(store, tmp_path), SOURCES, told.append), watch))
    assert passes == []
    assert (made.exit_code, list(made.outcomes)) == (3, ["bureau", "port"])
    assert made.summary().splitlines()[1:] == ["  bureau: 4 new", "  port: failed; the pass broke off"]
    assert made.holder in made.summary()
    assert "it is asked to make the pass" in told[0]


def test_a_watch_that_ends_meanwhile_leaves_the_pass_to_us(store, tmp_path, passes):
    async def watch(duty):
        await asked(store, 2)
        duty.leave()

    made = asyncio.run(beside_a_watch(store, handover.in_turn(room(store, tmp_path), SOURCES, lambda _: None), watch))
    assert made == "report"
    assert len(passes) == 1
    assert store.errands.waiting(["run"]) == []


def test_what_only_a_pass_of_ones_own_can_do_is_refused_beside_a_watch(store, tmp_path, passes):
    async def watch(_duty):
        await asyncio.sleep(30)

    work = handover.in_turn(room(store, tmp_path, orders=Orders(recheck=True)), SOURCES, print)
    with pytest.raises(NevawireError, match="stop it, run, and start it again"):
        asyncio.run(beside_a_watch(store, work, watch))
    assert passes == []
