"""An archive that lies elsewhere: found again there, known to every verb, and not needed for feeds while it is away."""

from __future__ import annotations

import itertools
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pipeline import lookout
from pipeline.errors import ArchiveAway, ConfigError, StoreError
from pipeline.store import open_store, remote, restore
from pipeline.store.archive import opened
from tests.publish.press import Press, said

URL = "https://bureau.example.com/{}"
FRESH = itertools.count()


class Faulty(MemoryFileSystem):
    """A place in memory that can be switched off, and forgets nothing while it is."""

    protocol = "faulty"
    off = False

    def info(self, path, **more):
        self._there()
        return super().info(path, **more)

    def _open(self, path, *words, **more):
        self._there()
        return super()._open(path, *words, **more)

    def _rm(self, path):
        self._there()
        super()._rm(path)

    def find(self, path, **more):
        self._there()
        return super().find(path, **more)

    def cat_file(self, path, **more):
        self._there()
        return super().cat_file(path, **more)

    def _there(self):
        if Faulty.off:
            raise TimeoutError("nobody answers")


fsspec.register_implementation("faulty", Faulty)


@pytest.fixture
def place(monkeypatch):
    """The address of an empty place of the test's own, where stores opened in this test have their pages."""
    url = f"faulty://pages-{next(FRESH)}"
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", url)
    monkeypatch.setattr(remote, "_REST", 0)
    monkeypatch.setattr(Faulty, "off", False)
    return url


@pytest.fixture
def press(place, tmp_path):
    made = Press(tmp_path / "news")
    arrive(made, 1)
    yield made
    made.close()


def arrive(press, number):
    press.arrive(URL.format(number), f"Новость номер {number}", said(number))
    press.go()


def aged(place):
    """Let everything there have been there for a day."""
    files, root = fsspec.core.url_to_fs(place)
    for path in files.find(root):
        files.store[path].modified = files.store[path].created = datetime.now(UTC) - timedelta(days=1)


def findings(press):
    return [str(one) for one in press.store.inspect(lambda _done, _all: None).findings]


