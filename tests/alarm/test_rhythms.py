"""Silence: never told of a source that goes on as ever, soon told of one that stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alarm import learn
from tests.alarm.rhythms import RHYTHMS
from tests.alarm.season import Life, said, working

NAMES = [rhythm["name"] for rhythm in RHYTHMS]
WINTER, SUMMER, AUTUMN = date(2026, 1, 20), date(2026, 6, 1), date(2026, 10, 15)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_there_are_thirty_different_rhythms():
    assert len(set(NAMES)) == 30


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=NAMES)
def test_ninety_days_without_a_false_alarm(rhythm):
    # Those with summer breaks are watched through a summer, those with holidays over New Year.
    start = SUMMER if "breaks" in rhythm else AUTUMN if "closed" in rhythm else WINTER
    life = Life(rhythm, start)
    assert life.false_alarms() == []
    assert learn(life.until(life.start), "Europe/Moscow"), "it was watched at all"


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=NAMES)
def test_silence_is_told_within_three_normal_gaps(rhythm):
    life = Life(rhythm, WINTER)
    for day in (10, 30, 50, 70):
        stop = life.start + timedelta(days=day)
        told, last = life.told_after(stop), life.until(stop)[-1]
        assert working(last, told) <= 3 * life.normal_gap(stop), (day, told / life.normal_gap(stop))
        assert told > life.normal_gap(stop) / 4


@pytest.mark.parametrize("count", range(9))
def test_the_first_few_articles_teach_nothing(count):
    dates = tuple(NOW + timedelta(days=number) for number in range(count))
    assert not said(dates, NOW + timedelta(days=400))


def test_many_articles_of_one_afternoon_teach_nothing():
    assert learn([NOW + timedelta(minutes=11 * number) for number in range(40)], "Europe/Moscow") is None


def test_a_weekend_is_no_silence_for_an_office():
    days = (NOW - timedelta(days=number) for number in range(1, 120))
    office = tuple(sorted(day for day in days if day.weekday() < 5))
    friday = office[-1]
    assert friday.weekday() == 4
    assert not said(office, friday + timedelta(days=4))
    assert said(office, friday + timedelta(days=6))


def test_new_year_holidays_are_no_silence_for_an_office():
    days = [datetime(2025, 9, 1, 9, tzinfo=UTC) + timedelta(days=number) for number in range(121)]
    office = tuple(day for day in days if day.weekday() < 5 and day < datetime(2025, 12, 31, tzinfo=UTC))
    assert not said(office, datetime(2026, 1, 12, 20, tzinfo=UTC))
    assert said(office, datetime(2026, 1, 16, tzinfo=UTC))


def test_a_weekday_of_holidays_is_waited_for_by_the_clock():
    fridays = [datetime(2025, 6, 6, 9, tzinfo=UTC) + timedelta(days=7 * number) for number in range(47)]
    assert fridays[-1] == datetime(2026, 4, 24, 9, tzinfo=UTC)  # the next two are days off
    assert not said(tuple(fridays), datetime(2026, 5, 15, 9, tzinfo=UTC))
    assert said(tuple(fridays), datetime(2026, 5, 21, 9, tzinfo=UTC))


def test_a_break_is_expected_again_a_year_later_and_only_then():
    weeks = [datetime(2024, 9, 4, 9, tzinfo=UTC) + timedelta(days=7 * number) for number in range(96)]
    first = tuple(day for day in weeks if not date(2025, 7, 1) <= day.date() <= date(2025, 8, 25))
    to_june = tuple(day for day in first if day.date() < date(2026, 6, 29))
    to_march = tuple(day for day in first if day.date() < date(2026, 3, 29))
    assert not said(to_june, datetime(2026, 8, 20, tzinfo=UTC))
    assert said(to_june, datetime(2026, 9, 30, tzinfo=UTC))
    assert said(to_march, to_march[-1] + timedelta(days=19))


gaps = st.lists(st.floats(0.02, 60), min_size=1, max_size=80)


def instants(gaps):
    at, made = NOW - timedelta(days=sum(gaps)), []
    for gap in gaps:
        at += timedelta(days=gap)
        made.append(at)
    return made


@settings(max_examples=150, deadline=None)
@given(gaps, st.randoms(use_true_random=False))
def test_any_history_teaches_a_deadline_after_its_end_or_nothing(gaps, chance):
    dates = instants(gaps)
    rhythm = learn(dates, "Europe/Moscow")
    mixed = [*dates]
    chance.shuffle(mixed)
    assert learn(mixed, "Europe/Moscow") == rhythm or learn(mixed, "Europe/Moscow").limit == rhythm.limit
    if rhythm is not None:
        assert rhythm.limit > 2 * rhythm.gap > 0
        assert rhythm.deadline(dates[-1]) > dates[-1]


@settings(max_examples=60, deadline=None)
@given(gaps.filter(lambda gaps: len(gaps) > 10), st.floats(0, 200), st.floats(0, 200))
def test_once_silent_it_stays_silent_until_something_comes(gaps, one, two):
    dates = tuple(instants(gaps))
    sooner, later = sorted((one, two))
    if said(dates, dates[-1] + timedelta(days=sooner)):
        assert said(dates, dates[-1] + timedelta(days=later))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 20), st.integers(12, 60))
def test_a_steady_source_is_silent_after_two_gaps_and_within_three(days, count):
    rhythm = learn(instants([days] * count), "UTC")
    if rhythm is not None:
        dates = instants([days] * count)
        assert {round((two - one) / rhythm.normal, 6) for one, two in pairwise(dates)} == {1.0}
        assert 1.2 < (rhythm.deadline(dates[-1]) - dates[-1]) / timedelta(days=days) < 3 + 14 / days
