"""Several analysts at the desk at once, while passes run, and the desk is killed: no word is lost, nothing fails.

    python benchmarks/desk_load.py [--analysts 3] [--words 60] [--kills 2]

The sample sites, a real `nevawire serve` and real passes, each a process of its own, all on loopback. Each analyst
speaks of pairs as fast as answers come, and notes what was answered with success. In the end every such word must be
in the store, in its order, and the stories must be as the words say. Printed as JSON; exit code 1 where they are not.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo.server import DemoSites
from pipeline import pairing, pairs, sources
from pipeline.clock import Clock
from pipeline.model import Verdict
from pipeline.store import Store, Wish, open_store

#: Longer than any answer may take, seconds.
PATIENCE = 30.0


@dataclass
class Installation:
    """Folders, environment, and the command."""

    folder: Path
    env: dict[str, str]

    def command(self, *words: str, given: str = "") -> str:
        """Run a verb to its end and return what it printed."""
        line = [sys.executable, "-m", "pipeline", *words]
        done = subprocess.run(line, env=self.env, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def store(self) -> Store:
        """Open the store."""
        return open_store(self.folder / "store")


@dataclass
class Desk:
    """A `nevawire serve` that may die and be started again at the same port."""

    installation: Installation
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        line = [sys.executable, "-m", "pipeline", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(line, env=self.installation.env, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """Let it finish."""
        assert self.process is not None
        self.process.terminate()
        self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(60)
        self.process.stdout.close()


@dataclass
class Analyst:
    """One who speaks of pairs, and remembers what was answered with success."""

    name: str
    token: str
    kept: list[tuple[str, str, str]] = field(default_factory=list)  #: (ru, en, kind)
    failed: list[str] = field(default_factory=list)
    unanswered: int = 0
    seconds: list[float] = field(default_factory=list)

    def work(self, desk: Desk, mine: list[tuple[str, str]], words: int) -> None:
        """Speak so many words about these pairs."""
        kinds = ("reject", "confirm", "related", "undo", "confirm")
        with httpx.Client(
            headers={"Authorization": f"Bearer {self.token}"}, timeout=PATIENCE, trust_env=False
        ) as client:
            for number in range(words):
                ru, en = mine[number // len(kinds) % len(mine)]
                self._say(client, desk, ru, en, kinds[number % len(kinds)])

    def _say(self, client: httpx.Client, desk: Desk, ru: str, en: str, kind: str) -> None:
        for _ in range(200):
            began = time.perf_counter()
            try:
                answer = client.post(
                    f"http://127.0.0.1:{desk.port}/api/v1/pairs/{ru}/{en}/verdicts", json={"kind": kind}
                )
            except httpx.TransportError:  # it was killed: whether the word was kept nobody said
                self.unanswered += 1
                time.sleep(0.2)
                continue
            if answer.status_code == 429:
                time.sleep(float(answer.headers["retry-after"]))
                continue
            self.seconds.append(time.perf_counter() - began)
            if answer.status_code == 201:
                self.kept.append((ru, en, kind))
            elif not (kind == "undo" and answer.status_code == 409):  # its word was lost with the killed desk
                self.failed.append(f"{answer.status_code} {answer.text[:200]}")
            return
        self.failed.append("no answer")


def measure(folder: Path, analysts: int, words: int, kills: int) -> dict[str, object]:
    """Let analysts work while passes run and the desk is killed; return what became of their words."""
    with DemoSites(port=0) as sites:
        installation = _installed(folder, sites)
        installation.command("run")
        people = [_analyst(installation, f"analyst-{number}") for number in range(analysts)]
        store = installation.store()
        queue = [(row.ru.id, row.en.id) for row in store.queue.page(Wish(), 100)]
        desk = Desk(installation)
        desk.start()
        shares = [queue[number::analysts] for number in range(analysts)]
        at_work = [
            threading.Thread(target=one.work, args=(desk, share, words))
            for one, share in zip(people, shares, strict=True)
        ]
        for one in at_work:
            one.start()
        passes = _meanwhile(installation, sites, desk, at_work, kills)
        for one in at_work:
            one.join()
        desk.stop()
        pairs.pair_up(store, sources.load(folder / "sources.yaml"), Clock().now())
        told = _told(store, people, passes)
        store.close()
    return told


def _installed(folder: Path, sites: DemoSites) -> Installation:
    (folder / "sources.yaml").write_text(sites.sources_yaml(), encoding="utf-8")
    own = {
        "NEVAWIRE_SOURCES": str(folder / "sources.yaml"), "NEVAWIRE_STORE": str(folder / "store"),
        "NEVAWIRE_FEEDS": str(folder / "feeds"), "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*",
    }  # fmt: skip
    return Installation(folder, os.environ | own)


def _analyst(installation: Installation, name: str) -> Analyst:
    installation.command("users", "add", name, "--role", "analyst", given="a long enough password\n")
    return Analyst(name, installation.command("users", "token", name).strip())


def _meanwhile(
    installation: Installation, sites: DemoSites, desk: Desk, at_work: list[threading.Thread], kills: int
) -> int:
    """Make passes with something new to pair, and kill the desk, until the analysts are done; return how many passes."""
    held = ["bureau/1431.ru", "bureau/1431.en"]
    passes = 0
    while any(one.is_alive() for one in at_work):
        if kills:
            kills -= 1
            time.sleep(0.5)
            desk.kill()
            desk.start()
        if held:
            try:
                sites.release(held.pop())
            except KeyError:
                continue
        installation.command("run")
        passes += 1
    return passes


def _told(store: Store, people: list[Analyst], passes: int) -> dict[str, object]:
    verdicts = store.verdicts.every()
    lost = sum(not _in_order(one, [each for each in verdicts if each.who == one.name]) for one in people)
    wrong = [(one.ru, one.en, one.kind) for one in pairing.standing(verdicts) if not _holds(store, one)]
    times = sorted(second for one in people for second in one.seconds)
    return {
        "words": sum(len(one.kept) for one in people), "unanswered": sum(one.unanswered for one in people),
        "analysts_with_lost_words": lost, "failed": [why for one in people for why in one.failed],
        "stories_not_as_said": wrong, "passes_meanwhile": passes,
        "seconds_95": round(times[int(len(times) * 0.95)], 3) if times else None,
        "seconds_median": round(times[len(times) // 2], 3) if times else None,
    }  # fmt: skip


def _in_order(one: Analyst, kept: list[Verdict]) -> bool:
    """Return whether every word answered with success is among those kept, in the order they were said."""
    left = iter((each.ru, each.en, {"same-event": "related"}.get(each.kind, each.kind)) for each in kept)
    return all(word in left for word in one.kept)


def _holds(store: Store, verdict: Verdict) -> bool:
    """Return whether the stories are as the last word about a pair says."""
    latest = pairing.standing(store.verdicts.of_pair(verdict.ru, verdict.en))[-1]
    stories = store.stories.of_items(store.features.items([verdict.ru, verdict.en]))
    return (len(stories) == 1) == (latest.kind == "confirm")


def main() -> int:
    """Measure, print, and say whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--analysts", type=int, default=3)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--kills", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder), given.analysts, given.words, given.kills)
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 1 if told["failed"] or told["analysts_with_lost_words"] or told["stories_not_as_said"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
