"""One scheduler at a time: who waits follows soon after who is gone, and nobody follows the living."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

from pipeline import clock
from pipeline import duty as duties
from pipeline.duty import BEAT, LOOK, NAME, PATIENCE, Duty
from pipeline.store import Held
from tests import databases

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
RATE = 100  # a sign of life each 80 ms, death after 400


def duty(store, lost=lambda: None):
    return Duty(store, clock.running(RATE, NOW), lost)


async def on_duty(one, said=None, stop=None):
    return await asyncio.wait_for(one.wait(stop or asyncio.Event(), (said if said is not None else []).append), 20)


def test_a_dead_scheduler_is_followed_within_a_minute():
    assert PATIENCE + LOOK + BEAT < 60 * LOOK / 2


def test_the_second_waits_and_follows_the_first_that_dies(store, monkeypatch):
    """What it waits by moves on with each sign of life alone, by less than its patience."""
    passed = [0.0]
    monkeypatch.setattr(duties, "time", SimpleNamespace(monotonic=lambda: passed[0]))

    async def day():
        first, second, said = duty(store), duty(store), []
        assert await on_duty(first)
        waiting = asyncio.create_task(on_duty(second, said))
        for _ in range(10):
            await another_beat(store)
            passed[0] += 0.9 * PATIENCE.total_seconds() / RATE
        assert not waiting.done()
        assert first.held()
        first.abandon()
        for _ in range(2000):
            if waiting.done():
                break
            passed[0] += 0.1 * PATIENCE.total_seconds() / RATE
            await asyncio.sleep(0.01)
        assert await waiting
        assert not first.held()
        assert second.held()
        assert said == [f"another watch is at work ({first.holder}); waiting to take over"]
        second.leave()

    asyncio.run(day())
    assert store.leases.look(NAME) is None


async def another_beat(store):
    """Wait for the next sign of life."""
    seen = store.leases.look(NAME)
    for _ in range(2000):
        if store.leases.look(NAME) != seen:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no sign of life")


def test_the_second_follows_at_once_where_the_first_ends_in_order(store):
    async def day():
        first, second = duty(store), Duty(store, clock.running(4, NOW), lambda: None)  # a patience of 10 seconds
        assert await on_duty(first)
        waiting = asyncio.create_task(on_duty(second))
        await asyncio.sleep(0.1)
        began = asyncio.get_running_loop().time()
        first.leave()
        assert await waiting
        assert asyncio.get_running_loop().time() - began < 8
        second.leave()

    asyncio.run(day())


def test_nobody_waits_for_one_that_was_killed(store, monkeypatch):
    """Its number may be anybody's by then; what it left behind tells."""

    async def day():
        first, second = duty(store), Duty(store, clock.running(1, NOW), lambda: None)
        assert await on_duty(first)
        first.abandon()
        monkeypatch.setattr(duties.obituary, "ended", lambda pid, mark: (pid, mark) == (os.getpid(), left))
        assert duties.at_work(store, clock.running(1, NOW)) == ""
        assert await on_duty(second)  # whose patience is longer than on_duty's
        second.leave()

    left = duties.obituary.mark(os.getpid())
    asyncio.run(day())


def test_who_waits_can_be_stopped(store):
    async def day():
        first, second, stop = duty(store), duty(store), asyncio.Event()
        assert await on_duty(first)
        asyncio.get_running_loop().call_later(0.1, stop.set)
        assert not await on_duty(second, stop=stop)
        assert first.held()
        first.leave()

    asyncio.run(day())


def test_a_scheduler_that_slept_learns_that_it_was_followed(store):
    async def day():
        lost = asyncio.Event()
        loop = asyncio.get_running_loop()
        first = duty(store, lambda: loop.call_soon_threadsafe(lost.set))
        assert await on_duty(first)
        seen = store.leases.look(NAME)
        while not store.leases.take(NAME, "another", seen, NOW):  # as if it had stood still for long
            seen = store.leases.look(NAME)
        await asyncio.wait_for(lost.wait(), 10)
        first.leave()

    asyncio.run(day())
    assert store.leases.look(NAME).holder == "another"  # not ours to give back


def test_a_long_transaction_is_no_death(tmp_path, store):
    """Signs of life cannot be written while somebody writes, nor can the lease be taken then."""

    async def day():
        first, second = duty(store), duty(store)
        assert await on_duty(first)
        with databases.rows(tmp_path / "store"):  # a writing transaction
            waiting = asyncio.create_task(on_duty(second))
            await asyncio.sleep(1.0)
        await asyncio.sleep(0.3)
        assert first.held() or waiting.done()
        first.leave()
        assert await waiting
        second.leave()

    asyncio.run(day())


def test_only_what_stands_as_it_was_seen_is_taken(store):
    assert store.leases.take(NAME, "a", None, NOW)
    assert not store.leases.take(NAME, "b", None, NOW)
    assert store.leases.beat(NAME, "a")
    assert not store.leases.take(NAME, "b", Held("a", 0), NOW)
    assert store.leases.take(NAME, "b", Held("a", 1), NOW)
    assert not store.leases.beat(NAME, "a")
    store.leases.leave(NAME, "a")
    assert store.leases.look(NAME) == Held("b", 0)


HOLDER = """
import asyncio, sys
from pathlib import Path
from pipeline import clock
from pipeline.duty import Duty
from pipeline.store import open_store
duty = Duty(open_store(Path(sys.argv[1])), clock.running(100), lambda: None)
async def hold():
    await duty.wait(asyncio.Event(), print)
    print("on duty", flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""


def test_a_killed_process_is_followed(tmp_path, store, processes):
    holding = processes.start(
        sys.executable, "-u", "-c", HOLDER, str(tmp_path / "store"), env=databases.variables(tmp_path / "store")
    )
    holding.says("on duty")
    assert str(holding.process.pid) in store.leases.look(NAME).holder
    holding.kill()
    second = duty(store)
    assert asyncio.run(on_duty(second))
    second.leave()
