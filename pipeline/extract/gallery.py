"""Which of a page's pictures belong to its article: told by where they stand.

What is not here: what a picture is (images.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extract import images
from pipeline.extract.blocks import Block

#: How many blocks before the text its title, and so its first picture, may stand.
_LEAD = 25
#: How many blocks under its title a photo report's pictures may stand.
_REPORT = 80


def around(blocks: Sequence[Block], places: Sequence[int], title_at: int | None) -> list[tuple[int, Block]]:
    """Return the pictures and captions that belong to a text: from its title on, and a gallery right below it."""
    if not places:
        return _below(blocks, title_at)
    first = title_at if title_at is not None and places[0] - _LEAD <= title_at < places[0] else places[0] - 1
    found = [(index, blocks[index]) for index in range(max(0, first), places[-1] + 1) if _is_shown(blocks[index])]
    for index in range(places[-1] + 1, len(blocks)):
        if blocks[index].text and not _is_caption(blocks[index]):
            break
        if _is_shown(blocks[index]):
            found.append((index, blocks[index]))
    figures = {element for _, block in found if block.image for tag, element in block.path if tag == "figure"}
    return [
        (index, block) for index, block in found if block.image or any(element in figures for _, element in block.path)
    ]


def _below(blocks: Sequence[Block], title_at: int | None) -> list[tuple[int, Block]]:
    """Return the pictures under a title that no text follows: a photo report."""
    if title_at is None:
        return []
    span = range(title_at, min(len(blocks), title_at + _REPORT))
    return [(index, blocks[index]) for index in span if blocks[index].image is not None and _is_shown(blocks[index])]


def _is_shown(block: Block) -> bool:
    if block.zones & {"nav", "footer", "aside", "form"}:
        return False
    return _is_caption(block) or (block.image is not None and not _is_teaser(block))


def _is_caption(block: Block) -> bool:
    return bool(block.text) and any(tag == "figcaption" for tag, _ in block.path)


def _is_teaser(block: Block) -> bool:
    """Whether a picture is the way to another page, not to its own larger self."""
    for parent in block.element.iterancestors("a"):
        return not images.media_type(parent.get("href") or "")
    return False
