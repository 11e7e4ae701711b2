"""What pages of one source teach about each other."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import extract
from pipeline.model import Article, Profile, Source
from tests.extract import building

STORIES = (
    ("Порт принял первый паром", "Паром пришёл из соседней гавани рано утром, и встречали его с оркестром и детским хором.",
     "На борту было двести пассажиров, большинство приехало на выставку яхт."),
    ("В парке открыли оранжерею", "Оранжерею строили три года, в ней поселились пальмы и тропические бабочки из четырёх стран.",
     "Вход для школьников свободный до самого конца учебного года."),
    ("Завод покажет новый ледокол", "Ледокол спустят на воду в августе, и посмотреть на это сможет каждый желающий горожанин.",
     "Экскурсии начнутся за неделю, записаться на них можно на сайте завода."),
)  # fmt: skip
ABOUT = (
    "Портал основан городскими кластерами и рассказывает о промышленности, науке и туризме каждый рабочий день недели."
)


def reading(
    number: int, *extra: str, url: str = "", title: str = "", source: Source | None = None, head: str = ""
) -> extract.PageReading:
    headline, *paragraphs = STORIES[number]
    body = building.html(title or headline, *paragraphs, *extra, head=head)
    page = building.page(body, url or f"https://site.example/news/{number}")
    return extract.read(page, source or building.source(), None)


def finish(
    *readings: extract.PageReading, profile: Profile | None = None, source: Source | None = None
) -> tuple[list[Article], Profile]:
    finished, learned = extract.finish(readings, profile or Profile("site"), source or building.source())
    articles = [one for one in finished if isinstance(one, Article)]
    assert len(articles) == len(readings)
    return articles, learned


def test_a_line_two_pages_share_is_dropped_from_text_and_html() -> None:
    articles, _ = finish(
        reading(0, "Подробности <b>у пресс-службы</b> портала", ABOUT),
        reading(1, "Подробности у пресс-службы портала", ABOUT),
    )

    assert [article.text.split("\n") for article in articles] == [list(STORIES[0][1:]), list(STORIES[1][1:])]
    assert articles[0].dropped == ("Подробности у пресс-службы портала", ABOUT)
    assert "пресс-службы" not in articles[0].html
    assert "детским хором" in articles[0].html


def test_one_page_alone_keeps_everything() -> None:
    (article,), _ = finish(reading(0, ABOUT))

    assert article.text.split("\n") == [*STORIES[0][1:], ABOUT]
    assert article.dropped == ()


def test_what_earlier_passes_saw_counts() -> None:
    _, learned = finish(reading(0, ABOUT))

    (article,), _ = finish(reading(1, ABOUT), profile=learned)

    assert article.dropped == (ABOUT,)


def test_the_same_release_twice_keeps_its_text() -> None:
    articles, _ = finish(reading(0, ABOUT), reading(0, ABOUT, url="https://site.example/press/9"))

    assert [article.text.split("\n")[:2] for article in articles] == [list(STORIES[0][1:])] * 2


def test_the_same_release_under_another_title_keeps_its_text() -> None:
    other = reading(
        0,
        "Добавлено вечером: паром останется в порту до понедельника.",
        url="https://site.example/press/9",
        title="Паром у причала",
    )
    articles, _ = finish(reading(0), other)

    assert articles[0].text.split("\n") == list(STORIES[0][1:])
    assert articles[1].text.split("\n")[:2] == list(STORIES[0][1:])


def test_a_self_description_longer_than_the_news_is_dropped_once_it_stands_on_many_pages() -> None:
    short = [
        reading(number, ABOUT, ABOUT.upper() + " Читайте нас.", url=f"https://site.example/s/{number}")
        for number in range(3)
    ]
    last = extract.read(
        building.page(building.html("Мост закрыт на ночь", "Мост закрыт на ночь из-за ремонта.", ABOUT, ABOUT.upper() + " Читайте нас."),
                      "https://site.example/s/4"), building.source(), None,
    )  # fmt: skip
    articles, _ = finish(*short, last)

    assert articles[3].text == "Мост закрыт на ночь из-за ремонта."


def test_a_teaser_of_the_article_on_another_page_is_no_sibling_line() -> None:
    # The other page lists this article: its title and its first sentence.
    other = reading(1, "Другие новости портала:", STORIES[0][0], STORIES[0][1])
    articles, _ = finish(reading(0), other)

    assert articles[0].text.split("\n") == list(STORIES[0][1:])


def test_language_versions_are_no_siblings() -> None:
    # Both pages print the same untranslated line.
    source = building.source(versions=[{"swap": ["/en/news/", "/news/"]}])
    quote = "“Навстречу морю!” — a motto that nobody has ever managed to translate into any other language."
    versions = (
        reading(0, quote, url="https://site.example/news/7", source=source),
        reading(1, quote, url="https://site.example/en/news/7", source=source),
    )
    articles, _ = finish(*versions, source=source)

    assert [article.dropped for article in articles] == [(), ()]
    strangers, _ = finish(reading(0, quote), reading(1, quote))
    assert [article.dropped for article in strangers] == [(quote,), (quote,)]


def test_versions_with_one_id_are_no_siblings() -> None:
    source = building.source(versions=[{"same_id": r"/news/(\d+)/?$"}])
    quote = "“Навстречу морю!” — a motto that nobody has ever managed to translate into any other language."
    articles, _ = finish(
        reading(0, quote, url="https://site.example/ru/news/7/", source=source),
        reading(1, quote, url="https://en.site.example/section/news/7", source=source),
        source=source,
    )

    assert [article.dropped for article in articles] == [(), ()]


def test_the_order_of_pages_does_not_matter() -> None:
    pages = [reading(0, ABOUT), reading(1, ABOUT), reading(2, "Телефон прежний")]
    results = []
    for order in permutations(pages):
        articles, learned = finish(*order)
        results.append((sorted(articles, key=lambda article: article.url), learned, list(learned.pages)))

    assert all(result == results[0] for result in results)


def test_a_profile_does_not_grow_for_ever() -> None:
    learned = Profile("site")
    for number in range(50):
        _, learned = finish(reading(number % 3, url=f"https://site.example/n/{number}"), profile=learned)

    assert len(learned.pages) == 40


def test_a_suffix_that_titles_share_is_the_sites_name() -> None:
    titles = [f"{story[0]} — Вести гавани" for story in STORIES]
    articles, learned = finish(*(reading(number, title=title) for number, title in enumerate(titles)))

    assert [article.title for article in articles] == [story[0] for story in STORIES]
    assert learned.title_suffix == {" — Вести гавани": 3}


def test_one_title_with_a_dash_is_left_alone() -> None:
    (article,), _ = finish(reading(0, title="Паром пришёл — порт ликует"))

    assert article.title == "Паром пришёл — порт ликует"


def test_lines_in_lists_cells_and_divided_paragraphs_are_dropped_cleanly() -> None:
    extra = "<ul><li>общая строка списка<br>своя строка номер {0}</li><li>вторая общая строка</li></ul><table><tr><td>Телефон</td><td>{0}-11</td></tr><tr><td>Почта</td><td>общий ящик</td></tr></table>"
    articles, _ = finish(reading(0, extra.format(10)), reading(1, extra.format(20)))

    assert articles[0].dropped == ("вторая общая строка", "Телефон", "Почта", "общий ящик")
    html = articles[0].html.replace("\n", "")
    assert "<li>общая строка списка<br>своя строка номер 10</li></ul>" in html
    assert "<table><tbody><tr><td></td><td>10-11</td></tr></tbody></table>" in html
    assert "Почта" not in articles[0].html


LINES = st.lists(
    st.sampled_from([*STORIES[2][1:], ABOUT, "Поделиться с другом", "Текст Анны Морозовой", "Да"]), max_size=6
)


@settings(max_examples=25, deadline=None)
@given(LINES, LINES)
def test_an_article_is_never_emptied(first: list[str], second: list[str]) -> None:
    articles, _ = finish(reading(0, *first), reading(1, *second))

    for article in articles:
        assert article.text
        assert not set(article.dropped) & set(article.text.split("\n"))


LOGO, PHOTO = "https://site.example/upload/anniversary.jpg", "https://site.example/upload/{}.jpg"


def pictured(number: int, *pictures: str, og: str = "", after: str = "") -> extract.PageReading:
    headline, *paragraphs = STORIES[number % len(STORIES)]
    shown = "".join(f"<figure><img src='{url}'><figcaption>Подпись {number}</figcaption></figure>" for url in pictures)
    head = f"<meta property='og:image' content='{og}'>" if og else ""
    body = building.html(f"{headline} {number}", paragraphs[0] + f" Выпуск {number}.", shown, paragraphs[1] + f" {number}.",
                         head=head, after=after)  # fmt: skip
    return extract.read(building.page(body, f"https://site.example/news/{number}"), building.source(), None)


def test_a_picture_that_a_sources_articles_share_is_the_sites() -> None:
    articles, learned = finish(*(pictured(number, LOGO, PHOTO.format(number), og=LOGO) for number in range(4)))

    assert [[image.url for image in article.images] for article in articles] == [[PHOTO.format(n)] for n in range(4)]
    assert all(
        "anniversary" not in article.html and PHOTO.format(n) in article.html for n, article in enumerate(articles)
    )
    assert all(article.html.count("<figure>") == article.html.count("<figcaption>") == 1 for article in articles)
    (late,), _ = finish(pictured(7, LOGO, PHOTO.format(7)), profile=learned)  # what earlier passes saw counts
    assert [image.url for image in late.images] == [PHOTO.format(7)]


def test_a_picture_that_serves_a_few_articles_stays() -> None:
    three, _ = finish(*(pictured(number, LOGO) for number in range(3)))
    assert [len(article.images) for article in three] == [1, 1, 1]
    many, _ = finish(*(pictured(number, LOGO if number < 4 else PHOTO.format(number)) for number in range(24)))
    assert all(len(article.images) == 1 for article in many)


def test_a_picture_beside_teasers_on_other_pages_stays_the_articles() -> None:
    teaser = (
        f"<div><a href='/news/0'><img src='{PHOTO.format(0)}'></a><a href='/news/0'>Новость с фотографией</a></div>"
    )
    articles, _ = finish(
        pictured(0, PHOTO.format(0)), *(pictured(n, PHOTO.format(n), after=teaser) for n in range(1, 6))
    )

    assert [[image.url for image in article.images] for article in articles] == [[PHOTO.format(n)] for n in range(6)]
