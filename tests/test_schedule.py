"""When a source is next due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import pace
from pipeline.alarm import deadline
from pipeline.model import Listing, Source, SourceRecord
from pipeline.rota import next_turn
from pipeline.store import Health
from tests.alarm.rhythms import RHYTHMS as ORDINARY
from tests.alarm.rhythms import published

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVED = [
    one
    for one in ORDINARY
    if one["name"] in ("daily at ten", "Tuesdays", "on the first of the month", "bursts at odd times")
]


def source(**more):
    return Source(id="bureau", name={}, kind="bureau", listings=(Listing(url="http://a/"),), every=2 * HOUR, **more)


def health(ago, trouble=0.0):
    return Health("bureau", last_pass=NOW - ago, trouble=trouble)


def test_a_source_never_visited_is_due_at_once():
    assert next_turn(source(), None, NOW) == NOW


def test_a_restart_neither_skips_a_turn_nor_repeats_one():
    assert next_turn(source(), health(HOUR), NOW) == NOW + HOUR
    assert next_turn(source(), health(5 * HOUR), NOW) == NOW


def test_trouble_makes_it_wait():
    assert next_turn(source(), health(HOUR, trouble=2), NOW) == NOW + 7 * HOUR


def test_a_paused_source_has_no_turn():
    assert next_turn(source(), health(HOUR, trouble=10), NOW) is None


def test_a_turn_outside_the_window_waits_for_it_in_the_sources_own_zone():
    night = source(window="22:00-06:00", timezone="Europe/Moscow")
    assert next_turn(night, health(5 * HOUR), NOW) == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


# ── a source that publishes seldom ──────────────────────────────────────────────────────────
MINUTES = timedelta(minutes=10)
DAY = timedelta(days=1)
SLOWEST = 12 * HOUR
RHYTHMS = {
    "every half hour": [NOW - n * HOUR / 2 for n in range(400)],
    "daily": [NOW - n * DAY - HOUR for n in range(90)],
    "weekly": [NOW - n * 7 * DAY - 2 * DAY for n in range(50)],
    "monthly": [NOW - n * 30 * DAY - 4 * DAY for n in range(14)],
    "four on one day a month": [NOW - n * 30 * DAY - m * HOUR for n in range(14) for m in range(4)],
}


def waits(dates, at_most=SLOWEST, now=NOW):
    dates = sorted(dates)
    return pace.interval(MINUTES, at_most, dates, dates[-1] if dates else None, now)


def test_the_interval_follows_the_rhythm_between_its_bounds():
    found = {name: waits(dates) for name, dates in RHYTHMS.items()}
    assert found == {
        "every half hour": MINUTES, "daily": 3 * HOUR, "weekly": SLOWEST, "monthly": SLOWEST,
        "four on one day a month": MINUTES,
    }  # fmt: skip
    assert waits(RHYTHMS["weekly"], at_most=10 * DAY) == 21 * HOUR
    assert {waits(dates, at_most=None) for dates in RHYTHMS.values()} == {MINUTES}


def test_a_source_that_fell_quiet_is_asked_less_and_less():
    quiet = [waits(RHYTHMS["every half hour"], now=NOW + after * HOUR) for after in (0, 2, 8, 48, 960)]
    assert quiet == sorted(quiet)
    assert (quiet[2], quiet[-1]) == (HOUR, SLOWEST)


def test_too_few_articles_tell_no_rhythm():
    for dates in ([], [NOW], [NOW, NOW - DAY, NOW - DAY + timedelta(seconds=5), NOW - 9 * DAY]):
        assert waits(dates) == MINUTES


@given(
    st.lists(st.integers(0, 10**7), max_size=60), st.integers(1, 10**5), st.integers(1, 10**6), st.integers(0, 10**7),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_it_is_never_faster_than_every_nor_slower_than_at_most(seconds, every, at_most, later, chance):
    dates = [NOW - timedelta(seconds=one) for one in seconds]
    bounds = timedelta(seconds=every), timedelta(seconds=at_most)
    now = NOW + timedelta(seconds=later)
    found = pace.interval(*bounds, dates, max(dates, default=None), now)
    chance.shuffle(dates)
    assert found == pace.interval(*bounds, dates, max(dates, default=None), now)
    assert bounds[0] <= found <= max(bounds)


@pytest.mark.parametrize("rhythm", LIVED, ids=[one["name"] for one in LIVED])
def test_ninety_days_of_asking(rhythm):
    """Every article is found, hardly later than by asking always, with far fewer requests where news is rare."""
    start = datetime(2026, 4, 10, tzinfo=UTC)
    dates = published(rhythm, date(2025, 10, 1), date(2026, 7, 9), 1)
    source = Source("a", {}, "a", (Listing("http://a/"),), every=10 * timedelta(minutes=1), at_most=DAY)
    now, asked, delays, known = start, 0, [], [one for one in dates if one <= start]
    while now < start + 90 * DAY:
        record = SourceRecord("a", tuple(known), known[-1])
        due = next_turn(source, Health("a", last_pass=now), now, record)
        assert due is not None
        assert now + source.every <= due <= now + DAY
        now, asked = due, asked + 1
        fresh = [one for one in dates if known[-1] < one <= now]
        delays += [now - one for one in fresh]
        known += fresh
    gap = median(two - one for one, two in pairwise(dates))
    assert max(delays) <= DAY
    assert median(delays) <= max(gap / 4, source.every)
    assert asked <= 90 * DAY / source.every
    if gap >= DAY:
        assert asked <= 1 + 90 * DAY / (2 * HOUR)


def test_corrections_and_silence_are_not_slept_through():
    weekly = sorted(RHYTHMS["weekly"])
    record = SourceRecord("bureau", tuple(weekly), weekly[-1])
    slow = replace(source(at_most=5 * DAY), every=MINUTES)
    known = health(timedelta(0))
    assert next_turn(slow, known, NOW, record) == NOW + 21 * HOUR
    assert next_turn(slow, known, NOW, record, NOW + 5 * HOUR) == NOW + 5 * HOUR
    assert next_turn(slow, known, NOW, record, NOW - DAY) == NOW + MINUTES  # a page that failed for now
    silent = deadline(record, slow.timezone)
    just_before = replace(known, last_pass=silent - HOUR)
    assert next_turn(slow, just_before, silent - HOUR, record) == silent + timedelta(minutes=1)
