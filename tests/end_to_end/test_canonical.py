"""rel=canonical: believed where that page, on the same origin, tells the same, and asked for once."""

from __future__ import annotations

import pytest

from tests.collect.hostile import Site, reply
from tests.end_to_end.test_astray import FRONT, Town, _on_one_port, html

TEXT = (
    "Совет кластера собрался в четверг и обсудил план выставки, которая пройдёт осенью в Гавани на двух площадках.",
    "Участники договорились о совместных проектах и пригласили на встречу молодых инженеров из всех вузов города.",
    "Следующая встреча назначена на первое декабря, её проведут на Васильевском острове в испытательном центре.",
)
LISTING = html("Новости", more='<p><a class="n" href="/news/7/print">Выставка</a></p>')
MENU = "<ul><li>О нас</li><li>Контакты для прессы и партнёров кластера</li></ul>"


def page(canonical: str, *text: str, more: str = "") -> bytes:
    body = "".join(f"<p>{one}</p>" for one in text)
    head = f'<title>Выставка</title><link rel="canonical" href="{canonical}">'
    return reply(body=f"<html><head>{head}</head><body><h1>Выставка</h1>{body}{more}</body></html>".encode())


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.setattr(Site, "__aenter__", _on_one_port(Site.__aenter__))
    return Town(tmp_path)


def visited(town, canonical, main, times=1):
    routes = {"/robots.txt": reply(404), "/news/": LISTING, "/news/7/print": page(canonical, *TEXT), "/news/7/": main}
    for _ in range(times):
        report = town.visit(routes)
    urls = [item.article.url.partition("/news")[2] for item in town.look()[0].values()]
    return report, urls


def test_a_print_view_leads_to_the_article_it_names(town):
    main = page("/news/7/", *TEXT, more=MENU)
    report, urls = visited(town, "/news/7/", main)
    assert (report.new, urls) == (1, ["/7/"])
    again, urls = visited(town, "/news/7/", main, times=2)
    assert (again.new, again.changed, urls) == (0, 0, ["/7/"])


@pytest.mark.parametrize(
    ("canonical", "main"),
    [
        ("/news/7/", html("Кластер", *FRONT)),  # another text
        ("/news/7/", reply(404)),
        ("https://elsewhere.example/news/7/", page("/news/7/", *TEXT)),
        ("javascript:1", reply(404)),
        ("/", html("Кластер", *FRONT)),
        ("/news/7/print?utm_source=rss", reply(404)),
    ],
)
def test_a_hint_that_does_not_hold_is_not_followed(town, canonical, main):
    report, urls = visited(town, canonical, main)
    assert "/7/print" in urls
    assert "/7/" not in urls
    assert report.new == 1


def test_what_the_address_shows_is_asked_for_once(town):
    asked = []

    async def counting(request, writer):
        asked.append(request.path)
        writer.write(html("Кластер", *FRONT))

    visited(town, "/news/7/", counting)
    visited(town, "/news/7/", counting)
    assert len(asked) <= 2  # the second time for a correction, as any address
