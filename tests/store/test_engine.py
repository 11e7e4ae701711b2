"""The database: its schema is the migrations', and writers wait for each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipeline.errors import StoreError
from pipeline.store import engine, fresh, open_store
from pipeline.store.prospects import pages_likely
from pipeline.store.tables import metadata
from tests.databases import of_sqlite
from tests.store.conftest import NOW, OURS

TABLES = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


def test_migrations_make_the_tables_the_code_knows(store):
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=OURS), metadata) == []


@pytest.fixture
def new_database(tmp_path):
    """Open a database of this name that is not there yet."""
    with ExitStack() as opened:

        def made(name):
            own = engine.connect(f"sqlite:///{tmp_path}/{name}")
            opened.callback(own.dispose)
            return own

        yield made


@of_sqlite
def test_a_new_database_is_what_the_migrations_make(new_database):
    migrated, new = new_database("a"), new_database("b")
    with engine.writing(migrated) as connection:
        engine.migrate(connection)
    engine.upgrade(new)

    with engine.reading(migrated) as one, engine.reading(new) as other:
        script = fresh.described(one)
        assert fresh.described(other) == script
        assert other.exec_driver_sql(TABLES).all() == one.exec_driver_sql(TABLES).all()
    assert fresh.SCRIPT.read_text("utf-8") == script, "write it anew: make schema"


@of_sqlite
def test_a_new_database_gets_the_migrations_the_script_lacks(new_database, tmp_path, monkeypatch):
    behind = new_database("a")
    engine.upgrade(behind, "0020")
    with engine.reading(behind) as connection:
        (tmp_path / "old.sql").write_text(fresh.described(connection), "utf-8")
    monkeypatch.setattr(fresh, "SCRIPT", tmp_path / "old.sql")
    new = new_database("b")
    engine.upgrade(new)

    assert engine.seen(new) == engine.newest()


def test_the_newest_migration_is_told_by_its_file():
    head = ScriptDirectory.from_config(engine.alembic_config()).get_current_head()

    assert engine.newest() == head


@of_sqlite
def test_every_table_is_strict(store):
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").all()
    loose = {name for name, strict in rows if not strict and not name.startswith("sqlite_")}
    assert loose == {"alembic_version"}


def test_writers_wait_for_each_other(tmp_path):
    stores = [open_store(tmp_path / "store") for _ in range(4)]

    def write(opened):
        for number in range(50):
            opened.ledger.record_pass(f"s{number % 3}", new=0, failure=("dns", ""), now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, stores))
    assert {name: one.failures for name, one in stores[0].ledger.health().items()} == {"s0": 68, "s1": 68, "s2": 64}
    for opened in stores:
        opened.close()


@of_sqlite
def test_a_file_that_is_no_database_is_a_store_error(tmp_path):
    (tmp_path / "nevawire.sqlite").write_bytes(b"no database " * 100)
    with pytest.raises(StoreError, match="does not serve: file is not a database"):
        open_store(tmp_path)


@of_sqlite
def test_damage_in_the_words_that_made_a_table_is_a_store_error(tmp_path):
    open_store(tmp_path).close()
    file = tmp_path / engine.FILE
    file.write_bytes(file.read_bytes().replace(b"PRIMARY KEY", b"PRIMARY KE\x98", 1))

    assert not pages_likely(tmp_path)
    with pytest.raises(StoreError, match="does not serve: malformed database schema"):
        open_store(tmp_path)


@of_sqlite
@pytest.mark.parametrize("name", ["50%25 off", "what?now=1", "a#b&c", "a@b:c"])
def test_a_store_is_in_the_folder_that_is_named(tmp_path, name):
    open_store(tmp_path / name).close()

    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / engine.FILE).is_file()


def test_failures_in_a_row_are_counted_and_forgotten(store):
    for _ in range(3):
        store.ledger.record_pass("bureau", new=0, failure=("dns", "no such host"), now=NOW)
    assert store.ledger.health()["bureau"].failures == 3
    store.ledger.record_pass("bureau", new=2, failure=None, now=NOW)
    health = store.ledger.health()["bureau"]
    assert (health.failures, health.kind, health.last_success, health.last_new) == (0, "", NOW, NOW)


@of_sqlite
def test_damage_in_the_middle_of_a_database_is_a_store_error(tmp_path):
    store = open_store(tmp_path)
    for number in range(300):
        store.ledger.event("note", "bureau", "ё" * 200, NOW + timedelta(seconds=number))
    store.close()
    file = tmp_path / "nevawire.sqlite"
    data = bytearray(file.read_bytes())
    data[8192:] = b"\xa5" * (len(data) - 8192)
    file.write_bytes(bytes(data))

    def look():
        damaged = open_store(tmp_path)
        damaged.ledger.health()
        damaged.collected.counts()

    with pytest.raises(StoreError, match="does not serve"):
        look()
