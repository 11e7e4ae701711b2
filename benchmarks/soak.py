"""A day of `nevawire watch`, lived in minutes: what it loses, doubles or forgets, and how it grows.

    python benchmarks/soak.py [--sources 100] [--hours 24] [--kills 20] [--minutes 45] [--keep FOLDER]

A town of sites on loopback publishes, corrects, withdraws, fails and recovers, as a plan says that is made before it
begins. A real `watch` on a clock that runs faster collects it; in the middle half of the day it is killed (SIGKILL)
and started anew, so that the first and the last quarter, whose memory is compared, are without. At every hour the
feeds are held against the plan, at the end the articles, the stories and the turns of every source.

The last line of stdout is one JSON object; the exit code is 1 where anything in it is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.soaking import turns as rota
from benchmarks.soaking.plan import Site, town
from benchmarks.soaking.readers import Readers, lost_or_doubled
from benchmarks.soaking.sites import Sites
from benchmarks.soaking.watching import Watch, Weight

START = datetime(2026, 5, 20, 6, 0, tzinfo=UTC)
EVERY = 2.0
#: By how much anything may be late, hours; a real minute of this machine is most of an hour of the town's.
SLACK = 0.75
#: How much memory may grow from the first quarter of the day to the last.
GROWTH = 0.10
#: What is wrong is told up to so often; the rest is counted.
_TOLD = 20


def main() -> int:
    """Live the day and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=45, help="real ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to leave everything in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        figures = Day(folder, given).live()
    print(json.dumps(figures, ensure_ascii=False))
    return 0 if figures["right"] else 1


class Day:
    """One day of the town, from its first turn to its last."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self._folder, self._given = folder, given
        self._rate = given.hours * 60 / given.minutes
        self._town = town(given.sources, given.hours, given.seed)
        self._watch = Watch(folder, START, self._rate)
        self._wrong: list[str] = []
        self._kills: list[tuple[float, dict[str, rota.Counted]]] = []
        dice = random.Random(given.seed)
        room = given.hours / 2 / max(1, given.kills)
        self._kill_at = [given.hours / 4 + room * (number + dice.random()) for number in range(given.kills)]

    def live(self) -> dict[str, Any]:
        """Live it through and return what came of it."""
        began = time.monotonic()
        with Sites(self._town, START, self._watch.hour) as sites:
            sources = json.dumps(configuration(self._town, sites), ensure_ascii=False)
            (self._folder / "sources.yaml").write_text(sources, encoding="utf-8")
            readers = Readers(self._folder / "feeds", self._town, sites, EVERY, SLACK)
            self._watch.start()
            self._hours(readers, sites)
            code = self._watch.end()
            figures = self._judged(sites)
        figures |= {
            "exit_code": code,
            "orphans": self._watch.orphans(),
            "real_minutes": round((time.monotonic() - began) / 60, 1),
        }
        memory = weighed(self._watch.weights, self._given.hours)
        grown = max(memory["main_growth"], memory["whole_growth"])
        wrong = [*self._wrong, *figures.pop("told")]
        figures |= {"memory": memory, "wrong": len(wrong), "told": wrong[:_TOLD]}
        figures["right"] = not wrong and code == 0 and not figures["orphans"] and grown <= GROWTH
        return figures

    def _hours(self, readers: Readers, sites: Sites) -> None:
        hour = 1
        while (now := self._watch.hour()) < self._given.hours:
            if not self._watch.alive():
                self._wrong.append(f"{now:.2f} h: the watch has ended by itself; see its log")
                self._watch.start()
            if self._kill_at and now >= self._kill_at[0]:
                self._kill_at.pop(0)
                at_work(sites)
                self._watch.kill()
                self._kills.append((self._watch.hour(), rota.counted(self._folder)))
                self._watch.start()
            if now >= hour:
                self._look(readers, hour)
                hour += 1
            self._watch.weigh()
            time.sleep(1)

    def _look(self, readers: Readers, hour: int) -> None:
        """Hold the feeds against the plan; documents of one feed are replaced one after the other, hence again."""
        wrong = readers.problems(self._watch.hour())
        for _ in range(5):
            if not wrong:
                break
            time.sleep(2)
            wrong = readers.problems(self._watch.hour())
        self._wrong += [f"{hour} h: {one}" for one in wrong]
        weight = self._watch.weights[-1] if self._watch.weights else None
        print(
            f"hour {hour}: {len(wrong)} wrong, {len(self._kills)} kills, {weight.whole if weight else 0:.0f} MB",
            *wrong[:3], sep="\n  ", file=sys.stderr, flush=True,
        )  # fmt: skip

    def _judged(self, sites: Sites) -> dict[str, Any]:
        articles, stories = (exported(self._folder, what) for what in ("articles", "stories"))
        lost, doubled = lost_or_doubled(articles, stories, sites, self._town)
        found = rota.judge(rota.turns(self._folder, START, self._kills), EVERY, SLACK, self._given.hours)
        verified = nevawire(self._folder, "verify")
        failed = [] if verified.returncode == 0 else [f"verify: {verified.stdout[-500:]} {verified.stderr[-500:]}"]
        return {
            "sources": len(self._town), "hours": self._given.hours, "rate": round(self._rate, 1),
            "kills": len(self._kills), "requests": len(sites.log), "articles": len(articles), "stories": len(stories),
            "articles_lost": len(lost), "articles_doubled": len(doubled), "turns": found.turns, "turns_cut_off": found.cut,
            "turns_made_up": found.made_up, "turns_lost": len(found.lost), "turns_doubled": len(found.doubled),
            "latest_turn_minutes": round(found.latest * 60, 1),
            "told": [*failed, *found.lost, *found.doubled, *(f"lost: {one}" for one in lost), *(f"twice: {one}" for one in doubled)],
        }  # fmt: skip


def at_work(sites: Sites) -> None:
    """Wait for the middle of somebody's turn, or for a while."""
    before, until = len(sites.log), time.monotonic() + 20
    while len(sites.log) == before and time.monotonic() < until:
        time.sleep(0.02)


