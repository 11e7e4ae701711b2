"""Ordinary ways to publish, as data turned into instants; the same for the same seed."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
RHYTHMS = json.loads((Path(__file__).parents[1] / "data/alarm/rhythms.json").read_text("utf-8"))


def published(rhythm: dict, start: date, end: date, seed: int) -> list[datetime]:
    """Return the instants at which a source of this rhythm publishes from start until end."""
    chance = random.Random(f"{rhythm['name']} {seed}")
    days = (start + timedelta(days=number) for number in range((end - start).days))
    instants = [at for day in _days(rhythm, list(days), start, end, chance) for at in _hours(rhythm, day, chance)]
    return sorted(instants)


def _days(rhythm, days, start, end, chance):
    how = _WAYS[rhythm["way"]]
    chosen = how(rhythm, days, start, end, chance)
    closed = {tuple(map(int, day.split("-"))) for day in rhythm.get("closed", ())}
    for day in chosen:
        if (day.month, day.day) in closed or any(_within(day, span) for span in rhythm.get("breaks", ())):
            continue
        if chance.random() >= rhythm.get("missed", 0.0):
            yield day


def _within(day, span):
    first, last = (date.fromisoformat(part) for part in span)
    return first <= day <= last


def _weekdays(rhythm, days, start, end, chance):
    return [day for day in days if day.weekday() in rhythm["weekdays"]]


def _every(rhythm, days, start, end, chance):
    """Every so many days, give or take."""
    at, chosen = chance.uniform(0, rhythm["days"]), []
    while at < len(days):
        chosen.append(days[int(at)])
        at += max(1.0, rhythm["days"] + chance.uniform(-1, 1) * rhythm.get("give", 0.0))
    return chosen


def _monthly(rhythm, days, start, end, chance):
    """On given days of the month, give or take."""
    chosen = set()
    for day in days:
        if day.day in rhythm["on"]:
            chosen.add(day + timedelta(days=chance.randint(0, rhythm.get("late", 0))))
    return sorted(chosen)


def _nth(rhythm, days, start, end, chance):
    """On the first, second, … such weekday of the month."""
    return [day for day in days if day.weekday() in rhythm["weekdays"] and (day.day - 1) // 7 + 1 in rhythm["numbers"]]


def _last_working(rhythm, days, start, end, chance):
    working = [day for day in days if day.weekday() < 5]
    return [one for one, two in pairwise(working) if one.month != two.month]


def _bursts(rhythm, days, start, end, chance):
    """Around events: some days of news, then a long quiet."""
    at, chosen = chance.uniform(0, rhythm["apart"][0]), []
    while at < len(days):
        length = chance.randint(*rhythm["lasting"])
        chosen += [day for day in days[int(at) : int(at) + length] if day.weekday() not in rhythm.get("never", ())]
        at += chance.uniform(*rhythm["apart"])
    return sorted(set(chosen))


def _at_random(rhythm, days, start, end, chance):
    """Each day by itself, with a chance that may change over the time."""
    first, last = rhythm["chance"]
    for number, day in enumerate(days):
        part = min(1.0, number / max(1, len(days)))
        if day.weekday() not in rhythm.get("never", ()) and chance.random() < first + (last - first) * part:
            yield day


def _growing(rhythm, days, start, end, chance):
    """Gaps that grow, or shrink, steadily from the first to the last."""
    first, last = rhythm["gaps"]
    at, chosen = 0.0, []
    while at < len(days):
        chosen.append(days[int(at)])
        at += first + (last - first) * at / len(days) + chance.uniform(-0.3, 0.3)
    return chosen


_WAYS = {
    "weekdays": _weekdays, "every": _every, "monthly": _monthly, "nth": _nth, "last-working": _last_working,
    "bursts": _bursts, "at-random": _at_random, "growing": _growing,
}  # fmt: skip


def _hours(rhythm, day, chance):
    """The instants of one day with news."""
    first, last = rhythm["hours"]
    many = rhythm.get("items", [1, 1])
    if rhythm.get("evenly"):
        step = (last - first) / many[0]
        offsets = [first + step * (number + chance.uniform(0.1, 0.9)) for number in range(many[0])]
    else:
        offsets = [chance.uniform(first, last) for _ in range(chance.randint(*many))]
    midnight = datetime.combine(day, time(0), MOSCOW)
    if rhythm.get("day_only"):
        return [(midnight + timedelta(hours=12)).astimezone(UTC)]
    return [(midnight + timedelta(hours=offset)).astimezone(UTC) for offset in offsets]
