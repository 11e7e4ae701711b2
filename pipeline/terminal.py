"""What the operator sees of a pass: a live table where that can be drawn (screen.py), lines of the log, the line at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

from pipeline import log
from pipeline.report import PassReport, SourceReport

_JOBS = {"todo": "waiting", "doing": "under way"}


def plural(count: int, word: str) -> str:
    """Return how many there are of something."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


class Silent:
    """No progress: the answer is one JSON object."""

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def tell(self, report: SourceReport, stage: str) -> None:
        """Say nothing."""


class Logged(Silent):
    """Progress as lines of the log, for pipes, services and cron."""

    def tell(self, report: SourceReport, stage: str) -> None:
        """Log a source's part of the pass when it is over, and what went wrong in it."""
        if stage not in ("done", "failed"):
            return
        counts = {name: getattr(report, name) for name in ("listed", "fetched", "new", "changed", "refused", "failed")}
        (log.warn if stage == "failed" else log.say)(f"source {stage}", source=report.source, **counts)
        for problem in report.problems:
            log.warn("problem", source=report.source, kind=problem.kind, url=problem.url, detail=problem.detail)


def progress(sources: Iterable[str], *, as_json: bool) -> Silent:
    """Return the progress that fits where the output goes."""
    if as_json:
        return Silent()
    if not sys.stdout.isatty():
        return Logged()
    from pipeline import screen  # a service draws nothing, and begins sooner without

    return screen.Display(sources)


def summary(report: PassReport) -> str:
    """Return the last line of a pass, and above it the alarms that were raised or are over."""
    failed = sum(one.failure is not None for one in report.sources)
    parts = [
        f"{plural(sum(one.new for one in report.sources), 'new article')}",
        f"{report.articles} kept in {report.stories} stories, {report.pairs} of them in both languages",
        f"{plural(len(report.written), 'feed file')} written, {report.unchanged} unchanged",
    ]
    if report.refused:
        parts.append("refused: " + "; ".join(f"{name}: {why}" for name, why in report.refused.items()))
    if failed:
        parts.append(f"{plural(failed, 'source')} failed")
    return "\n".join([*report.alarms, "; ".join(parts) + f" ({report.seconds:.1f} s)"])


def by_queue(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return counts of jobs, (queue, state) → number, as queue → state → number."""
    found: dict[str, dict[str, int]] = {}
    for (queue, state), number in sorted(counts.items()):
        found.setdefault(queue, {})[_JOBS.get(state, state)] = number
    return found
