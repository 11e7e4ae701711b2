"""`watch` as the service manager meets it: killed, followed, reloaded, drained."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli, cycle, newsroom
from pipeline.settings import settle

pytestmark = pytest.mark.long

#: One source that nobody answers for: what is watched here is the watching.
SOURCES = "sources:\n  one: {name: {en: One}, kind: bureau, listings: [{url: 'http://127.0.0.1:9/'}]}\n"


class Watches:
    """Processes that watch one installation, and what each says."""

    def __init__(self, folder):
        self.sources = folder / "sources.yaml"
        self.sources.write_text(SOURCES, encoding="utf-8")
        self._folder = folder
        self.started = []

    def start(self):
        env = os.environ | {
            "NEVAWIRE_SOURCES": str(self.sources), "NEVAWIRE_STORE": str(self._folder / "store"),
            "NEVAWIRE_FEEDS": str(self._folder / "feeds"), "NEVAWIRE_CLOCK_RATE": "20",
        }  # fmt: skip
        log = self._folder / f"{len(self.started)}.log"
        with log.open("w") as out:
            line = [sys.executable, "-m", "pipeline", "watch"]
            self.started.append(subprocess.Popen(line, env=env, stdout=out, stderr=subprocess.STDOUT))
        return self.started[-1], log

    @staticmethod
    def said(log: Path, words: str) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and words not in log.read_text("utf-8"):
            time.sleep(0.1)
        assert words in log.read_text("utf-8"), log.read_text("utf-8")


@pytest.fixture
def watches(tmp_path):
    found = Watches(tmp_path)
    yield found
    for process in found.started:
        process.kill()
        process.wait()


def test_a_killed_watch_is_followed_and_the_follower_reloads_and_ends(watches):
    leading, log = watches.start()
    watches.said(log, "watching 1 sources")
    following, second = watches.start()
    watches.said(second, "another watch is at work")
    leading.kill()
    watches.said(second, "watching 1 sources")
    watches.sources.write_text(SOURCES.replace("kind:", "knid:"), encoding="utf-8")
    watches.said(second, "the old one stays in force")
    assert "knid" in second.read_text("utf-8")
    watches.sources.write_text(SOURCES, encoding="utf-8")
    following.send_signal(signal.SIGHUP)
    watches.said(second, "the sources file was read anew; watching 1 sources")
    following.send_signal(signal.SIGTERM)
    assert following.wait(30) == 0
    assert "stopping" in second.read_text("utf-8")


def test_a_pass_that_is_told_to_stop_finishes_the_page_in_hand_and_publishes(sites, tmp_path):
    (tmp_path / "sources.yaml").write_text(sites.sources_yaml(), encoding="utf-8")
    settings = settle(
        {"NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*"},
        sources=tmp_path / "sources.yaml", store=tmp_path / "store", feeds=tmp_path / "feeds",
    )  # fmt: skip
    fetching = []

    def tell(_report, stage):
        if stage == "fetching":
            fetching.append(stage)

    async def drain():
        config, chosen, guard = cli.prepare(settings, ["bureau"])
        async with newsroom.opened(settings, config, guard, tell) as room:
            cut = await cycle.run(replace(room, stopping=lambda: len(fetching) >= 2), chosen)
            due = room.store.ledger.health()
            whole = await cycle.run(room, chosen)
            return cut, due, whole, room.store.ledger.health()

    cut, due, whole, after = asyncio.run(drain())
    assert (cut.sources[0].fetched, cut.sources[0].new) == (2, 2)
    assert "all.rss" in cut.written
    assert due == {}  # its turn does not count: the next watch begins with it
    assert whole.sources[0].new > 2
    assert set(after) == {"bureau"}
