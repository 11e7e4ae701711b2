"""A backup is whole or is none; what comes back is what was there, less what was purged since."""

from __future__ import annotations

import io
import json
import random
import shutil
import sqlite3
import tarfile
import threading
from contextlib import closing
from datetime import timedelta

import pytest
import zstandard
from sqlalchemy import select, text

from pipeline.errors import StoreError
from pipeline.store import backups, open_store, restore
from pipeline.store.tables import metadata
from tests import databases
from tests.publish.press import Press, said

SOURCES = b"sources: {}\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder with a store of four articles, its feeds, and a backup of it: made once, copied by each test."""
    folder = tmp_path_factory.mktemp("installation")
    opened = Press(folder)
    for number in range(4):
        opened.arrive(f"https://bureau.example.com/{number}", f"Новость номер {number}", said(number))
    opened.go()
    backup(opened)
    opened.close()
    return folder, opened


@pytest.fixture
def press(published, tmp_path):
    folder, made = published
    databases.copied(folder, tmp_path)
    own = Press.__new__(Press)
    own.__dict__ |= made.__dict__ | {"store": open_store(tmp_path / "store"), "feeds": tmp_path / "feeds"}
    own.known = set(made.known)
    yield own
    own.close()


def backup(press, name="kept.tar.zst"):
    file = press.feeds.parent / name
    return file, press.store.backup(file, {"sources.yaml": SOURCES}, press.now, "test")


def dump(folder):
    """Return every row, but of what the next pass makes anew."""
    anew = {"published_states", "archive_pages"}
    with databases.rows(folder) as connection:
        found = {
            one.name: connection.execute(select(one)).all() for one in metadata.sorted_tables if one.name not in anew
        }
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def pages(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("pages/*/*.zst")}


def test_what_comes_back_is_what_was_there(press, tmp_path):
    file, manifest = backup(press)
    assert manifest.pages == len(pages(tmp_path / "store")) == 4
    assert file.stat().st_mode & 0o777 == 0o600
    done = restore(file, tmp_path / "moved", press.now)
    assert done.sources == SOURCES
    assert done.purged == ()
    assert dump(tmp_path / "moved") == dump(tmp_path / "store")
    assert pages(tmp_path / "moved") == pages(tmp_path / "store")
    there = {"nevawire.sqlite"} if databases.ON == "sqlite" else set()
    assert {path.name.split("-")[0] for path in (tmp_path / "moved").iterdir()} == there | {"pages"}


def test_the_next_pass_writes_every_document_again(press, tmp_path):
    file, _ = backup(press)
    restore(file, tmp_path / "moved", press.now)
    before = {str(path.relative_to(press.feeds)): path.read_bytes() for path in press.feeds.rglob("*.*")}
    shutil.rmtree(press.feeds)
    press.store.close()
    press.store = open_store(tmp_path / "moved")
    press.go(minutes=0)
    after = {str(path.relative_to(press.feeds)): path.read_bytes() for path in press.feeds.rglob("*.*")}
    assert after == before


def test_the_members_stand_in_a_fixed_order_without_owners_or_times(press):
    file, _ = backup(press)
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes())
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        members = [(one.name, one.uid, one.mtime) for one in tar]
    names = [name for name, _, _ in members]
    assert names == ["nevawire.sqlite", *sorted(names[1:-2]), "sources.yaml", "manifest.json"]
    assert {(uid, mtime) for _, uid, mtime in members} == {(0, 0)}


def test_a_backup_made_while_others_write_is_of_one_moment(press, tmp_path):
    """An article's page, capture and address stand in it together, or not at all."""
    stop = threading.Event()
    other = Press.__new__(Press)
    other.__dict__ |= press.__dict__ | {"store": open_store(tmp_path / "store")}

    def write():
        number = 100
        while not stop.is_set() and number < 400:
            other.arrive(f"https://bureau.example.com/{number}", f"Новость номер {number}", said(number))
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        made = [backup(press, f"{n}.tar.zst") for n in range(3)]
    finally:
        stop.set()
        thread.join()
    other.store.close()
    for n, (file, manifest) in enumerate(made):
        assert manifest.missing == ()
        restore(file, tmp_path / f"moved{n}", press.now)
        opened = open_store(tmp_path / f"moved{n}")
        assert opened.inspect(lambda _done, _all: None).findings == ()
        assert opened.stories.counts()[0] >= 4
        opened.close()


