"""Passes that are left to workers: who ends the last turn learns so, whatever the order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

from tests.store.conftest import NOW

SOURCES = ("bureau", "cluster", "park")


def begun(store, run="r1", sources=SOURCES, at=NOW):
    store.ledger.start(run, "watch", at)
    store.turns.begin(run, sources)


def test_the_last_turn_that_ends_completes_the_pass_in_every_order(store):
    for number, order in enumerate(permutations(SOURCES)):
        run = f"r{number}"
        begun(store, run)
        assert [store.turns.end(run, one, {"source": one}) for one in order] == [False, False, True]
    assert len(store.turns.gathered()) == 6


def test_a_turn_that_ends_twice_keeps_its_first_report_and_completes_again(store):
    """A worker taken for dead ends its turn after the one that took it up: the pass is told to be over once more."""
    begun(store, sources=["bureau"])
    assert store.turns.end("r1", "bureau", {"new": 3})
    assert store.turns.end("r1", "bureau", {"new": 0})
    store.turns.pair(store.turns.gathered())
    (found,) = store.turns.paired()
    assert (found.run, found.started, found.reports) == ("r1", NOW, ({"new": 3},))


def test_exactly_one_of_many_at_once_completes_a_pass(store):
    names = [f"s{number}" for number in range(24)]
    begun(store, sources=names)
    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(lambda one: store.turns.end("r1", one, {}), names))
    assert sum(ended) == 1


def test_a_pass_of_no_source_is_gathered_at_once_and_one_that_is_out_is_not(store):
    begun(store, "r0", ())
    begun(store, "r1")
    assert store.turns.gathered() == ("r0",)
    store.turns.pair(["r0"])
    assert store.turns.gathered() == ()
    assert [one.run for one in store.turns.paired()] == ["r0"]
    store.turns.close("r0")
    assert store.turns.paired() == ()


def test_passes_are_ended_in_the_order_they_began(store):
    for number in (2, 0, 1):
        begun(store, f"r{number}", (), NOW + timedelta(hours=2 - number))
    store.turns.pair(store.turns.gathered())
    assert [one.run for one in store.turns.paired()] == ["r2", "r1", "r0"]


def test_what_was_left_long_ago_is_forgotten(store):
    begun(store, "old", at=NOW - timedelta(days=3))
    begun(store, "new")
    store.turns.forget(NOW - timedelta(days=2))
    assert not store.turns.end("new", "bureau", {})
    assert store.turns.end("old", "bureau", {}), "nothing is out any more, and nothing is paired for it"
    assert store.turns.gathered() == ()


def test_deaths_over_a_turn_are_counted(store):
    begun(store)
    assert [store.turns.lose("r1", "bureau") for _ in range(3)] == [1, 2, 3]
    assert store.turns.lose("r1", "cluster") == 1
    assert store.turns.lose("gone", "bureau") == 0


def test_workers_go_by_what_was_said_last(store):
    assert store.turns.orders("sources") == ""
    store.turns.order("sources", "abc", NOW)
    store.turns.order("sources", "def", NOW)
    assert store.turns.orders("sources") == "def"
