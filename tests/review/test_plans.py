"""What every page and list asks of the database is found by indexes: how long it takes does not grow with the store."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from pipeline.store import Wish
from pipeline.store.engine import along_indexes, reading
from tests.databases import of_sqlites_plans
from tests.review import everything

#: Tables that hold a row or more for each article.
LARGE = (
    "addresses", "articles", "captures", "cards", "features", "fetches", "labelled", "labels", "publications", "revisions",
    "shadows", "stories", "text_items", "texts",
)  # fmt: skip
#: Counts of everything, which an index is read from end to end for.
COUNTED = re.compile(r"SELECT (stories\.state, )?count\([\w.*]+\) AS \w+\s+FROM (articles|stories)\b")
#: The cards that changed since somebody searched last: the first time all of them, once.
TAKEN = "cards.change > ?"
#: A table read from end to end; or sorted rows that an index does not give in order.
_SCANNED = re.compile(r"SCAN (\w+)")

API = (
    "/api/v1/pairs", "/api/v1/items?q=port", "/api/v1/selection?state=new", "/api/v1/selection/counts", "/api/v1/measures",
    "/api/v1/glossary/proposed", "/api/v1/status", "/api/v1/sources", "/api/v1/digests", "/api/v1/digests/sent",
)  # fmt: skip


@pytest.fixture
def asked(office):
    """Statements with their parameters, as the database is asked."""
    said = {}

    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.startswith("SELECT") and not many:
            said.setdefault(statement, parameters)

    event.listen(office.store._engine, "before_cursor_execute", note)
    yield said
    event.remove(office.store._engine, "before_cursor_execute", note)


def scanned(office, statement, parameters):
    """Return the large tables a statement reads from end to end, under the names it gives them."""
    with office.store._engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    named = dict.fromkeys(LARGE) | {
        alias: table for table, alias in re.findall(r"(?:FROM|JOIN|,) (\w+) AS (\w+)", statement) if table in LARGE
    }
    sorts = [row[3] for row in plan if "TEMP B-TREE FOR" in row[3] and "LAST TERM" not in row[3]]
    if "LIMIT" in statement and not sorts:
        return []  # read in the order of an index, and no further than needed
    found = [one for row in plan for one in _SCANNED.findall(row[3])]
    return sorted({one for one in found if one in named})


@of_sqlites_plans
def test_no_page_reads_a_large_table_from_end_to_end(office, desk, api, asked):
    everything.fill(office)
    paths = everything.paths(office)
    asked.clear()
    for path in paths:
        desk.get(f"/desk{path}")
    for state in ("", "review", "linked", "proposed", "machine"):
        for more in ("", "&source=bureau", "&from=0.4&to=0.6", "&spoken=1"):
            desk.get(f"/desk/?state={state}{more}")
    for path in API:
        assert api("GET", path, role="operator").status_code == 200, path
    assert len(asked) > 100
    wrong = {
        statement: tables
        for statement, parameters in asked.items()
        if (tables := scanned(office, statement, parameters))
        and not COUNTED.match(statement)
        and TAKEN not in statement
    }
    assert not wrong, "\n\n".join(f"{tables}: {statement}" for statement, tables in wrong.items())


def sorting(office, statement, parameters):
    """Return the steps in which rows are sorted, rather than taken as an index has them."""
    with reading(office.store._engine) as connection:
        if connection.dialect.name == "sqlite":
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            return [step for step in plan if "TEMP B-TREE" in step]
        along_indexes(connection)
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
        return [step for step in plan if "Sort" in step]


def test_the_queue_is_read_in_its_order_with_whatever_filter(office, asked):
    for wish in (
        Wish(),
        Wish("review"),
        Wish("linked"),
        Wish(source="bureau"),
        Wish("review", "bureau"),
        Wish(least=0.9),
    ):
        asked.clear()
        office.store.queue.page(wish, 30)
        for statement, parameters in asked.items():
            if "set_config" not in statement:
                assert not sorting(office, statement, parameters), wish
