"""A disk that fills up: pages are no longer archived, then nothing can be written, and nothing is lost or cut short."""

from __future__ import annotations

import ctypes
import ctypes.util
import gzip
import os
import sqlite3

import pytest
from sqlalchemy import text

from pipeline.errors import ConfigError, StoreError
from pipeline.settings import settle
from pipeline.store import open_store
from pipeline.store.archive import Archive
from pipeline.store.shelves import Folder
from tests.databases import of_sqlite
from tests.publish.press import Press, said

URL = "https://bureau.example.com/{}"


def test_above_the_limit_no_page_is_kept_and_what_is_there_stays(tmp_path):
    used = [50]
    archive = Archive(Folder(tmp_path / "pages"), tmp_path, 90, lambda _folder: (1000, used[0], 100 - used[0]))
    first = archive.keep(b"one")
    used[0] = 90
    second = archive.keep(b"two")
    assert (archive.holds(first), archive.holds(second)) == (True, False)
    assert archive.read(archive.keep(b"one")) == b"one"
    used[0] = 89
    assert archive.holds(archive.keep(b"two"))


def test_a_disk_that_fails_in_another_way_is_told(tmp_path, monkeypatch):
    def broken(_descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StoreError, match="cannot archive a page"):
        Archive(Folder(tmp_path), tmp_path).keep(b"one")


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path)
    opened.arrive(URL.format(1), "Первая новость", said(1))
    opened.go()
    yield opened
    opened.close()


def test_feeds_go_on_while_pages_are_not_archived(press):
    press.store.archive.limit = 0
    press.arrive(URL.format(2), "Вторая новость", said(2))
    assert "ru.rss" in press.go().written
    assert len(press.items("ru")) == 2
    found = press.store.inspect(lambda _done, _all: None)
    assert (found.findings, found.pages, found.absent) == ((), 1, 1)
    press.store.archive.limit = 100
    press.arrive(URL.format(2), "Вторая новость", said(2))
    assert press.store.inspect(lambda _done, _all: None).absent == 0


def test_a_page_lost_with_its_pass_is_asked_for_again(press):
    own = press.config.sources[0]
    press.store.archive.limit = 0
    press.arrive(URL.format(2), "Вторая новость", said(2))
    with press.store._engine.begin() as connection:  # as if the pass had been killed before it read the page
        connection.execute(text("UPDATE addresses SET state = 'fetched' WHERE url LIKE '%/2'"))
    assert press.store.collected.waiting(own) == ()
    assert [one.url for one in press.store.collected.due(own, press.now)] == [URL.format(2)]


def test_the_limit_is_a_setting(tmp_path):
    assert settle({}).disk_limit == 90
    assert settle({"NEVAWIRE_DISK_LIMIT": "75"}).disk_limit == 75
    for wrong in ("101", "full", "-1"):
        with pytest.raises(ConfigError, match="NEVAWIRE_DISK_LIMIT"):
            settle({"NEVAWIRE_DISK_LIMIT": wrong})


@pytest.fixture
def small(tmp_path):
    """A folder on a file system of its own, of four megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, b"size=4m") != 0:
        pytest.skip(f"cannot mount a file system here: {os.strerror(ctypes.get_errno())}")
    yield folder
    assert libc.umount2(bytes(folder), 2) == 0


def fill(folder):
    """Take all the room there is, to the last byte, and return how to give it back."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 256, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast.unlink


def several_more(press):
    for number in range(3, 9):  # some may still fit into what the database has allocated
        press.arrive(URL.format(number), f"Новость номер {number}", said(number))
        press.go()


@of_sqlite  # PostgreSQL's disk is the server's business
def test_a_full_disk_loses_nothing_and_cuts_no_feed_short(small):
    press = Press(small)
    for number in range(3):
        press.arrive(URL.format(number), f"Новость номер {number}", said(number))
    press.go()
    press.store._engine.dispose()
    before = {path.name: path.read_bytes() for path in press.feeds.rglob("*.*")}
    mend = fill(small)
    with pytest.raises(StoreError, match=r"full|space"):
        several_more(press)
    now = {path.name: path.read_bytes() for path in press.feeds.rglob("*.*")}
    for name, body in now.items():
        if name.endswith(".gz"):
            assert gzip.decompress(body) == now[name.removesuffix(".gz")]
    assert not [name for name in now if name.startswith(".")]
    assert set(before) <= set(now) | {name for name in before if name.endswith(".gz")}
    assert len(press.items("ru")) >= 3
    press.store.close()
    mend()
    press.store = open_store(small / "store")
    assert press.store.inspect(lambda _done, _all: None).findings == ()
    press.known = {one.article.url for one in press.store.articles.each()}
    assert len(press.known) >= 3
    for number in range(9, 12):
        press.arrive(URL.format(number), f"Новость номер {number}", said(number))
    press.go(days=1)
    assert len(press.items("ru")) == len(press.known)
    press.close()
    assert sqlite3.connect(small / "store" / "nevawire.sqlite").execute("PRAGMA integrity_check").fetchone() == ("ok",)
