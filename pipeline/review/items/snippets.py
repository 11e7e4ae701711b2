"""Where the words that were asked for stand in a text: titles marked, the place of a text that shows them; pure.

What comes out are pieces of the text and whether each is to be marked; putting them into HTML, and
escaping them, is the template's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline import stems
from pipeline.stems import Part

#: A piece of text, and whether it is what was asked for.
Piece = tuple[str, bool]
#: Letters of a snippet, and how many of them come before the first word asked for.
_LENGTH, _BEFORE = 260, 70


def marked(text: str, parts: Sequence[Part]) -> list[Piece]:
    """Return a text in pieces, the words that were asked for in pieces of their own."""
    return _pieces(text, list(_spans(text, parts)), 0, len(text))


def snippet(text: str, parts: Sequence[Part]) -> list[Piece]:
    """Return the first place of a text that shows words asked for; its beginning where it shows none."""
    found = list(islice(_spans(text, parts), 12))
    start = max(found[0][0] - _BEFORE, 0) if found else 0
    if start:
        start = _after_blank(text, start, found[0][0])
    end = start + _LENGTH
    end = max(text.rfind(" ", start, end), start + _LENGTH // 2) if end < len(text) else len(text)
    pieces = _pieces(text, [span for span in found if span[1] <= end], start, end)
    head, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    return [piece for piece in ((head, False), *pieces, (tail, False)) if piece[0]]


def _after_blank(text: str, start: int, limit: int) -> int:
    """Return where the line that reaches up to limit begins behind start; its first whole word otherwise."""
    line = text.rfind("\n", start, limit)
    blank = text.find(" ", start, limit)
    return line + 1 if line >= 0 else blank + 1 if blank >= 0 else start


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    for first, last in spans:
        found += [(text[start:first], False), (text[first:last], True)]
        start = last
    return [piece for piece in [*found, (text[start:end], False)] if piece[0]]


def _spans(text: str, parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Yield where the parts stand, from the start of the first word to the end of the last, in their order."""
    if not parts:
        return
    longest = max(len(part.stems) + bool(part.prefix) for part in parts)
    window: list[tuple[str, int, int]] = []
    words = stems.places(text)
    over = -1
    while True:
        window += islice(words, longest - len(window))
        if not window:
            return
        length = max((_fits(window, part) for part in parts), default=0)
        if length and window[0][1] > over:
            over = window[length - 1][2]
            yield window[0][1], over
        window.pop(0)


def _fits(window: Sequence[tuple[str, int, int]], part: Part) -> int:
    """Return how many of the words ahead are a part; 0 where they are not."""
    length = len(part.stems) + bool(part.prefix)
    if length > len(window) or any(
        stems.stem(word) != stem for (word, _, _), stem in zip(window, part.stems, strict=False)
    ):
        return 0
    if part.prefix:
        last = window[length - 1][0]
        begun = stems.stem(last).startswith(part.prefix) or (length == 1 and last.startswith(part.prefix))
        return length if begun else 0
    return length