def configuration(sites: Sequence[Site], served: Sites) -> dict[str, Any]:
    """Return the sources file of the town; YAML reads JSON."""
    sources = {
        one.id: {
            "name": {"en": f"Site {one.id}", "ru": f"Сайт {one.id}"}, "kind": "cluster",
            "on_gone": "withdraw" if one.withdraws else "keep",
            "listings": [
                {"url": f"{served.base(one)}/{each}/news/", "language": each, "links": "ul.news a"} for each in ("ru", "en")
            ],
            "versions": [{"swap": ["/ru/", "/en/"]}],
        }
        for one in sites
    }  # fmt: skip
    publisher = {"title": {"ru": "Город", "en": "Town"}, "home": "https://n.example/", "contact": "desk@n.example"}
    defaults = {"every": f"{EVERY:g}h", "timeout": "20s", "recheck": ["1h", "3h"], "rights": {"publish": "full"}}
    return {"publisher": publisher, "defaults": defaults, "publish": {"hold": "15m"}, "sources": sources}


def weighed(weights: Sequence[Weight], hours: float) -> dict[str, float]:
    """Return what the watch weighed in the first and the last quarter, megabytes: medians, and how they grew."""
    found: dict[str, float] = {"peak": round(max(one.whole for one in weights), 1)}
    for name in ("main", "whole"):
        # The first twelfth is the first pass over everything, for which there is no counterpart later.
        first = median(getattr(one, name) for one in weights if hours / 12 <= one.hour < hours / 4)
        last = median(getattr(one, name) for one in weights if one.hour >= hours * 3 / 4)
        found |= {
            f"{name}_first": round(first, 1),
            f"{name}_last": round(last, 1),
            f"{name}_growth": round(last / first - 1, 3),
        }
    return found


def exported(folder: Path, what: str) -> list[dict[str, Any]]:
    """Return what an export says."""
    return [json.loads(line) for line in nevawire(folder, "export", what).stdout.splitlines()]


def nevawire(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb over the installation."""
    env = os.environ | {f"NEVAWIRE_{name}": str(folder / file) for name, file in
                        (("SOURCES", "sources.yaml"), ("STORE", "store"), ("FEEDS", "feeds"))}  # fmt: skip
    line = [sys.executable, "-m", "pipeline", *words]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
