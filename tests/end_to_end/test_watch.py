"""`watch` as the service manager meets it: killed, followed, reloaded, drained."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from demo.server import DemoSites
from pipeline import cycle, newsroom, passes
from pipeline.settings import settle
from pipeline.store import open_store
from tests.processes import NEVAWIRE, PATIENCE, wait_for

pytestmark = pytest.mark.long

FILES = {"SOURCES": "sources.yaml", "STORE": "store", "FEEDS": "feeds"}
#: One source that nobody answers for: what is watched here is the watching.
SOURCES = "sources:\n  one: {name: {en: One}, kind: bureau, listings: [{url: 'http://127.0.0.1:9/'}]}\n"


@pytest.fixture
def watch(processes, tmp_path):
    """Begins a `watch` over one installation, in a process of its own."""
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    folders = {f"NEVAWIRE_{name}": str(tmp_path / file) for name, file in FILES.items()}
    return lambda **more: processes.start(*NEVAWIRE, "watch", env=folders | {"NEVAWIRE_CLOCK_RATE": "20"} | more)


def test_a_killed_watch_is_followed_and_the_follower_reloads_and_ends(watch, tmp_path):
    sources = tmp_path / "sources.yaml"
    leading = watch()
    leading.says("watching 1 sources")
    following = watch()
    following.says("another watch is at work")
    leading.kill()
    following.says("watching 1 sources")
    sources.write_text(SOURCES.replace("kind:", "knid:"), encoding="utf-8")
    assert "knid" in following.says("the old one stays in force")
    sources.write_text(SOURCES, encoding="utf-8")
    following.reload()
    following.says("the sources file was read anew; watching 1 sources")
    assert following.end() == 0
    assert "stopping" in following.text


class HeldSites(DemoSites):
    """The sample sites: one gives eight answers, the others none, and then all wait until they may go on."""

    def __init__(self):
        super().__init__(port=0)
        self.reached, self.go = threading.Event(), threading.Event()
        self._left = 8

    def _respond(self, site, method, path, headers):
        if site == "bureau" and self._left:
            self._left -= 1
        else:
            if site == "bureau":
                self.reached.set()
            self.go.wait(PATIENCE)
        return super()._respond(site, method, path, headers)


def test_a_turn_cut_off_by_a_kill_is_made_up_for_once(watch, tmp_path):
    """Killed in the middle of a source's pages: the next watch begins with it, and takes up what was left."""
    with HeldSites() as sites:
        # Far enough apart that no second turn comes, however slow the machine is.
        daily = sites.sources_yaml().replace("every: 2h", "every: 24h")
        (tmp_path / "sources.yaml").write_text(daily, encoding="utf-8")
        allowed = {"NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*", "NEVAWIRE_CLOCK_RATE": "60"}
        first = watch(**allowed)
        assert sites.reached.wait(PATIENCE)
        first.kill()
        sites.go.set()
        second = watch(**allowed)
        wait_for(lambda: len(turns(second)) >= len(sites.addresses))
        rested = len(sites.requests)
        wait_for(lambda: len(sites.requests) > rested, seconds=10)  # ten minutes of its clock
        assert second.end() == 0
        assert turns(first) == {}
        assert turns(second) == dict.fromkeys(sites.addresses, 1)
        assert_kept(sites, tmp_path)


def turns(watch):
    """Return how often each source's turn was done, as a watch says."""
    whole = watch.text.rpartition("\n")[0].splitlines()
    lines = [json.loads(line) for line in whole if line.startswith("{")]
    return Counter(line["source"] for line in lines if line["event"] == "source done")


def assert_kept(sites, tmp_path):
    """Every page that was given is kept once."""
    with closing(open_store(tmp_path / "store")) as store:
        kept = Counter(item.article.url for item in store.articles.each())
    given = {sites.addresses[one.site] + one.path for one in sites.requests if one.status == 200}
    assert len(kept) >= 60
    assert set(kept.values()) == {1}
    assert set(kept) <= given


def test_a_reload_while_passes_are_under_way_loses_none_of_them(watch, sites, tmp_path):
    sources = tmp_path / "sources.yaml"
    sources.write_text(sites.sources_yaml(), encoding="utf-8")
    running = watch(NEVAWIRE_ALLOW_ADDRESS="127.0.0.0/8:*")
    running.says("watching 4 sources")  # before that nobody listens to signals
    for number in range(5):  # while pages come in
        wait_for(lambda wanted=10 * number + 1: len(sites.requests) >= wanted)
        sources.write_text(sites.sources_yaml().replace("every: 2h", f"every: {3 + number}h"), encoding="utf-8")
        running.reload()
    running.says("the sources file was read anew; watching 4 sources")
    wait_for(lambda: running.text.count('"source done"') >= 4)
    assert running.end() == 0
    assert '"source failed"' not in running.text
    assert "Traceback" not in running.text
    with closing(open_store(tmp_path / "store")) as store:
        assert len(list(store.articles.each())) >= 60


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
        config, chosen, guard = passes.prepare(settings, ["bureau"])
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
