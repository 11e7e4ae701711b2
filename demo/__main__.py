"""Serve the sample sites, run the program over them as a user would, and look whether all is well.

    python -m demo           two passes: everything, then one translation that arrives late
    python -m demo serve     only the sites, until Ctrl-C

Exit code 0 where all is as it should be, 1 otherwise.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo import check
from demo.gold import FILE as GOLD
from demo.gold import NOW
from demo.server import PORT, DemoSites
from demo.site import LANGUAGES

OUT = Path(__file__).with_name("out")
LATE = "bureau/1431.en"  #: the translation that is not there at first
LATER = "2026-11-20T15:00:00+03:00"  #: when it is
_LIMIT = 120  # seconds one command may take
_SHOWN = 20  # faults told one by one


@dataclass(frozen=True, slots=True)
class Result:
    """What one pass left behind."""

    seconds: float
    exit_code: int
    articles: list[dict[str, Any]]
    stories: list[dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Nevawire on its sample sites.")
    parser.add_argument("what", nargs="?", choices=("run", "serve"), default="run")
    parser.add_argument("--port", type=int, default=PORT, help=f"port of the first site (default {PORT}; 0: any)")
    options = parser.parse_args(arguments)
    try:
        with DemoSites(port=options.port) as sites:
            if options.what == "serve":
                return serve(sites, OUT)
            with alone(OUT):
                return report(demonstrate(sites, OUT))
    except BlockingIOError:
        print(f"Another demo is at work in {short(OUT)}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def write_sources(sites: DemoSites, out: Path) -> Path:
    """Write the sites' sources.yaml; return where."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "sources.yaml"
    file.write_text(sites.sources_yaml(), "utf-8")
    return file


def serve(sites: DemoSites, out: Path) -> int:
    """Serve until Ctrl-C."""
    file = write_sources(sites, out)
    say_sites(sites)
    allowed = " ".join(f"--allow-address {host}" for host in sites.hosts)
    places = f"--sources {short(file)} --store {short(out / 'store')} --feeds {short(out / 'feeds')}"
    print("To run over them, at the time they are made for:")
    print(f"NEVAWIRE_NOW={NOW} nevawire run {places} {allowed}")
    print("Ctrl-C ends.", flush=True)
    threading.Event().wait()
    return 0


def demonstrate(sites: DemoSites, out: Path) -> list[str]:
    """Make both passes from an empty folder, telling what happens; return what is not as it should be."""
    for old in ("store", "feeds"):
        shutil.rmtree(out / old, ignore_errors=True)
    write_sources(sites, out)
    say_sites(sites)
    gold = json.loads(GOLD.read_text("utf-8"))

    first = _pass(sites, out, NOW)
    if not first.articles:
        return [f"run ended with exit code {first.exit_code}"]
    told = compare(sites, out, first, check.expected(gold))

    late = sites.release(LATE)
    print(f"\nA translation arrives late: “{late.title}”")
    russian = sites.url(late).replace("/en/news/", "/news/")
    second = _pass(sites, out, LATER)
    told += compare(sites, out, second, check.expected(gold, [check.place(sites.url(late), sites.addresses)]))
    told += check.late(first.stories, second.stories, check.place(russian, sites.addresses), sites.addresses)
    told += _one_entry(out, second, russian, late.title)
    say_feeds(out)
    return told


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Keep a second demo away from the same folder; raises BlockingIOError in it."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given up with the process, however it ends
        yield


def report(told: Sequence[str]) -> int:
    """Say how it went; return the exit code."""
    faults = list(dict.fromkeys(told))  # both passes may have the same one
    for fault in faults[:_SHOWN]:
        print(f"NOT AS IT SHOULD BE: {fault}")
    if len(faults) > _SHOWN:
        print(f"… and {len(faults) - _SHOWN} more")
    if not told:
        print("\nAll is as it should be.")
    return 1 if told else 0


# ── the program, run as a user runs it ──────────────────────────────────────────────────────
def _pass(sites: DemoSites, out: Path, now: str) -> Result:
    started = time.monotonic()
    allowed = [word for host in sites.hosts for word in ("--allow-address", host)]
    run = command(out, now, "run", *allowed, "--json")
    seconds = time.monotonic() - started
    if run.returncode not in (0, 3):  # 3: finished, though some source failed
        return Result(seconds, run.returncode, [], [])
    exported = [rows(command(out, now, "export", what, "--format", "jsonl")) for what in ("articles", "stories")]
    return Result(seconds, run.returncode, *exported)


def command(out: Path, now: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb over the sites to its end."""
    places = ["--sources", str(out / "sources.yaml"), "--store", str(out / "store"), "--feeds", str(out / "feeds")]
    environment = {**os.environ, "NEVAWIRE_NOW": now, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words, *places],
        cwd=Path(__file__).parents[1],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=_LIMIT,
        check=False,
    )


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the rows of an export."""
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else []


def compare(sites: DemoSites, out: Path, result: Result, gold: check.Expected) -> list[str]:
    """Say what a pass found; return what is wrong with it."""
    languages = Counter(row["language"] for row in result.articles)
    pairs = check.found_pairs(result.stories, gold, sites.addresses)
    counts = ", ".join(f"{pairs[kind]} of {len(gold.pairs(kind))} {kind}" for kind in ("declared", "undeclared"))
    print(
        f"The pass took {result.seconds:.1f} s: {len(result.articles)} articles ({languages['ru']} Russian, {languages['en']} English),"
    )
    print(f"  {len(result.stories)} stories, {pairs.total()} of them in both languages ({counts} pairs)", flush=True)
    told = [f"run ended with exit code {result.exit_code}"] if result.exit_code else []
    told += check.articles(result.articles, gold, sites.addresses)
    told += check.stories(result.stories, gold, sites.addresses)
    texts = {side: sum(1 for row in result.stories if row[side]) for side in LANGUAGES}
    return told + check.feeds(out / "feeds", len(result.stories), texts)


def _one_entry(out: Path, result: Result, russian: str, title: str) -> list[str]:
    """Look for the story in the bilingual feed: one entry, under its id, with the late title."""
    story = next((row for row in result.stories if row["ru"] and row["ru"]["url"] == russian), None)
    if story is None:
        return [f"no story has {russian}"]
    for file in (out / "feeds" / "all.atom", out / "feeds" / "all.rss"):
        titled = [entry.id for entry in check.entries(file) if title in entry.title] if file.is_file() else []
        if titled != [story["id"]]:
            return [f"{file.name}: the late title stands in {len(titled)} entries, should be in one, {story['id']}"]
    print(f"  it joined its story: same id {story['id']}, one entry in all.atom and all.rss, now in both languages")
    return []


# ── saying ──────────────────────────────────────────────────────────────────────────────────
def say_sites(sites: DemoSites) -> None:
    """Say where the sites stand."""
    print("Sample sites:")
    for site, address in sites.addresses.items():
        print(f"  {site:<14} {address}  {len(sites.articles(site))} articles")
    print(flush=True)


def say_feeds(out: Path) -> None:
    """Say which feeds there are."""
    folder = out / "feeds"
    print(f"\nFeeds in {short(folder)}:")
    for name in sorted({file.stem for file in folder.glob("*.atom")}):
        print(f"  {name + '.rss / .atom':<36} {len(check.entries(folder / f'{name}.atom'))} entries")


def short(path: Path) -> str:
    """Return a path as people write it from where they are."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    sys.exit(main())
