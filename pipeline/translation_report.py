"""What translating has done and cost, as plain values and as lines: for `status`, and for whoever shows it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline import sources
from pipeline.errors import ConfigError
from pipeline.model import Config
from pipeline.store import Store


def figures(store: Store, config: Config, now: datetime) -> dict[str, Any]:
    """Return what engines did and what became of texts, as plain values."""
    rules = {one.name: one.characters_per_day for one in config.translation.engines}
    return {
        "on": config.translation.on,
        "engines": list(rules),
        "budgets": {**rules, "source": config.translation.characters_per_source},
        "today": [asdict(one) for one in store.spending.of_day(now)],
        "in_all": [asdict(one) for one in store.spending.in_all()],
        "memory": store.memory.states(),
        "texts": [{"state": state, "reason": reason, "count": count} for state, reason, count in store.machine.states()],
        "faults": store.machine.faults(),
        "credits": list(store.machine.credits()),
        "spent": [
            {"engine": one.engine, "until": one.until.isoformat(), "detail": one.detail}
            for one in store.quotas.spent(now).values()
        ],
        "costs": costs(store, config, now),
    }  # fmt: skip


def costs(store: Store, config: Config, now: datetime) -> list[dict[str, Any]]:
    """Return what engines with a price have cost today and in all, in the operator's currency."""
    today: dict[str, int] = {}
    for one in store.spending.of_day(now):
        today[one.engine] = today.get(one.engine, 0) + one.characters
    in_all = {one.engine: one.characters for one in store.spending.in_all()}
    return [
        {"engine": name, "today": cost(today.get(name, 0), price), "in_all": cost(in_all.get(name, 0), price)}
        for name, price in prices(config).items()
    ]


def prices(config: Config) -> dict[str, float]:
    """Return what a million characters cost, by engine, as far as the operator gave a price."""
    every = config.translation.engines
    return {one.name: one.price_per_million for one in every if one.price_per_million is not None}


def prices_in(file: Path) -> Mapping[str, float]:
    """Return the prices that a sources file gives now; none where it cannot be read: figures are told all the same."""
    return _prices_in(file, sources.stamp(file))


@lru_cache(maxsize=1)
def _prices_in(file: Path, _stamp: object) -> Mapping[str, float]:
    try:
        return prices(sources.load(file))
    except ConfigError:
        return {}


def cost(characters: int, price: float) -> float:
    """Return what so many characters cost, in the operator's currency."""
    return round(characters * price / 1e6, 4)


def lines(shown: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as lines for people."""
    yield "engines: " + (", ".join(shown["engines"]) or "none; translation is off")
    waiting = shown.get("queue")
    if waiting:
        yield f"queue: {waiting['stories']} stories, {waiting['characters']} characters; titles first, then bodies, newest first"
    yield from _spent(shown)
    for engine, states in shown["memory"].items():
        yield f"memory: {engine}: " + ", ".join(f"{count} {state}" for state, count in states.items())
    for one in shown["texts"]:
        yield f"texts: {one['count']} {one['state']}" + (f": {one['reason']}" if one["reason"] else "")
    if shown["faults"]:
        yield "faults: " + ", ".join(f"{fault} {count}" for fault, count in shown["faults"].items())
    for credit in shown["credits"]:
        yield f"credit: {credit}"


def _spent(shown: Mapping[str, Any]) -> Iterator[str]:
    totals: dict[str, int] = {}
    for one in shown["today"]:
        totals[one["engine"]] = totals.get(one["engine"], 0) + one["characters"]
    for engine, characters in totals.items():
        limit = shown["budgets"].get(engine)
        yield f"today: {engine}: {characters} characters" + (f" of {limit}" if limit else "")
    limit = shown["budgets"]["source"]
    for title, rows in (("today", shown["today"]), ("in all", shown["in_all"])):
        for one in rows:
            yield (
                f"{title}: {', '.join(filter(None, (one['engine'], one['source'])))}: {one['characters']} characters"
                + (f" of {limit}" if limit and title == "today" else "")
                + f", {one['segments']} segments in {one['requests']} requests, {one['hits']} from memory,"
                + f" {one['faults']} failed a check"
            )
    for one in shown["costs"]:
        yield f"cost: {one['engine']}: {one['today']:.2f} today, {one['in_all']:.2f} in all, at the price you gave"
    for one in shown["spent"]:
        yield f"quota: {one['engine']}: spent; asked again from {one['until'][:16].replace('T', ' ')} UTC"
