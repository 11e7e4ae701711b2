"""Days a text tells of, dates the neighbours speak against, changes, authors and sections a page states."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from pipeline import extract
from pipeline.model import Article, Profile
from tests.extract import building

TEXT = "{} в зале правления прошло заседание совета кластеров, на котором обсудили план работы и выставку."
MORE = "Участники договорились встретиться снова и пригласили на встречу молодых инженеров города."


def read(day: str, number: int = 1, head: str = "", after: str = "", **link: object) -> extract.PageReading:
    body = building.html(
        f"Заседание совета номер {number}", TEXT.format(day), f"{MORE} {number}", head=head, after=after
    )
    url = f"https://site.example/news/{number}"
    announced = building.link(url, **{"listing": "https://site.example/news/", "place": number, **link})
    return extract.read(building.page(body, url), building.source(), announced)


def article(*given: str, **more: object) -> Article:
    made = read(*given, **more).article
    assert made is not None
    return made


def told(made: Article) -> tuple[str, str, str]:
    dated = made.published
    return (dated.at.date().isoformat(), dated.evidence, made.event_date) if dated else ("", "", made.event_date)


PUBLISHED = '<meta property="article:published_time" content="2024-02-20T12:00:00+03:00">'


@pytest.mark.parametrize(
    ("day", "head", "expected"),
    [
        ("19 февраля 2024 года", "", ("2024-02-18", "prose", "")),  # midnight in Moscow
        ("14 марта 2024 года", "", ("", "", "2024-03-14")),  # after first sight: announced
        ("11 марта 2024 года", "", ("", "", "2024-03-11")),  # tomorrow
        ("19 февраля 2024 года", PUBLISHED, ("2024-02-20", "meta", "2024-02-19")),
        ("20 февраля 2024 года", PUBLISHED, ("2024-02-20", "meta", "")),
        ("1–3 июня 2024 года", PUBLISHED, ("2024-02-20", "meta", "2024-06-01")),
        ("5 мая 1999 года", PUBLISHED, ("2024-02-20", "meta", "")),  # background
        ("В феврале", PUBLISHED, ("2024-02-20", "meta", "")),
    ],
)
def test_the_day_a_text_tells_of(day: str, head: str, expected: tuple[str, str, str]) -> None:
    assert expected == told(article(day, head=head))


def test_a_listing_date_goes_before_a_date_in_prose() -> None:
    assert told(article("2 февраля 2024 года", date_text="2024-02-05")) == ("2024-02-04", "listing", "2024-02-02")


def finish(*readings: extract.PageReading) -> dict[str, tuple[str, str, str]]:
    finished, _ = extract.finish(readings, Profile("site"), building.source())
    return {one.url[-1]: told(one) for one in finished if isinstance(one, Article)}


def test_a_date_in_prose_that_the_neighbours_speak_against_is_an_events() -> None:
    readings = [
        read("1 марта 2024 года", 1), read("3 марта 2019 года", 2), read("20 февраля 2024 года", 3),
        read("2 февраля 2024 года", 4),
    ]  # fmt: skip
    for order in permutations(readings):
        dated = finish(*order)
        assert dated["2"] == ("", "", "2019-03-03")
        assert [dated[name][1] for name in "134"] == ["prose"] * 3


@pytest.mark.parametrize(
    "days",
    [
        ["1 марта 2024 года", "25 января 2024 года", "20 февраля 2024 года"],  # within the slack
        ["1 января 2020 года", "3 марта 2022 года", "20 февраля 2024 года"],  # in no order of a list of news
        ["1 марта 2024 года", "3 марта 2019 года"],  # no neighbour below
    ],
)
def test_neighbours_that_say_nothing_change_nothing(days: list[str]) -> None:
    dated = finish(*(read(day, number) for number, day in enumerate(days, 1)))
    assert {one[1] for one in dated.values()} == {"prose"}


def test_a_date_the_page_states_is_not_asked_of_the_neighbours() -> None:
    old = PUBLISHED.replace("2024", "2019")
    dated = finish(read("1 марта 2024 года", 1), read("", 2, head=old), read("20 февраля 2024 года", 3))
    assert dated["2"][:2] == ("2019-02-20", "meta")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PUBLISHED + '<meta property="article:modified_time" content="2024-02-21T09:30:00+03:00">', datetime(2024, 2, 21, 6, 30, tzinfo=UTC)),
        (PUBLISHED + '<meta property="article:modified_time" content="2024-02-19">', None),  # before it was published
        ('<meta property="og:updated_time" content="2031-01-01">', None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2024-03-01"}</script>', datetime(2024, 2, 29, 21, tzinfo=UTC)),
        ("", None),
    ],
)  # fmt: skip
def test_when_a_page_says_it_was_changed(head: str, expected: datetime | None) -> None:
    assert expected == article("В феврале", head=head).modified


@pytest.mark.parametrize(
    ("head", "after", "authors", "sections"),
    [
        ('<meta property="article:section" content="Наука">', "", (), ("Наука",)),
        ('<script type="application/ld+json">{"@type": "Article", "articleSection": ["Город", "Наука"], "author": {"name": "Анна Лист"}}</script>',
         '<a rel="category tag" href="/c">Город</a><a rel="author" href="/a">Редакция</a>', ("Анна Лист",), ("Город", "Наука")),
        ("", '<a rel="tag category" href="/c">Порт</a> <a rel="author" href="/a">Пётр  Волна</a>', ("Пётр Волна",), ("Порт",)),
        ("", '<div itemprop="author"><b itemprop="name">Вера Роща</b>, собкор</div>', ("Вера Роща",), ()),
        ("", "", (), ()),
    ],
)  # fmt: skip
def test_authors_and_sections(head: str, after: str, authors: tuple[str, ...], sections: tuple[str, ...]) -> None:
    made = article("В феврале", head=head, after=after)
    assert (authors, sections) == (made.authors, made.sections)
