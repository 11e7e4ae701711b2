"""Rows of one statement: many come to what each alone comes to."""

from __future__ import annotations

from sqlalchemy import select

from pipeline.store import engine
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import relations, stories
from tests.store.conftest import NOW

ROWS = [
    {
        "id": f"urn:{number}", "state": "single", "first_seen": NOW, "updated": NOW, "match_ru": "Орёл\0", "match_en": "",
        "probability": None if number % 2 else 0.25, "reasons": ["день «май»", 'a "b"'][: number % 3], "doubt": None,
    }
    for number in range(20)
]  # fmt: skip


def test_many_rows_are_kept_as_each_alone(store):
    kept = []
    for some in ([[one] for one in ROWS], [ROWS], [[*reversed(ROWS)], ROWS]):
        with engine.writing(store._engine) as connection:
            connection.execute(stories.delete())
            for rows in some:
                upsert_all(connection, stories, rows)
            kept.append(connection.execute(select(stories).order_by(stories.c.id)).all())

    assert kept[0] == kept[1] == kept[2]
    assert len(kept[0]) == len(ROWS)


def test_many_rows_take_the_place_of_those_of_the_same_key(store):
    rows = [{"one": str(n), "other": "x", "probability": 0.5, "reasons": ("a",)} for n in range(12)]
    with engine.writing(store._engine) as connection:
        for reasons in (("a",), ("b", "ё")):
            upsert_all(connection, relations, [row | {"reasons": reasons} for row in rows])
        found = connection.execute(select(relations.c.reasons)).scalars().all()

    assert found == [["b", "ё"]] * 12
