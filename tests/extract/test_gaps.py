"""What an extractor leaves out between paragraphs it took, and what counts pages' readers."""

from __future__ import annotations

import pytest
from lxml import html

from pipeline.extract import furniture, gaps
from pipeline.extract.walk import blocks_of

_PROSE = (
    "Участники встречи осмотрели новый причал и договорились о поставке трёх кранов для линии в порту.",
    "Работы начнутся осенью, а закончить их обещают к следующему лету, сообщил на встрече начальник порта.",
)


def filled(between: str, after: str = "") -> list[str]:
    """The lines of a text of which only the paragraphs were found."""
    first, second = (f"<p>{line}</p>" for line in _PROSE)
    root = html.document_fromstring(f"<body><div class='text'>{first}{between}{second}{after}</div><p>Порт</p></body>")
    blocks = blocks_of(root, "https://site.example/")
    chosen = [place for place, block in enumerate(blocks) if block.text in _PROSE]
    return [blocks[place].text for place in gaps.filled(blocks, chosen, "")]


@pytest.mark.parametrize(
    "lost", ["<h3>Три крана</h3>", "<ul><li>Причал</li><li>Краны</li></ul>", "<h2>Порт</h2><ol><li>Причал</li></ol>"]
)
def test_subheadings_and_lists_between_two_paragraphs_belong_to_the_text(lost: str) -> None:
    meant = [one.text_content() for one in html.fragment_fromstring(lost, create_parent="div").iter("h2", "h3", "li")]
    assert filled(lost) == [_PROSE[0], *meant, _PROSE[1]]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("<h3><a href='/a/'>Читайте о причале</a></h3>", id="leads elsewhere"),
        pytest.param("<div><h3>Подписка</h3></div>", id="in a box of its own"),
        pytest.param("<div>Реклама</div><h3>Три крана</h3>", id="beside something else"),
    ],
)
def test_what_else_stands_between_stays_out(other: str) -> None:
    assert filled(other) == [*_PROSE]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("Views: 1168", True), ("Просмотров: 1 017", True), ("Количество просмотров: 5", True), ("342 просмотра", True),
        ("Viewed 12 times", True), ("Views of the port", False), ("Просмотров стало вдвое больше", False), ("1168", False),
    ],
)  # fmt: skip
def test_a_count_of_readers_is_no_line_of_the_text(line: str, counts: bool) -> None:
    root = html.document_fromstring(f"<body><p>{_PROSE[0]}</p><p>{line}</p><p>{_PROSE[1]}</p></body>")
    blocks = blocks_of(root, "https://site.example/")
    kept = furniture.kept_of(blocks, range(len(blocks)), ())
    assert (line not in [blocks[place].text for place in kept]) == counts
