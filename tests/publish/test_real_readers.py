"""Real readers over HTTP, through four passes: nothing twice, nothing lost, no id changed; nothing new is a 304."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import feedparser
import pytest
import reader

from pipeline.model import Rights
from tests.publish.press import Press, configured, said, source
from tests.publish.static import serving

pytestmark = pytest.mark.long

FEEDS = ("all", "ru", "en", "newsletter-ru", "newsletter-en")
HOME = "https://bureau.example.com"
PORT = f"{HOME}/news/1"


@dataclass(frozen=True)
class Seen:
    """An entry as a reader's database has it."""

    id: str
    link: str
    title: str
    body: str


class WithFeedparser:
    """A script on feedparser: keeps what it saw by id, sends back the validators it was given."""

    documents = tuple(f"{feed}.{ext}" for feed in FEEDS for ext in ("rss", "atom"))

    def __init__(self, folder: Path, addresses: list[str]) -> None:
        self.addresses = addresses
        self.known: dict[str, dict[str, Seen]] = {address: {} for address in addresses}
        self.validators: dict[str, dict[str, str]] = {}

    def look(self) -> None:
        for address in self.addresses:
            request = urllib.request.Request(address, headers=self.validators.get(address, {}))
            with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=5) as answer:
                self.validators[address] = {"If-None-Match": answer.headers["ETag"]}
                headers = {key.lower(): value for key, value in answer.headers.items()}
                found = feedparser.parse(answer.read(), response_headers=headers)
                assert not found.bozo
                for one in found.entries:
                    self.known[address][one.id] = Seen(one.id, one.link, one.title, one.content[0].value)

    def entries(self, address: str) -> list[Seen]:
        return list(self.known[address].values())


class WithReader:
    """The library `reader`, its database in memory."""

    documents = tuple(f"{feed}.{ext}" for feed in FEEDS for ext in ("rss", "atom", "json"))

    def __init__(self, folder: Path, addresses: list[str]) -> None:
        self.reader = reader.make_reader(":memory:")
        for address in addresses:
            self.reader.add_feed(address)

    def look(self) -> None:
        for result in self.reader.update_feeds_iter(scheduled=False):
            assert not isinstance(result.value, reader.ReaderError), result

    def entries(self, address: str) -> list[Seen]:
        found = list(self.reader.get_entries(feed=address))
        assert all(one.published for one in found)
        return [Seen(one.id, one.link, one.title, one.content[0].value) for one in found]


class WithNewsboat:
    """newsboat, as its users run it: reload, then what stands in its cache.

    It takes one id in two feeds for one entry, so each cache has feeds whose ids differ; it remembers validators
    from its second reload on.
    """

    documents = ("all.rss", "ru.atom", "en.rss", "all.atom", "newsletter-ru.rss", "newsletter-en.atom")

    def __init__(self, folder: Path, addresses: list[str]) -> None:
        if shutil.which("newsboat") is None:
            pytest.skip("needs newsboat (Debian: newsboat)")
        self.folders = {address: folder / str(place // 3) for place, address in enumerate(addresses)}
        for one in set(self.folders.values()):
            one.mkdir(parents=True)
            (one / "urls").write_text("".join(f"{address}\n" for address in addresses if self.folders[address] == one))
            (one / "config").write_text("error-log newsboat.log\nkeep-articles-days 0\nreload-threads 1\n")
        self.look()

    def look(self) -> None:
        for folder in sorted(set(self.folders.values())):
            line = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
            env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8"}
            done = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            assert not (folder / "newsboat.log").exists() or not (folder / "newsboat.log").read_text()

    def entries(self, address: str) -> list[Seen]:
        with contextlib.closing(sqlite3.connect(self.folders[address] / "cache.db")) as cache:
            rows = cache.execute(
                "SELECT guid, url, title, content FROM rss_item WHERE feedurl = ? AND deleted = 0", (address,)
            ).fetchall()
        return [Seen(*row) for row in rows]


def beginning(press):
    for n in range(1, 4):
        press.arrive(f"{HOME}/news/{n}", f"Порт номер {n} открылся", said(n))


def new_pair(press):
    press.arrive(f"{HOME}/news/4", "Мост & набережная <готовы>", said(4))
    press.arrive(
        f"{HOME}/en/news/4",
        "The bridge & quay are ready",
        "The bridge is ready after 12 years.",
        other=f"{HOME}/news/4",
    )


def late_translation(press):
    press.arrive(f"{HOME}/en/news/1", "Port number 1 has opened", "The port welcomed its first ship.", other=PORT)


def corrected(press):
    press.arrive(PORT, "Порт номер 1 открылся", f"{said(1)} Исправлено: порт принял два судна.")


def withdrawn(press):
    press.store.removals.withdraw(press.store.removals.find(f"{HOME}/news/3"), "просьба", press.now)


@pytest.mark.parametrize("kind", [WithFeedparser, WithReader, WithNewsboat], ids=lambda kind: kind.__name__[4:])
def test_four_passes_with_changes_between(tmp_path, kind):
    press = Press(tmp_path / "press", configured(source(rights=Rights("full"))))
    beginning(press)
    press.go()
    with serving(press.feeds) as server:
        addresses = [server.home + document for document in kind.documents]
        program = kind(tmp_path / "program", addresses)
        ever: dict[str, dict[str, str]] = {address: {} for address in addresses}  # id → link, as first seen
        for event in (None, new_pair, late_translation, corrected, withdrawn):
            before = {name: entries_of(press, name) for name in kind.documents} if event else {}
            if event:
                event(press)
                assert not press.go(hours=1).refused
            program.look()
            for address in addresses:
                compare(program.entries(address), press.items(feed_of(address)), ever[address])
            server.take()
            program.look()
            again = {name for name, status in server.take() if status != 304}
            # `reader` keeps no validators of an answer that changes nothing it stores, such as a further link or an entry less.
            unmoved = {name for name in before if entries_of(press, name) <= before[name]}
            assert again <= (unmoved if kind is WithReader else set()), event
        assert_changes_came_through(program, server.home)
    press.close()


def feed_of(address: str) -> str:
    return address.rpartition("/")[2].partition(".")[0]


def entries_of(press, name: str) -> set[tuple[str, ...]]:
    return {(one["id"], one["title"], one["content_html"]) for one in press.items(feed_of(name))}


def compare(seen: list[Seen], published: list[dict], ever: dict[str, str]) -> None:
    """A reader's memory beside what stands in the feed: one entry an id, all of them, each as it is published now."""
    by_id = {one.id: one for one in seen}
    assert len(by_id) == len(seen), "an id twice"
    assert len({one.link for one in seen}) == len(seen), "a page twice"
    current = {item["id"]: item for item in published}
    assert set(current) <= set(by_id), "an entry is missing"
    assert set(ever) <= set(by_id), "an entry was lost"
    assert all(by_id[one].link == link for one, link in ever.items()), "an id moved to another page"
    for id_, item in current.items():
        assert by_id[id_].link == item["url"]
        assert by_id[id_].title.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == item["title"]
    ever |= {one.id: one.link for one in seen}


def assert_changes_came_through(program, home: str) -> None:
    everything = {one.link: one for one in program.entries(f"{home}all.rss")}
    assert "Исправлено" in everything[PORT].body
    assert "welcomed its first ship" in everything[PORT].body
    assert len(everything) == 4
    assert [
        one.title
        for one in program.entries(f"{home}newsletter-en.{program.documents[-1][-4:]}")
        if "number 1" in one.title
    ] == ["Port number 1 has opened"]
    assert "Исправлено" in next(one.body for one in program.entries(f"{home}ru.atom") if one.link == PORT)
