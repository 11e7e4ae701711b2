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


def test_who_won_is_stored() -> None:
    made = extract.read(building.page(page(WRAPS[0], "<p>{}</p>")), building.source(), None).article

    assert made is not None
    assert made.made_by == "rescue"


def test_the_listings_teaser_is_a_promise_too() -> None:
    link = building.link(teaser=" ".join(PARAGRAPHS))
    made = extract.read(building.page(page(WRAPS[0], "<p>{}</p>", head="")), building.source(), link).article

    assert made is not None
    assert PARAGRAPHS[1] in made.text
