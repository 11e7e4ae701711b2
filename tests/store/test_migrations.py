"""Databases of every earlier schema, filled: each comes up to the newest, and goes down again step by step."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from pipeline.errors import StoreError
from pipeline.store import engine as engines
from pipeline.store import open_store, rehearse, schema, step_back
from pipeline.store.engine import alembic_config, connect, downgrade, upgrade, writing
from pipeline.store.tables import metadata
from pipeline.store.types import Flag, Instant, Json
from tests import databases
from tests.store.conftest import OURS

#: What the next pass makes from the articles again; a change of its shape may empty it.
MADE_ANEW = {"cards", "cards_due", "features", "shadows"}
#: Columns that got another name on the way, either way.
RENAMED = {"ru": "one", "en": "other", "one": "ru", "other": "en"}
REVISIONS = [step.revision for step in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
ROWS = 3


#: In this order no row points to one that is still to come.
ORDER = [table.name for table in metadata.sorted_tables]
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}
COLUMNS = {
    "sqlite": """SELECT name, type, "notnull", pk FROM pragma_table_info(:table) ORDER BY cid""",
    "postgresql": """SELECT c.column_name, upper(data_type), is_nullable, coalesce(k.ordinal_position, 0)
        FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k
        ON k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name LIKE 'pk%'
        WHERE c.table_name = :table ORDER BY c.ordinal_position""",
}


def tables(connection):
    found = set(connection.scalars(text(TABLES[connection.dialect.name]))) - {"alembic_version"}
    own = [name for name in found if not name.startswith("fulltext")]  # the full-text index's
    return sorted(own, key=lambda name: (ORDER.index(name) if name in ORDER else -1, name))


def columns(connection, table):
    return [tuple(row) for row in connection.execute(text(COLUMNS[connection.dialect.name]), {"table": table})]


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
    known = {"INTEGER": row, "BIGINT": row, "REAL": row / 4, "BLOB": b"\x00" + bytes([row])}
    known |= {"DOUBLE PRECISION": known["REAL"], "BYTEA": known["BLOB"]}
    return known.get(kind, f"{table} {column} № {row}")


def fill(connection):
    for table in sorted(tables(connection), key=lambda name: name == "cards_due"):  # to which triggers add
        names = columns(connection, table)
        marks = ", ".join(f":{name}" for name, *_ in names)
        connection.execute(text(f"DELETE FROM {table}"))
        for row in range(1, ROWS + 1):
            values = {name: value(table, name, kind, row) for name, kind, _, _ in names}
            connection.execute(text(f"INSERT INTO {table} VALUES ({marks})"), values)


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
    empty = databases.new(folder / "empty")
    for revision in REVISIONS:
        upgraded(empty, revision)
        databases.copied(folder / "empty", folder / revision)
        engine = opened(folder / revision)
        with writing(engine) as connection:
            fill(connection)
        engine.dispose()
    return folder


def opened(folder):
    return connect(engines.database_of(folder))


def upgraded(url, revision):
    engine = connect(url)
    upgrade(engine, revision)
    engine.dispose()


@pytest.fixture
def old(filled, tmp_path):
    def copy(revision):
        return databases.copied(filled / revision, tmp_path / "store")

    return copy


def test_there_are_several_schemas():
    assert len(REVISIONS) >= 8
    assert REVISIONS[0] == "0001"


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_old_database_comes_up_with_all_that_it_holds(old, revision):
    folder = old(revision)
    engine = opened(folder)
    with engine.connect() as connection:
        before = contents(connection)
    engine.dispose()
    assert all(len(column) == ROWS for table in before.values() for column in table.values())
    store = open_store(folder)
    with store._engine.connect() as connection:
        after = contents(connection)
        assert compare_metadata(MigrationContext.configure(connection, opts=OURS), metadata) == []
        if databases.ON == "sqlite":  # a table made anew there could have lost what others point to
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
    engine = opened(old(REVISIONS[-1]))
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
    engine = opened(filled / revision)
    found = seen(engine, shape)
    engine.dispose()
    return found


def test_a_database_that_went_all_the_way_down_comes_up_to_the_newest_schema(old):
    engine = opened(old(REVISIONS[-1]))
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
    engine = opened(folder)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StoreError, match="newer version"):
        open_store(folder)
    with pytest.raises(StoreError, match="newer version"):
        schema(folder)
