"""Languages told beside the reading of a page are those that would be told afterwards, and of nothing else."""

from __future__ import annotations

from dataclasses import replace

from pipeline import language, reader
from pipeline.model import Refusal
from pipeline.reading import language_of, outcome
from pipeline.store import Waiting
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
