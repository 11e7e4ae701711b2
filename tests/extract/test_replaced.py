"""Whether what stands at a known address is a later state of its article, or something else."""

from __future__ import annotations

import pytest

from pipeline import extract
from pipeline.model import Article

TITLE = "Кластер «Гранит» принял три компании"
TEXT = (
    "Совет кластера «Гранит» собрался в четверг и принял в состав три новые компании из Петербурга и Колпина.\n"
    "Новые участники делают датчики, оптические стёкла и программы для измерений, сообщили организаторы встречи.\n"
    "Следующий набор пройдёт осенью, заявки принимают до первого сентября на странице кластера."
)
FRONT = (
    "Кластер объединяет приборостроителей Северо-Запада с 2012 года и помогает им выходить на новые рынки.\n"
    "Мы проводим выставки, готовим инженеров и ведём общий испытательный центр на Васильевском острове."
)
LONG = "\n".join(
    f"Абзац номер {n} рассказывает о встрече правления, бюджете и планах на будущий год." for n in range(9)
)


def article(title: str, text: str, url: str = "https://site.example/news/1") -> Article:
    return Article("site", url, title, text, "", None)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, TEXT),
        (TITLE, TEXT.replace("три новые", "четыре новые")),
        (TITLE, LONG),  # rewritten under its title
        ("В «Граните» теперь 67 предприятий", TEXT + "\nДополнение: список участников появится в понедельник."),
        ("Кластер «Гранит» принял четыре компании", LONG),
        (TITLE.upper(), TEXT.partition("\n")[0]),  # cut down
    ],
)
def test_a_later_state(title: str, text: str) -> None:
    assert extract.replaced(article(TITLE, TEXT), article(title, text)) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Кластер «Гранит» — главная", FRONT),
        ("Новости", FRONT + "\n" + LONG),
        ("Открыт новый цех оптического стекла", LONG),
        ("Granit cluster", "The cluster unites makers of instruments of the North-West since 2012."),
    ],
)
def test_something_else(title: str, text: str) -> None:
    assert "tells something else" in extract.replaced(article(TITLE, TEXT), article(title, text))


def test_a_page_that_moved_keeps_its_words_or_is_another() -> None:
    there = "https://site.example/"
    assert extract.replaced(article(TITLE, TEXT), article(TITLE, TEXT, there)) == ""
    assert there in extract.replaced(article(TITLE, TEXT), article(TITLE, FRONT, there))
