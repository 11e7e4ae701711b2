"""Which of a page's titles is the title."""

from __future__ import annotations

import json

import pytest

from pipeline import extract
from tests.extract import building

TEXT = (
    "Паром пришёл из соседней гавани рано утром, и встречали его с оркестром и детским хором.",
    "Обратно он уйдёт в понедельник.",
)


def titled(
    tag: str = "", h1: str = "", og: str = "", json_ld: str = "", listing: str = "", site: str = "", **source: object
) -> str:
    data = json.dumps({"@type": "NewsArticle", "headline": json_ld}) if json_ld else ""
    metas = "".join(
        f'<meta property="{name}" content="{value}">'
        for name, value in (("og:title", og), ("og:site_name", site))
        if value
    )
    paragraphs = "".join(f"<p>{text}</p>" for text in TEXT)
    body = f'<html><head><title>{tag}</title>{metas}<script type="application/ld+json">{data}</script></head><body>{f"<h1>{h1}</h1>" if h1 else ""}{paragraphs}</body></html>'
    reading = extract.read(
        building.page(body), building.source(**source), building.link(title=listing) if listing else None
    )
    assert reading.article is not None, reading.refusal
    return reading.article.title


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"json_ld": "Из разметки", "og": "Для соцсетей", "h1": "На странице", "listing": "Из списка", "tag": "Из тега"}, "Из разметки"),
        ({"og": "Для соцсетей", "h1": "На странице", "listing": "Из списка", "tag": "Из тега"}, "Для соцсетей"),
        ({"h1": "На странице", "listing": "Из списка", "tag": "Из тега"}, "На странице"),
        ({"listing": "Из списка", "tag": "Из тега"}, "Из списка"),
        ({"tag": "Из тега"}, "Из тега"),
        # A headline that only repeats <title> was written for search engines.
        ({"json_ld": "Паром порт расписание", "og": "Паром пришёл", "tag": "Паром порт расписание | Вести"}, "Паром пришёл"),
        ({"og": "Паром пришёл в порт ранним утром | Вести", "site": "Вести"}, "Паром пришёл в порт ранним утром"),
        ({"tag": "Вести гавани: Паром пришёл", "site": "Вести гавани"}, "Паром пришёл"),
        ({"og": "Паром пришёл в порт ранним ут...", "h1": "Паром пришёл в порт ранним утром"}, "Паром пришёл в порт ранним утром"),
        ({"og": "Паром пришёл в порт — Вести — 12.03.2020", "h1": "Паром пришёл в порт"}, "Паром пришёл в порт"),
        ({"tag": "ПАРОМ ПРИШЁЛ"}, "ПАРОМ ПРИШЁЛ"),
        ({"json_ld": "Паром &quot;Нева&quot; пришёл &amp; ушёл"}, 'Паром "Нева" пришёл & ушёл'),
        ({"tag": "Вести", "site": "Вести"}, "Вести"),
        ({"tag": "Паром пришёл - Вести гавани", "name": {"ru": "Вести гавани"}}, "Паром пришёл"),
    ],
)  # fmt: skip
def test_title(given: dict[str, object], expected: str) -> None:
    assert expected == titled(**given)  # type: ignore[arg-type]


def test_a_rules_title_wins() -> None:
    body = building.html("Заголовок", *TEXT).replace("<p>", "<div class='t'>По правилу</div><p>", 1)

    article = extract.read(building.page(body), building.source(rules=[{"title": ".t"}]), None).article

    assert article is not None
    assert article.title == "По правилу"


def test_the_logo_is_no_title() -> None:
    body = building.html("Паром пришёл", *TEXT, before="<h1><a href='/'>Порт</a></h1>").replace(
        "<title>Паром пришёл", "<title>Порт"
    )

    article = extract.read(building.page(body), building.source(), None).article

    assert article is not None
    assert article.title == "Паром пришёл"
