"""What an installation takes: memory, CPU a day, disk an article, requests a day, for a number of sources.

    python benchmarks/budget.py [--sources 25] [--hours 6] [--minutes 6]

A `watch` lives some hours of the town that soak.py knows, in some minutes, without being killed. What those hours took
is reckoned to a day; the first hour, with the first pass over everything, counts for memory alone. The
last line of stdout is one JSON object; the exit code is 1 where the peak of memory is above the limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.soak import START, configuration
from benchmarks.soaking.plan import town
from benchmarks.soaking.sites import Sites
from benchmarks.soaking.watching import Watch

#: Most that the watch and its children may take together, MB.
MEMORY = 400


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=25)
    parser.add_argument("--hours", type=float, default=6)
    parser.add_argument("--minutes", type=float, default=6, help="real ones")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = measured(Path(scratch), given.sources, given.hours, given.minutes)
    print(json.dumps(found))
    return 0 if found["peak_mb"] <= MEMORY else 1


def measured(folder: Path, sources: int, hours: float, minutes: float) -> dict[str, Any]:
    """Live these hours and return what they took."""
    sites = town(sources, hours, 1)
    watch = Watch(folder, START, hours * 60 / minutes)
    with Sites(sites, START, watch.hour) as served:
        text = json.dumps(configuration(sites, served), ensure_ascii=False)
        (folder / "sources.yaml").write_text(text, encoding="utf-8")
        watch.start()
        while watch.hour() < 1:
            watch.weigh()
            time.sleep(0.5)
        asked, cpu, since = len(served.log), watch.cpu(), watch.hour()
        while watch.hour() < hours:
            watch.weigh()
            time.sleep(0.5)
        days = (watch.hour() - since) / 24
        spent, requests = watch.cpu() - cpu, len(served.log) - asked
        watch.end()
        articles = len({(one.site, one.path) for one in served.log if one.title})
    return {
        "sources": sources, "hours": hours, "idle_mb": round(min(one.whole for one in watch.weights if one.hour > 1)),
        "usual_mb": round(median(one.whole for one in watch.weights)), "peak_mb": round(max(one.whole for one in watch.weights)),
        "cpu_minutes_a_day": round(spent / days / 60, 1), "articles": articles, "disk_kb_an_article": round(taken(folder / "store") / articles / 1024),
        "feeds_mb": round(taken(folder / "feeds") / 2**20, 1), "requests_a_day": round(requests / days),
    }  # fmt: skip


def taken(folder: Path) -> int:
    """Return how many bytes the files of a folder hold."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


if __name__ == "__main__":
    sys.exit(main())
