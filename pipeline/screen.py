"""What is drawn on a terminal: a pass under way as a table, and the health of the sources."""

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

from pipeline import address, terminal
from pipeline.report import Problem, SourceReport
from pipeline.store import Health, Pause

_STYLES = {"done": "green", "failed": "red", "waiting": "dim"}


class Display(terminal.Silent):
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
            said = f"{source}: {terminal.plural(kinds['not-html'], 'link')} straight to a document; see `nevawire export documents`"
            console.print(Text(said), soft_wrap=True)


def jobs(counts: Mapping[tuple[str, str], int]) -> None:
    """Print what workers have to do; nothing where there is nothing to tell."""
    queues = terminal.by_queue(counts)
    if queues:
        told = (f"{queue} " + ", ".join(f"{n} {state}" for state, n in one.items()) for queue, one in queues.items())
        Console(width=None if sys.stdout.isatty() else 160).print(Text(f"jobs of workers: {'; '.join(told)}"))


def gone(counts: Mapping[str, int], rules: Mapping[str, str]) -> None:
    """Print how many articles of which source have lost their page there; rules: what is done with them."""
    for source, count in sorted(counts.items()):
        what = "withdrawn" if rules.get(source) == "withdraw" else "kept, and marked as such"
        print(f"{source}: the pages of {terminal.plural(count, 'article')} are gone at the source ({what})")


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
