"""A segment: a sentence with signs in place of all that an engine must neither change nor lose.

A sign is one private-use character; what it stands for (a tag, an address, a number) is
kept beside the text, in the order of the signs. No HTML and no engine is known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.record import dataclass

#: Signs are the characters from here on: plane 15, which no page uses for anything else.
FIRST = 0xF0000
#: More signs than this a segment cannot have.
MOST = 0xFFFD
_LAST = FIRST + MOST
#: All signs, as a range within a regular expression's brackets.
RANGE = f"{chr(FIRST)}-{chr(_LAST)}"
SIGN = re.compile(f"[{RANGE}]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one sign stands for."""

    kind: str  #: open | close (a tag that begins, ends) | alone (a tag by itself) | value (a number, name, address)
    raw: str  #: as the source has it; of a tag or an entity the HTML, else plain text
    said: str = ""  #: of a value: how the target language writes it; HTML where `html` is set
    html: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """What is translated at once: a sentence, mostly."""

    text: str  #: with signs
    marks: tuple[Mark, ...] = ()  #: of sign number n the nth


def sign(number: int) -> str:
    """Return the sign of a mark."""
    return chr(FIRST + number)


def number_of(character: str) -> int | None:
    """Return which mark a character stands for; None where it is no sign."""
    code = ord(character)
    return code - FIRST if FIRST <= code <= _LAST else None


def numbers_in(text: str) -> list[int]:
    """Return the marks whose signs stand in text, in order."""
    return [ord(one) - FIRST for one in SIGN.findall(text)]


def bare(text: str) -> str:
    """Return text with a space in place of each sign."""
    return SIGN.sub(" ", text)


def shown(text: str, marks: Sequence[Mark], *, source: bool = False, tags: str = "") -> str:
    """Return text as a reader of the source (or of the target) sees it: values written out, `tags` for each tag."""

    def said(found: re.Match[str]) -> str:
        number = ord(found[0]) - FIRST
        if number < len(marks) and marks[number].kind == "value":
            return marks[number].raw if source else marks[number].said
        return tags

    return SIGN.sub(said, text)


def renumbered(text: str, marks: Sequence[Mark]) -> Segment:
    """Return a stretch of a longer text as a segment of its own, its signs counted from 0."""
    kept: list[Mark] = []

    def counted(found: re.Match[str]) -> str:
        kept.append(marks[ord(found[0]) - FIRST])
        return sign(len(kept) - 1)

    return Segment(SIGN.sub(counted, text), tuple(kept))
