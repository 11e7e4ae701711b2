"""Statements told to SQLite in its own words: the same rows, and the same failures, as by SQLAlchemy's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pipeline import address
from pipeline.errors import StoreError
from pipeline.model import Link, Source
from pipeline.store import engine, questions, swift
from pipeline.store.tables import addresses, captures
from tests import databases
from tests.store.conftest import NOW

PAGE = {
    "source": "gazette", "asked": "https://example.org/ё", "url": "https://example.org/\0n", "status": 200,
    "headers": {"etag": '"1"', "content-type": "text/html"}, "digest": "ab" * 32, "fetched_at": NOW,
}  # fmt: skip


def test_a_row_is_kept_as_sqlalchemy_keeps_it(store):
    with engine.writing(store._engine) as connection:
        added = connection.execute(questions.ADD_CAPTURE, PAGE).inserted_primary_key
        own = swift.add(connection, questions.ADD_CAPTURE, PAGE)
        swift.say(connection, questions.ADD_CAPTURE, PAGE, PAGE)
        rows = connection.execute(select(captures).order_by(captures.c.id)).all()

    assert len(rows) == 4
    assert own == rows[1].id == added[0] + 1
    assert len({row[1:] for row in ((one.id, *map(str, one[1:])) for one in rows)}) == 1


@databases.of_sqlite
def test_tables_are_known_to_have_nothing_until_one_has_a_row(store):
    with engine.writing(store._engine) as connection:
        assert swift.empty(connection, captures, addresses)
        swift.say(connection, questions.ADD_CAPTURE, PAGE)
        assert not swift.empty(connection, captures)
        assert not swift.empty(connection, addresses, captures)
        assert swift.empty(connection, addresses)


@databases.of_sqlite
def test_what_the_database_cannot_do_is_an_error_of_the_store(store):
    with engine.writing(store._engine) as connection:
        connection.exec_driver_sql("DROP TABLE captures")

    with pytest.raises(StoreError, match="does not serve"), engine.writing(store._engine) as connection:
        swift.say(connection, questions.ADD_CAPTURE, PAGE)


@databases.of_sqlite
def test_what_is_wrong_with_one_row_of_several_is_told_with_all_of_them(store):
    def wrong(say: Any) -> str:
        with pytest.raises(IntegrityError) as told, engine.writing(store._engine) as connection:
            say(connection, questions.ADD_CAPTURE, [PAGE, PAGE | {"status": None}])
        return str(told.value)

    said = wrong(lambda connection, statement, rows: swift.say(connection, statement, *rows))
    assert said == wrong(lambda connection, statement, rows: connection.execute(statement, rows))
    assert "None" in said


@databases.of_sqlite
def test_a_writer_who_has_to_wait_too_long_is_told_so(store):
    with engine.reading(store._engine) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    with closing(sqlite3.connect(store._engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreError, match="database is locked"), engine.writing(store._engine):
            pass


def test_nothing_of_a_transaction_is_kept_that_fails(store):
    def fail() -> None:
        with engine.writing(store._engine) as connection:
            swift.say(connection, questions.ADD_CAPTURE, PAGE)
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    with engine.reading(store._engine) as connection:
        assert not connection.execute(select(captures)).all()


def test_a_row_is_read_as_sqlalchemy_reads_it(store):
    link = Link("https://example.org/ё", place=3)
    store.collected.add(Source("gazette", {}, "news", ()), [link], NOW, history=True)
    own = {"own": address.key(link.url)}

    with engine.reading(store._engine) as connection:
        for question, values in ((questions.ASKED, {**own, "page": ""}), (questions.ADDRESS, own)):
            row = connection.execute(question, values).one()
            assert {
                name: getattr(swift.ask(connection, question, values), name) for name in row._fields
            } == row._asdict()
            assert swift.ask(connection, question, values | {"own": "nowhere"}) is None
