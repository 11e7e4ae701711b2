"""A sentence as people read and rewrite it: tags as {1}, {2}, and what stands for numbers and names written out.

What a person wrote goes back the same way. Tags must all be there, or the markup would be torn; a number or a name may be
put in other words, but then the wording is of this one sentence, and no other's with another number in it.
"""

from __future__ import annotations

import re
from html import unescape

from pipeline import characters
from pipeline.translate import checks
from pipeline.translate.marks import SIGN, Mark, Segment, number_of, numbers_in, sign

_TAG = re.compile(r"\{(\d{1,5})\}")


def legible(text: str, segment: Segment, *, source: bool = False) -> str:
    """Return text with signs as a person reads it; source: numbers and names as the original writes them."""
    tags = _tags(segment)

    def said(found: re.Match[str]) -> str:
        number = number_of(found[0])
        if number is None or number >= len(segment.marks):
            return ""
        return f"{{{tags.index(number) + 1}}}" if number in tags else _value(segment.marks[number], source=source)

    return SIGN.sub(said, text)


def reworded(line: str, segment: Segment) -> str:
    """Return what a person wrote with the segment's signs, as far as they are in it."""
    tags = _tags(segment)

    def back(found: re.Match[str]) -> str:
        place = int(found[1])
        return sign(tags[place - 1]) if 0 < place <= len(tags) else found[0]

    text = _TAG.sub(back, SIGN.sub("", characters.line(line).replace("\u00a0", " ")))
    for number, mark in enumerate(segment.marks):
        value = _value(mark, source=False).replace("\u00a0", " ").strip()
        if number not in tags and value:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda _, here=number: sign(here), text, count=1)  # type: ignore[misc]  # a default binds the number
    return text


def torn(segment: Segment, answer: str) -> str:
    """Return what is wrong with the markup of a person's wording; "" where it is whole."""
    if checks.tags_are_there(segment, answer):
        return ""
    every = " ".join(f"{{{place}}}" for place in range(1, len(_tags(segment)) + 1))
    return f"the tags {every} must each stand there once, and end in the order in which they begin"


def holds_elsewhere(segment: Segment, answer: str) -> bool:
    """Tell whether a wording is one for every sentence that differs in its numbers and names only."""
    return checks.marks_are_there(segment, answer)


def _tags(segment: Segment) -> list[int]:
    """List the marks that are tags, as they stand in the original."""
    return [number for number in numbers_in(segment.text) if segment.marks[number].kind != "value"]


def _value(mark: Mark, *, source: bool) -> str:
    text = mark.raw if source else mark.said
    plain = unescape(text) if mark.html else text
    return "".join(one for one in plain if one.isprintable() or one.isspace())
