"""Tags, stars and notes: what is on a story, what was, and that they go where their story goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.model import Story, Text
from pipeline.store import Asked, marks
from tests.store.conftest import NOW, article
from tests.store.test_articles import items, read
from tests.store.test_stories import story, two_stories

ONE, OTHER = "urn:uuid:story-1", "urn:uuid:story-2"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def filled(store):
    """Return a store with two stories."""
    store.stories.record(two_stories(store), [], items(store), NOW)
    return store


def chosen(store, question):
    with store._engine.connect() as connection:
        return set(connection.scalars(question))


def said(store, name):
    return [(one.kind, one.value, one.who) for one in store.marks.standing([name]).get(name, ())]


def test_what_is_put_on_a_story_is_there_until_it_is_taken_off(filled):
    assert filled.marks.tag(ONE, "port", "anna", NOW)
    assert not filled.marks.tag(ONE, "port", "boris", LATER)
    assert filled.marks.star(ONE, "anna", NOW)
    number = filled.marks.note(ONE, "Ask the harbour <b>office</b>", "boris", LATER)
    assert said(filled, ONE) == [
        ("star", "", "anna"),
        ("tag", "port", "anna"),
        ("note", "Ask the harbour <b>office</b>", "boris"),
    ]
    assert filled.marks.untag(ONE, "port", "boris", LATER)
    assert not filled.marks.untag(ONE, "port", "boris", LATER)
    assert not filled.marks.unstar(ONE, "boris", LATER), "a star is its owner's"
    assert filled.marks.unnote(ONE, number, "anna", LATER)
    assert said(filled, ONE) == [("star", "", "anna")]
    gone = {(one.kind, one.gone, one.gone_by) for one in filled.marks.of(ONE)}
    assert gone == {("star", None, ""), ("tag", LATER, "boris"), ("note", LATER, "anna")}


def test_a_note_is_written_anew_and_the_old_one_stays_known(filled):
    first = filled.marks.note(ONE, "first", "anna", NOW)
    assert not filled.marks.rewrite(OTHER, first, "of another story", "anna", LATER)
    second = filled.marks.rewrite(ONE, first, "second", "boris", LATER)
    assert second not in (0, first)
    assert said(filled, ONE) == [("note", "second", "boris")]
    assert [one.value for one in filled.marks.of(ONE)] == ["first", "second"]
    assert not filled.marks.rewrite(ONE, first, "third", "anna", LATER)


def test_stories_are_found_by_their_marks(filled):
    filled.marks.tag(ONE, "port", "anna", NOW)
    filled.marks.tag(OTHER, "port", "anna", NOW)
    filled.marks.tag(OTHER, "forum", "anna", NOW)
    filled.marks.untag(ONE, "port", "anna", NOW)
    filled.marks.star(ONE, "anna", NOW)
    filled.marks.note(OTHER, "of both", "anna", NOW)
    assert chosen(filled, marks.tagged("port")) == {OTHER}
    assert chosen(filled, marks.starred()) == chosen(filled, marks.starred("anna")) == {ONE}
    assert chosen(filled, marks.starred("boris")) == set()
    assert chosen(filled, marks.noted()) == {OTHER}
    assert filled.marks.in_use() == {"forum": 1, "port": 1}


def test_marks_follow_a_story_into_another_and_out_again(filled):
    filled.marks.tag(ONE, "port", "anna", NOW)
    filled.marks.tag(OTHER, "port", "boris", NOW)
    filled.marks.note(OTHER, "the younger", "boris", NOW)
    first, second = filled.stories.load([ONE, OTHER])
    both = Text(first.texts["ru"].id, "ru", (first.texts["ru"].lead, second.texts["ru"].lead))
    merged = Story(ONE, {"ru": both}, "single", first.first_seen, NOW)
    filled.stories.record([merged], [(OTHER, ONE)], [], NOW)
    assert [value for _, value, _ in said(filled, ONE)] == ["the younger", "port", "port"]
    assert chosen(filled, marks.tagged("port")) == {ONE}
    assert filled.marks.in_use() == {"port": 1}
    assert not filled.marks.tag(ONE, "port", "vera", LATER)
    filled.stories.record([first, second], [], [], LATER)  # parted again: each its own
    assert [value for _, value, _ in said(filled, ONE)] == ["port"]
    assert [value for _, value, _ in said(filled, OTHER)] == ["the younger", "port"]
    assert chosen(filled, marks.tagged("port")) == {ONE, OTHER}


def counted(store, **wanted):
    """Return by facet how many stories are counted under each tag and star, and how many answer."""
    found = store.search.find(Asked(wanted=wanted), {})
    return found.facets["tag"], found.facets["star"], found.stories


def test_tags_and_stars_are_facets_that_go_where_their_story_goes(filled):
    filled.search.catch_up()
    assert counted(filled) == ({}, {}, 2)
    filled.marks.tag(ONE, "два слова: 100 %", "anna", NOW)
    filled.marks.tag(OTHER, "port", "anna", NOW)
    filled.marks.star(OTHER, "anna", NOW)
    assert counted(filled) == ({"два слова: 100 %": 1, "port": 1}, {"anna": 1}, 2)
    assert counted(filled, tag=("два слова: 100 %",), star=("anna",))[2] == 0
    assert counted(filled, tag=("port",), star=("anna",)) == ({"port": 1}, {"anna": 1}, 1)
    first, second = filled.stories.load([ONE, OTHER])
    both = Text(first.texts["ru"].id, "ru", (first.texts["ru"].lead, second.texts["ru"].lead))
    filled.stories.record([Story(ONE, {"ru": both}, "single", first.first_seen, NOW)], [(OTHER, ONE)], [], NOW)
    found = filled.search.find(Asked(wanted={"tag": ("два слова: 100 %",), "star": ("anna",)}), {})
    assert (found.stories, found.articles) == (1, 2), "every article of a story has what is on it"
    filled.marks.untag(ONE, "port", "boris", LATER)  # put on the story that went into this one
    assert counted(filled) == ({"два слова: 100 %": 1}, {"anna": 1}, 1)
    filled.stories.record([first, second], [], [], LATER)
    assert counted(filled, star=("anna",)) == ({}, {"anna": 1}, 1)
    filled.marks.unstar(OTHER, "anna", LATER)
    assert counted(filled) == ({"два слова: 100 %": 1}, {}, 2)


def test_a_purge_takes_the_marks_of_a_story_that_is_no_more(store):
    read(store, 1, article(1))
    (item,) = items(store)
    store.stories.record([story(1, item)], [], [item], NOW)
    store.marks.note(ONE, "quotes the article", "anna", NOW)
    store.marks.tag(ONE, "port", "anna", NOW)
    store.marks.star(ONE, "anna", NOW)
    store.removals.purge([item.id], "asked to", LATER)
    assert store.marks.of(ONE) == ()
