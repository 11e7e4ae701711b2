"""The program on PostgreSQL, as its users meet it: the same feeds, a move from a file and back, a server that goes away."""

from __future__ import annotations

import os
import shutil

import pytest
from sqlalchemy import Engine

from pipeline.store import engine
from tests import databases
from tests.end_to_end.conftest import LATER, Installation
from tests.processes import NEVAWIRE, wait_for

pytestmark = pytest.mark.long

LATE = "bureau/1431.en"


@pytest.fixture(scope="module")
def server():
    with databases.serving() as running:
        yield running


@pytest.fixture
def on(server, tmp_path, sites, monkeypatch):
    """on("name", "sqlite" | "postgresql") → an installation over the sample sites, its store in that database."""
    urls = {}
    monkeypatch.setattr(engine, "database_of", lambda folder: urls.get(folder.resolve(), engine.file_in(folder)))

    def made(name, kind):
        if kind == "postgresql":
            store = tmp_path / name / "store"
            urls[store.resolve()] = server.new(store)
        return Installation(tmp_path / name, sites)

    return made


def written(installation):
    return {path: path.stat().st_mtime_ns for path in installation.feeds.rglob("*") if path.is_file()}


def test_feeds_are_the_same_bytes_from_either_database_and_after_a_move(on, server, sites, tmp_path, monkeypatch):
    file, other, moved = on("file", "sqlite"), on("other", "postgresql"), on("moved", "postgresql")
    for one in (file, other):
        assert one.run()["articles"] >= 70
    assert file.digests() == other.digests()

    shutil.copytree(file.folder / "store" / "pages", moved.folder / "store" / "pages")
    monkeypatch.setenv("THERE", engine.database_of(moved.folder / "store"))
    said = file.call("db", "copy", str(file.folder / "store"), "env:THERE").stdout
    assert "every one compared: the same" in said
    assert f"stay where they are, in {file.folder / 'store'}" in said
    shutil.copytree(file.feeds, moved.feeds)
    times = written(moved)
    moved.run()
    assert written(moved) == times  # what is the same is not written again

    sites.release(LATE)
    sites.edit("bureau", "/news/1431/", title="Исправленный заголовок о том же")
    before = file.digests()
    for one in (file, other, moved):
        one.run("--recheck", now=LATER)
    assert file.digests() == other.digests() == moved.digests() != before
    assert (
        b"\xd0\x98\xd1\x81\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbd\xd1\x8b\xd0\xb9"
        in (other.feeds / "all.rss").read_bytes()
    )
    assert [one.rows("articles") for one in (other, moved)] == [file.rows("articles")] * 2
    assert [one.rows("stories") for one in (other, moved)] == [file.rows("stories")] * 2
    assert "0 findings" in other.call("verify", now=LATER).stdout

    monkeypatch.setenv("THERE", engine.database_of(other.folder / "store"))
    said = file.call("db", "copy", "env:THERE", str(tmp_path / "back")).stdout
    assert f"before {tmp_path / 'back'} is used as a store" in said


def test_a_backup_of_either_is_put_in_place_of_either(on):
    file, other = on("file", "sqlite"), on("other", "postgresql")
    file.run()
    file.call("backup", str(file.folder / "all.tar.zst"))
    other.call("restore", str(file.folder / "all.tar.zst"))
    assert "0 findings" in other.call("verify").stdout
    assert other.rows("stories") == file.rows("stories")
    other.call("backup", str(other.folder / "all.tar.zst"))
    third = on("third", "sqlite")
    third.call("restore", str(other.folder / "all.tar.zst"))
    assert third.rows("stories") == file.rows("stories")
    other.call("restore", "--force", str(file.folder / "all.tar.zst"))
    assert other.run()["articles"] == file.run()["articles"]
    assert other.digests() == file.digests()


def test_the_schema_is_tried_taken_back_and_brought_up(on):
    other = on("other", "postgresql")
    other.run()
    head = other.call("db", "upgrade").stdout
    assert "there is nothing to do" in head
    other.call("db", "downgrade", "--yes")
    tried = other.call("db", "upgrade", "--dry-run").stdout
    assert "tried, and left as it was" in tried
    assert tried == other.call("db", "upgrade", "--dry-run").stdout
    assert "→" in other.call("db", "upgrade").stdout
    assert "MB now" in other.call("vacuum").stdout
    assert "✓ database: PostgreSQL" in other.call("doctor", "--system", expect=None).stdout


def urls(own: Engine) -> list[str]:
    with engine.reading(own) as connection:
        return list(connection.exec_driver_sql("SELECT url FROM articles").scalars())


def test_a_watch_outlives_its_database(server, processes, sites, tmp_path):
    """Cut off in the middle of its first passes: it waits, says so, and ends up with every article once."""
    (tmp_path / "sources.yaml").write_text(sites.sources_yaml(), encoding="utf-8")
    store = tmp_path / "store"
    env = {
        "NEVAWIRE_SOURCES": str(tmp_path / "sources.yaml"), "NEVAWIRE_STORE": str(store),
        "NEVAWIRE_FEEDS": str(tmp_path / "feeds"), "NEVAWIRE_ALLOW_ADDRESS": "127.0.0.0/8:*",
        "NEVAWIRE_CLOCK_RATE": "120", engine.VARIABLE: server.new(store).replace("postgres:@", "postgres:s3cret@"),
    }  # fmt: skip
    watch = processes.start(*NEVAWIRE, "watch", env=env)
    wait_for(lambda: sum(one.site == "bureau" for one in sites.requests) >= 8)
    server.shut(store)
    wait_for(lambda: "does not serve" in watch.text)
    server.let_in(store)
    own = engine.connect(env[engine.VARIABLE])
    wait_for(lambda: len(urls(own)) >= 70)
    wait_for((tmp_path / "feeds" / "all.rss").exists)
    assert watch.end() == 0, watch.text
    assert "does not serve" in watch.text
    assert "s3cret" not in watch.text
    kept = urls(own)
    own.dispose()
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nevawire:s3cret@127.0.0.1:1/nevawire",
        "postgresql://nevawire@127.0.0.1:1/nevawire?password=s3cret",
        "postgresql://nevawire:a@s3cret/x@127.0.0.1:1/nevawire",
        "postgresql://nevawire:a:b/s3cret@127.0.0.1:port/nevawire",
        "mysql://nevawire:s3cret@127.0.0.1/nevawire",
        "nevawire:s3cret",
    ],
)
def test_a_wrong_address_is_told_without_its_secret(tmp_path, processes, url):
    told = processes.start(
        *NEVAWIRE, "status", env=os.environ | {engine.VARIABLE: url, "NEVAWIRE_STORE": str(tmp_path)}
    )
    assert told.process.wait(60) in (1, 2)
    assert "Traceback" not in told.text
    assert "does not serve: " in told.text or "it should look like postgresql://" in told.text
    assert "s3cret" not in told.text
