"""The pure parts: pagers, rules of versions, selectors, the preview; and pages that mean harm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Article, Fetch, FetchedPage, Link, Listing, Source, VersionRule
from pipeline.scout import anchors, learn, preview, versions
from pipeline.scout.findings import Sample, Trial
from pipeline.scout.probe import Probe
from pipeline.scout.survey import survey

SITE = "https://klaster.ru"


def page(html: str, url: str = f"{SITE}/news/") -> FetchedPage:
    body = html.encode()
    return FetchedPage(
        "s", url, url, 200, {"content-type": "text/html"}, body, datetime(2026, 11, 20, 9, tzinfo=UTC), "d"
    )


# ── pagers ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("pager", "wanted"),
    [
        ('<a href="?page=2" rel="next">Дальше</a>', ("rel=next", 2)),
        ('<p><b>1</b> <a href="?page=2">2</a> <a href="?page=3">3</a> … <a href="?page=40">40</a></p>', ("?page={n}", 40)),
        ('<p>1 <a href="/news/page/2/">2</a> <a href="/news/page/3/">3</a></p>', ("/news/page/{n}/", 3)),
        ('<p>1 <a href="?PAGEN_1=2&amp;SIZEN_1=20">2</a></p>', ("?PAGEN_1={n}&SIZEN_1=20", 2)),
        ('<p>1 <a href="/posts/year/2026/2">2</a></p>', ("/posts/year/2026/{n}", 2)),
        ('<p>1 <a href="?start=7">2</a> <a href="?start=14">3</a> <a class="fwd" href="?start=7">Вперёд</a></p>', ("a.fwd", 2)),
        ('<p>Курс 2 <a href="/rates?d=2">2</a> рубля за доллар, как и вчера</p>', (None, 1)),
        ('<p><a href="https://elsewhere.ru/?page=2">2</a> <a href="https://elsewhere.ru/?page=3">3</a></p>', (None, 1)),
        ("<p>ничего</p>", (None, 1)),
    ],
)  # fmt: skip
def test_where_a_listing_goes_on(pager, wanted):
    seen = survey(page(f"<html><body><h1>Новости</h1>{pager}</body></html>"))
    assert (seen.next, seen.pages) == wanted


# ── surveys ─────────────────────────────────────────────────────────────────────────────────
def test_what_a_page_points_at():
    seen = survey(
        page(
            """<html lang="ru"><head><title>Кластер «Маяк» | Главная</title><meta property="og:site_name" content="Маяк">
            <link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body>
            <a href="/about/">О нас</a> <a href="/novosti/">Новости</a> <a href="/press-centr/">Пресс-центр</a>
            <a href="/en/">EN</a> <a href="/category/news/">Новости раздела</a> <a href="https://vk.example/news">Новости</a>
            <a href="/media/">Раздел</a> <a href="/feed/">подписка</a></body></html>""",
            f"{SITE}/",
        )
    )
    assert (seen.language, seen.site_name) == ("ru", "Маяк")
    assert seen.news == (f"{SITE}/novosti/", f"{SITE}/press-centr/", f"{SITE}/media/", f"{SITE}/category/news/")
    assert seen.feeds == (f"{SITE}/rss.xml", f"{SITE}/feed/")
    assert dict(seen.switches) == {"en": f"{SITE}/en/"}


@given(st.text(alphabet="<>/a\"'= hrefnews2?&;#x\0\ud7ff", max_size=200))
def test_no_page_breaks_a_survey(text):
    assert survey(page(text)).url == f"{SITE}/news/"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<" * 5000, b"<a href='?page=2'>2</a>" * 3000])
def test_hostile_bytes_are_surveyed(body):
    hostile = FetchedPage("s", SITE, SITE, 200, {}, body, datetime(2026, 11, 20, tzinfo=UTC), "d")
    assert survey(hostile).url == SITE


# ── versions ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("russian", "english", "rule"),
    [
        ("/news/1431/", "/en/news/1431/", VersionRule(swap=("/en/news/", "/news/"))),
        ("/ru/news/1431/", "/en/news/1431/", VersionRule(swap=("/en/news/", "/ru/news/"))),
        ("/ru/a-b/", "/en/a-b/", VersionRule(swap=("//klaster.ru/en/", "//klaster.ru/ru/"))),
        ("/n.php?id=7&lang=l1", "/n.php?id=7&lang=l2", VersionRule(query="lang", values={"ru": "l1", "en": "l2"})),
    ],
)  # fmt: skip
def test_a_rule_follows_from_a_pair(russian, english, rule):
    pair = (SITE + russian, SITE + english)
    assert versions.guesses([pair], [pair])[0] == rule
    assert versions.holds(rule, pair)


def test_a_host_of_its_own_is_a_swap():
    pair = ("https://klaster.ru/news/5/", "https://en.klaster.ru/news/5/")
    (rule, *_) = versions.guesses([pair])
    assert rule.swap == ("//en.klaster.ru/news/", "//klaster.ru/news/")
    assert versions.holds(rule, pair)


def test_a_shared_id_is_a_rule_where_the_slugs_differ():
    pairs = [(f"{SITE}/news/{n}-forum-otkrylsya/", f"{SITE}/en/news/{n}-forum-opens/") for n in (481, 502)]
    (rule,) = versions.guesses(pairs, pairs)
    assert rule.same_id == "news/([0-9]+)"


def test_slugs_of_two_languages_are_no_rule():
    pair = (f"{SITE}/novosti/forum-otkrylsya.html", f"{SITE}/en/press/forum-opens.html")
    assert versions.guesses([pair], [pair]) == ()


SLUG = st.text(alphabet="abc-/", min_size=1, max_size=12)


@given(SLUG, SLUG, st.integers(10, 99999))
def test_a_guessed_rule_holds_for_the_pair_it_was_guessed_from(one, two, number):
    pair = (f"{SITE}/{one}/{number}", f"{SITE}/{two}/{number}")
    assert all(versions.holds(rule, pair) for rule in versions.guesses([pair], [pair]))


# ── selectors ───────────────────────────────────────────────────────────────────────────────
def test_the_links_of_known_articles_give_a_selector_that_takes_the_new_ones_too():
    rows = "".join(
        f'<li class="n{i}xyz"><a class="t" href="/news/{i}/">Новость номер {i}</a></li>' for i in range(100, 110)
    )
    listing = page(f'<ul class="menu"><li><a href="/about/">О нас</a></li></ul><ul class="list">{rows}</ul>')
    match = anchors.learn(listing, {f"//klaster.ru/news/{i}" for i in range(103, 110)})
    assert match is not None
    assert match.selector in ("a.t", "ul.list a")
    assert (match.known, match.others, match.strange) == (7, 3, 0)


def test_no_selector_is_learned_that_takes_the_menu():
    listing = page(
        '<p><a href="/news/101/">Одна</a> <a href="/about/">О нас</a> <a href="/x/">Ещё</a> <a href="/y/">Ещё</a></p>'
    )
    assert anchors.learn(listing, {"//klaster.ru/news/101"}) is None


def test_names_of_one_page_are_no_selectors():
    pages = [
        page(
            f'<div id="post-{n}481" class="post_{n}0099 js"><p class="hd">Заголовок {n}</p><div class="body-{n}77123 txt">'
            f"<p>Текст номер {n}, достаточно длинный, чтобы его узнать.</p></div></div>",
            f"{SITE}/news/{n}/",
        )
        for n in (1, 2, 3)
    ]
    known = [
        learn.Known(each, f"Заголовок {n}", f"Текст номер {n}, достаточно длинный, чтобы его узнать.")
        for n, each in enumerate(pages, 1)
    ]
    learned = learn.learn(known, "Europe/Moscow")
    assert learned.text[0] == "div.txt"
    assert learned.title[0] == "p.hd"
    assert not [one for one in (*learned.text, *learned.title) if any(sign.isdigit() for sign in one)]


# ── the preview ─────────────────────────────────────────────────────────────────────────────
@given(st.text(max_size=80))
def test_nothing_of_a_page_runs_in_the_preview(text):
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)"></iframe><iframe>'
    article = Article("s", f"{SITE}/a", evil + text, evil + text, evil, None, dropped=(evil,))
    fetch = Fetch("s", f"{SITE}/a", "ok", datetime(2026, 11, 20, tzinfo=UTC), page=page(f"<p>{evil}{text}</p>"))
    link = Link(f"{SITE}/a", title=evil)
    trial = Trial(Listing(f"{SITE}/", links="a[title='<script>']"), "declared", fetch, links=(link,), first=1)
    source = Source("s", {}, "k", (Listing(f"{SITE}/"),))
    shown = preview.render(Probe(source, evil, (), (trial,), (Sample(link, fetch, article),), ()))
    assert "<script" not in shown
    assert "<img" not in shown
    assert shown.count("<iframe") == shown.count("</iframe>") == 1
