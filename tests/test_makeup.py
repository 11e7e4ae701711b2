"""A story is read, set and packed once for all documents of a turn; what is kept is kept when they are in place."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import makeup, pairs, printing, publish, query
from pipeline.model import Search
from pipeline.publish import setting
from tests.publish.press import START, Press, said

URL = "https://bureau.example.com/{}"


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path)
    for number in range(3):
        opened.arrive(URL.format(number), f"Новость {number}", said(number))
    yield opened
    opened.close()


@pytest.fixture
def asked(monkeypatch, press):
    """What the store is asked for, call by call."""
    calls, load = [], press.store.stories.load
    monkeypatch.setattr(press.store.stories, "load", lambda ids: load(calls.append(sorted(ids)) or calls[-1]))
    return calls


def test_a_story_is_read_once_in_a_turn(press, asked):
    pairs.pair_up(press.store, press.config, press.now)
    asked.clear()
    press.go(pair=False)
    assert sorted(one for ids in asked for one in ids) == sorted(set(press.ids("all")))
    assert len(press.ids("all")) == 3


def test_the_stories_last_read_stay_at_hand_and_no_more(press, asked, monkeypatch):
    monkeypatch.setattr(makeup, "_KEPT", 2)
    press.go()
    one, two, three = sorted(press.ids("all"))
    stories = makeup.Stories(press.store)
    asked.clear()
    for ids in ([one], [two], [three], [two, three], [one], [one, three], [one, two, three], ["none"]):
        assert [story.id for story in stories.load(ids)] == [part for part in ids if part != "none"]
    assert asked == [[one], [two], [three], [one], [two], ["none"]]


def test_an_entry_is_set_once_for_documents_that_show_it_alike(press, monkeypatch):
    press.go()
    made, entry = [], setting.entry
    monkeypatch.setattr(setting, "entry", lambda *about: entry(*(made.append(1) or about)))
    (story, *_) = press.store.stories.load(press.ids("all"))
    (text,) = story.texts.values()
    own, kind, other = (
        publish.Channel("all", {}),
        publish.Channel("kind-x", {}, kind="x"),
        publish.Channel("ru", {}, "ru"),
    )
    sets = publish.Setting(press.config)
    first = sets.entry(story, own)
    assert sets.entry(story, kind) is first
    assert sets.entry(story, other) != first
    gone = publish.Past(missing={text.lead.id: START - timedelta(days=1)})
    assert sets.entry(story, own, gone).gone
    assert sets.entry(story, own, publish.Past(labels={text.lead.id: ("topic:none",)})) == first
    assert sets.entry(replace(story, thread="t"), own).thread == "t"
    assert len(made) == 5


def test_the_store_hears_of_what_is_in_place(press):
    galley = publish.Galley("data/2026-05-20", publish.Frame("day"))
    heard = []
    with printing.Run(press.store, press.feeds, START) as run:
        assert run.set_up([galley]).written == ("data/2026-05-20.jsonl",)
        run.then(lambda: heard.append((press.feeds / "data/2026-05-20.jsonl").exists()))
        assert not heard
        assert press.store.editions.first() is None
        run.settle()
        run.settle()
    assert heard == [True]
    assert press.store.editions.first() == START


def test_a_turn_that_breaks_off_before_its_documents_are_in_place_is_made_good(press, monkeypatch):
    def stopped(_writing):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(publish.Writing, "settle", stopped)
        with pytest.raises(KeyboardInterrupt):
            press.go()
    assert not list(press.feeds.glob("*.rss"))
    assert press.store.editions.first() is None
    press.go()
    assert len(press.ids("all")) == 3
    assert press.store.editions.first() == press.now


def test_what_is_on_its_way_to_the_disk_is_no_leftover_of_a_crash(press, monkeypatch):
    monkeypatch.setattr(sys.modules[publish.Writing.__module__], "_SHEAF", 1)
    monkeypatch.setattr(press, "config", replace(press.config, searches=(Search("ships", query.parse("порт")),)))
    press.go()
    assert len(press.ids("all")) == 3
    assert press.store.private.get("search-ships.json")
