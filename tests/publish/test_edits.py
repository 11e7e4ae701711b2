"""What an analyst words otherwise: shown where rights allow, marked as such, under the same id, and taken back whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline import editing, edits, newsstand, publish, rebuild
from pipeline.errors import NevawireError
from pipeline.model import Rights
from tests.publish.press import Press, configured, source

RU = ("https://bureau.example.com/news/1", "Порт открылся", "Ледокол «Чайка» первым вошёл в порт. Его строили 12 лет.")
EN = ("https://bureau.example.com/en/news/1", "The port opened", "The icebreaker Chayka was the first to enter.")
FEEDS = ("all", "ru", "source-bureau", "kind-bureau")


@pytest.fixture
def press(tmp_path):
    opened = started(tmp_path, "excerpt")
    yield opened
    opened.close()


def started(folder, bounds):
    press = Press(folder, configured(source(rights=Rights(bounds))))
    press.arrive(*RU)
    press.arrive(*EN, other=RU[0])
    press.go()
    return press


def side(press, language="ru"):
    (story,) = press.store.stories.each()
    return story.texts[language]


def edit(press, field, value, language="ru"):
    made = editing.edit(press.store, press.config, side(press, language), field, value, "Анна", press.now)
    assert not press.go().refused
    return made


def entry(press, feed="ru"):
    (one,) = press.items(feed)
    return one


def test_a_title_in_other_words_is_in_every_feed_under_the_same_id(press):
    before = {feed: entry(press, feed) for feed in FEEDS}
    edit(press, "title", "В порт вошёл ледокол")
    for feed, old in before.items():
        new = entry(press, feed)
        assert new["id"] == old["id"]
        assert new["title"] == old["title"].replace("Порт открылся", "В порт вошёл ледокол") != old["title"]
        assert new["date_published"] == old["date_published"]
        assert new["date_modified"] > old["date_modified"]
        assert new["_nevawire"]["origin"] == "edited"
        (told,) = new["_nevawire"]["edited"]
        assert (told["field"], told["language"]) == ("title", "ru")
        assert "Заголовок изменён составителями ленты." in new["content_html"]
        assert "Анна" not in json.dumps(new, ensure_ascii=False)
    assert entry(press, "en")["_nevawire"]["origin"] == "publisher"


def test_a_summary_in_other_words_stands_for_the_excerpt(press):
    edit(press, "summary", "Порт строили двенадцать лет, и вот ледокол вошёл.")
    new = entry(press)
    assert new["summary"] == "Порт строили двенадцать лет, и вот ледокол вошёл."
    assert "<p>Порт строили двенадцать лет, и вот ледокол вошёл.</p>" in new["content_html"]
    assert "Чайка" not in new["content_html"]
    assert side(press).lead.article.text == RU[2], "the original is kept"


def test_rights_bound_an_analyst_s_words_too(tmp_path):
    press = started(tmp_path, "link")
    before = {feed: entry(press, feed) for feed in FEEDS}
    edit(press, "summary", "Порт строили двенадцать лет.")
    assert {feed: entry(press, feed) for feed in FEEDS} == before, "no readers see it, so nothing moves"
    press.config = configured(source(rights=Rights("excerpt", excerpt_chars=20)))
    press.go()
    assert entry(press)["summary"] == "Порт строили…"
    press.close()


def test_a_whole_text_stays_as_it_is_beneath_its_own_summary(tmp_path):
    press = started(tmp_path, "full")
    edit(press, "summary", "Порт строили двенадцать лет.")
    new = entry(press)
    assert new["summary"] == "Порт строили двенадцать лет."
    assert "Ледокол «Чайка» первым вошёл в порт." in new["content_html"]
    press.close()


def test_nothing_or_the_publisher_s_own_words_take_an_edit_back(press):
    before = entry(press)
    assert editing.edit(press.store, press.config, side(press), "title", "", "Анна", press.now) is None
    for words in ("  ", "Порт  открылся"):
        edit(press, "title", "В порт вошёл ледокол")
        between = entry(press)
        say = (press.store, press.config, side(press), "title", " В порт вошёл  ледокол ")
        assert editing.edit(*say, "Анна", press.now) is None, "it says so already"
        edit(press, "title", words)
        after = entry(press)
        assert after["date_modified"] > between["date_modified"]
        assert after == before | {"date_modified": after["date_modified"]}
    values = [one.value for one in press.store.edits.of([side(press).lead.id])]
    assert values == ["В порт вошёл ледокол", ""] * 2, "all are kept"


def test_what_cannot_be_said_is_refused(press):
    for field, value, why in (
        ("text", "x", "cannot be edited"),
        ("title", "ы" * 301, "301 characters"),
        ("summary", "ы" * 301, "at most 300"),
    ):
        with pytest.raises(NevawireError, match=why):
            editing.edit(press.store, press.config, side(press), field, value, "Анна", press.now)
    machine = replace(side(press), origin="machine")
    with pytest.raises(NevawireError, match="a machine wrote this text"):
        editing.edit(press.store, press.config, machine, "title", "x", "Анна", press.now)


def test_an_edit_gives_way_to_the_publisher_s_correction_and_can_be_made_again(press):
    edit(press, "title", "В порт вошёл ледокол")
    press.arrive(RU[0], "Открытие порта отложено", RU[2])
    press.go()
    assert entry(press)["title"] == "Открытие порта отложено"
    assert entry(press)["_nevawire"]["origin"] == "publisher"
    assert not edits.standing(side(press))["title"].holds
    edit(press, "title", "В порт вошёл ледокол")
    assert entry(press)["title"] == "В порт вошёл ледокол"


def test_a_correction_of_other_words_leaves_a_title_s_edit(press):
    edit(press, "title", "В порт вошёл ледокол")
    edit(press, "summary", "Порт строили двенадцать лет.")
    press.arrive(RU[0], RU[1], RU[2].replace("12", "14"))
    press.go()
    assert entry(press)["title"] == "В порт вошёл ледокол"
    assert "14 лет" in entry(press)["summary"], "a summary speaks of the whole text"


def test_a_newsletter_does_not_offer_an_edited_text_again(press):
    (before,) = press.items("newsletter-ru")
    edit(press, "title", "В порт вошёл ледокол")
    (after,) = press.items("newsletter-ru")
    assert after["title"] == "В порт вошёл ледокол"
    assert (after["id"], after["date_published"], after["date_modified"]) == tuple(
        before[name] for name in ("id", "date_published", "date_modified")
    )


def test_feeds_of_then_and_now_can_be_made_again(press, tmp_path):
    desk = newsstand.Desk(press.config, press.store, press.feeds, press.now)
    then, old = press.now, {path.name: path.read_bytes() for path in press.feeds.glob("*.*")}
    edit(press, "title", "В порт вошёл ледокол")
    made = rebuild.rebuild(press.store, then, tmp_path / "then")
    assert made.documents.keys() >= {"ru.atom", "all.json"}
    assert all(old[name] == body for name, body in made.documents.items() if "/" not in name)
    assert list(rebuild.compared(press.store, desk.feeds, press.now)) == []
    (day,) = (press.feeds / "data").glob("*.jsonl")
    assert "В порт вошёл ледокол" in day.read_text()


def test_an_edited_entry_that_was_archived_belongs_into_the_next_archive(press):
    own, ledger = side(press), press.store.publications

    def left():
        return [entry for _, entry, _ in ledger.unarchived(newsstand.Wanted("ru", "ru"), press.now, press.now)]

    ledger.record_archive("ru", 1, {own.id: own.lead.updated}, "")
    assert own.id not in left()
    editing.edit(press.store, press.config, own, "title", "В порт вошёл ледокол", "Анна", press.now)
    assert own.id in left()


def test_a_machine_s_words_weigh_more_than_an_edit(press):
    edit(press, "title", "В порт вошёл ледокол")
    (story,) = press.store.stories.each()
    both = replace(story, texts={**story.texts, "en": replace(story.texts["en"], origin="machine")})
    (made,) = publish.entries_of(publish.Channel("all-mt", {}, machine=True), [both], press.config).values()
    assert (made.origin, len(made.edited)) == ("machine", 1)
