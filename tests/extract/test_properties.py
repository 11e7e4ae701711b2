"""Any bytes in: an article or a named refusal out, and legal text only."""

from __future__ import annotations

import pickle
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline import characters, extract
from pipeline.extract import dom
from pipeline.model import Article, Profile
from tests.extract import building
from tests.extract.test_pages import shown_words

TAGS = [
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "a",
    "img",
    "br",
    "b",
    "figure",
    "figcaption",
    "script",
    "title",
    "meta",
    "head",
    "body",
    "article",
    "time",
    "base",
    "select",
    "pre",
    "svg",
]
ATTRIBUTES = st.sampled_from(["", ' href="/x"', ' href="javascript:1"', ' src="a.jpg"', ' class="date"', ' style="display:none"',
                              ' datetime="2020-13-41"', ' lang="ru"', ' content="x" property="og:title"', " hidden", ' href="http://[::1"'])  # fmt: skip
WORDS = st.sampled_from(["Новость дня", "31 февраля 2020", "12.12.2012", "&#8;", "&#xD800;", "&#99999999;", "&nbsp;", "<!--", "]]>", "\x00", "\ufffe",
                         "\x1e", "Совет кластеров собрался в четверг и решил многое.", "a & b < c", "﷽", "e\u0301", "\u202e", "©"])  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 25))):
        tag = draw(st.sampled_from(TAGS))
        parts.append(draw(st.sampled_from([f"<{tag}{draw(ATTRIBUTES)}>", f"</{tag}>", draw(WORDS)])))
    return "".join(parts)


def check(reading: extract.PageReading) -> None:
    assert (reading.article is None) != (reading.refusal is None)
    assert pickle.loads(pickle.dumps(reading)) == reading
    if reading.article is None:
        return
    article = reading.article
    for text in (article.title, article.text, article.html, *article.authors, *(image.alt for image in article.images)):
        assert characters.legal(text) == text
    assert article.title
    assert article.text == characters.paragraphs(article.text) != ""
    assert article.text.split() == shown_words(article.html)
    if article.published is not None:
        assert article.published.at <= building.NOW + timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    check(extract.read(building.page(body), building.source(), None))


@settings(max_examples=150, deadline=None)
@given(pages(), st.sampled_from(["utf-8", "windows-1251", "utf-16", "koi8-r"]))
def test_any_markup(body: str, charset: str) -> None:
    page = building.page(body.encode(charset, errors="replace"))
    link = building.link(
        title="Новость с листинга", date_text="вчера", teaser="Совет кластеров собрался и решил многое, как всегда."
    )
    rule = {"title": "h1", "text": "div", "date": ".date", "drop": ["b"], "rewrite": [["е", ""]]}
    for reading in (
        extract.read(page, building.source(), link),
        extract.read(page, building.source(rules=[rule]), None),
    ):
        check(reading)
        finished, _ = extract.finish([reading, reading], Profile("site"), building.source())
        assert len(finished) == 2


HOSTILE = {
    "deep": "<div>" * 30_000 + "глубина",
    "attributes": "<p " + " ".join(f'a{n}="1"' for n in range(20_000)) + ">слова внутри тега с тысячами атрибутов</p>",
    "spaces in a tag": "<p" + " " * 1_000_000 + ">слова за тегом в миллион пробелов</p>",
    "breaks": "<p>" + "<br>" * 20_000 + "слова",
    "inline": "<b>" * 5_000 + "слова" + "</b>" * 5_000,
    "references": "&#8;" * 20_000,
    "unclosed": "<p>слово" * 3_000,
    "json-ld": '<script type="application/ld+json">' + "[" * 50_000 + "</script><h1>Заголовок</h1>",
    "headings": "".join(f"<h1>Заголовок {number}</h1>" for number in range(4_000))
    + "<p>слова под сотней заголовков</p>",
    "stamps": '<script type="application/ld+json">{"@type": "Article", "headline": ["", {"a": []}], "datePublished": ["x", null, {}, 9], '
    '"author": [[[]], {"name": [1, {}]}], "articleSection": {"x": 1}, "url": 3, "publisher": [7]}</script><h1>Заголовок</h1><p>слова и слова</p>',
    "srcset": "<h1>Заголовок</h1><p>слова</p><img srcset=', ,, a 1e9w, //[::1 3x, b.jpg .w,' width=99999999999 height=-1>",
    "addresses": "<base href='http://[::1'><link rel=canonical href='//'><h1>Заголовок</h1><p>слова <a href='http://a b/'>слова</a></p>",
    "word": f"<h1>Слово</h1><p>{'ы' * 300_000}</p>",
    "walls": "<h1>404</h1><p>" + "мы используем cookie, войдите, страница не найдена " * 60,
    "digits": "<h1>1</h1><p>" + "1.1.1.1.1.2020 " * 2_000,
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_pages(kind: str) -> None:
    check(extract.read(building.page(HOSTILE[kind]), building.source(), None))


PARTS = (
    st.sampled_from([b"<a ", b"<img ", b"<1 ", b"<", b">", b"</a>"])
    | st.integers(0, 1_500).map(lambda count: b'x="1" ' * count)
    | st.integers(0, 6_000).map(lambda count: b"q" * count)
)
TAG = re.compile(rb"<[a-zA-Z][^<>]*>")


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, max_size=12).map(b"".join))
def test_long_tags_are_shortened_wherever_they_stand(page: bytes) -> None:
    cleaned = dom.cleaned(page)

    assert TAG.sub(b"<>", cleaned) == TAG.sub(b"<>", page)
    for before, after in zip(TAG.findall(page), TAG.findall(cleaned), strict=True):
        assert (after == before) == (len(before) <= 4_000 or before.count(b'="1"') <= 80)
        assert len(after) <= 4_000 or after.count(b'="1"') <= 81


def test_an_element_tells_the_words_that_xpath_finds_in_it() -> None:
    from tests.extract.test_pages import CASES

    string, told = etree.XPath("string()"), 0
    for case in sorted(CASES.glob("*.html")):
        root = dom.parse(case.read_bytes())
        assert root is not None
        for place, element in enumerate(list(root.iter())):
            if place % 7 == 0:
                element.append(etree.Comment("note"))
                element[-1].tail = "после"
        for element in root.iter("*"):
            assert element.text_content() == string(element), case.name
            told += 1
    assert told > 300


@pytest.mark.parametrize("name", ["title-with-date", "table-and-lists", "json-ld"])
def test_reading_twice_gives_the_same(name: str) -> None:
    from tests.extract.test_pages import read

    first, second = read(name)[1], read(name)[1]

    assert isinstance(first.article, Article)
    assert first == second
