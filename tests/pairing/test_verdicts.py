"""A word against a pair holds for the wording it was said of; afterwards the pair is proposed, never linked by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.model import Item, PairingRules, Verdict
from pipeline.pairing import content, pair

from .season import HOME, NOW, item, linked, paired
from .test_stories import EN, RU


def word(kind: str, ru: Item = RU, en: Item = EN, hours: int = 0) -> Verdict:
    return Verdict(kind, ru.id, en.id, "an analyst", NOW + timedelta(hours=hours), (content(ru), content(en)))


LONGER = item(
    EN.article.url, "en", EN.article.title, EN.article.text + " The city paid 40 million roubles.", "2023-05-12"
)


def test_a_rejected_pair_is_not_proposed_again() -> None:
    out = paired([RU, EN], verdicts=[word("reject")])
    assert [(s.state, s.match) for s in out.stories] == [("single", None)] * 2


@pytest.mark.parametrize("kind", ["reject", "split"])
def test_a_changed_text_lets_the_pair_be_proposed_but_not_linked(kind: str) -> None:
    out = paired([RU, LONGER], verdicts=[word(kind)])
    assert [s.state for s in out.stories] == ["review", "review"]
    assert out.stories[0].match is not None
    assert out.stories[0].match.probability >= 0.9


def test_a_confirmed_pair_stays_whatever_its_texts_become() -> None:
    stories = paired([RU, EN], verdicts=[word("confirm")]).stories
    other = item(EN.article.url, "en", "Zoo closed", "The zoo is closed on Monday.", "2023-05-12")
    assert linked(paired([RU, other], stories, [word("confirm")]).stories)


def test_the_thresholds_are_settings() -> None:
    def state(rules: PairingRules) -> str:
        out = pair([RU, EN], stories=(), verdicts=(), sources={}, home=HOME, now=NOW, rules=rules)
        return out.stories[0].state

    (story,) = paired([RU, EN]).stories
    assert story.match is not None
    sure = story.match.probability
    assert state(PairingRules(link=sure)) == "linked"
    assert state(PairingRules(link=sure + 1e-4)) == "review"
    assert state(PairingRules(link=3.0, review=2.0)) == "single"


def test_the_date_window_is_a_setting_of_all_and_of_one_source() -> None:
    late = item(EN.article.url, "en", EN.article.title, EN.article.text, "2023-05-20")
    assert not linked(paired([RU, late]).stories)
    wide = PairingRules(window=(timedelta(days=-3), timedelta(days=14)))
    assert linked(pair([RU, late], stories=(), verdicts=(), sources={}, home=HOME, now=NOW, rules=wide).stories)


def test_an_item_whose_counterpart_is_taken_is_freed() -> None:
    waiting = paired([RU, LONGER], verdicts=[word("reject")]).stories
    better = item("https://press.example/en/better", "en", EN.article.title, EN.article.text, "2023-05-10")
    out = pair(
        [RU, LONGER, better], stories=waiting, verdicts=[word("reject"), word("confirm", RU, better)], sources={},
        home=HOME, now=NOW, fresh={RU.id, better.id},
    )  # fmt: skip
    assert out.freed == {LONGER.id}
