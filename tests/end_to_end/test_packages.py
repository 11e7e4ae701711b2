"""The six packages the program is built on all do real work in a default pass and in `watch`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

from pipeline import collect, cycle, newsroom, sources
from pipeline.children import Children
from pipeline.rota import Rota
from pipeline.settings import settle

PROBED = {"httpx", "bs4", "trafilatura", "langdetect", "feedgen", "apscheduler"}


class Here(Children):
    """Children that are no processes: the work is done where it can be watched."""

    async def run(self, task, *args, **kwargs):
        return task(*args, **kwargs)


class Watched:
    """The top-level packages whose code ran while this was on."""

    def __init__(self):
        self.packages: set[str] = set()

    def __enter__(self):
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_):
        sys.setprofile(None)

    def _note(self, frame, event, _):
        if event == "call":
            self.packages.add(frame.f_globals.get("__name__", "").partition(".")[0])


def settings_and_config(folder, sites):
    folder.mkdir(exist_ok=True)
    file = folder / "sources.yaml"
    file.write_text(sites.sources_yaml(), encoding="utf-8")
    here = {"NEVAWIRE_NOW": "2026-11-20T12:00:00+03:00", "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.1:*"}
    return settle(here, sources=file, store=folder / "store", feeds=folder / "feeds"), sources.load(file)


async def work(folder: Path, sites, what):
    settings, config = settings_and_config(folder, sites)
    guard = collect.Guard([collect.parse_allowance(text) for text in settings.allow], loopback_only=True)
    async with newsroom.opened(settings, config, guard, lambda *_: None) as opened:
        opened.children.__class__ = Here
        return await what(opened, [one for one in config.sources if one.id in ("cluster-blog", "science-park")])


def test_a_pass_uses_five_of_them_and_watch_the_sixth(tmp_path, sites):
    async def a_pass(room, chosen):
        return await cycle.run(room, chosen)

    async def one_turn(room, chosen):
        ended = asyncio.Event()
        on_duty = SimpleNamespace(held=lambda: True)
        rota = Rota(room, lambda _: None, lambda _: ended.set(), on_duty, asyncio.Event(), asyncio.Event())
        rota.enlist(chosen[:1])
        rota.scheduler.start()
        await asyncio.wait_for(ended.wait(), 60)
        await rota.close()

    with Watched() as watched:
        report = asyncio.run(work(tmp_path / "run", sites, a_pass))
    assert report.articles > 10
    assert watched.packages >= PROBED - {"apscheduler"}
    with Watched() as watched:
        asyncio.run(work(tmp_path / "watch", sites, one_turn))
    assert "apscheduler" in watched.packages
