"""Pages that are no article."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import replace

import pytest

from pipeline import extract
from pipeline.model import Link, Listing
from tests.extract import building

STORY = "Комитет сообщил, что новый маршрут откроется осенью, и показал, где встанут остановки. " * 3


@pytest.mark.parametrize(
    "title",
    ["404", "404 Not Found", "Страница не найдена", "Ошибка 404. Страница не найдена", "Page not found | City portal", "Доступ запрещён", "Just a moment...",
     "403 Forbidden", "Сайт временно недоступен", "Авторизация", "Sign in", "Вы не робот?", "Элемент не найден!", "Error 404 – page not found"],
)  # fmt: skip
def test_errors_in_disguise(title: str) -> None:
    reading = extract.read(
        building.page(building.html(title, "Попробуйте начать с главной страницы нашего сайта, пожалуйста.")),
        building.source(),
        None,
    )

    assert reading.refusal is not None
    assert reading.refusal.kind == "not-article"
    assert title in reading.refusal.detail


@pytest.mark.parametrize(
    "text",
    ["Fatal error: Uncaught mysqli_sql_exception: Too many connections in db.php:12 Stack trace: #0 {main}",
     "Warning: mysqli_connect(): (HY000/2002): Connection refused in connect.php on line 3, и больше на странице ничего",
     "Error establishing a database connection", "Ошибка подключения к базе данных. Попробуйте зайти позднее."],
)  # fmt: skip
def test_what_a_broken_site_prints_is_no_article(text: str) -> None:
    link = Link("https://site.test/news/1/", title="Кластер открыл цех")
    reading = extract.read(building.page(f"<html><body><p>{text}</p></body></html>".encode()), building.source(), link)

    assert reading.refusal is not None


@pytest.mark.parametrize(
    "title",
    [
        "404 километра дорог отремонтируют",
        "Вход в парк станет свободным",
        "Найдена страница древней летописи",
        "500 лет крепости",
        "Login of the sea: port opens gates",
    ],
)
def test_news_about_such_things(title: str) -> None:
    assert extract.read(building.page(building.html(title, STORY)), building.source(), None).refusal is None


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (b"%PDF-1.7 ...", {}, "document"), (b'{"news": []}', {}, "JSON"), (b"<?xml version='1.0'?><rss><channel/></rss>", {}, "feed"),
        (b"<p>x</p>", {"content-type": "application/pdf"}, "application/pdf"), (b"\x89PNG\r\n", {}, "picture"),
    ],
)  # fmt: skip
def test_other_documents(body: bytes, headers: dict[str, str], why: str) -> None:
    reading = extract.read(building.page(body, headers=headers), building.source(), None)

    assert reading.refusal is not None
    assert reading.refusal.kind == "not-article"
    assert why in reading.refusal.detail


@pytest.mark.parametrize("declared", ["text/html; charset=utf-8", "text/html; charset=windows-1251", "text/html"])
def test_bytes_that_are_no_text(declared: str) -> None:
    """A failing server sends noise as HTML; that the listing told a title makes no article of it."""
    link = Link("https://site.example/news/1", title="Новый маршрут по Неве")
    for seed in range(25):
        page = building.page(random.Random(seed).randbytes(3_000), headers={"content-type": declared})
        refusal = extract.read(page, building.source(), link).refusal
        assert refusal is not None
        assert (refusal.kind, refusal.detail) == ("not-article", "not HTML: bytes that are no text")


def test_a_stray_control_character_spoils_no_article() -> None:
    body = building.html("Новый маршрут", STORY.replace(" ", "\x0b ", 2))

    assert extract.read(building.page(body), building.source(), None).article is not None


def test_an_error_status() -> None:
    page = dataclasses.replace(building.page(building.html("Новый маршрут", STORY)), status=404)

    refusal = extract.read(page, building.source(), None).refusal

    assert refusal is not None
    assert (refusal.kind, refusal.detail) == ("not-article", "status 404")


def test_the_listing_itself() -> None:
    source = building.source(listings=(Listing("http://www.site.example/news/"),))

    refusal = extract.read(
        building.page(building.html("Новости", STORY), "https://site.example/news"), source, None
    ).refusal

    assert refusal is not None
    assert refusal.kind == "not-article"


def test_nothing_to_read() -> None:
    kinds = {}
    for name, body in {
        "empty": b"",
        "no text": "<h1>Заголовок есть</h1>".encode(),
        "no title": f"<p>{STORY}</p>".encode(),
    }.items():
        refusal = extract.read(building.page(body), building.source(), None).refusal
        assert refusal is not None
        kinds[name] = refusal.kind

    assert kinds == {"empty": "parse", "no text": "no-text", "no title": "no-title"}


LINKS = "".join(
    f'<p><a href="{place}">Новость номер {n} о том, как прошла встреча в четверг</a></p>'
    for n, place in enumerate(f"https://partner{number}.example/" for number in range(9))
)


def test_a_page_of_nothing_but_links_is_no_article() -> None:
    body = f"<html><head><title>Новости кластера</title></head><body><h1>Новости кластера</h1>{LINKS}</body></html>"
    refusal = extract.read(building.page(body), building.source(), None).refusal
    assert refusal is not None
    assert (refusal.kind, refusal.detail) == ("not-article", "nothing but links to other pages")


def test_an_article_that_ends_in_links_is_one() -> None:
    prose = "".join(
        f"<p>Абзац {n}. На встрече обсудили планы выставки и договорились о проектах.</p>" for n in range(6)
    )
    body = f"<html><head><title>Встреча</title></head><body><h1>Встреча</h1>{prose}{LINKS}</body></html>"
    assert extract.read(building.page(body), building.source(), None).article is not None


@pytest.mark.parametrize("reached", ["/", "/ru/", "/index.php", "/en"])
def test_an_address_that_leads_to_the_front_page_is_no_article(reached: str) -> None:
    prose = "<p>Кластер объединяет приборостроителей и помогает им выходить на новые рынки уже десять лет.</p>" * 3
    body = f"<html><head><title>Кластер</title></head><body><h1>Кластер</h1>{prose}</body></html>"
    there = building.page(body, "https://site.example" + reached)
    asked = replace(there, asked="https://site.example/news/1")
    assert extract.read(there, building.source(), None).article is not None
    refusal = extract.read(asked, building.source(), None).refusal
    assert refusal is not None
    assert refusal.detail == "leads to the home page"
