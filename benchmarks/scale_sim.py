"""What a million sources would ask of Nevawire: a discrete-event simulation with measured costs.

    python benchmarks/scale_sim.py [--sources 1000000] [--cores 16] [--every 2] [--a-day 1] [--hours 2] [--hosts 0.5] [--skew 0.8]

Every source has a listing, asked every `--every` hours; news comes at random, several
pieces at a time now and then. Sources are spread over hosts as unevenly as a power law has it (`--skew`, 0: evenly; `--hosts` a source). A host
is asked one thing at a time, `--pause` seconds apart. What comes back takes a core of `--cores`, then the one writer of
the store; what is new is asked for, read and written in the same way; pairing and publishing are one flight at a time.
What each step costs stands in scale_costs.json, as scale_costs.py measured it on the machine named there.

Reckoned with, but not measured: that a host answers within `--latency` seconds; that cores of several machines are worth
as much as those of one; that PostgreSQL takes a write as quickly as SQLite does on the same machine. Left out: failures,
robots.txt, rechecks, translation, the desk, the network's width. So it tells what breaks first and by how much, no more.

The last line is one JSON object: the share of its time that each resource is busy (above 1: it never catches up), how late
listings are asked and written, the hosts and sources for which politeness alone forbids the wanted pace, and disk a day.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Any

COSTS = Path(__file__).with_name("scale_costs.json")
#: Requests on the way at a host: (due at, is it an article).
Waiting = tuple[float, bool]


@dataclass
class Town:
    """What is simulated; times in seconds."""

    sources: int
    hosts: float
    skew: float
    every: float
    a_day: float
    pause: float
    latency: float
    cores: int
    costs: dict[str, Any]


@dataclass
class Seen:
    """What the simulation saw."""

    lags: list[float] = field(default_factory=list)  #: of each listing: from when it was due to when it was written
    visits: int = 0
    pages: int = 0
    computing: float = 0.0  #: seconds of cores
    writing: float = 0.0  #: seconds of the writer


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=float, default=0.5, help="hosts a source")
    parser.add_argument("--skew", type=float, default=0.8, help="exponent of the power law of sources a host")
    parser.add_argument("--every", type=float, default=2, help="hours between two visits of a listing")
    parser.add_argument("--a-day", type=float, default=1, help="articles a source and day, on average")
    parser.add_argument("--pause", type=float, default=2, help="seconds between two requests to a host")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds until a host has answered")
    parser.add_argument("--cores", type=int, default=16)
    parser.add_argument("--hours", type=float, default=2)
    given = parser.parse_args()
    costs = json.loads(COSTS.read_text("utf-8"))
    town = Town(
        given.sources,
        given.hosts,
        given.skew,
        given.every * 3600,
        given.a_day,
        given.pause,
        given.latency,
        given.cores,
        costs,
    )
    print(json.dumps(told(town, given.hours * 3600)))


def told(town: Town, seconds: float) -> dict[str, Any]:
    """Simulate so long, and return the figures."""
    held = spread(town, random.Random(1))
    seen = simulated(town, held, seconds, random.Random(2))
    allowed = town.every / (town.pause + town.latency)
    behind = [number for number in held if number > allowed]
    serial = (town.costs["page_pair_ms"] + town.costs["page_publish_ms"]) / 1000
    a_day = seen.pages / seconds * 86400
    cuts = quantiles(seen.lags, n=20) if len(seen.lags) > 1 else [0.0] * 19
    busy = {
        "cores": seen.computing / seconds / town.cores,
        "writer": seen.writing / seconds,
        "pairing_and_publishing": seen.pages * serial / seconds,
    }
    return {
        "sources": town.sources, "cores": town.cores, "requests_a_second": round((seen.visits + seen.pages) / seconds, 3),
        "busy": {name: round(share, 3) for name, share in busy.items()},
        "lag_median_s": round(cuts[9], 1), "lag_p95_s": round(cuts[18], 1),
        "hosts": len(held), "largest_host": max(held), "hosts_behind": len(behind), "sources_behind": sum(behind),
        "articles_a_day": round(a_day), "archive_gb_a_day": round(a_day * town.costs["archive_kb_a_page"] / 1e6, 1),
        "database_gb_a_day": round(a_day * town.costs["database_kb_a_page"] / 1e6, 1),
    }  # fmt: skip


def spread(town: Town, chance: random.Random) -> list[int]:
    """Return how many sources each host has; hosts without any are left out."""
    hosts = max(1, round(town.sources * town.hosts))
    weights = [(rank + 1) ** -town.skew for rank in range(hosts)]
    held = [0] * hosts
    for host in chance.choices(range(hosts), weights, k=town.sources):
        held[host] += 1
    return [number for number in held if number]


def simulated(town: Town, held: list[int], seconds: float, chance: random.Random) -> Seen:
    """Let it run; the queue holds (when, order, what, of which host, due at, is it an article)."""
    seen, order = Seen(), count()
    queues: list[deque[Waiting]] = [deque() for _ in held]
    # One entry a source is due per round; its phase is its own.
    rounds = [sorted(chance.uniform(0, town.every) for _ in range(number)) for number in held]
    events: list[tuple[float, int, str, int, float, bool]] = []
    free = [0.0] * len(held)  # from when a host may be asked again
    asking = [False] * len(held)
    cores, writer = [0.0] * town.cores, 0.0
    for host, phases in enumerate(rounds):
        heapq.heappush(events, (phases[0], next(order), "due", host, phases[0], False))
    turn = [0] * len(held)
    cpu = {kind: town.costs[f"{name}_cpu_ms"] / 1000 for kind, name in ((False, "visit"), (True, "page"))}
    write = {kind: town.costs[f"{name}_write_ms"] / 1000 for kind, name in ((False, "visit"), (True, "page"))}
    # Pairing and publishing have a core of their own while they fly; their share of a page's cost is not on the workers.
    cpu[True] = max(0.0, cpu[True] - (town.costs["page_pair_ms"] + town.costs["page_publish_ms"]) / 1000)
    news = town.a_day / 86400 * town.every  # articles found by a visit, on average
    while events:
        now, _, what, host, due, article = heapq.heappop(events)
        if now > seconds:
            break
        if what == "due":
            queues[host].append((due, article))
            phases = rounds[host]
            turn[host] += 1
            later = phases[turn[host] % len(phases)] + turn[host] // len(phases) * town.every
            heapq.heappush(events, (later, next(order), "due", host, later, False))
        elif what == "came":
            asking[host] = False
            core = heapq.heappop(cores)
            done = max(core, now) + cpu[article]
            heapq.heappush(cores, done)
            seen.computing += cpu[article]
            heapq.heappush(events, (done, next(order), "read", host, due, article))
        elif what == "read":
            writer = max(writer, now) + write[article]
            seen.writing += write[article]
            heapq.heappush(events, (writer, next(order), "written", host, due, article))
        elif article:
            seen.pages += 1
        else:
            seen.visits += 1
            seen.lags.append(now - due)
            queues[host].extend((now, True) for _ in range(_found(chance, news)))
        if queues[host] and not asking[host] and what != "read":
            waiting = queues[host].popleft()
            asking[host] = True
            begun = max(now, free[host])
            free[host] = begun + town.latency + town.pause
            heapq.heappush(events, (begun + town.latency, next(order), "came", host, *waiting))
    return seen


def _found(chance: random.Random, mean: float) -> int:
    """Return how many articles a visit finds: most find none, a few find many (a geometric law)."""
    found, more = 0, mean / (1 + mean)
    while chance.random() < more:
        found += 1
    return found


if __name__ == "__main__":
    main()
