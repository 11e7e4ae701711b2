"""The sample articles: enough of them, of the right length, written as they should be."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import pytest

from demo import articles
from demo.gold import NOW
from demo.site import SITE_IDS, load_site

ARTICLES = [article for site in SITE_IDS for article in articles.load(site)]
EACH = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.key)


def test_there_are_enough_in_each_language():
    languages = Counter(article.language for article in ARTICLES)
    assert len(ARTICLES) >= 60
    assert languages["ru"] >= 30
    assert languages["en"] >= 30


@EACH
def test_each_has_the_length_of_news(article):
    words = re.findall(r"\w[\w’'-]*", article.text)
    assert 110 <= len(words) <= 320
    assert 3 <= len(article.paragraphs) <= 9


@EACH
def test_each_is_in_its_language(article):
    letters = re.findall(r"[^\W\d_]", article.title + article.text)
    cyrillic = sum("а" <= letter.lower() <= "я" or letter in "ёЁ" for letter in letters) / len(letters)
    assert cyrillic > 0.93 if article.language == "ru" else cyrillic == 0


@EACH
def test_typography_is_that_of_print(article):
    text = f"{article.title}\n{article.text}"
    assert '"' not in text
    assert " - " not in text
    assert "  " not in text
    if article.language == "ru":
        assert text.count("«") == text.count("»")
        assert not re.search(r"[“”'…]", text)
    else:
        assert text.count("“") == text.count("”")
        assert not re.search(r"[«»—]", text)


@EACH
def test_each_lies_before_the_present_of_the_sites(article):
    assert datetime.fromisoformat("2026-08-01T00:00:00+03:00") < article.at < datetime.fromisoformat(NOW)


def test_the_newest_is_the_one_held_back():
    newest = max(ARTICLES, key=lambda article: article.at)
    assert (newest.key, newest.held, f"{newest.at:%Y-%m-%d}") == ("bureau/1431.en", True, "2026-11-19")


def test_all_of_the_old_site_fits_its_charset():
    site = load_site("instruments")
    assert site.charset == "windows-1251"
    for article in articles.load("instruments"):
        assert (article.title + article.text + article.picture).encode("windows-1251")


@pytest.mark.parametrize("article", articles.load("cluster-blog"), ids=lambda article: article.key)
def test_the_blog_tells_its_dates_in_prose_alone(article):
    edition = load_site("cluster-blog").editions["ru"]
    year = re.findall(r"(\d{1,2}) ([а-я]+) (\d{4}) года", article.text)
    assert len(year) == 1
    day, month, number = year[0]
    told = f"{day} {month} {number}"
    written = f"{article.at.day} {articles_month(article)} {article.at.year}"
    assert (told == written) == article.dated
    assert edition.date == ""


def articles_month(article):
    from demo.site import MONTHS

    return MONTHS["ru"][article.at.month - 1]


def test_a_broken_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(articles, "SITES", tmp_path)
    file = tmp_path / "bureau/articles/7.ru.md"
    file.parent.mkdir(parents=True)
    file.write_text("title: Без даты\nstory: none\n\nТекст.\n", "utf-8")
    with pytest.raises(ValueError, match=r"7\.ru\.md: the header has no 'date'"):
        articles.load("bureau")
    file.write_text("titel: Опечатка\n\nТекст.\n", "utf-8")
    with pytest.raises(ValueError, match="should be `key: value`"):
        articles.load("bureau")