def test_what_was_purged_since_is_purged_again(press, tmp_path):
    file, _ = backup(press)
    [gone] = press.store.removals.find("https://bureau.example.com/2")
    press.store.removals.purge([gone], "asked", press.now)
    press.store.close()
    done = restore(file, tmp_path / "store", press.now, force=True)
    assert done.purged == (gone,)
    assert len(pages(tmp_path / "store")) == 3
    assert said(2).encode() not in databases.held(tmp_path / "store")
    press.store = open_store(tmp_path / "store")
    assert press.store.stories.counts()[0] == 3


def test_a_store_is_not_replaced_by_mistake(press, tmp_path):
    file, _ = backup(press)
    before = dump(tmp_path / "store")
    with pytest.raises(StoreError, match="holds a store already"):
        restore(file, tmp_path / "store", press.now)
    assert dump(tmp_path / "store") == before


def damaged(file, how):
    data = bytearray(file.read_bytes())
    if how == "cut":
        data = data[: len(data) * 2 // 3]
    elif how == "bit":
        data[len(data) // 2] ^= 0x10
    elif how == "other":
        data = b"PK\x03\x04 no backup at all"
    elif how == "empty":
        data = b""
    else:
        data = rewritten(file, how)
    target = file.with_name(f"{how}.tar.zst")
    target.write_bytes(bytes(data))
    return target


def rewritten(file, how):
    """Return a backup whose compression and tar are sound, but not what they carry."""
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes())
    if how == "flipped":
        at = plain.index(b"SQLite format 3") + 5000
        plain = plain[:at] + bytes([plain[at] ^ 1]) + plain[at + 1 :]
    elif how == "headless":
        plain = plain[: plain.rindex(b"manifest.json")] + b"\0" * 1024
    elif how == "stranger":
        plain = plain.replace(b"sources.yaml", b"../../hosts\0", 1)
    return zstandard.ZstdCompressor().compress(plain)


@pytest.mark.parametrize("how", ["cut", "bit", "other", "empty", "flipped", "headless", "stranger"])
def test_a_damaged_backup_is_refused_and_the_store_stays(press, tmp_path, how):
    before, there = dump(tmp_path / "store"), set(tmp_path.rglob("*"))
    target = damaged(press.feeds.parent / "kept.tar.zst", how)
    with pytest.raises(StoreError, match=r"backup|damaged"):
        restore(target, tmp_path / "store", press.now, force=True)
    assert dump(tmp_path / "store") == before
    assert set(tmp_path.rglob("*")) - there == {target}


def test_a_damaged_page_in_a_backup_is_told(press, tmp_path):
    page = min((tmp_path / "store").glob("pages/*/*.zst"))
    page.write_bytes(zstandard.ZstdCompressor().compress(b"another page"))
    with pytest.raises(StoreError, match=f"page {page.name.removesuffix('.html.zst')} is damaged"):
        backup(press, "new.tar.zst")
    assert not (tmp_path / "new.tar.zst").exists()  # a backup that is none is not left
    assert list(tmp_path.glob(".*")) == []


def test_a_missing_page_does_not_keep_the_rest_from_being_saved(press, tmp_path):
    page = min((tmp_path / "store").glob("pages/*/*.zst"))
    page.unlink()
    _, manifest = backup(press)
    assert manifest.missing == (page.name.removesuffix(".html.zst"),)


def test_a_backup_of_another_form_is_told(press, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "FORMAT", 2)
    file, _ = backup(press)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="use the version that made it"):
        restore(file, tmp_path / "moved", press.now)


