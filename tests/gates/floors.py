"""Floors under what is statistical: floors.json, how it is compared with, and how it is pinned anew.

    python -m tests.gates.floors                               measure and compare
    python -m tests.gates.floors --update                      raise floors to what is measured now
    python -m tests.gates.floors --update --allow-regression   lower them too

A floor is the measured figure, cut to three decimals on its bad side. `at_most` holds ceilings, for
figures of which less is better. What is not here: the measuring (benchmarks/).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks import extraction, language, listing

Figures = Mapping[str, float]
Floors = Mapping[str, Figures]  #: "at_least" | "at_most" → figure → bound

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("floors.json")
#: Benchmark → its folder under the shared data, and what measures it.
MEASURES: dict[str, tuple[str, Callable[[Path], Figures]]] = {
    "extraction": ("bench/extraction", partial(extraction.measure, every=2)),  # all of them take twice as long
    "language": ("bench/pairing/D_alldomains", language.measure),
    "listing": ("bench/listing", listing.measure),
}


def load() -> dict[str, Floors]:
    """Return the pinned floors, by benchmark."""
    floors: dict[str, Floors] = json.loads(FILE.read_text(encoding="utf-8"))
    return floors


def measured(name: str, shared: Path) -> Figures:
    """Return a benchmark's figures on the shared data."""
    folder, measure = MEASURES[name]
    return measure(shared / folder)


def sunk(floors: Floors, figures: Figures) -> list[str]:
    """Return a line for each figure that is on the wrong side of its bound; one that is missing is too."""
    low = [
        f"{name} is {figures.get(name)}, its floor is {bound}"
        for name, bound in floors.get("at_least", {}).items()
        if not figures.get(name, -math.inf) >= bound
    ]
    high = [
        f"{name} is {figures.get(name)}, its ceiling is {bound}"
        for name, bound in floors.get("at_most", {}).items()
        if not figures.get(name, math.inf) <= bound
    ]
    return low + high


def pinned(floors: Floors, figures: Figures, *, allow_regression: bool = False) -> Floors:
    """Return floors moved to figures; without allow_regression only ever for the better."""
    kept: dict[str, dict[str, float]] = {}
    for side, better, cut in (("at_least", max, math.floor), ("at_most", min, math.ceil)):
        for name, bound in floors.get(side, {}).items():
            # A thousandth more or less is noise of the arithmetic, not of the code.
            now = cut(round(figures[name] * 1000, 6)) / 1000
            kept.setdefault(side, {})[name] = now if allow_regression else better(now, bound)
    return kept


def main() -> int:
    """Measure, compare, and pin where asked; return the exit status: 1 where a figure has sunk."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="pin the floors to what is measured now")
    parser.add_argument("--allow-regression", action="store_true", help="with --update: lower floors too")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder that holds bench/")
    options = parser.parse_args()
    floors, fallen = load(), []
    for name in MEASURES:
        figures = measured(name, options.shared)
        fallen += [f"{name}: {line}" for line in sunk(floors[name], figures)]
        floors[name] = pinned(floors[name], figures, allow_regression=options.allow_regression)
    for line in fallen:
        print(line, file=sys.stderr)
    if fallen and not options.allow_regression:
        print("nothing was written; --update --allow-regression lowers floors", file=sys.stderr)
        return 1
    if options.update:
        FILE.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
