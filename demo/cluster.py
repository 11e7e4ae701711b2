"""The program as a cluster of processes on this machine, over the sample sites, until their feeds are there.

    python -m demo.cluster           PostgreSQL, two workers, a scheduler and the desk; ends when all is as it should be
    python -m demo.cluster --stay    the same, and stays for a look until Ctrl-C

The feeds are left in demo/out/cluster/feeds, what each process said in demo/out/cluster/*.log; the database is thrown
away. Exit code 0 where all is as it should be, 1 otherwise, 2 where there is no PostgreSQL to be had.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo import check, postgresql
from demo.__main__ import OUT, Result, alone, command, compare, report, rows, say_feeds, say_sites, short, write_sources
from demo.gold import FILE as GOLD
from demo.gold import NOW
from demo.server import DemoSites

#: Longest that starting a process, and the whole work, may take, seconds.
_START, _WORK = 180, 600
_PLACE = OUT / "cluster"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cluster; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.cluster", description="Nevawire's workers on its sample sites."
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stay", action="store_true", help="stay when all is done, until Ctrl-C")
    options = parser.parse_args(arguments)
    try:
        with alone(_PLACE), DemoSites(port=0) as sites, postgresql.serving() as url:
            return report(demonstrate(sites, url, options.workers, stay=options.stay))
    except LookupError as error:
        print(f"No PostgreSQL: {error}", file=sys.stderr)
        return 2
    except BlockingIOError:
        print(f"Another cluster is at work in {short(_PLACE)}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def demonstrate(sites: DemoSites, url: str, workers: int, *, stay: bool) -> list[str]:
    """Start everything, wait until the sites are published, and end it; return what is not as it should be."""
    for old in ("store", "feeds"):
        shutil.rmtree(_PLACE / old, ignore_errors=True)
    for log in _PLACE.glob("*.log"):
        log.unlink()
    write_sources(sites, _PLACE)
    say_sites(sites)
    began = time.monotonic()
    with ExitStack() as started:
        # One after the other: the first to open the database makes its tables, and the clocks begin alike.
        desk = started.enter_context(_running(sites, url, "serve", "--port", "0"))
        address = _said(desk, r"http://127\.0\.0\.1:\d+/")
        for _ in range(workers):
            _said(started.enter_context(_running(sites, url, "worker")), "taking jobs")
        _said(started.enter_context(_running(sites, url, "watch", "--defer")), "watching")
        print(f"PostgreSQL, {workers} workers, a scheduler; the desk: {address}desk/", flush=True)
        if not _wait(lambda: _published(address, len(sites.addresses)), _WORK):
            return [f"not done after {_WORK} s; see {short(_PLACE)}/*.log"]
        told = _looked_at(sites, url, time.monotonic() - began)
        told += [] if _answers(f"{address}desk/") else ["the desk does not answer"]
        say_feeds(_PLACE)
        if stay:
            print(f"\nThe desk: {address}desk/   Ctrl-C ends.", flush=True)
            threading.Event().wait()
    return told


def _looked_at(sites: DemoSites, url: str, seconds: float) -> list[str]:
    """Compare what there is with what a perfect run finds."""
    os.environ["NEVAWIRE_DATABASE_URL"] = url
    try:
        exported = [rows(command(_PLACE, NOW, "export", what, "--format", "jsonl")) for what in ("articles", "stories")]
    finally:
        del os.environ["NEVAWIRE_DATABASE_URL"]
    gold = json.loads(GOLD.read_text("utf-8"))
    return compare(sites, _PLACE, Result(seconds, 0, *exported), check.expected(gold))


@contextmanager
def _running(sites: DemoSites, url: str, *words: str) -> Iterator[Path]:
    """Run a verb until the end of the block; yield what it says."""
    log = _PLACE / f"{words[0]}-{time.monotonic_ns()}.log"
    places = {"SOURCES": _PLACE / "sources.yaml", "STORE": _PLACE / "store", "FEEDS": _PLACE / "feeds"}
    environment = {
        **os.environ, **{f"NEVAWIRE_{name}": str(path) for name, path in places.items()},
        "NEVAWIRE_DATABASE_URL": url, "NEVAWIRE_ALLOW_ADDRESS": " ".join(sites.hosts),
        "NEVAWIRE_NOW": NOW, "NEVAWIRE_CLOCK_RATE": "1",
    }  # fmt: skip
    with log.open("wb") as out:
        line = [sys.executable, "-m", "pipeline", *words]
        process = subprocess.Popen(line, cwd=Path(__file__).parents[1], env=environment, stdout=out, stderr=out)
    try:
        yield log
    finally:
        process.terminate()
        try:
            process.wait(_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(log: Path, words: str) -> str:
    """Wait until a process says what matches these words, and return that; raises RuntimeError where it does not."""
    if not _wait(lambda: re.search(words, log.read_text("utf-8")) is not None, _START):
        raise RuntimeError(f"{log.name} does not say {words!r}:\n{log.read_text('utf-8')[-2000:]}")
    found = re.search(words, log.read_text("utf-8"))
    return found[0] if found else ""


def _published(address: str, sources: int) -> bool:
    """Tell by the metrics whether every source was passed over, and no job is left."""
    page = _answers(f"{address}metrics")
    done = len(re.findall(r"^nevawire_source_last_success_timestamp_seconds\{", page, re.MULTILINE))
    left = re.findall(r'^nevawire_jobs\{[^}]*state="(?:todo|doing)"\} [^0]', page, re.MULTILINE)
    return done == sources and not left and "nevawire_feed_bytes" in page


def _answers(address: str) -> str:
    """Return a page; "" where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, TimeoutError):
        return ""


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.3)
    return True


if __name__ == "__main__":
    sys.exit(main())
