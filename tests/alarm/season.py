"""Ninety days of a source's life, judged pass by pass, and what happens when it stops."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from pipeline.alarm import Visit, judge, learn
from pipeline.alarm.owntime import HOLIDAYS
from pipeline.model import Listing, Source, SourceRecord
from tests.alarm.rhythms import MOSCOW, published

DAYS = 90
PAST = 420
KEPT = 1000  #: dates the store hands over
SOURCE = Source(id="bureau", name={"ru": "Бюро"}, kind="bureau", listings=(Listing(url="https://site.test/news/"),))


class Life:
    """A source that publishes by a rhythm, visited from `start` on."""

    def __init__(self, rhythm: dict, start: date, seed: int = 1) -> None:
        self.rhythm, self.start = rhythm, datetime(start.year, start.month, start.day, tzinfo=UTC)
        self.instants = published(rhythm, start - timedelta(days=PAST), start + timedelta(days=400), seed)
        self.every = timedelta(minutes=30 if rhythm.get("items", [1])[0] >= 8 else 120)

    def until(self, now: datetime) -> tuple[datetime, ...]:
        number = bisect_right(self.instants, now)
        return tuple(self.instants[max(0, number - KEPT) : number])

    def false_alarms(self) -> list[datetime]:
        """The passes of ninety days that would have raised silence though the source goes on."""
        raised, now, learned, rhythm = [], self.start, None, None
        while now < self.start + timedelta(days=DAYS):
            dates = self.until(now)
            # What is learned hardly changes within a day; learning at each pass would only take longer.
            if learned is None or now - learned >= timedelta(hours=24):
                learned, rhythm = now, learn(dates, SOURCE.timezone)
            if rhythm is not None and now > rhythm.deadline(dates[-1]):
                raised.append(now)
            now += self.every
        return raised

    def told_after(self, stop: datetime) -> timedelta:
        """How long after its last article a source that stops is told to be silent, at the first pass that can."""
        dates = self.until(stop)
        rhythm = learn(dates, SOURCE.timezone)
        assert rhythm is not None
        now = dates[-1] + self.every
        now = max(now, rhythm.deadline(dates[-1]) - 2 * self.every)
        while not said(dates, now):
            now += self.every
        return now - dates[-1]

    def normal_gap(self, stop: datetime) -> timedelta:
        """The longest usual gap by the clock: 95 % of half a year (or forty gaps) lies in gaps no longer; no breaks."""
        every = self.until(stop)
        dates = max([one for one in every if one > stop - timedelta(days=180)], every[-41:], key=len)
        gaps = [two - one for one, two in pairwise(dates) if not self.rests(one, two)]
        passed = timedelta(0)
        for gap in sorted(gaps):
            passed += gap
            if passed >= 0.95 * sum(gaps, timedelta(0)):
                return gap
        raise AssertionError("no gap")

    def rests(self, one: datetime, two: datetime) -> bool:
        """Whether a break the rhythm declares lies between."""
        spans = [[date.fromisoformat(day) for day in span] for span in self.rhythm.get("breaks", ())]
        return any(one.date() <= first and last <= two.date() + timedelta(days=1) for first, last in spans)


def said(dates: tuple[datetime, ...], now: datetime) -> bool:
    record = SourceRecord("bureau", dates, dates[-1] if dates else None)
    return judge(SOURCE, record, Visit(now, now)).get("silence") is not None


def working(start: datetime, span: timedelta) -> timedelta:
    """A span without the public holidays in it, on which nobody expects news."""
    days = range(1, span.days + 2)
    off = sum(
        ((start + timedelta(days=day)).astimezone(MOSCOW).month, (start + timedelta(days=day)).astimezone(MOSCOW).day)
        in HOLIDAYS
        for day in days
    )
    return span - timedelta(days=off)
