"""Where the words that were asked for stand in a text: titles marked, the place of a text that shows them; pure.

What comes out are pieces of the text and whether each is to be marked; putting them into HTML, and
escaping them, is the template's business.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline import stems
from pipeline.stems import Part

#: A piece of text, and whether it is what was asked for.
Piece = tuple[str, bool]
#: A folded word, and where it starts and ends.
Word = tuple[str, int, int]
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
    first: dict[str, list[Part]] = {}
    for part in parts:
        if part.stems:
            first.setdefault(part.stems[0], []).append(part)
    begun = tuple(part.prefix for part in parts if not part.stems)
    words = stems.places(text)
    ahead: deque[Word] = deque()
    over = -1
    while ahead or (ahead := deque(islice(words, 1))):
        word, start, end = ahead.popleft()
        stem = stems.stem(word)
        length = max(_follow(part, ahead, words) for part in first[stem]) if stem in first else 0
        if not length and begun:
            length = int(word.startswith(begun) or stem.startswith(begun))
        if length and start > over:
            over = ahead[length - 2][2] if length > 1 else end
            yield start, over


def _follow(part: Part, ahead: deque[Word], words: Iterator[Word]) -> int:
    """Return how many words a part has whose first stands before `ahead`; 0 where the rest does not follow."""
    rest = len(part.stems) - 1 + bool(part.prefix)
    ahead.extend(islice(words, max(rest - len(ahead), 0)))
    if len(ahead) < rest:
        return 0
    following = [stems.stem(ahead[at][0]) for at in range(rest)]
    wanted = part.stems[1:]
    if tuple(following[: len(wanted)]) != wanted or (part.prefix and not following[-1].startswith(part.prefix)):
        return 0
    return rest + 1
