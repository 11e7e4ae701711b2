"""HTML comes back as it went, but for the words; what is protected is written as the target language does."""

from __future__ import annotations

import json

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.translate import markup
from pipeline.translate.dress import FORMS, dressed, undressed
from pipeline.translate.glossary import glossary
from pipeline.translate.marks import Mark, Segment, number_of, shown, sign

NAMES = glossary([("Кластер чистых технологий", "Cleantech Cluster"), ("Экспофорум", "Expoforum")])


def back(html, form=None, change=str):
    """Take HTML apart, let each segment be changed on its way through a form, and put it together."""
    body = markup.taken_apart(html)
    said = [one.text for one in body.segments]
    if form:
        said = [undressed(change(dressed(one, form)), one, form) for one in body.segments]
    return markup.put_together(body, said, source=True)


WORDS = st.sampled_from(["Форум", "открыт.", "5 мая 2026 года", "1 234,5", "a < b", "&", "\u00a0", "х\u0301", " ", "\ue000", "т. е.", "https://site.ru/a?b=1&c=2", "\U000f0001", "&copy;", "&amp;lt;", '"«', "Конец!"])  # fmt: skip
TAGS = st.sampled_from("p b a em strong ul li br td h2 img span blockquote".split())


@st.composite
def _element(draw, inner):
    tag = draw(TAGS)
    attributes = {
        "a": ' href="https://site.ru/?a=1&amp;b=>"',
        "img": ' src="https://site.ru/a.png" alt="a &gt; b"',
    }.get(tag, "")
    content = "".join(draw(st.lists(inner, max_size=4)))
    return f"<{tag}{attributes}>" if tag in ("br", "img") else f"<{tag}{attributes}>{content}</{tag}>"


HTML = st.recursive(WORDS, _element, max_leaves=20)


@given(st.lists(HTML, max_size=5))
def test_clean_html_comes_back(parts):
    html = nh3.clean("".join(parts))
    assert back(html) == html


@given(st.text(max_size=80))
def test_any_text_comes_back(text):
    assert back(text) == text


@given(st.lists(HTML, max_size=5), st.sampled_from(FORMS))
def test_clean_html_comes_back_from_an_engine_that_changes_nothing(parts, form):
    # An engine gets no spaces at the ends of a sentence, and none that no reader sees.
    html = nh3.clean("".join(parts)).replace("\n", " ")
    assert "".join(back(html, form).split()) == "".join(html.split())


@pytest.mark.parametrize(
    "html",
    [
        '<p><b>Форум</b> открыт. <a href="https://site.ru/">Читать</a></p>',
        "<p><b></b>Пусто<em></em></p>",
        "<p><b>А<i>б</i></b><i>в</i></p>",
        '<ul><li>Раз</li><li><p>Два <img src="https://s.ru/a.png"> три</p></li></ul>',
        "<table><tbody><tr><td>5</td><td>Сто</td></tr></tbody></table>",
        "<p>Раз.<br>Два <strong>и три.<br>Четыре</strong></p>",
        "<!-- note --><p>x</p>",
    ],
)
def test_shapes_of_markup(html):
    assert back(html) == html
    for form in FORMS:
        assert back(html, form, str.swapcase) == "".join(
            part.swapcase() if not part.startswith("<") else part for part in markup._TAG.sub(lambda m: f"\0{m[0]}\0", html).split("\0")
        )  # fmt: skip


def test_real_bodies_survive_an_engine_that_shuffles_case(shared):
    """Every tag, attribute and entity of the real articles' bodies stays; only letters change their case."""
    seen = 0
    for line in (shared / "bench/extraction/gold.jsonl").read_text("utf-8").splitlines()[::3]:
        paragraphs = json.loads(line)["body"].splitlines()
        html = nh3.clean("".join(
            f'<p>{one[:20]}<a href="https://s.ru/{n}?a=1&amp;b">{one[20:40]}</a> <em><b>{one[40:60]}</b></em>{one[60:]}</p>'
            for n, one in enumerate(paragraphs)
        ))  # fmt: skip
        body = markup.taken_apart(html)
        form = FORMS[seen % 2]
        said = []
        for one in body.segments:
            answer = undressed(dressed(one, form).upper(), one, form)
            assert [c for c in answer if number_of(c) is not None] == [c for c in one.text if number_of(c) is not None]
            said.append(answer)
        out = markup.put_together(body, said, source=True)
        assert markup._TAG.findall(out) == markup._TAG.findall(html)
        assert "".join(out.upper().split()) == "".join(html.upper().split())
        seen += 1
    assert seen > 50


CASES = [
    ("ru", "en", "Пришло 1 234,5 тыс. гостей", "1,234.5"),
    ("ru", "en", "Открыт 20 декабря 2019 года", "20 December 2019"),
    ("ru", "en", "Открыт 5 мая", "5 May"),
    ("ru", "en", "Пишите на news@site.ru", "news@site.ru"),
    ("ru", "en", "См. https://site.ru/a?b=1.", "https://site.ru/a?b=1"),
    ("ru", "en", "Начало в 12:30", "12:30"),
    ("ru", "en", "для Кластера чистых технологий", "Cleantech Cluster"),
    ("ru", "en", "в Экспофоруме", "Expoforum"),
    ("ru", "en", "Звоните +7 (812) 123-45-67 днём", "+7 (812) 123-45-67"),
    ("en", "ru", "It grew to 1,234.5 tons", "1\u00a0234,5"),
    ("en", "ru", "It opened on December 20, 2019.", "20 декабря 2019 года"),
    ("en", "ru", "the 5th of May was warm", "5 мая"),
    ("en", "ru", "Cleantech Cluster grows", "Кластер чистых технологий"),
]


@pytest.mark.parametrize(("source", "target", "text", "said"), CASES)
def test_what_is_protected(source, target, text, said):
    (segment,) = markup.taken_apart(text, source, target, NAMES).segments
    assert [mark.said for mark in segment.marks] == [said]
    assert shown(segment.text, segment.marks, source=True) == text.rstrip()
    assert said in shown(segment.text, segment.marks)


@pytest.mark.parametrize("text", ["5 компаний", "21-й форум", "COVID-19 ушёл", "сеть 5G", "форум «Индустрия 4.0»"])
def test_what_a_word_hangs_on_is_left_to_the_engine(text):
    (segment,) = markup.taken_apart(text).segments
    assert segment.marks == ()


def test_a_name_s_point_is_no_comma():
    (segment,) = markup.taken_apart("They use Windows 3.1 and weigh 3.5 tons", "en", "ru").segments
    assert [mark.said for mark in segment.marks] == ["3.1", "3,5"]


def test_spaces_an_engine_puts_around_tags_are_taken_out():
    segment = Segment(f"Был {sign(0)}форум{sign(1)}, {sign(2)}.", (Mark("open", "<b>"), Mark("close", "</b>"), Mark("value", "2026", "2026")))  # fmt: skip
    answer = 'The <g id="0"> forum </G> , <x id="2" /> .'
    assert markup.written(undressed(answer, segment, "tags"), segment.marks) == "The <b>forum</b> , 2026."


def test_answers_are_read_leniently():
    segment = Segment(f"Порт {sign(0)} открыт", (Mark("value", "A & B", "A & B"),))
    for answer in ('Port <x id="0"/> open', "Port <X ID='0'></X> open", 'Port <x id="0" /> open', "Port <x id=0> open"):
        assert undressed(answer, segment, "tags") == f"Port {sign(0)} open"
    assert undressed("Port [ 0 ] open", segment, "plain") == f"Port {sign(0)} open"
    assert undressed("Port [7] open", segment, "plain") == "Port [7] open"
