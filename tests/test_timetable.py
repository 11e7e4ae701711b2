"""When plans are due: by the clock on the wall, whatever summer time does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import timetable
from pipeline.model import DigestPlan

WEEKLY = DigestPlan("w", on=(0,), at="09:00", timezone="Europe/Moscow")
DAILY = DigestPlan("d", period="day", on=tuple(range(7)), at="02:30", timezone="Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("plan", "now", "last", "following"),
    [
        (WEEKLY, "2026-05-20T12:00+03:00", "2026-05-18T09:00+03:00", "2026-05-25T09:00+03:00"),
        (WEEKLY, "2026-05-18T09:00+03:00", "2026-05-18T09:00+03:00", "2026-05-25T09:00+03:00"),
        (WEEKLY, "2026-05-18T08:59+03:00", "2026-05-11T09:00+03:00", "2026-05-18T09:00+03:00"),
        (WEEKLY, "2026-05-17T23:30+00:00", "2026-05-11T09:00+03:00", "2026-05-18T09:00+03:00"),
        (DAILY, "2026-05-20T00:00+02:00", "2026-05-19T02:30+02:00", "2026-05-20T02:30+02:00"),
        # clocks go forward on 29 March 2026: there is no 02:30
        (DAILY, "2026-03-29T01:59+01:00", "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),
        # and back on 25 October: there are two, and the first counts
        (DAILY, "2026-10-25T02:31+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
    ],
)
def test_turns(plan, now, last, following):
    assert timetable.last(plan, at(now)) == at(last)
    assert timetable.following(plan, at(now)) == at(following)
