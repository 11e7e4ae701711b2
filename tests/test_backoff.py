"""Trouble makes a source wait longer, up to a bound, and then pauses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import backoff

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "weight"),
    [("timeout", 0.25), ("status-429", 0.25), ("status-503", 0.25), ("status-500", 0.5), ("refused", 0.5),
     ("shrink", 0.5), ("dns", 1), ("status-404", 1), ("no-links", 1), ("drift", 1), ("blocked-address", 1)],
)  # fmt: skip
def test_what_waiting_will_not_mend_counts_most(kind, weight):
    assert backoff.weight(kind) == weight


def test_the_wait_doubles_within_two_days():
    waits = [backoff.interval(HOUR, trouble) for trouble in (0, 1, 2, 5, 6, 9)]
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 32 * HOUR, timedelta(days=2), timedelta(days=2)]


@given(st.floats(0, 1000), st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_the_wait_is_never_shorter_than_every(trouble, every):
    assert every <= backoff.interval(every, trouble) <= max(every, backoff.LONGEST)


def test_a_source_is_paused_at_its_limit():
    assert not backoff.paused(backoff.LIMIT - 0.25)
    assert backoff.paused(backoff.LIMIT)


@pytest.mark.parametrize(
    ("window", "at", "opens"),
    [("", "2026-11-20T12:00", "2026-11-20T12:00"), ("22:00-06:00", "2026-11-20T23:10", "2026-11-20T23:10"),
     ("22:00-06:00", "2026-11-20T05:59", "2026-11-20T05:59"), ("22:00-06:00", "2026-11-20T06:00", "2026-11-20T22:00"),
     ("09:00-18:00", "2026-11-20T18:00", "2026-11-21T09:00"), ("09:00-18:00", "2026-11-20T08:00", "2026-11-20T09:00")],
)  # fmt: skip
def test_a_turn_waits_for_its_window(window, at, opens):
    zone = ZoneInfo("Europe/Moscow")
    opened = backoff.opening(window, datetime.fromisoformat(at).replace(tzinfo=zone))
    assert opened == datetime.fromisoformat(opens).replace(tzinfo=zone)
