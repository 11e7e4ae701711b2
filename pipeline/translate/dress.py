"""How a segment looks on its way to an engine and back: signs as tags, or as numbers in brackets.

`tags` is for engines that read XML or HTML and carry tags along; `plain` for models that know
words only. What comes back is read leniently: an engine may write a tag another way.
"""

from __future__ import annotations

import re
from html import escape, unescape

from pipeline.translate.marks import SIGN, Mark, Segment, number_of, numbers_in, sign

#: The forms there are.
FORMS = ("tags", "plain")
_TAG = re.compile(r"<\s*(/?)\s*([xg])(?:\s+id\s*=\s*[\"']?(\d+)[\"']?)?[^<>]*>", re.IGNORECASE)
_BRACKET = re.compile(r"\[\s*(\d{1,5})\s*\]")


def dressed(segment: Segment, form: str) -> str:
    """Return a segment as an engine of this form takes it."""
    if form == "plain":
        return SIGN.sub(lambda found: f"[{number_of(found[0])}]", segment.text)
    partners = _partners(segment)

    def tag(found: re.Match[str]) -> str:
        number = number_of(found[0])
        if number is None or number not in partners:
            return f'<x id="{number}"></x>'
        return "</g>" if segment.marks[number].kind == "close" else f'<g id="{number}">'

    return SIGN.sub(tag, escape(segment.text, quote=False))


def undressed(answer: str, segment: Segment, form: str) -> str:
    """Return an engine's answer with signs, spaced around them as the segment is."""
    back = _plain_back(answer, segment) if form == "plain" else _tags_back(answer, segment)
    return _respaced(back, segment)


def _plain_back(answer: str, segment: Segment) -> str:
    def back(found: re.Match[str]) -> str:
        return sign(int(found[1])) if int(found[1]) < len(segment.marks) else found[0]

    return _BRACKET.sub(back, answer)


def _tags_back(answer: str, segment: Segment) -> str:
    """Read an answer with tags; an end of `x` says nothing, an end of `g` ends what was begun last."""
    partners = _partners(segment)
    opened: list[int] = []
    out, at = [], 0
    for found in _TAG.finditer(answer):
        out.append(unescape(answer[at : found.start()]))
        at = found.end()
        ends, name, number = bool(found[1]), found[2].lower(), int(found[3]) if found[3] else None
        if ends and name == "g" and opened:
            out.append(sign(partners[opened.pop()]))
        elif not ends and number is not None and number < len(segment.marks):
            out.append(sign(number))
            if name == "g" and number in partners:
                opened.append(number)
    return "".join([*out, unescape(answer[at:])])


def _partners(segment: Segment) -> dict[int, int]:
    """Map the mark of each tag that begins and ends within the segment to the other one."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for number in numbers_in(segment.text):
        kind = segment.marks[number].kind
        if kind == "open":
            opened.append(number)
        elif kind == "close" and opened:
            begun = opened.pop()
            found |= {begun: number, number: begun}
    return found


def _respaced(text: str, segment: Segment) -> str:
    """Take out spaces that an engine put inside a pair of tags, or between a value and its punctuation."""
    text = text.strip()
    for number, mark in enumerate(segment.marks):
        text = _by_mark(text, sign(number), mark, segment.text)
    return text


def _by_mark(text: str, here: str, mark: Mark, original: str) -> str:
    at = original.find(here)
    after, before = original[at + 1 : at + 2], original[at - 1 : at] if at else ""
    if (
        mark.kind in ("open", "value")
        and not after.isspace()
        and after in (",", ".", ";", ":", "!", "?", ")", "»", "%")
    ):
        text = re.sub(f"{here}\\s+(?=[,.;:!?)»%])", lambda _: here, text)
    if mark.kind == "open" and not after.isspace():
        text = re.sub(f"{here}\\s+", lambda _: here, text)
    if mark.kind == "close" and not before.isspace():
        text = re.sub(f"\\s+{here}", lambda _: here, text)
    return text
