"""Where a source's articles stand: learned from whole readings, gone to directly, given up on any doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline import extract
from pipeline.extract import dom, layout
from pipeline.model import Article, FetchedPage, Layout
from tests.extract import building

SOURCE = building.source()
_MENU = "<nav><ul><li><a href='/a/'>О кластере</a></li><li><a href='/b/'>Участники</a></li></ul></nav>"
_PLACES = ("порту", "музее", "парке", "районе", "городе")


def _text(number: int, part: int) -> str:
    return (
        f"Участники встречи номер {number} осмотрели причал {number * 7 + part} и договорились о поставке {part + 3} кранов "
        f"для новой линии в {_PLACES[(number + part) % 5]}; работы начнутся через {number + part + 2} недель."
    )


def page(number: int, *, around: str = "news-text", extra: str = "") -> FetchedPage:
    """A page of the site's template."""
    words = "".join(f"<p>{_text(number, part)}</p>" for part in range(3))
    body = (
        f"<!DOCTYPE html><html lang='ru'><head><meta charset='utf-8'><title>Новость {number} порта</title></head>"
        f"<body>{_MENU}<main><h1>Новость {number} порта</h1><div class='date'>{number % 28 + 1}.02.2024</div>"
        f"<div class='{around}'>{words}{extra}</div><div class='tags'>Теги: порт</div></main><footer>© 2024 Порт</footer></body></html>"
    )
    return building.page(body, url=f"https://site.example/news/{number}")


def proven() -> tuple[Layout, ...]:
    """What ten pages of the template teach."""
    readings = [extract.read(page(number), SOURCE, None, learn=True) for number in range(10)]
    return extract.learned((), [(one.layout, one.lesson) for one in readings])


@pytest.fixture(scope="module")
def layouts() -> tuple[Layout, ...]:
    return proven()


def by_layout(shown: FetchedPage, layouts: tuple[Layout, ...]) -> bool:
    """Whether a page is read by a layout; in both ways it has to give the same article."""
    reading, whole = extract.read(shown, SOURCE, None, layouts), extract.read(shown, SOURCE, None)
    assert isinstance(reading.article, Article)
    assert isinstance(whole.article, Article)
    assert replace(reading.article, made_by="") == replace(whole.article, made_by="")
    return reading.layout is not None


def test_pages_of_one_template_teach_where_title_and_text_stand(layouts: tuple[Layout, ...]) -> None:
    (found,) = layouts
    assert (found.region, found.body) == ("html>body>main", "body>main>div.news-text")
    assert (found.kept, found.pages, found.failed) == (("p",), 10, 0)
    assert layout.serves(found)


def test_a_further_page_of_the_template_is_read_there(layouts: tuple[Layout, ...]) -> None:
    assert by_layout(page(77), layouts)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(page(77, around="story"), id="another template"),
        pytest.param(
            page(77, extra="<table><tr><td>1</td><td>2</td></tr></table>"), id="what was never seen in the text"
        ),
        pytest.param(
            page(77, extra="<div class='news-text'><p>Ещё один такой же блок на странице.</p></div>"), id="twice"
        ),
        pytest.param(page(77, extra="<p>" + _text(77, 9) * 40 + "</p>"), id="far longer than any"),
        pytest.param(page(3), id="a text there was already"),
    ],
)
def test_a_doubtful_page_is_read_as_a_whole(layouts: tuple[Layout, ...], shown: FetchedPage) -> None:
    assert not by_layout(shown, layouts)


def test_a_page_that_is_none_is_refused_by_the_whole_reading(layouts: tuple[Layout, ...]) -> None:
    gone = building.page(
        "<html><body><main><h1>404</h1><div class='news-text'><p>Страница не найдена</p></div></main></body></html>"
    )
    assert extract.read(gone, SOURCE, None, layouts) == replace(
        extract.read(gone, SOURCE, None), lesson=None
    )  # fmt: skip


def test_one_page_in_so_many_is_read_as_a_whole_all_the_same(layouts: tuple[Layout, ...]) -> None:
    sampled = next(number for number in range(20, 1000) if layout.is_sample(page(number).url))
    reading = extract.read(page(sampled), SOURCE, None, layouts)
    assert reading.layout is None
    assert reading.lesson is not None
    assert (reading.lesson.pages, reading.lesson.failed) == (1, 0)


def test_a_layout_that_gives_something_else_is_given_up(layouts: tuple[Layout, ...]) -> None:
    (good,) = layouts
    wrong = replace(good, pages=0, failed=1)
    doubted = extract.learned(layouts, [(None, wrong)] * 2)
    assert not any(layout.serves(one) for one in doubted)
    assert extract.learned(layouts, [(None, wrong)] * 4) == ()


def test_a_layout_no_page_has_any_more_is_forgotten(layouts: tuple[Layout, ...]) -> None:
    other = replace(layouts[0], body="body>main>div.story")
    left = extract.learned(layouts, [(other, None)] * 150)
    assert layouts[0].body not in {one.body for one in left}


def test_the_operators_own_rule_goes_before_any_layout(layouts: tuple[Layout, ...]) -> None:
    ruled = building.source(rules=[{"text": "div.news-text"}])
    reading = extract.read(page(77), ruled, None, layouts)
    assert reading.article is not None
    assert reading.article.made_by == "rule 1"


_STEP = st.from_regex(r"(?:div|p|main|body|html)(?:[#.][a-z]{1,8}){0,2}", fullmatch=True)
_PLACE = st.lists(_STEP, min_size=1, max_size=3).map(">".join)


@given(st.builds(
    Layout, _PLACE, _PLACE, st.lists(_PLACE, max_size=3).map(tuple), st.lists(_PLACE, max_size=3).map(tuple),
    st.integers(8, 50), shortest=st.integers(0, 500), longest=st.integers(0, 9000),
))  # fmt: skip
def test_whatever_was_learned_no_page_is_lost(learned: Layout) -> None:
    reading = extract.read(page(5), SOURCE, None, (learned,))
    assert reading.article is not None


def test_what_is_around_lines_of_which_one_holds_another() -> None:
    body = html.document_fromstring("<body><div id='x'><p>1</p></div><p id='y'>2</p></body>").find("body")
    outer, first, beside = body.find("div"), body.find("div/p"), body.find("p")
    assert dom.around([first, outer]) is outer
    assert dom.around([first, beside, outer]) is body  # whichever of the two that stand side by side comes last
    assert dom.around([first, outer, beside]) is body
    assert dom.around([first]) is outer
    assert dom.around([]) is None
