"""Edits: each is kept, the last one counts while the words it was made for stand, and readers see a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import edits
from pipeline.model import Edit
from tests.store.conftest import NOW, article
from tests.store.test_articles import items, read
from tests.store.test_stories import story

ONE = "urn:uuid:story-1"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def filled(store):
    """Return a store with one story of one article."""
    read(store, 1, article(1, at=NOW - timedelta(days=2)))
    (item,) = items(store)
    store.stories.record([story(1, item)], [], [item], NOW)
    return store


def text(store):
    (loaded,) = store.stories.load([ONE])
    return loaded.texts["ru"]


def edited(store, field, value, at=NOW, *, shown=True):
    lead = text(store).lead
    made = Edit(lead.id, field, value, edits.made_for(field, lead.article), "anna", at)
    return store.edits.record(made, shown=shown)


def test_the_last_edit_of_a_field_holds_and_the_original_stays(filled):
    edited(filled, "title", "Forum")
    last = edited(filled, "title", "Forum opens")
    edited(filled, "summary", "In short")
    assert {name: one.value for name, one in edits.holding(text(filled)).items()} == {
        "title": "Forum opens",
        "summary": "In short",
    }
    assert text(filled).lead.article.title == "Форум открылся"
    assert [one.value for one in filled.edits.of([last.article])] == ["Forum", "Forum opens", "In short"]
    assert last.at > NOW, "of two within one instant the one said last counts"


def test_an_empty_value_takes_an_edit_back(filled):
    edited(filled, "title", "Forum")
    edited(filled, "title", "")
    assert text(filled).edits == ()
    assert edits.holding(text(filled)) == {}


def test_readers_see_a_change_where_one_is_shown(filled):
    before = filled.publications.fingerprint
    untouched = before()
    edited(filled, "summary", "Kept back", LATER, shown=False)
    (loaded,) = filled.stories.load([ONE])
    assert (loaded.updated, loaded.texts["ru"].lead.updated) == (NOW - timedelta(days=2),) * 2
    assert before() != untouched
    edited(filled, "title", "Forum", LATER)
    (loaded,) = filled.stories.load([ONE])
    assert loaded.updated >= loaded.texts["ru"].lead.updated >= LATER
    again = loaded.updated
    edited(filled, "title", "Forum!", LATER)
    assert filled.stories.load([ONE])[0].updated > again


def test_an_edit_gives_way_to_a_correction_of_the_words_it_was_made_for(filled):
    edited(filled, "title", "Forum opens")
    edited(filled, "summary", "In short")
    read(filled, 1, article(1, text="Первый абзац.\nИсправленный абзац."), now=NOW + timedelta(hours=7))
    assert {name: one.holds for name, one in edits.standing(text(filled)).items()} == {"title": True, "summary": False}
    put_off = article(1, title="Форум отложен", text="Первый абзац.\nИсправленный абзац.")
    read(filled, 1, put_off, now=NOW + timedelta(hours=25))
    assert {name: one.holds for name, one in edits.standing(text(filled)).items()} == {
        "title": False,
        "summary": False,
    }
    assert edits.holding(text(filled)) == {}
    edited(filled, "title", "Forum put off")
    assert edits.holding(text(filled))["title"].value == "Forum put off"


def test_an_edit_stays_when_another_copy_of_the_same_words_comes_to_lead(filled):
    made = edited(filled, "title", "Forum opens")
    side = text(filled)
    copy = replace(side.lead, id="a" + "0" * 15)
    led = replace(side, items=(copy, *side.items))
    assert edits.holding(led)["title"].value == "Forum opens"
    mine = replace(made, article=copy.id, value="Of the copy")
    assert edits.holding(replace(led, edits=(*led.edits, mine)))["title"].value == "Of the copy"
    stale = replace(mine, made_for="of other words")
    assert edits.holding(replace(led, edits=(*led.edits, stale)))["title"].value == "Forum opens"


def test_a_purge_takes_the_edits(filled):
    made = edited(filled, "title", "Forum opens")
    filled.removals.purge([made.article], "asked to", LATER)
    assert filled.edits.of([made.article]) == ()
