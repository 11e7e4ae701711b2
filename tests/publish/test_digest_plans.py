"""Digests by the calendar: in their turn, never twice, made up for once, skipped where nothing is new."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from pipeline import cycle, mailroom, newsstand, publish
from pipeline.clock import Clock, frozen
from pipeline.model import DigestPlan
from pipeline.rota import Rota
from tests.publish.press import Press, configured, said, source

#: Fridays at noon, Moscow time; the press begins on a Wednesday.
FRIDAYS = DigestPlan("friday", language="ru", on=(4,), at="12:00")
FRIDAY = datetime(2026, 5, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source(), digests=(FRIDAYS,)))
    opened.go()
    assert turn(opened) == (), "a plan that is met for the first time begins with its next turn"
    yield opened
    opened.close()


def desk(press):
    return newsstand.Desk(press.config, press.store, press.feeds, press.now)


def turn(press):
    return mailroom.scheduled(desk(press)).written


def write_news(press, *numbers):
    for n in numbers:
        press.arrive(f"https://bureau.example.com/news/{n}", f"Дело {n} {said(n)[:20]}", said(n))
    press.go(minutes=1)


def sent(press):
    return [issue.name for issue in press.store.issues.all()]


def test_it_goes_out_in_its_turn_and_once(press):
    write_news(press, 1)
    assert turn(press) == ()
    press.now = FRIDAY - timedelta(seconds=1)
    assert turn(press) == ()
    press.now = FRIDAY
    assert "digest/ru-2026-05-22.mail.html" in turn(press)
    assert turn(press) == ()
    write_news(press, 2)
    assert turn(press) == (), "what came later waits for the next turn"
    press.now = FRIDAY + timedelta(days=7)
    assert turn(press)
    assert sent(press) == ["ru-2026-05-29", "ru-2026-05-22"]


def test_where_nothing_is_new_it_is_skipped_and_its_turn_is_over(press):
    press.now = FRIDAY
    assert turn(press) == ()
    write_news(press, 1)
    assert turn(press) == ()
    assert sent(press) == []


def test_what_was_missed_is_made_up_for_once(press):
    write_news(press, 1)
    press.now = FRIDAY + timedelta(days=16)
    assert turn(press)
    assert turn(press) == ()
    assert len(sent(press)) == 1


def test_a_number_of_entries_is_waited_for(press):
    press.config = replace(press.config, digests=(DigestPlan("ten", "3", "ru", tuple(range(7)), "12:00"),))
    turn(press)
    write_news(press, 1, 2)
    press.now += timedelta(days=1)
    assert turn(press) == ()
    write_news(press, 3)
    press.now += timedelta(days=1)
    assert turn(press)
    (issue,) = press.store.issues.all()
    assert issue.entries == 3


def test_killed_before_its_files_are_written_it_is_finished_and_not_sent_again(press, monkeypatch):
    write_news(press, 1)
    press.now = FRIDAY
    with monkeypatch.context() as patch:

        def die(*_args, **_more):
            raise KeyboardInterrupt

        patch.setattr(publish, "write", die)
        with pytest.raises(KeyboardInterrupt):
            turn(press)
    assert not (press.feeds / "digest").exists()

    assert turn(press) == ()
    mailroom.reissue(desk(press))
    press.go()
    assert sent(press) == ["ru-2026-05-22"]
    assert "Дело 1" in (press.feeds / "digest/ru-2026-05-22.txt").read_text()
    assert len(press.items("digests")) == 1


def test_two_at_once_send_once(press):
    write_news(press, 1)
    press.now = FRIDAY
    one, two = (mailroom.prepared(desk(press), "week", "ru") for _ in range(2))
    slot = ("plan:friday", FRIDAY.isoformat())

    assert mailroom.send(desk(press), one, "week", slot).written
    assert mailroom.send(desk(press), replace(two, id="urn:uuid:2", name="ru-x"), "week", slot).written == ()
    assert sent(press) == ["ru-2026-05-22"]


def room_of(press, clock):
    told = SimpleNamespace(guard=None)
    return SimpleNamespace(
        config=press.config, store=press.store, feeds=press.feeds, clock=clock, secret="", notifier=told,
        fetcher=AsyncExitStack(), press=ThreadPoolExecutor(1),
    )  # fmt: skip


def test_the_feed_of_digests_has_it_at_once(press):
    write_news(press, 1)

    names = asyncio.run(cycle.send_digests(room_of(press, frozen(FRIDAY))))

    assert "digest/ru-2026-05-22.html" in names
    assert [one["title"] for one in press.items("digests")] == ["Вестник: дайджест, 22 мая 2026 г."]


def test_watch_sends_what_is_due_and_waits_for_the_next_turn(press):
    """By a clock that stands still until it is moved, and whose hours are waited for in tenths of a second."""
    write_news(press, 1)
    heard, now = [], [FRIDAY - timedelta(hours=1)]
    room = room_of(press, Clock(lambda: now[0], rate=36_000))

    async def watched():
        rota = Rota(room, heard.append, print, SimpleNamespace(held=lambda: True), asyncio.Event(), asyncio.Event())
        rota.scheduler.remove_job("publish")
        first = rota.scheduler.get_job("digests").trigger.run_date
        rota.scheduler.start()
        await planned(rota, first)
        assert heard == [], "an hour before it is due"
        now[0], began = FRIDAY, datetime.now(UTC)
        await until(lambda: heard)
        following = await planned(rota, began + room.clock.real_seconds(timedelta(days=6)) * timedelta(seconds=1))
        await rota.close()
        return following - began

    waits = asyncio.run(watched())

    assert "digest: digest/ru-2026-05-22.html" in heard
    assert waits.total_seconds() >= room.clock.real_seconds(timedelta(days=7))
    assert sent(press) == ["ru-2026-05-22"]


async def planned(rota, after):
    """Wait until the next turn of digests is planned, behind a moment; return when it is."""

    def job():
        found = rota.scheduler.get_job("digests")
        return found.trigger.run_date if found and found.trigger.run_date > after else None

    await until(job)
    return job()


async def until(holds):
    """Wait until something holds, for a minute at most."""
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")
