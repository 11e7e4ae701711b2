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
    first = next(_spans(text, parts), None)
    found = [] if first is None else list(_spans(text[: first[0] + _LENGTH], parts))
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
    begun = _Begun(parts)
    over = -1
    for word, start, end in stems.places(text, stems.beginning(tuple(parts))):
        found = begun[word]
        if not found or start <= over:
            continue
        reached = max(_reached(part, text, start, end) for part in found)
        if reached:
            over = reached
            yield start, over


class _Begun(dict[str, tuple[Part, ...]]):
    """Word → the parts that begin with it."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    def __missing__(self, word: str) -> tuple[Part, ...]:
        stem = stems.stem(word)
        found = self[word] = tuple(
            part
            for part in self._parts
            if (part.stems[0] == stem if part.stems else word.startswith(part.prefix) or stem.startswith(part.prefix))
        )
        return found


def _reached(part: Part, text: str, start: int, end: int) -> int:
    """Return where a part ends whose first word stands from start to end; 0 where the rest of it does not follow."""
    rest = len(part.stems) - 1 + bool(part.prefix) if part.stems else 0
    if not rest:
        return end
    # From the start of a word on, the words of a text are what they are in all of it.
    following = list(islice(stems.places(text[start:]), 1, rest + 1))
    said, wanted = [stems.stem(word) for word, _, _ in following], part.stems[1:]
    if len(said) < rest or tuple(said[: len(wanted)]) != wanted:
        return 0
    return start + following[-1][2] if said[-1].startswith(part.prefix) else 0
