"""Sentences of a machine's text in an analyst's words: kept, shown as such, preferred, undone, and gone with what they are of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import pairs, subeditor, translators
from pipeline.errors import TranslateError
from pipeline.model import EngineRules, Rights, TranslationRules
from pipeline.translate.engines import Traits
from tests.publish.press import Press, configured, said, source
from tests.translate.service import latin

ONE, TWO, THREE, FOUR = (said(number).capitalize() for number in (1, 2, 3, 8))
RU = ("https://bureau.example.com/ru/1", "Порт открыл причал", f"Порт принял 1 250 судов. {ONE}\n{TWO}")
HTML = f'<p>Порт <a href="https://port.example/a">принял</a> 1 250 судов. {ONE}</p><p>{TWO}</p>'
EN = ("https://bureau.example.com/en/1", "The port opened a pier", "The port took 1,250 ships.")


class Voice:
    """An engine on this machine that writes Russian in Latin letters."""

    traits = Traits("argos", "tags", 50, 5_000, bills=False, outside=False)

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.voice = latin

    def about(self, source, target):
        return "tiny", "1", "Tiny model, CC-BY-4.0"

    def translate(self, texts, source, target):
        self.asked += texts
        return [self.voice(one) for one in texts]

    def close(self):
        pass


@pytest.fixture
def engine():
    return Voice()


@pytest.fixture
def paper(tmp_path):
    rules = TranslationRules((EngineRules("argos"),), what="full")
    press = Press(tmp_path, configured(source(rights=Rights("full", translate="full")), translation=rules))
    yield press
    press.close()


def arrive(paper, engine, article=RU):
    paper.arrive(*article, html=HTML)
    return again(paper, engine)


def again(paper, engine, **later):
    """Pair and translate a while later; return the machine's text."""
    paper.now += timedelta(**later or {"minutes": 5})
    pairs.pair_up(paper.store, paper.config, paper.now)
    translators.run(translators.Room(paper.config, paper.store, [engine], lambda: paper.now))
    (story,) = paper.store.stories.each()
    return story.texts.get("en")


def lines(paper, text):
    return subeditor.side(paper.store, paper.config, text).lines


def edit(paper, text, wordings, who="anna"):
    paper.now += timedelta(minutes=5)
    return subeditor.edit(paper.store, paper.config, text, wordings, who, paper.now)


def test_a_side_is_shown_sentence_by_sentence(paper, engine):
    text = arrive(paper, engine)
    found = lines(paper, text.id)
    assert [(one.place, one.part) for one in found] == [(0, "title"), (1, "body"), (2, "body"), (3, "body")]
    assert found[1].source == "Порт {1}принял{2} 1 250 судов."
    assert found[1].machine == found[1].said == "port {1}prinyal{2} 1,250 sudov."
    assert not any(one.edited for one in found)


@pytest.mark.long
def test_an_edit_changes_the_text_keeps_the_markup_and_the_machine_s_wording(paper, engine):
    text = arrive(paper, engine)
    paper.go()
    (before,) = paper.items("en-mt")
    done = edit(paper, text.id, {0: "A pier for the port", 1: "The port {1}took in{2} 1,250 ships."})
    assert done.kept
    assert done.doubts == {}
    assert (done.side.who, done.side.edited) == ("anna", paper.now)
    assert [(one.said, one.machine, one.edited) for one in done.side.lines[:2]] == [
        ("A pier for the port", "port otkryl prichal", True),
        ("The port {1}took in{2} 1,250 ships.", "port {1}prinyal{2} 1,250 sudov.", True),
    ]
    paper.go()
    (entry,) = paper.items("en-mt")
    assert entry["id"] == before["id"]
    assert entry["date_modified"] > before["date_modified"]
    assert entry["_nevawire"]["origin"] == "edited"
    assert "<strong>Machine translation, edited</strong>" in entry["content_html"]
    assert (
        '<a href="https://port.example/a" rel="noopener noreferrer">took in</a> 1,250 ships.' in entry["content_html"]
    )
    assert entry["title"] == "A pier for the port"
    assert "anna" not in str(entry)
    assert paper.items("en") == []


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("The port took in 1,250 ships.", "the tags {1} {2} must each stand there once"),
        ("The {2}port{1} took in 1,250 ships.", "end in the order"),
        ("The {1}port{2} took {2} in.", "once"),
    ],
)
def test_a_wording_that_tears_the_markup_is_refused_and_nothing_is_kept(wording, why, paper, engine):
    text = arrive(paper, engine)
    before = lines(paper, text.id)
    done = edit(paper, text.id, {0: "A pier", 1: wording, 77: "Nothing"})
    assert not done.kept
    assert why in done.refused[1]
    assert "the last one is 3" in done.refused[77]
    assert lines(paper, text.id) == before
    assert paper.store.memory.has_persons() is False


