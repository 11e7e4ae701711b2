"""What was published when: got ready while documents go to the disk, kept when they are in place."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.store.editions import Part, forget
from pipeline.store.engine import writing

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
TOLD = b'{"url":"https://bureau.example.com/1"}'
PARTS = [Part("all", b"{}", (("one", TOLD),)), Part("ru", b"{}", (("one", TOLD), ("two", b"[]")))]


def _kept(store):
    return {one.name: (one.frame, one.rows) for one in store.editions.at(NOW)}


def test_what_was_got_ready_is_kept(store):
    store.editions.record(store.editions.prepared(PARTS), "r", NOW)
    assert _kept(store) == {one.name: (one.frame, one.rows) for one in PARTS}
    assert store.editions.standing(PARTS, "r") == {"all", "ru"}
    assert not store.editions.prepared(PARTS).new


def test_what_is_purged_between_the_two_is_nobody_elses_wording(store):
    store.editions.record(store.editions.prepared(PARTS[:1]), "r", NOW)
    ready = store.editions.prepared(PARTS)
    with writing(store.editions._engine) as connection:
        forget(connection, ["https://bureau.example.com/1"])
    store.editions.record(ready, "r", NOW)
    assert _kept(store) == {one.name: (one.frame, one.rows) for one in PARTS}


def test_the_number_of_what_was_purged_is_given_to_nothing_else(store):
    for rows in ((), PARTS[0].rows):  # what an entry says is the last that is kept
        store.editions.record(store.editions.prepared([Part("all", b"{}", rows)]), "r", NOW)
    with writing(store.editions._engine) as connection:
        forget(connection, ["https://bureau.example.com/1"])
    store.editions.record(store.editions.prepared([Part("ru", b"[]", (("two", b"[2]"),))]), "r", NOW)
    assert _kept(store) == {"all": (b"{}", (None,)), "ru": (b"[]", (("two", b"[2]"),))}
    assert store.editions.entries()["all"] == {}


def test_what_another_keeps_between_the_two_is_kept_once(store):
    ready = [store.editions.prepared(PARTS) for _ in range(2)]
    for one in ready:
        store.editions.record(one, "r", NOW)
    assert _kept(store) == {one.name: (one.frame, one.rows) for one in PARTS}
