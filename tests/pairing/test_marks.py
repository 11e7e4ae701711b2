"""What is marked in two texts beside each other: alike on both sides."""

from __future__ import annotations

import pytest

from pipeline import pairing

RU = "Набережную открыли в июне 2026 года, а парк откроют в марте. Работы начались 5 мая."
EN = "The embankment opened in June 2026; the park will open next August. Work began on 5 May, and it may last."


def days(text, other, language):
    (runs,) = pairing.marked([text], [other], language, pairing.shipped_lexicon())
    assert "".join(run.text for run in runs) == text
    return [(run.text, run.shared) for run in runs if run.kind == "day"]


def test_a_month_is_marked_on_both_sides_in_whatever_form():
    assert days(RU, EN, "ru") == [("июне", True), ("марте", False), ("5 мая", True)]
    assert days(EN, RU, "en") == [("June", True), ("August", False), ("5 May", True)]


@pytest.mark.parametrize("word", ["июньский", "майор", "мартышка", "may", "Mayor", "Marching"])
def test_a_word_that_only_begins_like_one_is_none(word):
    assert days(f"Слово {word} в тексте.", EN, "ru") == []


def test_a_weekday_is_marked_on_both_sides():
    ru = "Форум начнётся в среду, а в пятницу закроется; по субботам музей открыт."
    en = "The forum opens on Wednesday and closes on Friday. On Sunday the museum is shut."
    assert days(ru, en, "ru") == [("среду", True), ("пятницу", True), ("субботам", False)]
    assert days(en, ru, "en") == [("Wednesday", True), ("Friday", True), ("Sunday", False)]


@pytest.mark.parametrize("text", ["Окружающую среду берегут.", "Пятничный концерт.", "Это воскресило интерес."])
def test_what_only_resembles_a_weekday_is_none(text):
    assert days(text, EN, "ru") == []
