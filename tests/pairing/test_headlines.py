"""A translated title speaks for a pair whose titles are alike, never against one, and only where it is switched on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import analysts, pairs, translators
from pipeline.model import EngineRules, PairingRules, TranslationRules
from pipeline.pairing import headlines, lexicon, score
from pipeline.pairing.evidence import Clues
from pipeline.pairing.features import read
from pipeline.pairing.pool import Pool, Standing
from pipeline.pairing.sketch import sketch
from pipeline.translate.engines import Traits
from tests.publish.press import Press, configured, said, source

RU = read("Порт открыл причал для гостей", "")
EN = read("Port opens a pier for guests", "")
OTHER = read("Museum shows forty paintings", "")
POOL = Pool([Standing(name, code, "", sketch(one, code, lexicon.shipped())) for name, code, one in (("a", "ru", RU), ("b", "en", EN), ("c", "en", OTHER))])  # fmt: skip
CLUES = Clues(hub=0.1, margin=0.0, numbers=0.1, names=0.1, words=0.2, length=0.2, size=0.0)


def test_the_same_words_are_alike_whatever_their_order_and_endings():
    close = headlines.likeness("A pier opened by the port for guests", None, RU, EN, POOL)
    far = headlines.likeness("A pier opened by the port for guests", None, RU, OTHER, POOL)
    assert close > 0.7
    assert far < 0.2
    assert headlines.likeness("Port opens a pier for guests", None, RU, EN, POOL) == pytest.approx(1, abs=0.01)


def test_both_directions_count_and_none_is_none():
    one = headlines.likeness("Port opens a pier for guests", None, RU, EN, POOL)
    both = headlines.likeness("Port opens a pier for guests", "Музей", RU, EN, POOL)
    assert both == pytest.approx(one / 2)
    assert headlines.likeness(None, "", RU, EN, POOL) is None


@given(st.one_of(st.none(), st.floats(0, 1)))
def test_it_never_speaks_against_a_pair_nor_too_loud(likeness):
    weights = score.shipped()
    without = score.text_probability(CLUES, weights)
    told = score.text_probability(CLUES._replace(headline=likeness), weights)
    assert told >= without
    assert score.text_odds(CLUES._replace(headline=likeness), weights) <= score.text_odds(CLUES, weights) + 3


def test_the_reason_is_told_only_where_it_counted():
    weights = score.shipped()
    assert "the title, translated by machine, is like the other's (0.80)" in score.reasons(
        CLUES._replace(headline=0.8), weights
    )
    assert not [one for one in score.reasons(CLUES._replace(headline=0.3), weights) if "machine" in one]


TITLE, SENTENCE = "Порт получит новый причал", "Guests of the harbour await a long summer"


class Voice:
    """An engine that knows what we tell it."""

    traits = Traits("argos", "tags", 50, 5_000, bills=False, outside=False)

    def about(self, source, target):
        return "", "1", ""

    def translate(self, texts, source, target):
        return [SENTENCE if one == TITLE else "♪" for one in texts]

    def close(self):
        pass


def press(folder, *, on):
    rules = TranslationRules((EngineRules("argos"),), into=("en",), wait=timedelta(hours=9))
    paper = Press(
        folder, configured(source(), source("agency"), translation=rules, pairing=PairingRules(translated_titles=on))
    )
    paper.arrive("https://bureau.example.com/ru/1", TITLE, said(1))
    paper.now += timedelta(minutes=1)
    paper.arrive("https://agency.example.com/en/1", SENTENCE, "Boats sail. " * 12, of="agency")
    paper.now += timedelta(minutes=1)
    pairs.pair_up(paper.store, paper.config, paper.now)
    return paper


def judged(paper):
    """Return what is thought of the two articles now."""
    urls = ["https://bureau.example.com/ru/1", "https://agency.example.com/en/1"]
    return analysts.explain(paper.store, paper.config, analysts.find(paper.store, urls))


@pytest.mark.parametrize("on", [True, False])
def test_a_title_that_is_translated_later_has_the_pair_judged_anew(on, tmp_path):
    paper = press(tmp_path, on=on)
    before = judged(paper)
    report = translators.run(translators.Room(paper.config, paper.store, [Voice()], lambda: paper.now))
    assert (report.titles, report.made) == (int(on), 0), (
        "nothing is shown before the publisher's version was waited for"
    )
    assert sorted(paper.store.features.fresh()) == sorted(
        one.id for one in paper.store.articles.each() if on and one.language.code == "ru"
    )
    pairs.pair_up(paper.store, paper.config, paper.now)
    after = judged(paper)
    assert (after.probability > before.probability) is on
    assert any("translated by machine" in one for one in after.reasons) is on
    assert all(set(story.texts) < {"ru", "en"} for story in paper.store.stories.each())
    again = translators.run(translators.Room(paper.config, paper.store, [Voice()], lambda: paper.now))
    assert again == translators.Report(), "and is not asked for again"
    assert paper.store.features.fresh() == ()
    paper.close()


def test_a_linked_pair_is_left_alone(tmp_path):
    paper = press(tmp_path, on=True)
    pair = analysts.find(paper.store, ["https://bureau.example.com/ru/1", "https://agency.example.com/en/1"])
    analysts.judge(paper.store, paper.config, pair, "confirm", "anna", paper.now)
    assert translators.run(translators.Room(paper.config, paper.store, [Voice()], lambda: paper.now)).titles == 0
    assert paper.store.features.fresh() == ()
    paper.close()


def test_switching_it_on_has_what_is_open_judged_anew(tmp_path):
    paper = press(tmp_path, on=False)
    name = paper.store.verdicts.learned(pairs.MATCHER)["name"]
    paper.config = replace(paper.config, pairing=PairingRules(translated_titles=True))
    pairs.pair_up(paper.store, paper.config, paper.now)
    assert paper.store.verdicts.learned(pairs.MATCHER)["name"] == f"{name} titles-{headlines.VERSION}"
    paper.close()
