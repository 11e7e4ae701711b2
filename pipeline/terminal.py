"""What the operator sees of a pass and of the sources' health: a live table, plain lines, a status table."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipeline import address, log
from pipeline.report import PassReport, Problem, SourceReport
from pipeline.store import Health, Pause

_STYLES = {"done": "green", "failed": "red", "waiting": "dim"}
_JOBS = {"todo": "waiting", "doing": "under way"}


def _plural(count: int, word: str) -> str:
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


class Display(Silent):
    """Progress as a table that is redrawn in place, for a terminal."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._rows: dict[str, tuple[SourceReport, str]] = {name: (SourceReport(name), "waiting") for name in sources}
        self._live = Live(get_renderable=self._table, refresh_per_second=8)

    def __enter__(self) -> Self:
        """Take the terminal."""
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen, and say under it what went wrong."""
        self._live.__exit__(kind, error, trace)
        for report, _ in self._rows.values():
            for problem in report.problems:
                self._live.console.print(Text(f"{report.source}: {_problem(problem)}", style="red"), soft_wrap=True)

    def tell(self, report: SourceReport, stage: str) -> None:
        """Change a source's row."""
        self._rows[report.source] = (report, stage)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        for name in ("source", "stage", "listed", "fetched", "new", "changed", "failed"):
            table.add_column(name, justify="left" if name in ("source", "stage") else "right")
        for name, (report, stage) in self._rows.items():
            numbers = (report.listed, report.fetched, report.new, report.changed, report.failed + report.refused)
            style = _STYLES.get(stage, "cyan")
            table.add_row(name, Text(stage, style=style), *(str(number) if number else "·" for number in numbers))
        return table


def progress(sources: Iterable[str], *, as_json: bool) -> Silent:
    """Return the progress that fits where the output goes."""
    if as_json:
        return Silent()
    return Display(sources) if sys.stdout.isatty() else Logged()


def summary(report: PassReport) -> str:
    """Return the last line of a pass, and above it the alarms that were raised or are over."""
    failed = sum(one.failure is not None for one in report.sources)
    parts = [
        f"{_plural(sum(one.new for one in report.sources), 'new article')}",
        f"{report.articles} kept in {report.stories} stories, {report.pairs} of them in both languages",
        f"{_plural(len(report.written), 'feed file')} written, {report.unchanged} unchanged",
    ]
    if report.refused:
        parts.append("refused: " + "; ".join(f"{name}: {why}" for name, why in report.refused.items()))
    if failed:
        parts.append(f"{_plural(failed, 'source')} failed")
    return "\n".join([*report.alarms, "; ".join(parts) + f" ({report.seconds:.1f} s)"])


def status(rows: Iterable[tuple[Health, bool]], now: datetime, paused: Mapping[str, Pause]) -> None:
    """Print how each source fares; `rows` are (health, enabled), paused: what somebody paused, by source."""
    table = Table(box=None, pad_edge=False)
    for name in ("source", "last success", "last new article", "failures", "why"):
        table.add_column(name, overflow="fold", justify="right" if name == "failures" else "left")
    for health, enabled in rows:
        why = address.shown(f"{health.kind}: {health.detail}") if health.failures else "" if enabled else "disabled"
        if pause := paused.get(health.source):
            why = f"paused by {pause.who} {_ago(pause.at, now)}{': ' if pause.reason else ''}{pause.reason}"
        failures = Text(str(health.failures), style="red" if health.failures else "green")
        table.add_row(health.source, _ago(health.last_success, now), _ago(health.last_new, now), failures, Text(why))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)


def astray(counts: Mapping[str, Mapping[str, int]]) -> None:
    """Print which sources have articles whose pages answer otherwise now, or links that lead straight to documents."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    for source, kinds in counts.items():
        gone = ", ".join(f"{kind} {number}" for kind, number in kinds.items() if kind != "not-html")
        if gone:
            console.print(Text(f"{source}: known articles whose pages answer otherwise now, kept as they were: {gone}"))
        if "not-html" in kinds:
            said = f"{source}: {_plural(kinds['not-html'], 'link')} straight to a document; see `nevawire export documents`"
            console.print(Text(said), soft_wrap=True)


def by_queue(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return counts of jobs, (queue, state) → number, as queue → state → number."""
    found: dict[str, dict[str, int]] = {}
    for (queue, state), number in sorted(counts.items()):
        found.setdefault(queue, {})[_JOBS.get(state, state)] = number
    return found


def jobs(counts: Mapping[tuple[str, str], int]) -> None:
    """Print what workers have to do; nothing where there is nothing to tell."""
    queues = by_queue(counts)
    if queues:
        told = (f"{queue} " + ", ".join(f"{n} {state}" for state, n in one.items()) for queue, one in queues.items())
        Console(width=None if sys.stdout.isatty() else 160).print(Text(f"jobs of workers: {'; '.join(told)}"))


def gone(counts: Mapping[str, int], rules: Mapping[str, str]) -> None:
    """Print how many articles of which source have lost their page there; rules: what is done with them."""
    for source, count in sorted(counts.items()):
        what = "withdrawn" if rules.get(source) == "withdraw" else "kept, and marked as such"
        print(f"{source}: the pages of {_plural(count, 'article')} are gone at the source ({what})")


def alarms(lines: Iterable[str]) -> None:
    """Print the alarms that are open."""
    console = Console(width=None if sys.stdout.isatty() else 160)
    for line in lines:
        console.print(Text(line, style="red"), soft_wrap=True)


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 120:
        return f"{max(minutes, 0)} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def _problem(problem: Problem) -> str:
    return address.shown(f"{problem.kind}: {problem.url} {problem.detail}".rstrip())
