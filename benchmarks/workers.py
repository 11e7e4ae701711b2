"""How much more two workers do than one, where reading pages is what takes the time.

    python benchmarks/workers.py [--sources 24] [--pages 12] [--workers 1,2]

So many sources, of so many pages each at real page sizes (sample_pages.py, in the sample sites' templates), served on
loopback. For each number of workers everything begins anew on a PostgreSQL of its own: a worker of the queue `fetch` fills
the archive, which is not counted; then so many workers of the other queues start at once, each reading one page at a time
on a core of its own, as on a machine with one (left free, one worker's two processes take 1.2 cores), and are counted from
when the first of them takes jobs to when the last source is read. `ratio` is how many times as fast the last number of
workers is as the first, `cpu_ms_per_page_N` what N of them took of processors with all their children, pairing and
publishing included. The last line of standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks import sample_pages
from benchmarks.throughput import Sites, served
from demo import pages, postgresql
from demo.site import SITE_IDS, load_site

#: Longest that anything may take, seconds.
_LIMIT = 300
_NOW = "2026-11-20T12:00:00+03:00"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=24)
    parser.add_argument("--pages", type=int, default=12, help="of each source; the layout is learned after 20")
    parser.add_argument("--workers", default="1,2", help="numbers of workers, the first is what others compare with")
    given = parser.parse_args()
    sites = Sites(dict(_hosts(given.sources, given.pages)))
    count = sum(len(shown) for shown in sites.pages.values())
    figures: dict[str, Any] = {"sources": given.sources, "pages": count, "cores": os.cpu_count()}
    try:
        took = {}
        with served(sites):
            for number in map(int, given.workers.split(",")):
                took[number], cpu = seconds(sites, number)
                figures[f"pages_per_s_{number}"] = round(count / took[number], 2)
                figures[f"cpu_ms_per_page_{number}"] = round(1000 * cpu / count, 1)
                print(f"{number} workers: {count} pages in {took[number]:.1f} s, {cpu:.1f} s CPU", file=sys.stderr)
        figures["ratio"] = round(next(iter(took.values())) / list(took.values())[-1], 3)
    except LookupError as error:
        figures["skipped"] = str(error)
    print(json.dumps(figures))


def seconds(sites: Sites, number: int) -> tuple[float, float]:
    """Return how long so many workers take to read every page, by the clock and of processors.

    Raises LookupError where there is no PostgreSQL.
    """
    with tempfile.TemporaryDirectory() as place, postgresql.serving() as url:
        folder = Path(place)
        (folder / "sources.yaml").write_text(sites.config(), encoding="utf-8")
        environment = os.environ | {
            "NEVAWIRE_DATABASE_URL": url, "NEVAWIRE_NOW": _NOW, "NEVAWIRE_SOURCES": str(folder / "sources.yaml"),
            "NEVAWIRE_STORE": str(folder / "store"), "NEVAWIRE_FEEDS": str(folder / "feeds"),
            "NEVAWIRE_ALLOW_ADDRESS": " ".join(f"{host}:{port}" for host, port in sites.ports.items()),
        }  # fmt: skip
        with _running(folder, environment, "run", "--defer", "--json") as over:
            with _running(folder, environment, "worker", "--queues", "fetch", "--concurrency", "24") as fetching:
                _until(lambda: "taking jobs" in _said(folder), fetching)
                _until(lambda: _read_next(url) == len(sites.pages), over)
            queues = ("worker", "--queues", "extract,pair,publish", "--concurrency", "1")
            cpu = _together(folder, environment, [queues] * number, over)
        began = min(_times(folder, "taking jobs", "extract"))
        return max(_times(folder, "source done")) - began, cpu


def _hosts(count: int, share: int) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the hosts of so many sources, each with its own articles in the template of one of the sample sites."""
    for place, name in enumerate(SITE_IDS):
        site, own = load_site(name), range(place, count, len(SITE_IDS))
        every = list(sample_pages.articles(site, share * len(own)))
        for turn, number in enumerate(own):
            host, shown = f"127.0.3.{1 + number}", every[turn * share : (turn + 1) * share]
            made = pages.build(site, shown, f"http://{host}")
            yield (
                host,
                {site.path(one): sample_pages.swollen(made[site.path(one)], n).body for n, one in enumerate(shown)},
            )


@contextmanager
def _running(folder: Path, environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    log = folder / f"{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "pipeline", *words], env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_LIMIT)


def _together(
    folder: Path, environment: dict[str, str], lines: Sequence[Sequence[str]], over: subprocess.Popen[bytes]
) -> float:
    """Run workers side by side until the pass is over; return the seconds of CPU they took since they took jobs."""
    with ExitStack() as stack:
        workers = [stack.enter_context(_running(folder, environment, *line)) for line in lines]
        for number, one in enumerate(workers):  # before they have begun anything
            psutil.Process(one.pid).cpu_affinity([number % (os.cpu_count() or 1)])
        _until(lambda: len(list(_times(folder, "taking jobs", "extract"))) == len(workers), over)
        before = sum(map(_cpu, workers))
        over.wait(_LIMIT)
        return sum(map(_cpu, workers)) - before


def _cpu(worker: subprocess.Popen[bytes]) -> float:
    """Return the seconds of CPU that a worker has taken with its children, living and gone."""
    own = psutil.Process(worker.pid)
    return sum(sum(one.cpu_times()[:4]) for one in [own, *own.children(recursive=True)])


def _read_next(url: str) -> int:
    """Return how many sources wait to be read."""
    import psycopg

    query = "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE queue_name = 'extract' AND status = 'todo'"
    with psycopg.connect(url) as connection:
        found = connection.execute(query).fetchone()
    return found[0] if found else 0


def _until(done: Any, over: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LIMIT
    while not done():
        if time.monotonic() > until or over.poll() is not None:
            sys.exit("the archive was not filled in time")
        time.sleep(0.2)


def _said(folder: Path) -> str:
    return "".join(log.read_text("utf-8") for log in folder.glob("*.log"))


def _times(folder: Path, event: str, queue: str = "") -> Iterator[float]:
    """Yield when workers said this, seconds since 1970."""
    for line in _said(folder).splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        if told.get("event") == event and queue in told.get("queues", ""):
            yield datetime.fromisoformat(told["time"]).timestamp()


if __name__ == "__main__":
    main()