def test_old_pages_go_and_what_is_needed_stays(press, tmp_path):
    url = "https://bureau.example.com/0"
    press.arrive(url, "Новость номер 0, исправленная", said(0) + said(50))  # its first page is not the latest now
    press.go(days=400)
    press.arrive("https://bureau.example.com/9", "Свежая новость", said(9))
    press.go()
    limit = press.now - timedelta(days=365)
    upkeep = press.store.upkeep
    found = upkeep.prunable(limit)
    assert (len(found.digests), found.kept) == (1, 4)
    assert found.size > 0
    upkeep.prune(found, press.now)
    inspected = press.store.inspect(lambda _done, _all: None)
    assert (inspected.findings, inspected.pages, inspected.absent) == ((), 5, 1)
    assert upkeep.prunable(limit).digests == ()
    assert len(upkeep.prunable(limit, latest=True).digests) == 4
    assert sum(map(len, press.store.replays.stale("bureau", "newer"))) == 5


def test_what_is_still_to_be_read_is_never_pruned(press):
    with press.store._engine.begin() as connection:
        connection.execute(text("UPDATE addresses SET state = 'fetched' WHERE url LIKE '%/1'"))
    found = press.store.upkeep.prunable(press.now + timedelta(days=1), latest=True)
    assert (len(found.digests), found.kept) == (3, 1)


def test_a_page_that_comes_again_is_there_again(press):
    upkeep = press.store.upkeep
    upkeep.prune(upkeep.prunable(press.now + timedelta(days=1), latest=True), press.now)
    assert press.store.inspect(lambda _done, _all: None).absent == 4
    assert press.store.replays.stale("bureau", "newer") == ()
    press.arrive("https://bureau.example.com/0", "Новость номер 0", said(0))
    inspected = press.store.inspect(lambda _done, _all: None)
    assert (inspected.findings, inspected.pages, inspected.absent) == ((), 1, 3)


def test_vacuum_gives_space_back(press):
    for number in range(200):  # of words that cannot be packed
        press.store.ledger.event("note", "", random.Random(number).randbytes(2000).hex(), press.now)
    with press.store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    before, after = press.store.upkeep.vacuum()
    assert after < before - 200 * 1500


FAULTS = {
    "missing-page": "",
    "damaged-page": "",
    "orphan: 1 × article in a text, not there": "UPDATE text_items SET article = 'a0' WHERE article = (SELECT min(article) FROM text_items)",
    "orphan: 1 × story without a text": "INSERT INTO stories (id, state, first_seen, updated, match_ru, match_en, probability, reasons) SELECT 'x', state, first_seen, updated, '', '', NULL, '[]' FROM stories LIMIT 1",
    "orphan: 1 × label of no article": "INSERT INTO labels VALUES ('a0', 'topic')",
    "database: row": "UPDATE addresses SET capture = 999 WHERE capture = 1",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_verify_finds_what_is_wrong(press, tmp_path, fault):
    press.store.close()
    page = min((tmp_path / "store").glob("pages/*/*.zst"))
    if fault == "missing-page":
        page.unlink()
    elif fault == "damaged-page":
        page.write_bytes(b"\0")
    else:
        if fault == "database: row":
            if databases.ON != "sqlite":
                pytest.skip("PostgreSQL lets no row point to one that is not there")
            with closing(sqlite3.connect(tmp_path / "store" / "nevawire.sqlite")) as connection, connection:
                connection.execute(FAULTS[fault])  # foreign keys are off by default
        else:
            with databases.rows(tmp_path / "store") as connection:
                connection.exec_driver_sql(FAULTS[fault])
    found = press.store.inspect(lambda _done, _all: None).findings
    assert any(str(one).startswith(fault) for one in found), found


def test_a_manifest_tells_who_made_it_and_when(press):
    file, manifest = backup(press)
    assert backups.read(file) == manifest
    assert (manifest.made_by, manifest.at) == ("test", press.now.isoformat())
    assert json.loads(json.dumps(dict(manifest.members))).keys() == {"nevawire.sqlite", "sources.yaml"}
