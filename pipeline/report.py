"""What a pass has to say for itself: one report a source, one for the whole, as plain values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, field, replace
from typing import Any

from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that did not go well: what, where, why."""

    kind: str
    url: str
    detail: str = ""
    of_listing: bool = False


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How a pass over one source went."""

    source: str
    listed: int = 0  #: links seen on its listings
    announced: int = 0  #: of these, seen for the first time
    unchanged: int = 0  #: listings that were as last time
    asked: int = 0  #: addresses of articles asked for
    fetched: int = 0  #: article pages that came
    new: int = 0
    changed: int = 0
    refused: int = 0  #: pages that are no article
    failed: int = 0  #: addresses that did not answer
    failure: Problem | None = None  #: why the source counts as failed
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> SourceReport:
        """Return the report that `as_values` made these of."""
        failure = Problem(**values["failure"]) if values["failure"] else None
        return cls(**{**values, "failure": failure, "problems": tuple(Problem(**one) for one in values["problems"])})

    def as_values(self) -> dict[str, Any]:
        """Return the report as plain values, to be sent to another process."""
        return asdict(self)

    def with_problem(self, kind: str, url: str, detail: str = "") -> SourceReport:
        """Return this report with one more problem."""
        return replace(self, problems=(*self.problems, Problem(kind, url, detail)))

    def with_failure(self, problem: Problem) -> SourceReport:
        """Return this report with a listing that failed, and so the source."""
        problem = replace(problem, of_listing=True)
        return replace(self, failure=self.failure or problem, problems=(*self.problems, problem))

    def judged(self) -> SourceReport:
        """Return this report; failed too where of all articles asked for none came."""
        if self.asked and self.failed == self.asked and self.failure is None:
            return replace(self, failure=self.problems[-1])
        return self


@dataclass(frozen=True, slots=True)
class PassReport:
    """How a whole pass went."""

    run: str
    sources: tuple[SourceReport, ...]
    articles: int = 0
    stories: int = 0
    pairs: int = 0
    written: tuple[str, ...] = ()
    unchanged: int = 0
    refused: Mapping[str, str] | None = None  #: feed document → why the last good one was kept
    alarms: tuple[str, ...] = ()  #: that were raised or are over, one line each
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)  #: stage → seconds
    cpu: Mapping[str, float] = field(
        default_factory=dict
    )  #: stage → CPU seconds of this process, its children's left out

    @property
    def exit_code(self) -> int:
        """0 all well; 3 finished, but some source or feed failed."""
        return 3 if self.refused or any(one.failure for one in self.sources) else 0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> PassReport:
        """Return the report that `as_json` made these of."""
        plain = {name: values[name] for name in ("run", "articles", "stories", "pairs", "seconds", "stages")}
        plain["cpu"] = values.get("cpu", {})  # kept by an older one it has none
        sources = (
            SourceReport.of({"source": name} | {key: value for key, value in one.items() if key != "outcome"})
            for name, one in values["sources"].items()
        )
        feeds = values["feeds"]
        return cls(
            sources=tuple(sources), written=tuple(feeds["names"]), unchanged=feeds["unchanged"],
            refused=feeds["refused"], alarms=tuple(values["alarms"]), **plain,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values, the way `run --json` prints it."""
        sources = {one.source: _source_json(one) for one in self.sources}
        feeds = {
            "written": len(self.written),
            "unchanged": self.unchanged,
            "refused": dict(self.refused or {}),
            "names": list(self.written),
        }
        return {
            "run": self.run, "exit_code": self.exit_code, "seconds": round(self.seconds, 3), "sources": sources,
            "articles": self.articles, "stories": self.stories, "pairs": self.pairs, "feeds": feeds,
            "alarms": list(self.alarms), "stages": {name: round(took, 3) for name, took in self.stages.items()},
            "cpu": {name: round(took, 3) for name, took in self.cpu.items()},
        }  # fmt: skip


def _source_json(report: SourceReport) -> dict[str, Any]:
    values = asdict(report)
    values.pop("source")
    return {"outcome": "failed" if report.failure else "ok"} | values


@contextmanager
def timed(stages: dict[str, float], stage: str, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Note how long a stage took, by whatever clock."""
    since = clock()
    yield
    stages[stage] = clock() - since
