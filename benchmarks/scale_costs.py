"""What one visit and one new page cost, stage by stage: the figures that scale_sim.py reckons with.

    python benchmarks/scale_costs.py [--few 10] [--many 90] [--pages 3] [--write]

Sources on loopback with pages of real size (sample_pages.py) are passed over twice by the real command, once few of them
and once many. What the second pass, in which nothing is new, takes more for the many is the cost of visits; what the first
takes more than that is the cost of pages. So what a process costs to start, and a pass to begin, is in neither.
--write keeps the figures in scale_costs.json, with the day and the kind of machine. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import layouts
from benchmarks.throughput import Sites, served

FILE = Path(__file__).with_name("scale_costs.json")
_SITE = "bureau"
#: The command, with a clock at the door of the store: writers go through it one after the other.
_DRIVER = """
import json, sys, time
from sqlalchemy import Engine, event
spent = [0, 0.0, {}]
@event.listens_for(Engine, "begin")
def begun(connection):
    if connection.get_execution_options().get("nevawire_write"):
        connection.info["began"] = time.thread_time()
@event.listens_for(Engine, "commit")
def ended(connection):
    began = connection.info.pop("began", None)
    if began is not None:
        spent[0] += 1
        spent[1] += time.thread_time() - began
from pipeline import closing
from pipeline.cli import main
def clocked(name):
    work = getattr(closing, name)
    def timed(*words, **more):
        began = time.process_time()
        try:
            return work(*words, **more)
        finally:
            spent[2][name] = spent[2].get(name, 0) + time.process_time() - began
    setattr(closing, name, timed)
clocked("pair")
clocked("put_out")
sys.argv[0] = "nevawire"
try:
    main()
finally:
    print(json.dumps(spent), file=sys.stderr)
"""


class Pass(NamedTuple):
    """CPU seconds of a pass: in all, inside writing transactions, in pairing, in publishing."""

    cpu: float
    writing: float
    pairing: float
    publishing: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--many", type=int, default=90)
    parser.add_argument("--pages", type=int, default=3, help="of each source")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    figures = costs(given.few, given.many, given.pages)
    if given.write:
        FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures))


def costs(few: int, many: int, share: int) -> dict[str, Any]:
    """Return the figures."""
    small, large = measured(few, share), measured(many, share)
    more = many - few
    visit = Pass(*((b - a) / more for a, b in zip(small[1], large[1], strict=True)))
    page = Pass(*(((b - a) / more - v) / share for a, b, v in zip(small[0], large[0], visit, strict=True)))
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, SQLite",
        "by": f"scale_costs.py --few {few} --many {many} --pages {share}",
        "visit_cpu_ms": _ms(visit.cpu), "visit_write_ms": _ms(visit.writing),
        "page_cpu_ms": _ms(page.cpu), "page_write_ms": _ms(page.writing),
        "page_pair_ms": _ms(page.pairing), "page_publish_ms": _ms(page.publishing),
        "pass_cpu_ms": _ms(small[1].cpu - few * visit.cpu), **large[2],
    }  # fmt: skip


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 2)


def measured(sources: int, share: int) -> tuple[Pass, Pass, dict[str, float]]:
    """Return what a first and a second pass over so many sources took, and what they left on the disk, kilobytes a page."""
    made = iter(layouts.made_pages(_SITE, sources * share))
    sites = Sites({f"127.0.{3 + n // 200}.{1 + n % 200}": dict(_pages(made, n, share)) for n in range(sources)})
    with served(sites), tempfile.TemporaryDirectory() as place:
        first, second = (_pass(Path(place), sites) for _ in range(2))
        count = sources * share
        kept = {
            "archive_kb_a_page": round(_taken(Path(place) / "store/pages") / count / 1024, 1),
            "database_kb_a_page": round((Path(place) / "store/nevawire.sqlite").stat().st_size / count / 1024, 1),
            "feeds_kb_a_source": round(_taken(Path(place) / "feeds") / sources / 1024, 1),
        }
    return first, second, kept


def _pages(made: Iterator[Any], source: int, share: int) -> Iterator[tuple[str, bytes]]:
    for number in range(share):
        yield f"/news/{source}-{number}/", next(made).body


def _taken(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _pass(place: Path, sites: Sites) -> Pass:
    (place / "sources.yaml").write_text(sites.config(), encoding="utf-8")
    where = ["--sources", str(place / "sources.yaml"), "--store", str(place / "store"), "--feeds", str(place / "feeds")]
    environment = os.environ | {"NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*"}
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", _DRIVER, "run", "--json", *where],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    after = os.times()
    if done.returncode:
        sys.exit(f"the pass ended with {done.returncode}: {done.stderr[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    _, writing, flights = json.loads(done.stderr.strip().splitlines()[-1])
    return Pass(cpu, writing, flights["pair"], flights["put_out"])


if __name__ == "__main__":
    main()
