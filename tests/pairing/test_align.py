"""Paragraphs that say the same stand side by side; nothing is lost and nothing moves."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pairing import aligned, shipped_lexicon

RU = (
    "Синий мост в Кронштадте открыли после ремонта, длившегося 14 месяцев.",
    "Ленту перерезал инженер Лев Гусаров.",
    "Ремонт обошёлся городу в 40 млн рублей.",
    "Следующим закроют Красный мост: его будут чинить до 2027 года.",
)
EN = (
    "The Blue Bridge in Kronstadt has opened after 14 months of repairs. Engineer Lev Gusarov cut the ribbon.",
    "The repairs cost the city 40 million roubles.",
    "Visitors can see the old railings in the museum of the port.",
    "The Red Bridge will be closed next: it will be under repair until 2027.",
)
LEXICON = shipped_lexicon()
texts = st.lists(st.sampled_from((*RU, *EN, "")), max_size=6)


def test_two_paragraphs_become_one_and_an_added_one_stands_alone() -> None:
    found = [(one.ru, one.en) for one in aligned(RU, EN, LEXICON)]
    assert found == [(RU[:2], EN[:1]), (RU[2:3], EN[1:2]), ((), EN[2:3]), (RU[3:], EN[3:])]


@settings(max_examples=40, deadline=None)
@given(texts, texts)
def test_nothing_is_lost(ru: list[str], en: list[str]) -> None:
    found = aligned(ru, en, LEXICON)
    assert [line for one in found for line in one.ru] == ru
    assert [line for one in found for line in one.en] == en
    assert all(one.ru or one.en for one in found)
