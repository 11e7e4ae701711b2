"""Paragraphs an extractor left out: told by looking just like those it took, or by standing between them.

A text that an advertisement cuts in two comes out by half; its other half has the same tags and
classes around it. Subheadings and list items get lost between two paragraphs. What is not here: what it took too much (furniture.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, pairwise, takewhile

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block, fold

#: Shorter lines have no look of their own.
_PROSE = 80
#: Share of the chosen prose that must look alike before it is taken for the page's text style.
_ALIKE = 0.6
_OUTSIDE = frozenset(("nav", "footer", "aside", "form", "button"))
_SUBHEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
#: How many blocks before the text its standfirst is looked for.
_LEAD = 12
#: A text that says so many letters of its standfirst again holds all of it.
_REPEATED = 40

Look = tuple[tuple[str, str], ...]


def filled(blocks: Sequence[Block], chosen: Sequence[int], description: str) -> list[int]:
    """Return chosen with the paragraphs that look like the text's own, and its standfirst, put back."""
    if not chosen:
        return []
    marked = set(chosen)
    marked.update(_alike(blocks, chosen, marked))
    marked.update(_between(blocks, sorted(marked)))
    lead = _standfirst(blocks, chosen[0], fold(description))
    if lead is not None and not any(blocks[lead].key[:_REPEATED] in blocks[index].key for index in chosen):
        marked.add(lead)
    return sorted(marked)


def _alike(blocks: Sequence[Block], chosen: Sequence[int], marked: Collection[int]) -> list[int]:
    looks = Counter(_look(blocks[index].element) for index in chosen if _is_prose(blocks[index]))
    if not looks:
        return []
    look, count = looks.most_common(1)[0]
    if count < max(2, _ALIKE * sum(looks.values())):
        return []
    return [
        index
        for index, block in enumerate(blocks)
        if index not in marked and _is_prose(block) and _look(block.element) == look
    ]


def _between(blocks: Sequence[Block], chosen: Sequence[int]) -> Iterator[int]:
    """Yield the subheadings and list items that part two paragraphs of the text, or the list it ends with.

    Such stand in the very element that holds both paragraphs.
    """
    for before, after in pairwise(chosen):
        if after - before > 1 and _is_prose(blocks[before]) and _is_prose(blocks[after]):
            holder = blocks[before].element.getparent()
            if blocks[after].element.getparent() is holder:
                lost = [place for place in range(before + 1, after) if blocks[place].text]
                if all(_parts(blocks[place], holder) for place in lost):
                    yield from lost
    prose = [place for place in chosen if _is_prose(blocks[place])]
    holders = {blocks[place].element.getparent() for place in prose[-2:]}
    if len(prose) > 1 and len(holders) == 1:
        holder = holders.pop()
        rest = (place for place in range(chosen[-1] + 1, len(blocks)) if blocks[place].text)
        yield from takewhile(lambda place: blocks[place].element.tag == "li" and _parts(blocks[place], holder), rest)


def _parts(block: Block, holder: HtmlElement) -> bool:
    """Whether a block is a subheading that stands in an element, or an item of a list there, and leads nowhere."""
    around = block.element.getparent()
    if block.element.tag == "li" and around.tag in ("ul", "ol"):
        around = around.getparent()
    elif block.element.tag not in _SUBHEADINGS:
        return False
    return around is holder and not block.linked


def _standfirst(blocks: Sequence[Block], first: int, description: str) -> int | None:
    """Return the block right above the text that the page also gives as its description."""
    if len(description) < _PROSE // 2:
        return None
    for index in range(first - 1, max(-1, first - 1 - _LEAD), -1):
        block = blocks[index]
        if _is_prose(block) and (block.key.startswith(description) or description.startswith(block.key)):
            return index
    return None


def _is_prose(block: Block) -> bool:
    if len(block.text) < _PROSE or block.linked * 3 > len(block.text) or block.zones & _OUTSIDE:
        return False
    return all(tag not in ("figure", "figcaption", "table", "li") for tag, _ in block.path)


def _look(element: HtmlElement) -> Look:
    """Return tags and classes of an element and the two around it."""
    around = (element, *islice(element.iterancestors(), 2))
    return tuple((str(part.tag), part.get("class") or "") for part in around)
