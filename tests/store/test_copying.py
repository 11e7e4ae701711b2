"""A database copied into another: every row as it was, or nothing at all; and a PostgreSQL that goes away and comes back."""

from __future__ import annotations

import threading
import time
import tracemalloc
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from pipeline.errors import StoreError
from pipeline.store import copying, engine, open_at, postgresql
from pipeline.store.presence import filled
from pipeline.store.tables import metadata
from tests import databases
from tests.publish.press import Press, said
from tests.store import test_migrations
from tests.store.conftest import NOW
from tests.store.test_search import asked

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server():
    with databases.serving() as running:
        yield running


@pytest.fixture
def empty(server, tmp_path):
    """The address of a PostgreSQL database without tables."""
    return server.new(tmp_path / "empty")


@pytest.fixture
def full(tmp_path):
    """An SQLite database with rows in every table."""
    folder = tmp_path / "full"
    folder.mkdir()
    opened = engine.open_engine(engine.file_in(folder))
    with engine.writing(opened) as connection:
        test_migrations.fill(connection)
    yield opened
    opened.dispose()


def rows(opened):
    with engine.reading(opened) as connection:
        return {
            one.name: connection.execute(select(one).order_by(*one.primary_key)).all() for one in metadata.sorted_tables
        }


def test_every_row_of_every_table_goes_over_and_back(full, empty, tmp_path):
    told = []
    there = engine.open_engine(empty)
    over = copying.copy(full, there, lambda name, count: told.append((name, count)))
    before = {name: kept for name, kept in rows(full).items() if name != "leases"}
    assert all(before.values())
    assert {name: kept for name, kept in rows(there).items() if name != "leases"} == before
    assert dict(told) == {name: len(kept) for name, kept in before.items()}
    (tmp_path / "back").mkdir()
    again = engine.open_engine(engine.file_in(tmp_path / "back"))
    back = copying.copy(there, again)
    assert back == over
    assert rows(again) == rows(there)
    assert {one.table for one in over} == set(before)
    assert len({one.digest for one in over}) > len(over) / 2
    there.dispose()
    again.dispose()


def test_a_copied_store_is_searched_counted_on_and_whole(server, tmp_path):
    press = Press(tmp_path / "press")
    for number in range(4):
        press.arrive(f"https://bureau.example.com/{number}", f"Новость номер {number}", said(number))
    press.go()
    press.store.search.catch_up()
    folder = tmp_path / "press" / "store"
    with closing(open_at(folder, server.new(tmp_path / "there"))) as there:
        press.store.copy_into(there, lambda _table, _rows: None)
        words = asked("новости")
        assert [hit.article for hit in there.search.find(words, {}).hits] == [
            hit.article for hit in press.store.search.find(words, {}).hits
        ]
        assert len(there.search.find(words, {}).hits) == 4
        assert there.inspect(lambda _done, _all: None) == press.store.inspect(lambda _done, _all: None)
        there.ledger.event("note", "", "after", NOW)  # keys go on behind the last one
        there.ledger.event("note", "", "after", NOW)
    press.close()


def test_what_holds_something_is_not_copied_into(full, empty):
    there = engine.open_engine(empty)
    with engine.writing(there) as connection:
        connection.execute(text("INSERT INTO secrets (name, value, at) VALUES ('a', 'b', '2026')"))
    with pytest.raises(StoreError, match="is not empty: there are rows in secrets"):
        copying.copy(full, there)
    with engine.reading(there) as connection:
        assert filled(connection) == ["secrets"]
    there.dispose()


def test_a_copy_that_breaks_off_leaves_nothing_and_can_be_made_again(full, empty):
    there = engine.open_engine(empty)
    with engine.writing(full) as connection:  # no text of ours has one; other programs may have been at it
        connection.execute(text("UPDATE visits SET listing = 'a' || char(0) || 'b' WHERE id = 2"))
    with pytest.raises(StoreError, match=r"a row of visits cannot be copied: .*NUL"):
        copying.copy(full, there)
    with engine.reading(there) as connection:
        assert filled(connection) == []
    with engine.writing(full) as connection:
        connection.execute(text("UPDATE visits SET listing = 'ab' WHERE id = 2"))
    copying.copy(full, there)
    assert rows(there)["visits"] == rows(full)["visits"]
    there.dispose()


def test_a_row_that_reads_otherwise_there_undoes_the_copy(full, empty):
    there = engine.open_engine(empty)
    with engine.writing(there) as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.text := new.text || '.'; RETURN new; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER meddle BEFORE INSERT ON notes FOR EACH ROW WHEN (new.id = 2) EXECUTE FUNCTION meddle()"
        )
    with pytest.raises(StoreError, match=r"notes: the row \[2\] reads otherwise in the copy"):
        copying.copy(full, there)
    with engine.reading(there) as connection:
        assert filled(connection) == []
    there.dispose()


