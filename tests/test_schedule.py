"""When a source is next due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.model import Listing, Source
from pipeline.schedule import next_turn
from pipeline.store import Health

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


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
