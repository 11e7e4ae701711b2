"""After a pass: whom it looks over, and whom it need not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from pipeline import alarm, lookout
from pipeline.clock import frozen
from pipeline.model import SourceRecord
from pipeline.report import PassReport, Problem, SourceReport
from tests.store.conftest import NOW, SOURCE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DATES = tuple(NOW - number * DAY / 2 for number in range(240, 0, -1))
AS_BEFORE = SourceReport(SOURCE.id, unchanged=len(SOURCE.listings))


class Remembered:
    """A store's alarms, of a source that has published twice a day for months; notes whom it is asked for."""

    def __init__(self, own):
        self._own, self.asked = own, []

    def __getattr__(self, name):
        return getattr(self._own, name)

    def record(self, source):
        self.asked.append(source)
        return replace(self._own.record(source), dates=DATES, latest=DATES[-1])


async def _say_nothing(_store, _now):
    """Tell nobody."""


@pytest.fixture
def look(store):
    """Look over a source after a pass at an instant; return whether it was asked for, and its open alarms."""
    store.alarms = Remembered(store.alarms)

    def looked(report, now, failure=None):
        store.ledger.record_pass(SOURCE.id, new=0, failure=failure, now=now, trouble=1.0 if failure else 0.0)
        room = SimpleNamespace(
            clock=frozen(now), store=store, notifier=SimpleNamespace(tell=_say_nothing),
            config=SimpleNamespace(sources=(SOURCE,)),
        )  # fmt: skip
        asyncio.run(lookout.look_over(room, PassReport("r", (report,)), [SOURCE], now))
        asked, store.alarms.asked = bool(store.alarms.asked), []
        return asked, {one.kind for one in store.alarms.shown(now) if one.closed is None}

    return looked


def test_a_source_that_is_well_and_as_before_is_looked_over_once_a_day(look):
    assert look(AS_BEFORE, NOW) == (True, set()), "the first time"
    assert look(AS_BEFORE, NOW + HOUR) == (False, set())
    assert look(AS_BEFORE, NOW + 2 * HOUR) == (False, set())
    assert look(AS_BEFORE, NOW + DAY)[0], "its rules may be others by now"


@pytest.mark.parametrize(
    "report",
    [
        SourceReport(SOURCE.id),  # its listing came anew
        SourceReport(SOURCE.id, unchanged=len(SOURCE.listings), asked=1, changed=1),
        AS_BEFORE.with_problem("timeout", "https://site.test/a"),
    ],
)
def test_whatever_a_pass_brought_is_looked_at(look, report):
    look(AS_BEFORE, NOW)
    assert look(report, NOW + HOUR)[0]


def test_failures_are_looked_at_and_so_is_their_end(look):
    look(AS_BEFORE, NOW)
    problem = Problem("timeout", "https://site.test/", "no answer", of_listing=True)
    for hours in (1, 2, 3):
        found = look(SourceReport(SOURCE.id, failure=problem), NOW + hours * HOUR, ("timeout", ""))
        assert found == (True, {"failing"} if hours == 3 else set())
    assert look(AS_BEFORE, NOW + 4 * HOUR) == (True, set())
    assert look(AS_BEFORE, NOW + 5 * HOUR)[0], "the one that saw it over does not know until when it is"
    assert look(AS_BEFORE, NOW + 6 * HOUR) == (False, set())


def test_silence_is_noticed_though_nothing_changes_and_its_end_is_looked_for(look):
    told = {}
    for hours in range(24 * 8):
        asked, open_ = look(AS_BEFORE, NOW + hours * HOUR)
        told[hours] = (asked, "silence" in open_)
    began = next(hours for hours, (_, silent) in told.items() if silent)
    late = alarm.deadline(SourceRecord(SOURCE.id, DATES, DATES[-1]), SOURCE.timezone)
    assert NOW + (began - 1) * HOUR <= late < NOW + began * HOUR, "in the very hour"
    assert all(asked for hours, (asked, _) in told.items() if hours > began), "until it is over"
    assert sum(asked for hours, (asked, _) in told.items() if hours < began) <= began / 24 + 2
