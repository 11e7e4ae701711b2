"""Whether a source's pages have changed under us: its links, what its rules match, how much text comes.

A cause is a mapping of plain values with the key "cause": links, rule or text. A cause that is
open stays until something shows that it is over: a pass that read nothing shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import comb
from statistics import median
from typing import Any

from pipeline.alarm.visit import Visit
from pipeline.model import Alarm, PageRead, Source, SourceRecord

Cause = Mapping[str, Any]

#: Misses that would come about by chance less often than this are no chance.
UNLIKELY = 0.02
#: So many latest pages are looked at together, where one alone would not tell.
_WINDOWS = (1, 2, 3, 5, 10)
#: Pages a rule must have matched, or texts there must have been, before their absence means something.
_FEWEST_HITS, _FEWEST_TEXTS = 3, 5
#: A text this much shorter than the shortest tenth of the earlier ones is short.
_SHORT = 0.5
#: One page alone is enough where so many were never short, and hardly anything is left of it.
_SURE, _HARDLY = 40, 0.15


def drift(source: Source, record: SourceRecord, visit: Visit) -> tuple[Cause, ...]:
    """Return why the source's pages count as changed; empty where nothing says so."""
    alarm = record.open.get("drift")
    before = {cause["cause"]: cause for cause in alarm.facts["causes"] if cause["cause"] != "links"} if alarm else {}
    since = alarm.since if alarm else None
    causes = [*_links(record, visit, alarm)]
    if any(rule.text for rule in source.rules):
        causes += _judged(_rule, record.reads, visit, before.get("rule"), since)
    causes += _judged(_text, record.reads, visit, before.get("text"), since)
    return tuple(causes)


def _links(record: SourceRecord, visit: Visit, alarm: Alarm | None) -> list[Cause]:
    """Return the listings whose links are gone, or went elsewhere and have not proved themselves there."""
    failed = {problem.url: problem.kind for problem in visit.problems}
    worked = {seen.listing for seen in record.visits if seen.links and seen.at < visit.began}
    now = {
        url: kind for url, kind in failed.items() if kind == "drift" or (kind == "no-links" and url in worked)
    }  # fmt: skip
    for cause in alarm.facts["causes"] if alarm else ():
        if cause["cause"] == "links" and not _proved(cause, failed, record, alarm.since if alarm else visit.now):
            now.setdefault(cause["listing"], cause["how"])
    return [{"cause": "links", "listing": url, "how": kind} for url, kind in sorted(now.items())]


def _proved(cause: Cause, failed: Mapping[str, str], record: SourceRecord, since: datetime) -> bool:
    if cause["listing"] in failed:
        return False
    # Links taken from another place are believed once one of them brought news.
    return cause["how"] != "drift" or (record.latest is not None and record.latest > since)


Judge = Callable[[Sequence[PageRead], Sequence[PageRead]], Cause | None]


def _judged(
    judge: Judge, reads: Sequence[PageRead], visit: Visit, cause: Cause | None, since: datetime | None
) -> list[Cause]:
    """Return what the newest pages say beside the earlier ones; what stood open before, where they say nothing."""
    fresh = sum(read.at >= visit.began for read in reads)
    if not fresh:
        return [cause] if cause else []
    if cause and since:
        found = judge(reads[-fresh:], [read for read in reads if read.at < since])
        return [found or cause] if found or not _mended(reads[-fresh:], cause) else []
    for size in sorted({fresh, *(size for size in _WINDOWS if fresh < size <= len(reads))}):
        found = judge(reads[-size:], reads[:-size])
        if found:
            return [found]
    return []


def _mended(fresh: Sequence[PageRead], cause: Cause) -> bool:
    if cause["cause"] == "rule":
        told = [read for read in fresh if _matched(read) is not None]
        return 2 * sum(bool(_matched(read)) for read in told) > len(told)
    long = [read for read in fresh if read.length >= int(cause["bound"])]
    return 2 * len(long) > len(fresh)


def _matched(read: PageRead) -> bool | None:
    """Return whether the source's rule found the text; None where that was not tried or not noted."""
    if "matched nothing" in read.made_by:
        return False
    return True if read.made_by.startswith("rule") else None


def _rule(newest: Sequence[PageRead], earlier: Sequence[PageRead]) -> Cause | None:
    told = [matched for read in newest if (matched := _matched(read)) is not None]
    known = [matched for read in earlier if (matched := _matched(read)) is not None]
    missed = told.count(False)
    if known.count(True) < _FEWEST_HITS or not _striking(missed, len(told), known.count(False), len(known)):
        return None
    return {"cause": "rule", "missed": missed, "of": len(told)}


def _text(newest: Sequence[PageRead], earlier: Sequence[PageRead]) -> Cause | None:
    lengths = sorted(read.length for read in earlier if read.length)
    if len(lengths) < _FEWEST_TEXTS:
        return None
    bound = _SHORT * lengths[len(lengths) // 10]
    short = [read.length for read in newest if read.length < bound]
    known = sum(read.length < bound for read in earlier)
    usual = median(lengths)
    sure = len(earlier) >= _SURE and not known and max(short, default=0) < _HARDLY * usual
    if (len(newest) == 1 and not sure) or not _striking(len(short), len(newest), known, len(earlier)):
        return None
    return {
        "cause": "text", "missed": len(short), "of": len(newest), "now": round(median(short)), "usual": round(usual),
        "bound": round(bound),
    }  # fmt: skip


def _striking(misses: int, of: int, known_misses: int, known: int) -> bool:
    """Return whether so many misses are more than the share known from before explains."""
    if not misses or 2 * misses < of:
        return False
    share = (known_misses + 0.5) / (known + 1)
    chance = sum(comb(of, many) * share**many * (1 - share) ** (of - many) for many in range(misses, of + 1))
    return chance < UNLIKELY
