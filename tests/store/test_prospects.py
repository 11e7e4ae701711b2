"""Whether pages are likely: asked of a store as it is, and nothing is made or changed by asking."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from pipeline.store import engine, open_store
from pipeline.store.prospects import pages_likely
from tests.databases import of_sqlite, variables
from tests.store.conftest import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "store"
    for name, value in variables(folder).items():
        monkeypatch.setenv(name, value)
    return folder


def visited(folder, *visits):
    """Note visits: source, how many articles were new, when."""
    store = open_store(folder)
    for source, new, now in visits:
        store.ledger.record_pass(source, new=new, failure=None, now=now)
    store.close()


@pytest.mark.parametrize(
    ("visits", "likely"),
    [
        ((), True),
        ((("a", 0, NOW),), False),
        ((("a", 2, NOW),), True),
        ((("a", 2, NOW), ("a", 0, LATER)), False),
        ((("a", 2, NOW), ("a", 0, LATER), ("b", 0, NOW), ("b", 1, LATER)), True),
    ],
)
def test_pages_are_likely_where_the_latest_visit_to_some_source_brought_some_or_there_was_none(folder, visits, likely):
    visited(folder, *visits)
    assert pages_likely(folder) is likely


@of_sqlite
def test_where_there_is_no_database_all_is_new_and_none_is_made(folder):
    folder.mkdir()
    assert pages_likely(folder)
    assert not list(folder.iterdir())


@of_sqlite
def test_what_cannot_be_read_is_for_the_pass_to_say(folder):
    folder.mkdir()
    (folder / engine.FILE).write_bytes(b"no database at all" * 100)
    assert not pages_likely(folder)


def test_a_database_of_another_version_is_for_the_pass_to_upgrade(folder):
    visited(folder, ("a", 2, NOW))
    own = engine.connect(engine.database_of(folder))
    with engine.writing(own) as connection:
        connection.exec_driver_sql("ALTER TABLE sources RENAME COLUMN last_new TO newest")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    own.dispose()
    assert not pages_likely(folder)


def test_to_ask_imports_nothing_of_what_the_store_is_made_of():
    program = "import sys; from pipeline import outset; print('sqlalchemy' in sys.modules, 'typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False"]
