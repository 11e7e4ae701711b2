"""What is to be said of a source after a pass: for each kind of alarm its facts, or that there is none.

A kind that is missing from the answer could not be judged: what stood before stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from pipeline.alarm.drift import drift
from pipeline.alarm.rhythm import Rhythm, learn
from pipeline.alarm.visit import Visit
from pipeline.model import ListingVisit, Source, SourceRecord

#: Facts of an alarm as plain values; None: all is well.
Facts = Mapping[str, Any] | None

#: Passes in a row after which a source counts as failing.
FAILURES = 3
#: Of the latest visits to a listing, so many are compared; fewer than the least say nothing.
_VISITS, _FEWEST_VISITS = 20, 5
#: A listing with a smaller share of the links it used to show has shrunk.
_SHRUNK = 0.5
# Failures of what a source shows; it does answer.
_SHOWN = frozenset({"drift", "no-links", "shrink"})


def judge(source: Source, record: SourceRecord, visit: Visit) -> dict[str, Facts]:
    """Return the facts of each kind of alarm that this pass allows to judge; None where it is well."""
    causes = drift(source, record, visit)
    said: dict[str, Facts] = {"drift": {"causes": list(causes)} if causes else None}
    said |= _failing(record, visit, drifting=bool(causes))
    said |= _shrink(source, record, visit)
    said["paused"] = {"failures": record.failures} if record.paused else None
    if visit.answered:
        said["silence"] = silence(record, source.timezone, visit)
    return said


def silence(record: SourceRecord, zone: str, visit: Visit) -> Facts:
    """Return since when a source has been silent, where that is far longer than its own rhythm explains."""
    rhythm = _rhythm(record.dates, zone) if record.latest else None
    if rhythm is None or record.latest is None or visit.now <= rhythm.deadline(record.latest):
        return None
    return {"last": record.latest.isoformat(), "normal_hours": round(rhythm.normal.total_seconds() / 3600, 1)}


def deadline(record: SourceRecord, zone: str) -> datetime | None:
    """Return when a source will be silent unless it has news before; None where its rhythm is not known."""
    rhythm = _rhythm(record.dates, zone) if record.latest else None
    return rhythm.deadline(record.latest) if rhythm and record.latest else None


@lru_cache(maxsize=1)
def _rhythm(dates: tuple[datetime, ...], zone: str) -> Rhythm | None:
    """Return what is usual for a source; whether it is silent and when it will be is asked of the same dates."""
    return learn(dates, zone)


def _failing(record: SourceRecord, visit: Visit, *, drifting: bool) -> dict[str, Facts]:
    failure = visit.failure
    if failure is None or (failure.kind in _SHOWN and (drifting or failure.kind != "no-links")):
        return {"failing": None}
    if record.failures < FAILURES:
        return {}
    return {"failing": {"failures": record.failures, "kind": failure.kind, "url": failure.url}}


def _shrink(source: Source, record: SourceRecord, visit: Visit) -> dict[str, Facts]:
    """Compare what the listings read in this pass show with what they used to, and with what is expected."""
    alarm = record.open.get("shrink")
    before = {one["listing"]: one for one in alarm.facts["listings"]} if alarm else {}
    since = min(visit.began, alarm.since) if alarm else visit.began
    told = {problem.url for problem in visit.problems if problem.kind == "shrink"}
    found = dict(before)
    for url in sorted({seen.listing for seen in record.visits if seen.at >= visit.began}):
        seen = [one for one in record.visits if one.listing == url]
        least = _least(one for one in seen if one.at < since)
        now = _per_page(seen[-1])
        found.pop(url, None)
        if url in told and now >= _SHRUNK * least:
            found[url] = {"listing": url, "links": seen[-1].links, "least": source.expect.links}
        elif 0 < now < _SHRUNK * least:
            found[url] = {"listing": url, "links": round(now), "least": round(least)}
    return {"shrink": {"listings": [found[url] for url in sorted(found)]} if found else None}


def _per_page(visit: ListingVisit) -> float:
    """Return links a page: a walk goes deeper only while there is something new."""
    return visit.links / max(1, visit.pages)


def _least(visits: Any) -> float:
    """Return how few links a page a listing has shown before, its strangest visits left out; 0 where too few."""
    counts = sorted([_per_page(one) for one in visits if one.links][-_VISITS:])
    return counts[len(counts) // 10] if len(counts) >= _FEWEST_VISITS else 0.0
