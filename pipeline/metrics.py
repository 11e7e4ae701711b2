"""How the installation does, for machines: Prometheus text, and whether it is alive and ready.

Everything is read from the store, so whoever serves it need not be the process that collects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from pipeline import __version__, access, log
from pipeline.errors import StoreError
from pipeline.record import dataclass
from pipeline.store import Figures, Store
from pipeline.translation_report import cost

#: A pass comes every few minutes, if only to look what may be published; so long without one is too long.
SILENT = timedelta(minutes=30)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATES = ("single", "linked", "review")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a probe is told."""

    ok: bool
    facts: dict[str, str]


def healthy(store: Store, now: datetime) -> Answer:
    """Tell whether the process and its database answer."""
    try:
        store.figures(now)
    except StoreError as error:
        return _silent(error)
    return Answer(True, {"database": "answers"})


def ready(store: Store, now: datetime) -> Answer:
    """Tell whether there are feeds, and a pass has looked at them lately."""
    try:
        found = store.figures(now)
    except StoreError as error:
        return _silent(error)
    fresh = found.last_pass is not None and now - found.last_pass <= SILENT
    facts = {
        "feeds": "published" if found.files else "nothing published yet",
        "last_pass": found.last_pass.isoformat() if found.last_pass else "never",
    }
    return Answer(bool(found.files) and fresh, facts)


def shown(feeds: Path) -> Answer:
    """Tell whether there are feeds to serve, where nothing else is known."""
    there = (feeds / "index.html").is_file()
    return Answer(there, {"feeds": "published" if there else "nothing published yet"})


def token(store: Store, secret: str, now: datetime) -> str:
    """Return what opens /metrics to whoever asks from elsewhere; secret: that of the settings, "" for the store's."""
    return access.token(secret or store.private.secret(now), "metrics")


def _silent(error: StoreError) -> Answer:
    log.warn(
        "the database does not answer a probe", why=str(error)
    )  # anybody may probe, and paths are nobody's business
    return Answer(False, {"database": "does not answer"})


def render(store: Store, now: datetime, prices: Mapping[str, float] = MappingProxyType({})) -> bytes:
    """Return the metrics of an installation as Prometheus text. Raises StoreError where the database does not serve.

    prices: engine → what a million characters cost.
    """
    return text(store.figures(now), store.archive.used(), prices)


def text(found: Figures, disk_used: float, prices: Mapping[str, float] = MappingProxyType({})) -> bytes:
    """Return figures as Prometheus text; disk_used in percent, prices by engine and million characters."""
    page = _Page()
    page.set("nevawire_info", "The version that runs.", 1, version=__version__)
    page.set("nevawire_articles", "Articles in the store.", found.articles)
    for state in _STATES:
        page.set(
            "nevawire_stories", "Stories, by state; linked ones are pairs.", found.stories.get(state, 0), state=state
        )
    page.set("nevawire_pages_waiting", "Pages archived and not yet read.", found.waiting)
    page.set("nevawire_disk_used_ratio", "How full the disk of the archive is.", disk_used / 100)
    for kind, count in sorted(found.alarms.items()):
        page.set("nevawire_alarms_open", "Alarms that are open.", count, kind=kind)
    for (source, kind), count in sorted(found.requests.items()):
        page.set(
            "nevawire_requests_last_day",
            "Requests of the last 24 hours, by how they ended.",
            count,
            source=source,
            kind=kind,
        )
    for name, size in sorted(found.files.items()):
        page.set("nevawire_feed_bytes", "Size of each document.", size, file=name)
    for (queue, state), count in sorted(found.jobs.items()):
        page.set(
            "nevawire_jobs",
            "Jobs of workers: todo (with what dead ones have in hand), doing, failed in two weeks; none are not told.",
            count,
            queue=queue,
            state=state,
        )
    _sources(page, found)
    _translation(page, found, prices)
    _last_pass(page, found)
    return generate_latest(page.registry)


def _sources(page: _Page, found: Figures) -> None:
    for one in found.sources:
        page.set("nevawire_source_failures", "Passes in a row that failed.", one.failures, source=one.id)
        page.at(
            "nevawire_source_last_success_timestamp_seconds",
            "When a pass last succeeded.",
            one.last_success,
            source=one.id,
        )
        page.at(
            "nevawire_source_last_new_timestamp_seconds",
            "When there last was a new article.",
            one.last_new,
            source=one.id,
        )


def _translation(page: _Page, found: Figures, prices: Mapping[str, float]) -> None:
    for one in found.translated:
        for name, about, value in (
            ("characters", "Characters sent to each engine since the beginning.", one.characters),
            ("segments", "Sentences sent to each engine.", one.segments),
            ("memory_hits", "Sentences that the memory knew from each engine.", one.hits),
            ("check_failures", "Answers of each engine that failed a check.", one.faults),
        ):
            page.set(f"nevawire_translation_{name}", about, value, engine=one.engine)
        if one.engine in prices:
            page.set(
                "nevawire_translation_cost",
                "What each engine has cost since the beginning, at the price in sources.yaml, in its currency.",
                cost(one.characters, prices[one.engine]),
                engine=one.engine,
            )
        spent = one.engine in found.quotas
        page.set(
            "nevawire_translation_quota_spent", "Whether an engine said its quota is spent.", spent, engine=one.engine
        )
    for state, count in sorted(found.sides.items()):
        page.set("nevawire_translation_sides", "Sides of stories that machines wrote, or were to.", count, state=state)


def _last_pass(page: _Page, found: Figures) -> None:
    page.at("nevawire_last_pass_timestamp_seconds", "When the last pass ended.", found.last_pass)
    if not found.summary:
        return
    page.set("nevawire_last_pass_seconds", "How long it took.", found.summary.get("seconds", 0))
    for stage, seconds in sorted(found.summary.get("stages", {}).items()):
        page.set("nevawire_stage_seconds", "How long each stage of it took.", seconds, stage=stage)
    refused = found.summary.get("feeds", {}).get("refused", {})
    page.set("nevawire_refused_documents", "Documents that were not fit to replace the last ones.", len(refused))


class _Page:
    """Gauges that come to be when they are first set."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._gauges: dict[str, Gauge] = {}

    def set(self, name: str, about: str, value: float, **labels: str) -> None:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, about, sorted(labels), registry=self.registry)
        gauge = self._gauges[name].labels(**labels) if labels else self._gauges[name]
        gauge.set(value)

    def at(self, name: str, about: str, when: datetime | None, **labels: str) -> None:
        if when is not None:
            self.set(name, about, when.timestamp(), **labels)
