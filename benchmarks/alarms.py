"""How often silence is told wrongly, and how late rightly, over thirty ordinary ways to publish.

    python benchmarks/alarms.py [--seeds N]

Each rhythm lives through ninety days from four different days of the year, with fourteen months
known before, and is stopped on four days of each. The last line of stdout is one JSON object.
Delays are told in normal gaps: the longest usual gap by the clock (nineteen twentieths of all
time lie in gaps no longer), public holidays not counted. Of sources with a summer break, stops
within it or so shortly before it that it begins first are left out: nobody could tell them.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.alarm.rhythms import RHYTHMS
from tests.alarm.season import DAYS, Life, working

STARTS = (date(2026, 1, 20), date(2026, 4, 10), date(2026, 6, 1), date(2025, 10, 15))
STOPS = (10, 30, 50, 70)
SUMMER = (5, 6, 7, 8)


def main() -> None:
    """Run the simulation and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    seeds = parser.parse_args().seeds
    wrong, lives, delays = 0, 0, []
    for rhythm in RHYTHMS:
        mine = []
        for life in (Life(rhythm, start, seed) for start in STARTS for seed in range(seeds)):
            lives += 1
            wrong += bool(life.false_alarms())
            mine += stopped(life)
        delays += mine
        print(f"{rhythm['name']:48} median {median(mine):4.1f}  worst {max(mine):4.1f}", file=sys.stderr)
    print(
        json.dumps({
            "rhythms": len(RHYTHMS), "lives": lives, "days": DAYS, "with_false_alarm": wrong,
            "delay_median": round(median(delays), 2), "delay_worst": round(max(delays), 2),
            "within_three": round(sum(delay <= 3 for delay in delays) / len(delays), 4),
        })
    )  # fmt: skip


def stopped(life: Life) -> list[float]:
    """Return how many normal gaps after each stop silence is told."""
    found = []
    for day in STOPS:
        stop = life.start + timedelta(days=day)
        if "breaks" in life.rhythm and stop.month in SUMMER:
            continue
        found.append(working(life.until(stop)[-1], life.told_after(stop)) / life.normal_gap(stop))
    return found


if __name__ == "__main__":
    main()
