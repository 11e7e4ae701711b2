"""A page as a row of blocks: the paragraphs, headings, cells and pictures a reader sees, in order.

Every later step chooses among blocks instead of cutting the tree: an article is a choice of
blocks, boilerplate is a block that other pages carry too. What is not here: the choosing; how a tree
becomes blocks (walk.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from hashlib import blake2b
from html import escape

from lxml.html import HtmlElement

from pipeline import address
from pipeline.model import Image
from pipeline.record import dataclass

_ALPHANUMERIC = re.compile(r"[^\W_]+")
#: Stands for a <br> among the pieces of a run; never in a page (dom.parse removes control characters).
BREAK = "\x1e"

#: Inline tags, outermost first: (name, href as written or "").
Inline = tuple[tuple[str, str], ...]
#: Text and the inline tags around it.
Piece = tuple[str, Inline]
Path = tuple[tuple[str, HtmlElement], ...]


def words(text: str) -> frozenset[str]:
    """Return the words of text as a set: tables of tags and phrases are read best as prose."""
    return frozenset(text.split())


@dataclass(slots=True, eq=False)
class Block:
    """One run of text, or one picture, with its place in the page."""

    text: str
    pieces: tuple[Piece, ...]  #: the same words with the inline tags around each
    element: HtmlElement  #: the nearest block-level element around; of a picture the <img>
    path: Path  #: lists, tables, quotes and figures around, outermost first
    zones: frozenset[str]  #: kinds of page area around: nav, footer, aside …
    linked: int = 0  #: characters inside links
    image: Image | None = None
    key: str = field(init=False)  #: letters and digits only, case folded

    def __post_init__(self) -> None:
        self.key = fold(self.text)

    def hash(self) -> str:
        """Return `line_hash` of the text."""
        return _hash(self.key or self.text.strip())

    def markup(self, base: str) -> str:
        """Return the text as inline HTML, links absolute from base."""
        return _markup(self.pieces, base)


def fold(text: str) -> str:
    """Return text as letters and digits only, case folded: what makes two lines the same."""
    bare = text.casefold().replace(" ", "")
    return bare if bare.isalnum() else "".join(_ALPHANUMERIC.findall(bare))


def line_hash(text: str) -> str:
    """Return the hash two lines share when they are the same but for case, spaces and punctuation."""
    return _hash(fold(text) or text.strip())


def _hash(key: str) -> str:
    return blake2b(key.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _markup(pieces: Sequence[Piece], base: str) -> str:
    out: list[str] = []
    opened: list[tuple[str, str]] = []
    for text, inline in pieces:
        wanted = _wanted(inline, base)
        shared = 0
        while shared < min(len(opened), len(wanted)) and opened[shared] == wanted[shared]:
            shared += 1
        while len(opened) > shared:
            out.append(f"</{opened.pop()[0]}>")
        for name, href in wanted[shared:]:
            out.append(f'<{name} href="{escape(href)}">' if name == "a" else f"<{name}>")
            opened.append((name, href))
        out.append("<br>" if text == BREAK else escape(text, quote=False))
    out.extend(f"</{name}>" for name, _ in reversed(opened))
    return "".join(out)


def _wanted(inline: Inline, base: str) -> list[tuple[str, str]]:
    """Return the tags to write around a piece: each once, links only where they lead somewhere."""
    tags: list[tuple[str, str]] = []
    for name, href in inline:
        resolved = address.resolve(base, href) if name == "a" else ""
        if resolved is not None and all(name != other for other, _ in tags):
            tags.append((name, resolved))
    return tags
