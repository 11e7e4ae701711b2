"""What became of an article: its wordings one after the other, and what changed from each to the next.

Words, not lines: a paragraph in which a date was corrected shows the date. Pure. What is not here:
how it looks (cli_history.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from pipeline.model import Revision
from pipeline.record import dataclass

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
#: Paragraphs with more pairs of words than this are shown as replaced: comparing them takes too long.
_PAIRS = 4_000_000
#: Paragraphs that have less in common than this are replaced, not changed.
_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text: in both wordings ("same"), in the older only ("gone"), or in the newer only ("come")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One wording, and how it differs from the one before; the first differs from nothing."""

    revision: Revision
    title: tuple[Change, ...] = ()  #: empty where it is the same
    text: tuple[Change, ...] = ()
    published: bool = False  #: whether the date moved
    language: bool = False
    html: bool = False  #: whether only mark-up, links or pictures changed


def steps(revisions: Sequence[Revision]) -> tuple[Step, ...]:
    """Return an article's wordings, oldest first, each with what changed."""
    found = [Step(one) for one in revisions[:1]]
    for old, new in pairwise(revisions):
        found.append(
            Step(
                new,
                title=diff(old.title, new.title) if old.title != new.title else (),
                text=diff(old.text, new.text) if old.text != new.text else (),
                published=bool(old.language) and old.published != new.published,
                language=bool(old.language) and old.language != new.language,
                html=old.html != new.html and old.text == new.text,
            )
        )
    return tuple(found)


def diff(old: str, new: str) -> tuple[Change, ...]:
    """Return what changed from old to new, word by word.

    All but "come" put together is old, all but "gone" is new; what went stands before what came in its place.
    """
    parts: list[tuple[str, str]] = []
    for a, b in _compared(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        parts.extend([(a, b)] if a == b or not a or not b else _words(a, b))
    runs = groupby(_merged(parts), key=lambda one: one.kind)
    return tuple(Change(kind, "".join(one.text for one in run)) for kind, run in runs)


def shortened(changes: Sequence[Change], context: int = 60) -> tuple[Change, ...]:
    """Return changes with long runs of what stayed cut down to context characters beside each change."""
    short = []
    for number, change in enumerate(changes):
        text = change.text
        before, after = number > 0, number < len(changes) - 1
        if change.kind == "same" and len(text) > context * (before + after) + 10:
            text = (text[:context] if before else "") + " … " + (text[-context:] if after else "")
        short.append(Change(change.kind, text))
    return tuple(short)


def _words(old: str, new: str) -> list[tuple[str, str]]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(a) * len(b) > _PAIRS:
        return [(old, new)]
    parts = list(_compared(a, b))
    shared = sum(len(one) for one, other in parts if one == other and not one.isspace())
    return parts if shared >= _ALIKE * min(len(old), len(new)) else [(old, new)]


def _compared(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield matching runs of two sequences of strings: equal, or one in place of the other."""
    for _, start, end, first, last in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        yield "".join(a[start:end]), "".join(b[first:last])


def _merged(parts: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """Yield changes of neighbouring parts as one; a space between two changes is part of them."""
    gone = come = same = ""
    for old, new in parts:
        if old == new and (old.strip() or not (gone or come)):
            yield from _pair(gone, come)
            gone = come = ""
            same += old
        else:
            if same:
                yield Change("same", same)
                same = ""
            gone, come = gone + old, come + new
    yield from _pair(gone, come)
    if same:
        yield Change("same", same)


def _pair(gone: str, come: str) -> Iterator[Change]:
    # A space at the end that both share stayed.
    kept = ""
    while gone and come and gone[-1] == come[-1] and gone[-1].isspace():
        kept, gone, come = gone[-1] + kept, gone[:-1], come[:-1]
    if gone:
        yield Change("gone", gone)
    if come:
        yield Change("come", come)
    if kept:
        yield Change("same", kept)
