"""Where stories stand: which moves are made and refused, what ignoring withdraws, pages without gaps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline.model import MOVES, Story, Text, may_move
from pipeline.store.engine import reading, writing
from pipeline.store.tables import articles, tombstones
from tests.store.conftest import NOW, RUSSIAN, article


@pytest.fixture
def stories(store):
    """Five stories of one article each, the first the oldest."""
    with writing(store._engine) as connection:
        connection.execute(articles.insert(), [_row(number) for number in range(5)])
    items = {item.id: item for item in store.articles.each()}
    made = [
        Story(
            f"s{number}",
            {"ru": Text(f"t{number}", "ru", (items[f"a{number}"],))},
            "single",
            NOW,
            NOW + timedelta(hours=number),
        )
        for number in range(5)
    ]
    store.stories.record(made, [], [], NOW)
    return made


def _row(number):
    one = article(number)
    return {
        "id": f"a{number}", "source": one.source, "url": one.url, "title": one.title, "text": one.text, "html": one.html,
        "language": RUSSIAN.code, "confidence": 1.0, "language_evidence": [], "zone": "", "precision": "",
        "published_evidence": "", "images": [], "alternates": [], "declared": {}, "authors": [], "digest": f"d{number}",
        "made_by": "", "dropped": [], "robots": [], "version": "", "first_seen": NOW, "updated": NOW, "dated": NOW,
        "place": 0, "history": False, "paired": True,
    }  # fmt: skip


@pytest.mark.parametrize("before", MOVES)
def test_every_state_that_is_led_to_is_a_state(before):
    assert set(MOVES[before]) < set(MOVES)
    assert before not in MOVES[before]


def test_a_story_nobody_touched_is_new_and_moves_are_remembered(store, stories):
    assert store.selections.of(["s0", "nothing"])["s0"].state == "new"
    done = store.selections.move(["s0", "s1", "nothing"], "selected", "anna", NOW, "good")
    assert (done.moved, done.refused, done.unknown) == (("s0", "s1"), (), ("nothing",))
    store.selections.move(["s0"], "new", "boris", NOW + timedelta(minutes=1))
    assert [(one.before, one.after, one.who, one.reason) for one in store.selections.history("s0")] == [
        ("new", "selected", "anna", "good"), ("selected", "new", "boris", ""),
    ]  # fmt: skip
    assert store.selections.counts() == {
        "new": 4,
        "reviewed": 0,
        "selected": 1,
        "published": 0,
        "archived": 0,
        "ignored": 0,
    }


def test_a_move_that_does_not_lead_there_is_refused_and_one_to_the_same_place_is_none(store, stories):
    store.selections.move(["s0"], "selected", "anna", NOW)
    again = store.selections.move(["s0"], "selected", "anna", NOW)
    assert again.moved == again.refused == ()
    assert [one.story for one in store.selections.move(["s0", "s1"], "archived", "anna", NOW).refused] == ["s0", "s1"]
    assert not may_move("new", "published")


@pytest.mark.parametrize("state", ["new", "reviewed"])
def test_pages_have_every_story_once(store, stories, state):
    if state != "new":
        store.selections.move([one.id for one in stories], state, "anna", NOW)
    seen, after = [], None
    while page := store.selections.page(state, 2, after):
        seen += [one.story for one in page]
        after = (page[-1].at, page[-1].story)
    assert seen == ["s4", "s3", "s2", "s1", "s0"]


def test_ignoring_withdraws_and_gives_back_but_not_what_was_withdrawn_otherwise(store, stories):
    store.removals.withdraw(["a0"], "the publisher asked", NOW)
    store.selections.move(["s0", "s1"], "ignored", "anna", NOW)
    assert set(store.publications.withdrawn()) == {"a0", "a1"}
    assert _buried(store) == {"t0", "s0", "t1", "s1"}
    store.selections.move(["s0", "s1"], "new", "anna", NOW)
    assert set(store.publications.withdrawn()) == {"a0"}
    assert _buried(store) == {"t0", "s0"}


def test_what_joins_an_ignored_story_is_withdrawn_too_and_what_leaves_it_comes_back(store, stories):
    store.selections.move(["s0"], "ignored", "anna", NOW)
    first, second = (one.texts["ru"] for one in stories[:2])
    joined = Story("s0", {"ru": Text("t0", "ru", (*first.items, *second.items))}, "single", NOW, NOW)
    store.stories.record([joined], [("s1", "s0")], [], NOW)
    store.selections.settle(NOW)
    assert set(store.publications.withdrawn()) == {"a0", "a1"}
    apart = [
        Story("s0", {"ru": Text("t0", "ru", first.items)}, "single", NOW, NOW),
        Story("s9", {"ru": Text("t9", "ru", second.items)}, "single", NOW, NOW),
    ]
    store.stories.record(apart, [], [], NOW)
    store.selections.settle(NOW)
    assert set(store.publications.withdrawn()) == {"a0"}


def test_a_story_that_goes_into_another_hands_its_state_on(store, stories):
    store.selections.move(["s1"], "selected", "anna", NOW)
    store.selections.move(["s3"], "reviewed", "anna", NOW)
    store.selections.move(["s2"], "selected", "anna", NOW)
    for younger, older in (("s1", "s0"), ("s3", "s2")):
        items = [item for one in stories if one.id in (younger, older) for item in one.texts["ru"].items]
        kept = Story(older, {"ru": Text(f"t{older[1:]}", "ru", tuple(items))}, "single", NOW, NOW)
        store.stories.record([kept], [(younger, older)], [], NOW)
    found = store.selections.of(["s0", "s2"])
    assert {name: one.state for name, one in found.items()} == {"s0": "selected", "s2": "selected"}
    assert [one.after for one in store.selections.history("s0")] == ["selected"]


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(store):
    draft = store.drafts.begin("ru", "Вода", ["s0"], "anna", NOW)
    more = {"title": "Вода", "intro": {"ru": "Привет"}, "stories": ["s0", "s1"]}
    changed = store.drafts.change(draft.id, draft.version, NOW, who="anna", **more)
    assert (changed.version, changed.stories) == (2, ("s0", "s1"))
    assert store.drafts.change(draft.id, draft.version, NOW, who="boris", **more) is None
    store.drafts.sent(draft.id, "urn:x", NOW)
    assert store.drafts.change(draft.id, 2, NOW, who="boris", **more) is None
    assert not store.drafts.drop(draft.id)
    assert [one.issue for one in store.drafts.every(out=True)] == ["urn:x"]
    assert store.drafts.every() == []


def test_an_errand_is_asked_for_once_taken_once_and_lost_in_the_end(store):
    first = store.errands.ask("run", "bureau", "anna", NOW)
    assert store.errands.ask("run", "bureau", "boris", NOW).id == first.id
    assert store.errands.ask("probe", "bureau", "anna", NOW).id != first.id
    assert store.errands.take(first.id, "watch", NOW)
    assert not store.errands.take(first.id, "server", NOW)
    assert store.errands.ask("run", "bureau", "anna", NOW).id == first.id, "it is under way"
    later = NOW + timedelta(hours=1)
    lost = store.errands.get(first.id, later)
    assert lost.state == "failed"
    assert "ask again" in lost.outcome["why"]
    assert store.errands.ask("run", "bureau", "anna", later).id != first.id


def test_a_pause_is_made_and_ended_once(store):
    assert store.pauses.begin("bureau", "anna", "it is down", NOW)
    assert not store.pauses.begin("bureau", "boris", "again", NOW)
    assert store.pauses.every()["bureau"].reason == "it is down"
    assert store.pauses.end("bureau")
    assert not store.pauses.end("bureau")


def _buried(store):
    with reading(store._engine) as connection:
        return set(connection.scalars(select(tombstones.c.entry)))
