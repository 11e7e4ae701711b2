"""Which blocks of a page an extractor's plain text is made of.

trafilatura answers with words and loses links, pictures and the spaces between inline
elements; the page's own blocks have them. Both sides are compared as letters and digits
only, so that glued words and table bars do not matter. What is not here: better judgement
than the extractor's (see furniture.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.blocks import Block, fold

#: Pieces of this many letters are looked for when a block does not stand in the text as a whole.
_PIECE = 24
#: Occurrences of one short line that are considered.
_OCCURRENCES = 12


def covered(text: str, blocks: Sequence[Block]) -> tuple[list[int], float]:
    """Return the indices of the blocks text is made of, and the share of text they cover (0…1).

    The choice is the heaviest one in which blocks stand in the same order as their words in text.
    """
    whole = fold(text)
    if not whole:
        return [], 0.0
    tree = _Heaviest(len(whole) + 1)
    steps: list[tuple[int, int, int, int]] = []  # block, start, weight so far, step before
    stood: dict[str, Sequence[tuple[int, int]]] = {}  # menus and labels say the same again
    for index, block in enumerate(blocks):
        key = block.key
        places = stood.get(key)
        if places is None:
            places = stood[key] = _places(key, whole)
        if not places:  # most of a page is no part of its text
            continue
        fresh = []
        for start, end in places:
            weight, before = tree.best(start)
            fresh.append((end, weight + end - start, len(steps)))
            steps.append((index, start, weight + end - start, before))
        for end, weight, step in fresh:
            tree.add(end, weight, step)
    weight, step = tree.best(len(whole))
    chosen = []
    while step >= 0:
        chosen.append(steps[step][0])
        step = steps[step][3]
    return chosen[::-1], weight / len(whole)


def _places(key: str, whole: str) -> Sequence[tuple[int, int]]:
    start = whole.find(key) if key else -1
    if start < 0:
        return tuple(_in_part(key, whole)) if len(key) >= 2 * _PIECE else ()
    found: list[tuple[int, int]] = []
    while start >= 0 and len(found) < _OCCURRENCES:
        found.append((start, start + len(key)))
        start = whole.find(key, start + 1)
    return found


def _in_part(key: str, whole: str) -> Iterator[tuple[int, int]]:
    """Yield where most of key stands: the extractor left a link or a note out of the block."""
    first = last = -1
    pieces = range(0, len(key) - _PIECE + 1, _PIECE)
    missed = 0
    for offset in pieces:
        place = whole.find(key[offset : offset + _PIECE], max(last, 0))
        if place < 0 or (last >= 0 and place > last + 2 * len(key)):
            missed += 1
            if 2 * missed > len(pieces):
                return
            continue
        first = place if first < 0 else first
        last = place + _PIECE
    if first >= 0 and last - first <= 1.2 * len(key):
        yield first, last


class _Heaviest:
    """The best chain that ends at or before a place (a Fenwick tree over prefixes)."""

    def __init__(self, size: int) -> None:
        self.weights = [0] * (size + 1)
        self.steps = [-1] * (size + 1)

    def add(self, place: int, weight: int, step: int) -> None:
        place += 1
        while place < len(self.weights):
            if weight > self.weights[place]:
                self.weights[place], self.steps[place] = weight, step
            place += place & -place

    def best(self, place: int) -> tuple[int, int]:
        place += 1
        weight, step = 0, -1
        while place > 0:
            if self.weights[place] > weight:
                weight, step = self.weights[place], self.steps[place]
            place -= place & -place
        return weight, step
