"""A clean HTML body → segments, and back: the same bytes but for the words.

Tags and entities that could not be written back as they stood become signs (`marks`);
blocks and line breaks part the text, sentences cut it further; what stands around a sentence
(tags, spaces) stays in the frame and is never sent. Put back unchanged, any HTML is what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from pipeline import characters
from pipeline.record import dataclass
from pipeline.translate import sentences
from pipeline.translate.glossary import NOTHING, Glossary
from pipeline.translate.marks import FIRST, MOST, RANGE, SIGN, Mark, Segment, number_of, renumbered, sign
from pipeline.translate.protect import protected

#: Longest segment; OPUS-MT cuts what has more than 512 pieces.
LONGEST = 700
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^\s>/]*(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][^\s>/]*)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: What may stand within a sentence; every other tag parts the text.
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q s samp small span strong sub sup time u var".split()
)
_VOID = frozenset({"img", "wbr"})
_LETTER = re.compile(r"[^\W\d_]")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;"}
_ESCAPED = re.compile("[&<>\u00a0]")
_SPECIAL = re.compile(f"[&<>\u00a0{RANGE}]")
_TO_KEEP = re.compile(f"{_ENTITY.pattern}|{_SPECIAL.pattern}")


@dataclass(frozen=True, slots=True)
class Body:
    """HTML taken apart: what stays as it is, and segments."""

    parts: tuple[str | Segment, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """What is to be translated, in order."""
        return tuple(part for part in self.parts if isinstance(part, Segment))


def taken_apart(html: str, source: str = "ru", target: str = "en", glossary: Glossary = NOTHING) -> Body:
    """Return HTML as frame and segments."""
    parts: list[str | Segment] = []
    for text, marks in _blocks(html):
        parts += [
            protected(part, source, target, glossary) if isinstance(part, Segment) else part
            for part in _cut(text, marks)
        ]
    return Body(_joined(parts))


def of_line(line: str, source: str = "ru", target: str = "en", glossary: Glossary = NOTHING) -> Body:
    """Return one line of plain text, such as a title, as segments; put back it is HTML."""
    return taken_apart(escaped(line), source, target, glossary)


def put_together(body: Body, texts: Sequence[str], *, source: bool = False) -> str:
    """Return the HTML of a body with these texts (with signs) in place of its segments.

    source: values are written as in the source, so that untouched segments give what was taken apart.
    """
    said = iter(texts)
    return "".join(
        part if isinstance(part, str) else written(next(said), part.marks, source=source) for part in body.parts
    )


def written(text: str, marks: Sequence[Mark], *, source: bool = False) -> str:
    """Return a segment's text as HTML."""

    def said(found: re.Match[str]) -> str:
        number = number_of(found[0])
        if number is None:
            return _WRITTEN[found[0]]
        mark = marks[number] if number < len(marks) else Mark("value", "")
        if mark.kind != "value" or mark.html:
            return mark.raw
        return escaped(mark.raw if source else mark.said)

    return _SPECIAL.sub(said, text)


def escaped(text: str) -> str:
    """Return plain text as HTML, the way nh3 writes it."""
    return _ESCAPED.sub(lambda found: _WRITTEN[found[0]], text)


def _blocks(html: str) -> Iterator[tuple[str, list[Mark]]]:
    """Yield the text of each block with signs for its inline tags; tags that part blocks as blocks of their own."""
    text: list[str] = []
    marks: list[Mark] = []
    for piece, is_tag in _pieces(html):
        name = _NAME.match(piece) if is_tag else None
        if is_tag and (name is None or name[1].lower() not in _INLINE or len(marks) >= MOST - 1):
            if text:
                yield "".join(text), marks
            yield sign(0), [Mark("alone", piece)]
            text, marks = [], []
        elif name is not None:
            text.append(sign(len(marks)))
            marks.append(Mark(_kind(piece, name[1].lower()), piece))
        else:
            text.extend(_plain(piece, marks))
    if text:
        yield "".join(text), marks


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for found in _TAG.finditer(html):
        if found.start() > at:
            yield html[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(html):
        yield html[at:], False


def _kind(tag: str, name: str) -> str:
    if tag.startswith("</"):
        return "close"
    return "alone" if name in _VOID or tag.endswith("/>") else "open"


def _plain(piece: str, marks: list[Mark]) -> Iterator[str]:
    """Yield the text of a stretch without tags; what would not be written back as it stands becomes a sign."""

    def kept(found: re.Match[str]) -> str:
        raw = found[0]
        if len(raw) > 1 and _WRITTEN.get(unescape(raw)) == raw:
            return unescape(raw)
        if len(marks) >= MOST:
            return ""
        marks.append(Mark("value", raw, raw, html=True))
        return sign(len(marks) - 1)

    yield _TO_KEEP.sub(kept, piece)


def _cut(text: str, marks: Sequence[Mark]) -> Iterator[str | Segment]:
    """Yield a block's frame and sentences."""
    for sentence in sentences.split(text):
        for part in sentences.within(sentence, LONGEST):
            front, core, back = _framed(part, marks)
            if not _LETTER.search(core):
                yield written(part, marks, source=True)
                continue
            yield written(front, marks, source=True)
            yield renumbered(core, marks)
            yield written(back, marks, source=True)


def _framed(part: str, marks: Sequence[Mark]) -> tuple[str, str, str]:
    """Cut off the white space and tags around a sentence, so far as no pair of tags is torn."""
    start, end = 0, len(part)
    while start < end and _loose(part[start], marks):
        start += 1
    while end > start and _loose(part[end - 1], marks):
        end -= 1
    for one, other in _pairs(part, marks):
        if one < start <= other < end:
            start = one
        elif start <= one < end <= other:
            end = other + 1
    return part[:start], part[start:end], part[end:]


def _pairs(part: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """List where the tags begin and end that do both here, the outermost last."""
    opened: list[int] = []
    found = []
    for here in SIGN.finditer(part):
        kind = marks[ord(here[0]) - FIRST].kind
        if kind == "open":
            opened.append(here.start())
        elif kind == "close" and opened:
            found.append((opened.pop(), here.start()))
    return found


def _loose(character: str, marks: Sequence[Mark]) -> bool:
    number = number_of(character)
    return character.isspace() if number is None else marks[number].kind != "value"


def _joined(parts: Sequence[str | Segment]) -> tuple[str | Segment, ...]:
    out: list[str | Segment] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return tuple(out)


def plain(html: str) -> str:
    """Return the text of clean HTML as lines, one paragraph each."""

    def parted(found: re.Match[str]) -> str:
        name = _NAME.match(found[0])
        return "" if name and name[1].lower() in _INLINE else "\n"

    return characters.paragraphs(unescape(_TAG.sub(parted, html)))
