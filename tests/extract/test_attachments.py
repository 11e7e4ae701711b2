"""Documents of an article: which links are, what type and size the page tells, and which stand there for the site."""

from __future__ import annotations

import pytest

from pipeline import extract
from pipeline.model import DOCUMENT_TYPES, Article, Attachment, Profile
from tests.extract import building

PROSE = "На заседании совета кластеров обсудили план выставки и договорились о совместных проектах на следующий год."
SIDE = '<div class="sidebar"><a href="/ustav.pdf">Устав</a></div><footer><a href="/policy.pdf">Политика</a></footer>'


def page(inside: str, below: str = "", number: int = 1) -> str:
    prose = f"<p>{PROSE} {number}</p><p>Вторая часть новости номер {number}. {PROSE} {inside}</p><p>Итоги {number}.</p>"
    return (
        f'<html><head><title>Новость {number}</title></head><body><div class="top"><a href="/price.pdf">Прайс</a></div>'
        f'<div id="main"><h1>Новость {number}</h1><div class="text">{prose}</div>{below}</div>{SIDE}</body></html>'
    )


def read(inside: str, below: str = "", number: int = 1) -> extract.PageReading:
    url = f"https://site.example/news/{number}"
    return extract.read(building.page(page(inside, below, number), url), building.source(), building.link(url))


def attached(inside: str, below: str = "") -> tuple[Attachment, ...]:
    made = read(inside, below).article
    assert made is not None
    return made.attachments


@pytest.mark.parametrize(
    ("html", "kind", "title", "size"),
    [
        ('<a href="/f/p.pdf">Программа</a> (PDF, 1,2 МБ)', "pdf", "Программа", 1258291),
        ('<a href="/f/p.pdf">Программа (PDF, 1,2 МБ)</a>', "pdf", "Программа", 1258291),
        ('<a href="/f/p.PDF">Programme</a> (340 KB)', "pdf", "Programme", 348160),
        ('<a href="/f/p.docx">Положение</a> [docx, 2 045 Кб]', "docx", "Положение", 2094080),
        ('<a href="/f/p.xlsx">Список участников</a>', "xlsx", "Список участников", None),
        ('<a href="/get.php?file=p.zip">Скачать</a>', "zip", "p.zip", None),
        ('<a href="/f/%D0%A4%D0%BE%D1%80%D1%83%D0%BC.odt">PDF</a>', "odt", "Форум.odt", None),
        ('<a href="/download/12">Презентация (PPTX, 12.5 Mb)</a>', "pptx", "Презентация", 13107200),
        ('<a href="/x/7" type="application/pdf">Резолюция</a>', "pdf", "Резолюция", None),
        ('<a href="/x/7" download="r.doc">Резолюция</a>', "doc", "Резолюция", None),
        ('<a href="/f/p.rtf" title="Устав премии (RTF, 15 KB)">здесь</a>', "rtf", "Устав премии", 15360),
        ('<a href="/f/p.7z">Архив</a>, длина 5 м, 2024 г', "7z", "Архив", None),
    ],
)
def test_what_the_page_tells_of_a_document(html: str, kind: str, title: str, size: int | None) -> None:
    (one,) = attached(html)
    assert (one.type, one.title, one.size) == (DOCUMENT_TYPES[kind], title, size)


@pytest.mark.parametrize(
    "html",
    ['<a href="/news/pdf">PDF</a>', '<a href="/pic.jpg">Фото (1 МБ)</a>', '<a href="javascript:x.pdf">x</a>',
     '<a href="/news/2">Отчёт в PDF</a>', '<a href="http://[x.pdf">x</a>', '<a href="mailto:a@b.pdf">x</a>'],
)  # fmt: skip
def test_other_links_are_none(html: str) -> None:
    assert attached(html) == ()


def test_menus_margins_and_footers_hand_out_nothing() -> None:
    assert [one.url for one in attached('<a href="/own.pdf">Своё</a>')] == ["https://site.example/own.pdf"]


def test_a_list_of_files_below_the_text_is_the_article_s() -> None:
    below = (
        '<div class="docs"><h3>Документы</h3><ul><li><a href="/a.docx"><img src="/word.png"></a>'
        '<a href="/a.docx">Положение</a> <span>340 КБ</span></li><li><a href="/b.pdf">Смета</a></li></ul></div>'
        f"<p>{PROSE} Совсем другое, о чём эта страница не говорит.</p><div><a href='/far.pdf'>Далеко</a></div>"
    )
    told = [(one.title, one.size) for one in attached("", below)]
    assert told[:2] == [("Положение", 348160), ("Смета", None)]


def test_two_links_to_one_document_are_one() -> None:
    one = attached('<a href="/f/p.pdf">Скачать</a> и <a href="/f/p.pdf">Программа форума</a> (1 МБ)')
    assert one == (Attachment("https://site.example/f/p.pdf", "Программа форума", "application/pdf", 1024**2),)


def test_what_every_page_offers_in_the_same_words_is_the_site_s() -> None:
    below = '<div class="docs"><a href="/same.pdf">Реквизиты</a></div>'
    own = '<a href="/own-{}.pdf">Программа {}</a>'
    readings = [read(own.format(n, n), below, n) for n in (1, 2)]
    made, _ = extract.finish(readings, Profile("site"), building.source())
    assert [[one.title for one in each.attachments] for each in made if isinstance(each, Article)] == [
        ["Программа 1"], ["Программа 2"],
    ]  # fmt: skip


def test_there_are_at_most_fifty() -> None:
    assert len(attached("".join(f'<a href="/f/{n}.pdf">Файл номер {n}</a> ' for n in range(80)))) == 50
