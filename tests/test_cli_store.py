"""The verbs that keep the store, as they are typed."""

from __future__ import annotations

import json
import time

import pytest
from typer.testing import CliRunner

from pipeline import clock
from pipeline.cli import app
from pipeline.duty import NAME, at_work
from pipeline.errors import ConfigError, NevawireError, StoreError
from pipeline.store import open_store
from tests.databases import of_sqlite
from tests.publish.press import Press, said


@pytest.fixture
def installation(tmp_path, monkeypatch):
    press = Press(tmp_path)
    for number in range(2):
        press.arrive(f"https://bureau.example.com/{number}", f"Новость номер {number}", said(number))
    press.go()
    press.close()
    (tmp_path / "sources.yaml").write_text("sources: {}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("SOURCES", "STORE", "FEEDS"):
        monkeypatch.delenv(f"NEVAWIRE_{name}", raising=False)
    monkeypatch.setenv("NEVAWIRE_NOW", "2027-11-20T09:00:00+03:00")
    return tmp_path


def call(*words, answer="", code=0):
    done = CliRunner().invoke(app, words, input=answer, catch_exceptions=not code < 0)
    if isinstance(done.exception, NevawireError):
        raise done.exception
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_an_installation_moves(installation, monkeypatch):
    said_ = call("backup", "all.tar.zst")
    assert "2 pages" in said_
    assert "read back and whole" in said_
    (installation / "elsewhere").mkdir()
    monkeypatch.chdir(installation / "elsewhere")
    assert "restored as of" in call("restore", "../all.tar.zst")
    assert (installation / "elsewhere" / "sources.yaml").read_text("utf-8") == "sources: {}\n"
    assert "2 pages read, 0 known to be gone; 0 findings" in call("verify")
    with pytest.raises(StoreError, match="--force"):
        call("restore", "../all.tar.zst")
    assert "restored as of" in call("restore", "--force", "../all.tar.zst")


def test_a_store_at_work_is_not_replaced(installation, monkeypatch):
    call("backup", "all.tar.zst")
    store = open_store(installation / "store")
    store.leases.take(NAME, "box:1:abc", None, clock.Clock().now())
    monkeypatch.setenv("NEVAWIRE_CLOCK_RATE", "1")
    monkeypatch.setattr(time, "sleep", lambda _: store.leases.beat(NAME, "box:1:abc"))
    with pytest.raises(NevawireError, match="box:1:abc"):
        call("restore", "--force", "all.tar.zst")
    monkeypatch.undo()
    assert at_work(store, clock.running(100)) == ""  # it beats no more: it is dead
    store.close()


def test_prune_asks_first(installation):
    assert "0 pages" in call("prune", "--keep-pages", "2y")
    assert "2 old ones are still needed" in call("prune", "--keep-pages", "90d")
    assert "2 pages" in call("prune", "--keep-pages", "90d", "--latest", "--dry-run")
    call("prune", "--keep-pages", "90d", "--latest", answer="n\n", code=1)
    assert "2 pages read" in call("verify")
    assert "removed" in call("prune", "--keep-pages", "90d", "--latest", "--yes")
    assert "0 pages read, 2 known to be gone; 0 findings" in call("verify")


@pytest.mark.parametrize("age", ["year", "0d", "1", "-1d", "1.5y"])
def test_an_age_that_is_none_is_told(installation, age):
    with pytest.raises(ConfigError, match="such as 1y"):
        call("prune", "--keep-pages", age)


def test_verify_fails_where_something_is_wrong(installation):
    page = min((installation / "store").glob("pages/*/*.zst"))
    page.unlink()
    assert f"missing-page: 1: {page.name[:64]}" in call("verify", code=1)
    told = json.loads(call("verify", "--json", code=1))
    assert told["whole"] is False
    assert [one["kind"] for one in told["findings"]] == ["missing-page"]


def test_the_schema_goes_down_one_step_and_up_again(installation):
    assert "nothing to do" in call("db", "upgrade")
    back = call("db", "downgrade", "--yes")
    tried = call("db", "upgrade", "--dry-run")
    assert "works" in tried
    before, after = back.split(";")[0].split(" → ")
    assert f"{after} → {before}" in tried
    assert f"{after} → {before}" in call("db", "upgrade")
    assert "0 findings" in call("verify")


def test_vacuum_says_what_it_gained(installation):
    assert "MB before" in call("vacuum")


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "x"),
        ("vacuum",),
        ("verify",),
        pytest.param(("db", "upgrade"), marks=of_sqlite),
        ("prune", "--keep-pages", "1y"),
    ],
)
def test_where_there_is_no_store_nothing_is_made(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="holds no store"):
        call(*words, "--store", "nowhere")
    assert list(tmp_path.iterdir()) == []
