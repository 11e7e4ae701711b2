"""Stories: what goes in comes out; an id that went into another stays known."""

from __future__ import annotations

from datetime import timedelta

from pipeline.model import Match, Story, Text
from tests.store.conftest import NOW, article
from tests.store.test_articles import items, read


def one_text(item, number):
    return Text(f"urn:uuid:text-{number}", "ru", (item,))


def story(number, item, **more):
    sides = {"ru": one_text(item, number)}
    return Story(f"urn:uuid:story-{number}", sides, "single", item.first_seen, item.updated, **more)


def two_stories(store):
    read(store, 1, article(1, at=NOW - timedelta(days=2)))
    read(store, 2, article(2, at=NOW - timedelta(days=1)))
    older, younger = sorted(items(store), key=lambda item: item.updated)
    return story(1, older), story(2, younger)


def test_a_story_comes_back_as_it_went_in(store):
    first, second = two_stories(store)
    match = Match("a1", "a2", 0.42, ("same day",))
    changed = Story(first.id, first.texts, "review", first.first_seen, first.updated, match)
    store.stories.record([changed, second], [], items(store), NOW)
    assert list(store.stories.each()) == [changed, second]
    assert store.stories.of_items(items(store)) == (changed, second)
    assert store.stories.load([second.id]) == (second,)


def test_a_merged_story_leaves_its_id_as_an_alias(store):
    first, second = two_stories(store)
    store.stories.record([first, second], [], items(store), NOW)
    together = Text("urn:uuid:text-1", "ru", (first.texts["ru"].lead, second.texts["ru"].lead))
    merged = Story(first.id, {"ru": together}, "single", first.first_seen, NOW)
    store.stories.record([merged], [(second.id, first.id)], items(store), NOW)
    (kept,) = store.stories.each()
    assert kept.aliases == (second.id,)
    assert [item.id for item in kept.texts["ru"].items] == [item.id for item in together.items]


def test_newest_by_change_or_by_date(store):
    first, second = two_stories(store)
    late = Story(first.id, first.texts, "single", first.first_seen, NOW)
    store.stories.record([late, second], [], items(store), NOW)
    assert store.stories.newest(10) == [first.id, second.id]
    assert store.stories.newest(10, language="ru") == [second.id, first.id]
    assert store.stories.newest(10, language="en") == []
    assert store.stories.newest(1, sources=["bureau"]) == [first.id]
    assert store.stories.newest(10, sources=["other"]) == []


def test_what_was_published_is_known(store):
    for _ in range(2):
        store.stories.record_published([("all", "urn:uuid:story-1")], NOW)
    assert store.stories.published(["urn:uuid:story-1"]) == {"all": frozenset({"urn:uuid:story-1"})}
    assert store.stories.published(["urn:uuid:story-2"]) == {}


def test_what_was_corrected_while_it_was_paired_is_paired_again(store):
    first, second = two_stories(store)
    seen = items(store)
    read(store, 1, article(1, title="Форум закрылся", at=NOW - timedelta(days=2)), now=NOW + timedelta(hours=7))
    store.stories.record([first, second], [], seen, NOW)
    assert [one.article.title for one in store.features.items(store.features.fresh())] == ["Форум закрылся"]