def test_pages_lie_where_the_address_says_under_the_same_names(place, tmp_path):
    archive = opened(tmp_path, 90)
    body = "Ёжик в тумане".encode("cp1251") * 500
    digest = archive.keep(body)
    assert archive.keep(body) == digest
    files, root = fsspec.core.url_to_fs(place)
    assert files.find(root) == [f"{root}/{digest[:2]}/{digest}.html.zst"]
    assert 0 < archive.size(digest) < len(body)
    again = opened(tmp_path, 90)  # another process, which remembers nothing
    assert (again.read(digest), again.holds(digest), list(again.digests())) == (body, True, [digest])
    assert not again.settled(digest)
    aged(place)
    assert again.settled(digest)
    again.remove(digest)
    again.remove(digest)
    assert not again.holds(digest)
    with pytest.raises(StoreError, match="cannot be read from faulty://"):
        again.read(digest)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_shared_folder_is_a_folder(form, tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", form.format(tmp_path / "shared"))
    archive = opened(tmp_path / "store", 90)
    digest = archive.keep(b"one")
    assert (tmp_path / "shared" / digest[:2] / f"{digest}.html.zst").exists()
    assert archive.full() == (archive.used() >= 90)


def test_an_address_that_leads_nowhere_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", "nonsense://x")
    with pytest.raises(ConfigError, match=r"NEVAWIRE_ARCHIVE_URL: nonsense://x .*Protocol not known"):
        opened(tmp_path, 90)


def test_without_the_extra_it_is_said_what_to_install(place, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(ConfigError, match=r"pip install 'nevawire\[archive\]'"):
        opened(tmp_path, 90)


def test_a_password_in_the_address_is_told_to_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", "memory://desk:geheim@pages/news")
    assert opened(tmp_path, 90).place == "memory://pages/news"


def test_a_full_disk_does_not_keep_pages_from_elsewhere(place, tmp_path):
    archive = opened(tmp_path, 0)
    assert not archive.full()
    assert archive.holds(archive.keep(b"one"))


def test_while_it_is_away_feeds_go_on_and_it_is_told(press, monkeypatch):
    monkeypatch.setattr(Faulty, "off", True)
    arrive(press, 2)
    assert len(press.items("ru")) == 2
    facts = lookout._archive(SimpleNamespace(store=press.store))
    assert "TimeoutError: nobody answers" in facts["why"]
    (raised,) = press.store.alarms.settle("", {"archive": facts}, press.now)
    assert (raised.alarm.kind, raised.state) == ("archive", "open")
    with pytest.raises(ArchiveAway, match="cannot be reached"):
        findings(press)
    monkeypatch.setattr(Faulty, "off", False)
    assert lookout._archive(SimpleNamespace(store=press.store)) is None
    found = press.store.inspect(lambda _done, _all: None)
    assert (found.findings, found.pages, found.absent) == ((), 1, 1)
    press.arrive(URL.format(2), "Новость номер 2", said(2))
    assert press.store.inspect(lambda _done, _all: None).absent == 0


def test_a_place_that_failed_is_left_alone_for_a_while(place, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "_REST", 3600)
    archive = opened(tmp_path, 90)
    monkeypatch.setattr(Faulty, "off", True)
    lost = archive.keep(b"one")
    monkeypatch.setattr(Faulty, "off", False)
    assert not archive.holds(archive.keep(b"two"))
    later = time.monotonic() + 3601
    monkeypatch.setattr(remote.time, "monotonic", lambda: later)
    assert archive.holds(archive.keep(b"two"))
    assert not archive.holds(lost)


def test_a_page_that_waits_waits_on_while_it_is_away(press, monkeypatch):
    own = press.config.sources[0]
    with press.store._engine.begin() as connection:  # as if the pass had been killed before it read the page
        connection.exec_driver_sql("UPDATE addresses SET state = 'fetched'")
    monkeypatch.setattr(Faulty, "off", True)
    assert press.store.collected.waiting(own) == ()
    monkeypatch.setattr(Faulty, "off", False)
    assert len(press.store.collected.waiting(own)) == 1


def test_verify_finds_what_is_wrong_there(press, place):
    arrive(press, 2)
    arrive(press, 3)
    files, root = fsspec.core.url_to_fs(place)
    assert findings(press) == []
    first, second, _ = sorted(files.find(root))
    files.pipe_file(first, files.cat_file(second))
    files.rm_file(second)
    stray = "ab" * 32
    files.pipe_file(f"{root}/ab/{stray}.html.zst", b"x")
    aged(place)
    press.store.close()
    press.store = open_store(press.feeds.parent / "store")
    assert [one.split(":")[0] for one in findings(press)] == ["missing-page", "damaged-page", "stray-page"]
    assert stray in findings(press)[-1]


def test_old_pages_go_from_there(press, place):
    old = press.store.upkeep.prunable(press.now + timedelta(days=1), latest=True)
    assert (len(old.digests), old.size > 0) == (1, True)
    press.store.upkeep.prune(old, press.now)
    files, root = fsspec.core.url_to_fs(place)
    assert files.find(root) == []
    assert findings(press) == []


def test_a_purge_that_cannot_reach_it_does_nothing_and_is_made_again(press, place, monkeypatch):
    (article,) = press.store.removals.find(URL.format(1))
    monkeypatch.setattr(Faulty, "off", True)
    with pytest.raises(ArchiveAway):
        press.store.removals.purge([article], "asked for", press.now)
    assert press.store.removals.find(URL.format(1)) == (article,)
    monkeypatch.setattr(Faulty, "off", False)
    press.store.removals.purge([article], "asked for", press.now)
    files, root = fsspec.core.url_to_fs(place)
    assert files.find(root) == []


def test_a_backup_holds_the_pages_and_brings_them_back_to_where_they_belong(press, place, tmp_path, monkeypatch):
    file = tmp_path / "kept.tar.zst"
    assert press.store.backup(file, {}, press.now, "test").pages == 1
    elsewhere = f"{place}-restored"
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", elsewhere)
    restore(file, tmp_path / "there", press.now)
    files, root = fsspec.core.url_to_fs(elsewhere)
    assert len(files.find(root)) == 1
    assert not (tmp_path / "there/pages").exists()
    store = open_store(tmp_path / "there")
    assert store.inspect(lambda _done, _all: None).findings == ()
    store.close()
    monkeypatch.delenv("NEVAWIRE_ARCHIVE_URL")
    restore(file, tmp_path / "here", press.now)
    assert len(list((tmp_path / "here/pages").glob("??/*.zst"))) == 1


@pytest.fixture(scope="module")
def bucket():
    """An object store on loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    said = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "desk", "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in said.items():
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("news")
        yield server
    server.stop()


@pytest.mark.long
def test_an_object_store(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("NEVAWIRE_ARCHIVE_URL", "s3://news/pages")
    monkeypatch.setattr(remote, "_REST", 0)
    press = Press(tmp_path / "news")
    arrive(press, 1)
    arrive(press, 2)
    assert findings(press) == []
    archive = press.store.archive
    assert len(set(archive.digests())) == 2
    assert [archive.settled(one) for one in archive.digests()] == [False, False]
    old = press.store.upkeep.prunable(press.now + timedelta(days=1), latest=True)
    press.store.upkeep.prune(old, press.now)
    assert list(archive.digests()) == []
    arrive(press, 3)
    assert press.store.backup(tmp_path / "kept.tar.zst", {}, press.now, "test").pages == 1
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{_nobody()}")
    fsspec.filesystem("s3").clear_instance_cache()
    press.close()
    press.store = open_store(tmp_path / "news/store")
    arrive(press, 4)
    assert len(press.items("ru")) == 4
    assert press.store.archive.away().startswith("s3://news/pages cannot be reached: ")
    press.close()


def _nobody():
    """Return a port at which nobody listens."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
