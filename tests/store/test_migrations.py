"""Databases of every earlier schema, filled: each comes up to the newest, and goes down again step by step."""

from __future__ import annotations

import shutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

from pipeline.errors import StoreError
from pipeline.store import open_store, rehearse, schema, step_back
from pipeline.store.engine import alembic_config, connect, downgrade, upgrade
from pipeline.store.tables import metadata
from pipeline.store.types import Flag, Instant, Json
from tests.store.conftest import OURS

#: What the next pass makes from the articles again; a change of its shape may empty it.
MADE_ANEW = {"cards", "cards_due", "features", "shadows"}
#: Columns that got another name on the way, either way.
RENAMED = {"ru": "one", "en": "other", "one": "ru", "other": "en"}
REVISIONS = [step.revision for step in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
ROWS = 3


def tables(connection):
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    found = {row[0] for row in connection.exec_driver_sql(query)} - {"alembic_version"}
    return sorted(name for name in found if not name.startswith("fulltext"))  # SQLite's own, of the full-text index


def columns(connection, table):
    return [(row[1], row[2], row[3], row[5]) for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]


def value(table, column, kind, row):
    """Return something that the column may hold, different in each row."""
    known = metadata.tables[table].c if table in metadata.tables else {}
    type_ = known[column].type if column in known else None
    if isinstance(type_, Json):
        return f'{{"n": {row}}}'
    if isinstance(type_, Instant):
        return f"2026-11-20T09:00:0{row}.000000Z"
    if isinstance(type_, Flag):
        return row % 2
    return {"INTEGER": row, "REAL": row / 4, "BLOB": b"\x00" + bytes([row])}.get(kind, f"{table} {column} № {row}")


def fill(connection):
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in sorted(tables(connection), key=lambda name: (name == "cards_due", name)):
        names = columns(connection, table)
        marks = ", ".join("?" for _ in names)
        connection.exec_driver_sql(f"DELETE FROM {table}")  # what triggers put there
        for row in range(1, ROWS + 1):
            values = tuple(value(table, name, kind, row) for name, kind, _, _ in names)
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", values)


def contents(connection):
    found = {}
    for table in tables(connection):
        names = [name for name, *_ in columns(connection, table)]
        rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
        found[table] = {name: sorted(repr(row[place]) for row in rows) for place, name in enumerate(names)}
    return found


def held(table, names):
    """Return these columns of a table's contents, under the names asked for."""
    return {name: table[name if name in table else RENAMED[name]] for name in names}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A filled database of each schema, by revision; each made by the migrations up to there."""
    folder = tmp_path_factory.mktemp("schemas")
    for revision in REVISIONS:
        upgraded(folder / "empty.sqlite", revision)
        (folder / revision).mkdir()
        shutil.copyfile(folder / "empty.sqlite", folder / revision / "nevawire.sqlite")
        engine = connect(f"sqlite:///{folder / revision / 'nevawire.sqlite'}")
        with engine.begin() as connection:
            fill(connection)
        engine.dispose()
    return folder


def upgraded(file, revision):
    engine = connect(f"sqlite:///{file}")
    upgrade(engine, revision)
    engine.dispose()


@pytest.fixture
def old(filled, tmp_path):
    def copy(revision):
        return shutil.copytree(filled / revision, tmp_path / "store")

    return copy


def test_there_are_several_schemas():
    assert len(REVISIONS) >= 8
    assert REVISIONS[0] == "0001"


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_old_database_comes_up_with_all_that_it_holds(old, revision):
    folder = old(revision)
    engine = connect(f"sqlite:///{folder / 'nevawire.sqlite'}")
    with engine.connect() as connection:
        before = contents(connection)
    engine.dispose()
    assert all(len(column) == ROWS for table in before.values() for column in table.values())
    store = open_store(folder)
    with store._engine.connect() as connection:
        after = contents(connection)
        assert compare_metadata(MigrationContext.configure(connection, opts=OURS), metadata) == []
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        for table in metadata.sorted_tables:  # every value can be read as what it is
            connection.execute(select(table)).all()
    store.close()
    for table, kept in before.items():
        if table in MADE_ANEW:
            continue
        assert held(after[table], kept) == kept, table


def test_a_new_database_goes_down_and_up_again_step_by_step(filled, old):
    """Each step down ends in the very schema that the migrations up to there make, and so does the step up again;
    what a step keeps is untouched.
    """
    engine = connect(f"sqlite:///{old(REVISIONS[-1]) / 'nevawire.sqlite'}")
    above = REVISIONS[-1]
    for target in (*REVISIONS[-2::-1], "base"):
        before = seen(engine, contents)
        downgrade(engine, target)
        after = seen(engine, contents)
        for table, kept in after.items():
            if table in MADE_ANEW:
                continue
            assert kept == held(before[table], kept), (target, table)
        assert seen(engine, shape) == made_by(filled, target)
        upgrade(engine, above)
        assert seen(engine, shape) == made_by(filled, above)
        downgrade(engine, target)
        above = target
    engine.dispose()
    assert after == {}


def seen(engine, look):
    with engine.connect() as connection:
        return look(connection)


def shape(connection):
    return {table: sorted(columns(connection, table)) for table in tables(connection)}


def made_by(filled, revision):
    if revision == "base":
        return {}
    engine = connect(f"sqlite:///{filled / revision / 'nevawire.sqlite'}")
    found = seen(engine, shape)
    engine.dispose()
    return found


def test_a_database_that_went_all_the_way_down_comes_up_to_the_newest_schema(old):
    engine = connect(f"sqlite:///{old(REVISIONS[-1]) / 'nevawire.sqlite'}")
    downgrade(engine, REVISIONS[0])
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=OURS), metadata) == []
    engine.dispose()


def test_a_rehearsal_leaves_the_database_alone(old):
    folder = old(REVISIONS[0])
    found = rehearse(folder)
    assert [revision for revision, _ in found.pending] == REVISIONS[1:]
    assert all(what for _, what in found.pending)
    assert schema(folder).revision == REVISIONS[0]
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_one_step_back_and_no_further_than_this_version_knows(old):
    folder = old(REVISIONS[-1])
    assert step_back(folder) == (REVISIONS[-1], REVISIONS[-2])
    with pytest.raises(StoreError, match="does not know how to undo"):
        step_back(folder)
    open_store(folder).close()
    assert schema(folder).revision == REVISIONS[-1]


def test_a_database_of_a_newer_version_is_told(old):
    folder = old(REVISIONS[-1])
    engine = connect(f"sqlite:///{folder / 'nevawire.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StoreError, match="newer version"):
        open_store(folder)
    with pytest.raises(StoreError, match="newer version"):
        schema(folder)
