"""Articles asked for by hand: each once at a time, one after the other, none lost where the program ended."""

from __future__ import annotations

from datetime import timedelta

from tests.store.conftest import NOW

URL = "http://127.0.0.1:1/news/7/"
LATER = NOW + timedelta(minutes=1)


def test_what_is_asked_for_waits_is_taken_and_ends(store):
    first = store.additions.ask(URL, "bureau", "anna", NOW)
    second = store.additions.ask(URL + "8", "bureau", "boris", NOW)
    assert store.additions.ask(URL, "bureau", "boris", LATER) == first, "it waits already"
    assert store.additions.take().id == first.id
    assert store.additions.ask(URL, "bureau", "boris", LATER).id == first.id, "it is being asked"
    assert store.additions.take().id == second.id
    assert store.additions.take() is None
    store.additions.finish(first.id, "done", "", "a1", LATER)
    store.additions.finish(second.id, "failed", "robots: not allowed", "", LATER)
    assert [(one.state, one.outcome, one.done) for one in store.additions.newest(5)] == [
        ("failed", "robots: not allowed", LATER),
        ("done", "", LATER),
    ]
    assert [one.who for one in store.additions.of(["a1"])] == ["anna"]
    assert store.additions.ask(URL, "bureau", "boris", LATER).id > second.id, "it may be asked again"


def test_one_that_was_at_work_when_the_program_ended_waits_anew(store):
    asked = store.additions.ask(URL, "bureau", "anna", NOW)
    store.additions.take()
    assert store.additions.again() == 1
    assert store.additions.take().id == asked.id
    assert store.additions.get(asked.id).state == "running"
    assert store.additions.get(999) is None
