"""trafilatura's text with less work: the same as its whole cascade finds, and that one wherever there is a doubt."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from lxml import etree, html

from pipeline import characters
from pipeline.extract import cascade, decode, dom, stopwords
from pipeline.extract.walk import blocks_of
from tests.extract import building
from tests.extract.test_pages import CASES, NAMES

URL = "https://example.org/news/1/"
SENTENCE = "Совет кластеров собрался в четверг, обсудил новую программу и решил открыть лабораторию для студентов. "


LINKS = "<ul><li><a href='/x'>Раздел сайта с длинным именем</a></li></ul>" * 90

POINTS = "".join(f"<li><div><span>Пункт {n}: {SENTENCE * 2}</span></div></li>" for n in range(12))
IN_A_LIST = (
    "<html><body><h1>Новость</h1>"
    f"<div class='post-content'><p>{SENTENCE * 3}</p></div><div><ol>{POINTS}</ol></div></body></html>"
)


def found(root: html.HtmlElement) -> cascade.Found:
    return cascade.found(root, blocks_of(root, URL), URL)


def of_all(root: html.HtmlElement) -> str:
    return characters.paragraphs(cascade._of_all(root, URL))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_what_the_whole_cascade_gives(name: str) -> None:
    root = dom.tree(dom.cleaned(decode.decode((CASES / f"{name}.html").read_bytes(), {}, None)))

    assert root is not None
    assert found(root).text == of_all(root)


def test_real_pages_give_what_the_whole_cascade_gives(shared: Path) -> None:
    files = sorted((shared / "bench" / "extraction" / "pages").iterdir())[::12]
    roots = [html.fromstring(gzip.decompress(file.read_bytes())) for file in files]

    assert [file.name for file, root in zip(files, roots, strict=True) if found(root).text != of_all(root)] == []


def test_what_was_found_out_at_an_earlier_time_is_what_would_be_now(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted((shared / "bench" / "extraction" / "pages").iterdir())[5::30]
    monkeypatch.setattr(cascade, "_is_doubtful", lambda *_: True)
    taken: list[int] = []

    said = IN_A_LIST.replace("<div><ol>", f"<div id='comments'><p>Читатель: {SENTENCE}</p></div><div><ol>")
    for page in [*(gzip.decompress(file.read_bytes()) for file in files), IN_A_LIST, said]:
        root = html.fromstring(page)
        alone = [cascade._of_all(root, URL), cascade._of_everyone(root, URL, "")]
        rounds = cascade._Rounds()
        before = cascade._rounds.set(rounds)
        try:
            cascade._first(root, URL)
            known = {key: etree.tostring(made[0]) for key, made in rounds.known.items() if key[0] == "extract_content"}
            assert [cascade._of_all(root, URL), cascade._of_everyone(root, URL, "")] == alone
        finally:
            cascade._rounds.reset(before)
        assert {key: etree.tostring(rounds.known[key][0]) for key in known} == known
        taken.append(len(rounds.known))
    # What is found in the page, both ways, how long it is, and readability's; that one without readers' comments, too.
    assert taken[-2:] == [4, 5]


def test_what_readers_say_is_no_text_when_the_others_are_asked_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "_is_doubtful", lambda *_: True)
    article = f"<article><p>{SENTENCE * 3}</p><div id='comments'><p>Читатель: {SENTENCE * 4}</p></div></article>"
    root = html.fromstring(f"<html><body><h1>Новость</h1>{article}{LINKS}</body></html>")

    made = found(root)

    assert "Читатель" not in made.text
    assert made.text == characters.paragraphs(cascade._of_everyone(root, URL, ""))


def test_of_a_plain_article_only_the_first_extractor_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "_of_all", lambda *_: "другой текст")
    root = html.fromstring(building.html("Лаборатория откроется", *[f"{n}. {SENTENCE * 2}" for n in range(5)]))

    made = found(root)

    assert [line[:2] for line in made.text.split("\n")] == ["Ла", "0.", "1.", "2.", "3.", "4."]
    assert (len(made.places), made.share) == (6, 1.0)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{SENTENCE}</p>",  # tiny
        f"<article><p>{SENTENCE * 4}</p></article>" + f"<section><div>{SENTENCE * 3}</div></section>" * 4,
        f"<article><p>{SENTENCE * 4}</p></article><section><div>{SENTENCE * 3}</div></section>" + LINKS,
        "<table>" + f"<tr><td>{SENTENCE}</td><td>{SENTENCE}</td></tr>" * 4 + "</table>",
    ],
    ids=["tiny", "as much prose elsewhere", "small part of the page", "tables"],
)
def test_where_there_is_a_doubt_the_others_are_asked(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(cascade, "_of_all", lambda _, url: asked.append(url) or SENTENCE)

    found(html.fromstring(f"<html><body><h1>Новость</h1>{body}</body></html>"))

    assert set(asked) == {URL}


def test_a_text_that_stands_in_a_list_is_found_by_whoever_is_asked_last() -> None:
    root = html.fromstring(IN_A_LIST)

    made = found(root)

    assert made.text.count("Пункт") == 12
    assert cascade._of_all(root, URL).count("Пункт") == 0


def test_whoever_is_asked_last_need_not_know_its_words_where_it_would_not_be_heard_with_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stopwords, "usual", lambda: pytest.fail("asked for words"))
    others = "".join(f"<div class='related'><p>{n}. {SENTENCE}</p></div>" for n in range(2))
    root = html.fromstring(f"<html><body><article><p>{SENTENCE * 3}</p></article>{others}{LINKS}</body></html>")
    monkeypatch.setattr(cascade, "_is_doubtful", lambda *_: True)

    assert found(root).text == (SENTENCE * 3).strip()


def test_whoever_is_asked_last_is_heard_as_with_its_own_words(shared: Path) -> None:
    files = sorted((shared / "bench" / "extraction" / "pages").iterdir())[5::30]

    for page in [*(gzip.decompress(file.read_bytes()) for file in files), IN_A_LIST]:
        root = html.fromstring(page)
        made = cascade._of_everyone(root, URL, cascade._of_all(root, URL))
        assert made == cascade._with(stopwords.usual(), root, URL)


def test_whoever_is_asked_last_has_the_words_it_would_have_gathered_itself() -> None:
    from justext import core
    from trafilatura import external

    own = stopwords.usual()
    stopwords.take(own)
    try:
        gathered = external.jt_stoplist_init()
    finally:
        external.JT_STOPLIST = own

    assert own - {""} == core.define_stoplist(gathered)
    assert core.define_stoplist(own) is own
    assert core.define_stoplist(("Und", "oder")) == {"und", "oder"}


def test_whoever_is_asked_last_is_not_where_it_had_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    of_all = cascade._of_all
    monkeypatch.setattr(
        cascade, "_of_all", lambda *page: asked.append(cascade._usual.get() is not None) or of_all(*page)
    )
    others = "".join(f"<div class='related'><p>{n}. {SENTENCE * 3}</p></div>" for n in range(12))

    made = found(html.fromstring(f"<html><body><article><p>{SENTENCE * 12}</p></article>{others}</body></html>"))

    assert (made.text, asked) == ((SENTENCE * 12).strip(), [False])


@pytest.mark.parametrize(
    "elsewhere", [f"<section><div>{SENTENCE * 3}</div></section>", LINKS], ids=["some prose", "links"]
)
def test_what_stands_elsewhere_with_reason_is_no_doubt(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "_of_all", lambda *_: "другой текст")
    root = html.fromstring(f"<html><body><article><p>{SENTENCE * 4}</p></article>{elsewhere}</body></html>")

    assert found(root).text == (SENTENCE * 4).strip()


def test_a_forum_goes_through_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "_of_all", lambda *_: SENTENCE)
    head = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
    root = html.fromstring(building.html("Тема", *[SENTENCE * 3] * 4, head=head))

    assert found(root).text == SENTENCE.strip()


def test_the_page_is_left_as_it_was() -> None:
    root = html.fromstring((CASES / "bitrix-1251.html").read_bytes())
    before = html.tostring(root)

    found(root)

    assert html.tostring(root) == before
