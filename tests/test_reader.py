"""What is made beside the reading of a page is what would be made afterwards, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

from pipeline import address, language, pairing, reader
from pipeline.model import Alternate, Image, Item, Refusal
from pipeline.reading import language_of, outcome, with_kept
from pipeline.store import Outcome, Waiting
from tests.extract import building

TEXT = ("Город утвердил план ремонта набережной: работы начнутся в мае.",) * 6
OTHER = ("The city has approved the plan for the embankment: works begin in May.",) * 6


def read(*paragraphs: str) -> reader.Read:
    """Return a page of these paragraphs, read."""
    return reader.read(building.page(building.html("Набережную отремонтируют", *paragraphs)), building.source(), None)


def test_what_stayed_the_same_is_not_asked_again() -> None:
    one = read(*TEXT)
    assert one.languages == (language.identify(one.page.article),)
    known = replace(one.languages[0], evidence=("told before",))
    told = {language.asked_of(one.page.article): known}
    assert language_of(replace(one.page.article, html="", images=()), told) is known


def test_what_changed_is_told_anew() -> None:
    one, other = read(*TEXT).page.article, read(*OTHER).page.article
    told = {language.asked_of(one): replace(language.identify(one), evidence=("told before",))}
    for changed in (
        replace(one, text=other.text), replace(one, title="Other"), replace(one, declared={"listing": "en"})
    ):  # fmt: skip
        assert language_of(changed, told) == language.identify(changed)


def test_a_page_without_an_article_has_no_language() -> None:
    refused = reader.read(building.page(b""), building.source(), None)
    assert refused.languages == ()
    page = building.page(b"")
    refusal = Refusal(page.url, "parse", "no markup")
    assert outcome(Waiting(1, page, building.link(page.url)), refusal, {}).language is None


def test_what_pairing_keeps_is_made_beside_reading() -> None:
    page = building.page(building.html("Набережную отремонтируют", *TEXT))
    one = reader.read(page, building.source(), None, shelve=True)
    (article,), (own,), (shelved,) = one.articles, one.languages, one.shelved
    item = Item(address.article_id(article.url), article, own, page.fetched_at, page.fetched_at)
    assert shelved == pairing.shelved(item, pairing.shipped_lexicon())
    assert not read(*TEXT).shelved


def test_it_is_kept_of_what_stayed_the_same_alone() -> None:
    page = building.page(building.html("Набережную отремонтируют", *TEXT))
    read_ = reader.read(page, building.source(), None, shelve=True)
    article, own, shelved = read_.page.article, read_.languages[0], read_.shelved[0]
    kept = {pairing.asked_of(article, own): shelved}
    waiting = Waiting(1, page, building.link(page.url))
    same = replace(article, authors=("Анна Ким",), declared={"listing": "en"})
    assert with_kept(Outcome(waiting, same, own), kept).shelved is shelved
    for changed in (
        replace(article, text="Other"), replace(article, title="Other"), replace(article, url="http://127.0.0.1/other"),
        replace(article, html="<p>Источник: <a href='http://127.0.0.1/a'>a</a></p>"),
        replace(article, images=(Image("http://127.0.0.1/a-b.jpg"),)),
        replace(article, alternates=(Alternate("http://127.0.0.1/en", "en", "page"),)),
    ):  # fmt: skip
        assert with_kept(Outcome(waiting, changed, own), kept).shelved is None
    assert with_kept(Outcome(waiting, article, replace(own, code="en")), kept).shelved is None
    assert with_kept(Outcome(waiting, Refusal(page.url, "parse", ""), None), kept).shelved is None
