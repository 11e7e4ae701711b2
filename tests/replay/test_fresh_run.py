"""A replay ends like a fresh run: the benchmark's comparison, small. `benchmarks/replay.py` makes it over 5,000 pages."""

from __future__ import annotations

import sqlite3

import pytest

from benchmarks import replay
from tests.databases import of_sqlite

pytestmark = [pytest.mark.long, of_sqlite]  # the benchmark spoils and compares files


def test_articles_stories_and_feeds_are_the_same_after_kills(tmp_path):
    found = replay.measured(tmp_path / "both", 16, 1, corrected=True)

    assert {name: count for name, count in found.items() if name.endswith("_differing")} == dict.fromkeys(
        ("articles_differing", "stories_differing", "feeds_differing"), 0
    )
    assert (found["pages"], found["left"]) == (16, 0)
    assert found["revisions"] > found["articles"] == 16

    # The comparison sees a difference where there is one.
    with sqlite3.connect(tmp_path / "both/again/store/nevawire.sqlite") as connection:
        connection.execute("UPDATE articles SET html = html || ' ' WHERE rowid = 1")
    connection.close()
    assert len(replay._differing("articles", tmp_path / "both/fresh", tmp_path / "both/again")) == 1
