"""A page with a Russian and an English text, one after the other, gives two articles."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import address, extract, language
from pipeline.extract import twofold
from pipeline.model import Article, Profile
from tests.extract import building

URL = "https://forum.example/en/news/laboratories/"
ENGLISH = (
    "The organisers of the innovation forum have published the list of laboratories that will open their doors to guests.",
    "Eleven laboratories take part this year, among them the centre for water analysis and the workshop of optical glass.",
    "Guests register on the site of the forum, and the tours begin each morning at the main entrance of the pavilion.",
)
RUSSIAN = (
    "Организаторы инновационного форума опубликовали список лабораторий, которые откроют свои двери для гостей.",
    "В этом году участвуют одиннадцать лабораторий, среди них центр анализа воды и мастерская оптического стекла.",
    "Гости регистрируются на сайте форума, а экскурсии начинаются каждое утро у главного входа в павильон.",
)
TITLES = ("Forum guests will see eleven laboratories", "Гости форума увидят одиннадцать лабораторий")


def read(*paragraphs: str, title: str = TITLES[0], **more: str) -> extract.PageReading:
    return extract.read(building.page(building.html(title, *paragraphs, **more), URL), building.source(), None)


def both(reading: extract.PageReading) -> tuple[Article, Article]:
    made = [part.article for part in extract.parts(reading)]
    assert len(made) == 2
    assert all(made)
    return made[0], made[1]


@pytest.mark.parametrize("heading", ["<b>{}</b>", "{}"])
@pytest.mark.parametrize("english_first", [True, False])
def test_two_texts_are_two_articles(heading: str, english_first: bool) -> None:
    blocks = [(TITLES[0], ENGLISH), (TITLES[1], RUSSIAN)]
    (title, first), (other, second) = blocks if english_first else reversed(blocks)
    leading, following = both(read(*first, heading.format(other), *second, title=title))

    assert (title, other) == (leading.title, following.title)
    assert (list(first), list(second)) == (leading.text.split("\n"), following.text.split("\n"))
    codes = ("en", "ru") if english_first else ("ru", "en")
    assert codes == tuple(language.identify(article).code for article in (leading, following))
    assert second[0] not in leading.html
    assert first[0] not in following.html
    assert second[0] in following.html


def test_they_declare_each_other_and_keep_their_addresses_apart() -> None:
    leading, following = both(read(*ENGLISH, *RUSSIAN))

    assert (leading.url, following.url) == (URL, URL + "#language-ru")
    assert address.article_id(leading.url) == address.article_id(URL)
    assert address.article_id(following.url) != address.article_id(URL)
    assert [(a.url, a.language, a.evidence) for a in leading.alternates] == [(URL + "#language-ru", "ru", "page")]
    assert [(a.url, a.language, a.evidence) for a in following.alternates] == [(URL, "en", "page")]
    # The page says lang="ru" and its address says /en/: each keeps what is true of it.
    assert (leading.declared, following.declared) == ({"address": "en"}, {"html": "ru"})


def test_the_plain_address_belongs_to_the_text_in_the_titles_language() -> None:
    leading, following = both(read(*RUSSIAN, *ENGLISH))

    assert leading.text.split("\n") == list(ENGLISH)
    assert following.url == URL + "#language-ru"
    assert following.title == RUSSIAN[0].rstrip(".")


def test_a_title_in_both_languages_is_shared_out() -> None:
    leading, following = both(read(*ENGLISH, *RUSSIAN, title=" / ".join(TITLES)))

    assert set(TITLES) == {leading.title, following.title}
    assert following.title == {"ru": TITLES[1], "en": TITLES[0]}[language.identify(following).code]


ALTERNATING = tuple(chain.from_iterable(zip(ENGLISH, RUSSIAN, strict=True)))


@pytest.mark.parametrize(
    "paragraphs",
    [
        ENGLISH, RUSSIAN, ALTERNATING, (*RUSSIAN, *RUSSIAN, ENGLISH[0]),
        (*RUSSIAN, "Das Forum zeigt elf Laboratorien, darunter ein Zentrum zur Analyse von Wasser. " * 4),
        (*RUSSIAN, "Компания Granit Instruments Rus, Iskra Optika и Ladoga Water Systems покажет приборы GasFly и SeismoTech."),
    ],
    ids=["english", "russian", "alternating", "a quotation", "german", "names"],
)  # fmt: skip
def test_other_pages_stay_one_article(paragraphs: tuple[str, ...]) -> None:
    reading = read(*paragraphs)

    assert reading.article is not None
    assert reading.also == ()
    assert reading.article.url == URL


TICKETS = (
    "Билеты на форум продаются в кассах павильона и на сайте с понедельника; школьники и студенты проходят бесплатно, "
    "а для групп больше десяти человек организаторы назначают отдельное время и дают проводника."
)


def test_siblings_of_both_lose_the_sites_lines_and_nothing_else() -> None:
    line = (
        "Оргкомитет форума отвечает на вопросы журналистов по будням с десяти до шести часов по телефону пресс-центра."
    )
    twofold_page = read(*ENGLISH, *RUSSIAN, line)
    other = extract.read(
        building.page(building.html("Билеты", TICKETS, line)),
        building.source(), None,
    )  # fmt: skip
    readings = [part for reading in (twofold_page, other) for part in extract.parts(reading)]
    finished, profile = extract.finish(readings, Profile("site"), building.source())

    texts = [article.text.split("\n") for article in finished if isinstance(article, Article)]
    assert [list(ENGLISH), list(RUSSIAN), [TICKETS]] == texts
    assert len(profile.pages) == 2


LINES = st.lists(st.sampled_from([*ENGLISH, *RUSSIAN, "2018", "—", "Forum / Форум"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(LINES, st.lists(st.sampled_from([*TITLES, "Forum / Форум", "28", ""]), min_size=1, max_size=3))
def test_sides_are_whole_and_apart(lines: list[str], titles: list[str]) -> None:
    sides = twofold.split(lines, titles)

    if sides is None:
        return
    first, second = sorted(sides, key=lambda side: side.start)
    assert 0 <= first.start < first.end <= second.start < second.end == len(lines)
    assert {"ru", "en"} == {first.language, second.language}
    assert all(side.title for side in sides)
