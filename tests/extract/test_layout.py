"""Where a source's articles stand: learned from whole readings, gone to directly, given up on any doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline import extract
from pipeline.extract import dom, layout
from pipeline.extract.blocks import line_hash
from pipeline.extract.walk import blocks_of
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


def test_what_other_pages_carry_too_does_not_tell_where_a_text_stands() -> None:
    text = "".join(f"<p>{_text(1, part)}</p>" for part in range(3))
    body = (
        f"<body><div class='banner'><p>Мы используем файлы cookie.</p></div><h1>Порт</h1>"
        f"<div class='story'>{text}</div><div class='plan'><p>Спланируйте встречу в порту.</p></div></body>"
    )
    blocks = blocks_of(html.document_fromstring(body), "https://site.example/")
    places = [place for place, block in enumerate(blocks) if block.element.tag == "p"]
    shared = {blocks[places[0]].hash(), blocks[places[-1]].hash()}
    wide, narrow = (layout.taught(blocks, places, None, lambda own: own, common) for common in (frozenset(), shared))
    assert (wide and wide.body, narrow and narrow.body) == ("html>body", "html>body>div.story")
    assert narrow is not None
    assert narrow.longest == sum(len(_text(1, part)) for part in range(3))


def test_a_reading_without_what_pages_share_proves_the_layout_of_a_page() -> None:
    def shown(number: int) -> FetchedPage:
        text = "".join(f"<p>{_text(number, part)}</p>" for part in range(3))
        return building.page(
            f"<html lang='ru'><head><title>Новость {number} порта</title></head><body><div><p>{_BANNER}</p></div>"
            f"<div class='a'><h1>Новость {number} порта</h1><div class='b'>{text}</div></div></body></html>",
            url=f"https://site.example/news/{number}",
        )

    readings = [extract.read(shown(number), SOURCE, None, learn=True) for number in range(4)]
    common = extract.repeated((), [one.lines for one in readings])
    assert line_hash(_BANNER) in common
    taught = extract.read(shown(7), SOURCE, None, learn=True, common=common).lesson
    assert taught is not None
    assert (taught.body, taught.pages, taught.failed) == ("body>div.a>div.b", 1, 0)


_BANNER = (
    "Мы используем файлы cookie, чтобы сайт работал лучше; оставаясь на нём, вы соглашаетесь с этим порядком вещей."
)


def test_lines_are_compared_only_while_no_layout_serves(layouts: tuple[Layout, ...]) -> None:
    pages = [("menu", "one"), ("menu", "two"), ("menu", "three", "three")]
    assert extract.repeated((), pages) == {"menu"}
    assert extract.repeated(layouts, pages) == frozenset()
    assert extract.repeated([replace(one, idle=9) for one in layouts], pages) == {"menu"}


@pytest.mark.parametrize("code", [0, 8, 11, 31, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000])
def test_illegal_references_go_however_they_are_written(code: int) -> None:
    for written in (f"&#{code};", f"&#{code:07d};", f"&#x{code:x};", f"&#X{code:06X};"):
        assert dom.cleaned(f"<p>a{written}b</p>".encode()) == b"<p>a b</p>"


def test_a_page_with_nothing_to_mend_is_not_copied() -> None:
    body = "<p>a&#39;b&#x27;&#8212;&#x1F600;&amp;#8;\r\n\tпорт</p>".encode()
    assert dom.cleaned(body) is body
