"""The translation memory: each segment is sent once, whoever asks and whoever dies; nothing is lost; budgets hold."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest

from pipeline.store import About, Budget, Entry, Piece, open_store
from pipeline.store.memory import LEASE
from tests.store.conftest import NOW

PAID = About("deepl", "", "ru", "en", "", bills=True)
FREE = About("argos", "1.9", "ru", "en", "", bills=False)
BUDGET = Budget("deepl", "bureau")


def pieces(count):
    return [Piece(f"k{n}", f"Предложение {n}", 10) for n in range(count)]


def keys(count):
    return [piece.key for piece in pieces(count)]


def test_an_answer_is_remembered(store):
    assert store.memory.claim(PAID, pieces(2), "one", NOW) == keys(2)
    assert store.memory.send(keys(2), "one", BUDGET, NOW)
    store.memory.answered([("k0", "Sentence 0", ()), ("k1", "♪", ("song",))], "one", BUDGET, NOW)
    known = store.memory.known(["k0", "k1", "k2"])
    assert {key: (one.state, one.answer, one.faults) for key, one in known.items()} == {
        "k0": ("done", "Sentence 0", ()), "k1": ("failed", "♪", ("song",)),
    }  # fmt: skip
    assert store.memory.claim(PAID, pieces(3), "two", NOW + LEASE * 2) == ["k2"]
    (spent,) = store.spending.of_day(NOW)
    assert (spent.characters, spent.segments, spent.requests, spent.faults) == (20, 2, 1, 1)


def test_a_claim_is_one_s_own_until_it_runs_out(store):
    assert store.memory.claim(PAID, pieces(1), "one", NOW) == ["k0"]
    assert store.memory.claim(PAID, pieces(1), "two", NOW + LEASE / 2) == []
    assert store.memory.claim(PAID, pieces(1), "two", NOW + LEASE) == ["k0"]
    with pytest.raises(ValueError, match="ran out"):
        store.memory.send(["k0"], "one", BUDGET, NOW + LEASE)
    assert store.memory.send(["k0"], "two", BUDGET, NOW + LEASE)


def test_what_was_sent_and_not_answered_is_in_doubt_where_it_costs(store):
    for about in (PAID, FREE):
        rows = [Piece(f"{about.engine}-{n}", "Текст", 5) for n in range(2)]
        store.memory.claim(about, rows, "dead", NOW)
        store.memory.send([one.key for one in rows], "dead", Budget(about.engine, "bureau"), NOW)
        again = store.memory.claim(about, rows, "heir", NOW + LEASE)
        assert again == ([] if about.bills else [one.key for one in rows])
    assert store.memory.states() == {"argos": {"claimed": 2}, "deepl": {"doubt": 2}}
    assert store.memory.retry() == 2
    assert store.memory.claim(PAID, [Piece("deepl-0", "Текст", 5)], "heir", NOW + LEASE) == ["deepl-0"]


def test_what_an_engine_did_not_take_is_credited(store):
    store.memory.claim(PAID, pieces(2), "one", NOW)
    store.memory.send(keys(2), "one", BUDGET, NOW)
    store.memory.let_go(keys(2), "one", BUDGET, NOW, unsent=True)
    assert store.spending.of_day(NOW)[0].characters == 0
    assert store.memory.known(keys(2)) == {}


def test_budgets_of_engine_and_source_hold_for_a_day(store):
    small = Budget("deepl", "bureau", of_engine=25, of_source=100)
    store.memory.claim(PAID, pieces(3), "one", NOW)
    assert store.memory.send(keys(2), "one", small, NOW)
    assert not store.memory.send(["k2"], "one", small, NOW)
    assert store.spending.left(small, NOW) == 5
    other = Budget("argos", "bureau", of_source=25)
    assert store.spending.left(other, NOW) == 5, "a source's budget counts every engine"
    assert store.memory.send(["k2"], "one", small, NOW + timedelta(hours=1)) is False
    store.memory.let_go(["k2"], "one", small, NOW, unsent=True)
    store.memory.claim(PAID, pieces(3)[2:], "one", NOW + timedelta(days=1))
    assert store.memory.send(["k2"], "one", small, NOW + timedelta(days=1))


def test_what_people_wrote_is_kept_and_comes_out_again(store):
    row = Entry("p0", "person", "", "ru", "en", "Порт", "The Port", NOW)
    assert store.memory.put([(row, "person")], NOW) == 1
    assert list(store.memory.each()) == [row]
    assert store.memory.known(["p0"])["p0"].state == "person"


def test_twenty_workers_never_send_the_same_segment(tmp_path):
    stores = [open_store(tmp_path / "store") for _ in range(4)]
    sent: list[str] = []

    def work(number):
        mine = stores[number % 4].memory
        for start in range(0, 60, 5):
            ours = mine.claim(PAID, pieces(60)[start : start + 20], f"w{number}", NOW)
            if ours and mine.send(ours, f"w{number}", BUDGET, NOW):
                sent.extend(ours)
                mine.answered([(key, key, ()) for key in ours], f"w{number}", BUDGET, NOW)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(20)))
    assert sorted(sent) == sorted(keys(60))
    assert stores[0].memory.states() == {"deepl": {"done": 60}}
    assert stores[0].spending.of_day(NOW)[0].characters == 600
    for opened in stores:
        opened.close()


def work_until_killed(folder, name, about, moment):
    """Translate in a process of its own, which is killed at a step; the engine is a file that notes what it was sent."""
    store = open_store(folder / "store")
    steps = iter(range(1, 1000))

    def step():
        if next(steps) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    now = NOW + timedelta(hours=name)
    with (folder / "engine.log").open("a", buffering=1) as engine:
        for start in range(0, 30, 3):
            ours = store.memory.claim(about, pieces(30)[start : start + 3], str(name), now)
            step()
            if ours:
                store.memory.send(ours, str(name), BUDGET, now)
                step()
                engine.write("".join(key + "\n" for key in ours))
                step()
                store.memory.answered([(key, key, ()) for key in ours], str(name), BUDGET, now)
                step()


@pytest.mark.parametrize("about", [PAID, FREE], ids=["billed", "free"])
def test_killed_at_any_step_nothing_is_paid_twice_and_nothing_lost(tmp_path, about):
    open_store(tmp_path / "store").close()
    for name, moment in enumerate([1, 2, 3, 4, 0]):
        worker = get_context("fork").Process(target=work_until_killed, args=(tmp_path, name, about, moment))
        worker.start()
        worker.join(60)
        assert worker.exitcode == (-signal.SIGKILL if moment else 0)
    asked = (tmp_path / "engine.log").read_text().split()
    store = open_store(tmp_path / "store")
    states = {key: one.state for key, one in store.memory.known(keys(30)).items()}
    store.close()
    assert set(states) == set(keys(30)), "none is lost"
    if about.bills:
        assert len(asked) == len(set(asked)), "none is paid twice"
        assert set(states.values()) == {"done", "doubt"}
        assert sum(state == "doubt" for state in states.values()) == 9, "the open request of each of three that died"
    else:
        assert set(states.values()) == {"done"}