def test_memory_does_not_grow_with_what_is_copied(tmp_path, empty):
    (tmp_path / "big").mkdir()
    opened = engine.open_engine(engine.file_in(tmp_path / "big"))
    with engine.writing(opened) as connection:
        for number in range(1500):
            values = {"name": f"n{number:05}", "body": b"\xff" * 40_000, "at": "2026"}
            connection.execute(
                text("INSERT INTO private_documents (name, body, changed) VALUES (:name, :body, :at)"), values
            )
    there = engine.open_engine(empty)
    tracemalloc.start()
    done = copying.copy(opened, there)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(one.rows for one in done) == 1500
    assert peak < 30e6  # of 60 MB, a hundred rows at a time
    opened.dispose()
    there.dispose()


def test_text_is_in_the_order_of_its_bytes_whatever_the_databases_own_order(empty):
    there = engine.open_engine(empty)
    with engine.reading(there) as connection:
        found = connection.execute(
            text(
                "SELECT c.relname, a.attname, o.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_collation o ON o.oid = a.attcollation WHERE c.relkind = 'r' AND a.atttypid = 'text'::regtype "
                "AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
            )
        ).all()
        known = sum(
            str(one["type"]).startswith("TEXT")
            for table in metadata.tables
            for one in inspect(connection).get_columns(table)
        )
    there.dispose()
    assert len(found) >= known > 200
    assert {collation for _, _, collation in found} == {"C"}


def test_what_no_database_may_hold_is_left_out_of_text(server, tmp_path):
    with closing(open_at(tmp_path / "store", server.new(tmp_path / "store"))) as store:
        store.ledger.event("note\0", "bureau", "a\0b\ud800c\x0bd", NOW)
        with engine.reading(store._engine) as connection:
            [kept] = connection.execute(text("SELECT kind, detail FROM events")).all()
    assert (kept.kind.strip("\ufffd "), [one for one in kept.detail if one in "abcd"]) == ("note", list("abcd"))


# ── a server that goes and comes ────────────────────────────────────────────────────────────
@pytest.fixture
def store(server, tmp_path):
    opened = open_at(tmp_path / "store", server.new(tmp_path / "store"))
    opened.ledger.event("note", "", "before", NOW)
    yield opened
    server.let_in(tmp_path / "store")
    opened.close()


def test_a_line_that_was_cut_between_two_questions_is_not_noticed(server, store, tmp_path):
    server.shut(tmp_path / "store")
    server.let_in(tmp_path / "store")
    store.ledger.event("note", "", "after", NOW)
    assert store.collected.counts() == {}


def test_a_server_that_restarts_is_waited_for(server, store, tmp_path):
    server.shut(tmp_path / "store")
    back = threading.Timer(1.0, server.let_in, [tmp_path / "store"])
    back.start()
    store.ledger.event("note", "", "after", NOW)
    back.join()
    with engine.reading(store._engine) as connection:
        assert connection.scalars(text("SELECT detail FROM events ORDER BY id")).all() == ["before", "after"]


def test_one_that_stays_away_is_told_and_what_was_half_done_is_undone(server, store, tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql, "PATIENCE", 0.5)

    def half():
        with engine.writing(store._engine) as connection:
            connection.execute(text("DELETE FROM events"))
            server.shut(tmp_path / "store")
            connection.execute(text("DELETE FROM runs"))

    with pytest.raises(StoreError, match="does not serve"):
        half()
    began = time.monotonic()
    with pytest.raises(StoreError, match="is not currently accepting connections"):
        store.collected.counts()
    assert time.monotonic() - began < 30
    server.let_in(tmp_path / "store")
    with engine.reading(store._engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM events")) == 1


def published(press):
    return {str(path.relative_to(press.feeds)): path.read_bytes() for path in press.feeds.rglob("*") if path.is_file()}


def test_a_store_is_one_whatever_database_it_is_in(server, tmp_path, monkeypatch):
    """The same articles give the same rows, and are listed in the same order."""
    made = []
    for number, url in enumerate((engine.file_in(tmp_path / "0"), server.new(tmp_path / "1"))):
        monkeypatch.setattr(engine, "database_of", lambda _folder, url=url: url)
        (tmp_path / str(number)).mkdir(exist_ok=True)
        with monkeypatch.context() as inner:
            inner.setattr(databases, "ON", "postgresql")  # a press brings no file of its own along
            press = Press(tmp_path / str(number) / "press")
        for place, title in enumerate(("ёлка", "Ель", "яблоко", "apple", "Zebra", "éclair", "1 мая", "«Ярмарка»")):
            press.arrive(
                f"https://bureau.example.com/{title}", title, said(place), at=press.now - timedelta(days=place % 2)
            )
        press.go()
        made.append(
            (published(press), [one.article.title for one in press.store.articles.each()], press.store.stories.counts())
        )
        press.close()
    assert made[0] == made[1]
    assert len(made[0][1]) == 8
