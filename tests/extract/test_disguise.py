"""Walls, error pages and lists that answer like articles; and stories about just such things, which must pass."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.extract import disguise
from tests.extract import building

CASES = json.loads((Path(__file__).parents[1] / "data/extract/disguises/walls.json").read_text(encoding="utf-8"))
TITLES = ["Порт принял первый паром", "В парке открыли оранжерею", "Завод показал новый ледокол", "Мост откроют в сентябре",
          "Музей ждёт гостей до ночи", "Совет кластера собрался", "Трамвай пошёл до гавани"]  # fmt: skip
TEASERS = ["Паром пришёл рано утром, на причале его встречали оркестр и хор портовых рабочих.",
           "Оранжерею строили три года, и поселились в ней пальмы, лимоны и два попугая.",
           "Ледокол спустят на воду в августе, а до того проверят все его машины и лебёдки.",
           "Рабочие уложили полотно и взялись за перила, осталось покрасить фонари и скамьи.",
           "Залы открыты с полудня, в полночь во дворе сыграет квартет студентов училища.",
           "Говорили о ценах на металл, о школе сварщиков и о том, кто поедет на выставку.",
           "Первый вагон вёл старейший вожатый парка, а билеты в этот день не спрашивали."]  # fmt: skip
STORY = "Рабочие закончили укладку полотна и взялись за перила, движение обещают пустить к началу учебного года. "


def read(body: str, url: str = "https://site.example/o-nas/hod-rabot") -> extract.PageReading:
    return extract.read(building.page(body, url), building.source(), None)


def rows(shape: str) -> str:
    """Seven items of a list; {n}, {title}, {teaser} and {day} stand in shape."""
    return "".join(
        shape.format(n=number, title=title, teaser=TEASERS[number], day=f"{number + 3:02d}.03.2024")
        for number, title in enumerate(TITLES)
    )


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("teaser", ["", "Совет кластера собрался в четверг и решил многое, а потом разошёлся."])
def test_walls_are_named_and_stories_pass(name: str, teaser: str) -> None:
    case = CASES[name]
    body = building.html(case["title"], *case["paragraphs"], before=case.get("before", ""), after=case.get("after", ""))
    link = building.link(title="Совет собрался", teaser=teaser)
    refusal = extract.read(building.page(body), building.source(), link).refusal

    if case["refused"]:
        assert refusal is not None
        assert refusal.kind == "not-article"
        assert case["refused"] in refusal.detail
    else:
        assert refusal is None


@pytest.mark.parametrize(
    "saying",
    ["Страница, которую вы ищете, не найдена", "Такой страницы у нас нет", "Ошибка 503 на сервере", "Этот материал не найден",
     "The requested URL could not be found", "This link no longer exists", "Page was not found", "We can't find that page",
     "Вы набрали неправильный адрес", "У вас устаревшая ссылка", "Войдите", "Авторизуйтесь", "Залогиньтесь, пожалуйста",
     "Зарегистрируйтесь", "Чтобы читать дальше, оформите подписку", "Для просмотра нужна регистрация", "Чтобы прочитать, нужна авторизация",
     "Для чтения воспользуйтесь входом", "Необходимо авторизоваться", "Нужно зарегистрироваться", "Материал доступен только своим",
     "Только для подписчиков", "Please sign in", "You must be logged in", "To continue, subscribe", "To read, please register",
     "Log in or register to read", "This article is available only to members", "For registered users only", "Members only",
     "Наш сайт использует файлы cookie", "На этом сайте используются куки", "Разрешите кукис", "We use cookies", "Accept all cookies",
     "Before you continue to the site", "We value your privacy"],
)  # fmt: skip
def test_each_saying_of_a_wall_is_known_in_any_case(saying: str) -> None:
    for said in (saying, saying.upper()):
        assert disguise.wall(said, password=False), said


@pytest.mark.parametrize(
    ("shape", "after"),
    [
        ("<div class='item'><h3><a href='/news/{n}/'>{title}</a></h3><span>{day}</span><p>{teaser}</p></div>", ""),
        ("<li><span class='date'>{day}</span><br><a href='/news/show?id={n}'>{title}</a><p>{teaser}</p></li>", ""),
        ("<article><h2><a href='https://site.example/posts/{n}-x'>{title}</a></h2><p>{teaser}</p></article>",
         "<a href='?page=2'>2</a> <a href='?page=3'>3</a>"),
        ("<p><a href='/posts/{n}'>{title}</a></p><p>{teaser}</p>", "<a rel='next' href='/posts/year/2024/2'>Далее</a>"),
        ("<ul><li><a href='/archive/{n}.html'>{title}, подробности на странице</a></li></ul>", ""),
    ],
)  # fmt: skip
def test_a_list_of_articles_is_none(shape: str, after: str) -> None:
    refusal = read(building.html("Ход работ", rows(shape), after=after)).refusal

    assert refusal is not None
    assert refusal.kind in ("not-article", "no-text")


@pytest.mark.parametrize(
    "body",
    [
        # a digest of the week: linked headings, no dates of their own, no pager
        rows("<h3><a href='/news/{n}/'>{title}</a></h3><p>{teaser}</p>"),
        # links to read also, between whole paragraphs
        rows(f"<p>{STORY * 3}</p><p>{STORY}</p><p>{STORY}</p><p><a href='/news/{{n}}/'>{{title}}</a></p>") + f"<p>{STORY}</p>",
        # a programme: days and names, nothing linked
        rows("<p>{day}</p><p>{title}. {teaser}</p>"),
        # documents at the end of a story
        f"<p>{STORY * 4}</p><ul>" + rows("<li><a href='/files/{n}.pdf'>{title}, приложение</a></li>") + "</ul>",
        # a story whose sentences are full of links
        rows("<p>{teaser} Об этом <a href='/news/{n}/'>рассказали в порту</a>. {teaser}</p>"),
    ],
)  # fmt: skip
def test_stories_with_many_links_pass(body: str) -> None:
    assert read(building.html("Ход работ", body)).refusal is None


def test_what_calls_itself_an_article_is_no_list() -> None:
    listed = rows("<div><h3><a href='/news/{n}/'>{title}</a></h3><span>{day}</span><p>{teaser}</p></div>")
    head = "<meta property='article:published_time' content='2024-03-01'>"

    assert read(building.html("Итоги недели", listed)).refusal is not None
    assert read(building.html("Итоги недели", listed, head=head)).refusal is None


@pytest.mark.parametrize(
    ("asked", "reached", "refused"),
    [
        ("/news/17/", "/", True), ("/news/17/", "/en/", True), ("/news/17/", "/index.php", True), ("/news/17/", "/404/", True),
        ("/news/17/", "/site/login?back=17", True), ("/news/17/", "/page-not-found.html", True),
        ("/news/17/", "/news/17-port", False), ("/", "/ru/", False), ("/news/17/", "/?news=17", False),
        ("/login/", "/ru/login/", False), ("/news/17/", "/news/404-trams", False),
    ],
)  # fmt: skip
def test_where_a_redirect_leads(asked: str, reached: str, refused: bool) -> None:
    host = "https://site.example"
    page = dataclasses.replace(building.page(building.html("Мост откроют", STORY), host + reached), asked=host + asked)
    refusal = extract.read(page, building.source(), None).refusal

    assert (refusal is not None) == refused
    assert refusal is None or "leads to" in refusal.detail
