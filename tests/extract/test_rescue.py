"""Pages whose text trafilatura passes over: told by what the page promises, and read by another."""

from __future__ import annotations

import pytest

from pipeline import extract
from tests.extract import building

TEASER = "Короткий анонс новости о форуме."
PARAGRAPHS = (
    "Организаторы инновационного форума опубликовали список лабораторий, которые откроют свои двери для гостей.",
    "В этом году участвуют одиннадцать лабораторий, среди них центр анализа воды и мастерская оптического стекла.",
    "Гости регистрируются на сайте форума, а экскурсии начинаются каждое утро у главного входа в павильон.",
)
PROMISE = f'<meta name="description" content="{" ".join(PARAGRAPHS)}">'
WRAPS = ("<aside>{}</aside>", "<footer>{}</footer>", "<div class='footer-wrapper'>{}</div>")


def page(wrap: str, piece: str, head: str = PROMISE) -> str:
    text = "".join(piece.format(paragraph) for paragraph in PARAGRAPHS)
    return building.html("Лаборатории откроют двери", TEASER, head=head, after=wrap.format(text))


@pytest.mark.parametrize("piece", ["<p>{}</p>", "<div><div>{}</div></div>"])
@pytest.mark.parametrize("wrap", WRAPS)
def test_a_text_far_shorter_than_promised_is_looked_for_elsewhere(wrap: str, piece: str) -> None:
    made = extract.read(building.page(page(wrap, piece)), building.source(), None).article

    assert made is not None
    assert [line for line in PARAGRAPHS if line not in made.text] == []


@pytest.mark.parametrize(
    ("wrap", "winner"),
    [
        ("<div class='entry-footer'>{}</div>", "readability"),
        ("<div class='footer'>{}</div>", "rescue"),
        (WRAPS[0], "rescue"),
    ],
)
def test_who_won_and_why_is_stored(wrap: str, winner: str) -> None:
    made = extract.read(building.page(page(wrap, "<p>{}</p>")), building.source(), None).article

    assert made is not None
    promised = len(" ".join(PARAGRAPHS))
    assert made.made_by.startswith(
        f"{winner}; trafilatura found {len(TEASER)} characters of {promised} promised, it says 100% of what was promised"
    )
    assert [line for line in PARAGRAPHS if line not in made.text] == []


def test_a_text_as_long_as_promised_needs_no_rescue() -> None:
    shown = building.html("Лаборатории откроют двери", *PARAGRAPHS, head=PROMISE)
    made = extract.read(building.page(shown), building.source(), None).article

    assert made is not None
    assert made.made_by == "trafilatura"


def test_a_rescue_that_finds_no_more_is_not_taken() -> None:
    made = extract.read(building.page(building.html("Анонс", TEASER, head=PROMISE)), building.source(), None).article

    assert made is not None
    assert (made.made_by, made.text) == ("trafilatura", TEASER)


def test_the_listings_teaser_is_a_promise_too() -> None:
    link = building.link(teaser=" ".join(PARAGRAPHS))
    made = extract.read(building.page(page(WRAPS[0], "<p>{}</p>", head="")), building.source(), link).article

    assert made is not None
    assert PARAGRAPHS[1] in made.text