def test_a_number_in_words_is_doubted_and_stands_for_this_sentence_alone(paper, engine):
    text = arrive(paper, engine)
    done = edit(paper, text.id, {1: "The port {1}took{2} more than a thousand ships."})
    assert done.doubts == {1: ("number", "name")}
    assert done.side.lines[1].said == "The port {1}took{2} more than a thousand ships."
    assert paper.store.memory.has_persons() is False


def test_an_edit_outlives_another_engine_and_a_correction_elsewhere_in_the_original(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {1: "The port {1}took{2} 1,250 ships."})
    paper.arrive(RU[0], RU[1], RU[2].replace(TWO, THREE), html=HTML.replace(TWO, THREE))
    later = again(paper, engine, hours=1)
    assert (later.id, later.origin) == (text.id, "edited")
    assert ">took</a> 1,250 ships." in later.lead.article.html
    assert latin(THREE) in later.lead.article.html
    found = lines(paper, text.id)
    assert found[1].machine == "port {1}prinyal{2} 1,250 sudov."
    paper.arrive(RU[0], "Другое", said(9), html=f"<p>{said(9)}</p>")
    assert again(paper, engine, hours=2).origin == "machine", "nothing of the edit is left"


def test_the_memory_prefers_it_in_another_text_with_another_number(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {1: "The port {1}took{2} 1,250 ships."})
    paper.now += timedelta(minutes=5)
    paper.arrive(
        "https://bureau.example.com/ru/2", "Иное дело", FOUR, html=HTML.replace("1 250", "7 300").replace(ONE, FOUR)
    )
    pairs.pair_up(paper.store, paper.config, paper.now)
    translators.run(translators.Room(paper.config, paper.store, [engine], lambda: paper.now))
    texts = [one.texts["en"] for one in paper.store.stories.each()]
    assert any("took</a> 7,300 ships." in one.lead.article.html for one in texts)
    assert sorted(one.origin for one in texts) == ["edited", "machine"]


def test_an_empty_wording_gives_the_sentence_back(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {0: "A pier for the port"})
    done = edit(paper, text.id, {0: ""}, "boris")
    assert done.side.lines[0].said == "port otkryl prichal"
    (story,) = paper.store.stories.each()
    assert story.texts["en"].origin == "machine"
    assert story.texts["en"].lead.article.title == "port otkryl prichal"
    assert paper.store.memory.has_persons() is False
    assert [one.who for one in paper.store.rewordings.of([text.id])] == ["anna", "boris"], "what happened is kept"


def test_what_stands_already_changes_nothing(paper, engine):
    text = arrive(paper, engine)
    done = edit(paper, text.id, {0: "port otkryl prichal", 1: ""})
    assert done.kept
    assert done.side.edited is None
    assert paper.store.rewordings.of([text.id]) == []


def test_a_text_that_failed_stands_once_an_analyst_has_written_it(paper, engine):
    engine.voice = lambda text: latin(text) if text == RU[1] else "♪"
    assert arrive(paper, engine) is None
    ((name, known),) = paper.store.machine.assignments(
        [one.texts["ru"].id for one in paper.store.stories.each()]
    ).items()
    found = subeditor.side(paper.store, paper.config, known.text)
    assert (found.state, found.lines[0].said) == ("failed", "port otkryl prichal")
    assert all("song" in one.faults and not one.said for one in found.lines[1:])
    done = edit(paper, known.text, {1: "The port {1}took{2} 1,250 ships.", 2: "One thing.", 3: "And another."})
    assert done.side.state == "done"
    (story,) = paper.store.stories.each()
    assert (story.texts["en"].origin, story.texts["en"].translated.failed) == ("edited", 0)
    assert name == story.texts["ru"].id


@pytest.mark.long
def test_the_publisher_s_own_version_takes_the_place_of_an_edited_one(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {0: "A pier for the port"})
    paper.go()
    paper.arrive(*EN, other=RU[0])
    paper.go(hours=1)
    (story,) = paper.store.stories.each()
    assert (story.texts["en"].id, story.texts["en"].origin) == (text.id, "publisher")
    assert paper.ids("en") == paper.ids("en-mt") == [text.id]
    assert subeditor.side(paper.store, paper.config, text.id) is None
    with pytest.raises(TranslateError, match="publisher's own"):
        edit(paper, text.id, {0: "Again"})


def test_a_purge_takes_edits_along(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {0: "A pier for the port", 2: "One thing."})
    paper.store.removals.purge(paper.store.removals.find(RU[0]), "asked for", paper.now)
    assert paper.store.rewordings.of([text.id]) == []
    assert paper.store.memory.states() == {}


def test_another_glossary_does_not_undo_an_edit(paper, engine):
    text = arrive(paper, engine)
    edit(paper, text.id, {0: "A pier for the port"})
    paper.config = replace(paper.config, glossary=(("причал", "berth"),))
    later = again(paper, engine)
    assert later.id == text.id
