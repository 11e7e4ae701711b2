"""A page as a row of blocks: the paragraphs, headings, cells and pictures a reader sees, in order.

Every later step chooses among blocks instead of cutting the tree: an article is a choice of
blocks, boilerplate is a block that other pages carry too. What is not here: the choosing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from pipeline import address, characters
from pipeline.extract import images
from pipeline.model import Image


def words(text: str) -> frozenset[str]:
    """Return the words of text as a set: tables of tags and phrases are read best as prose."""
    return frozenset(text.split())


_BREAKING = words(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
_UNSEEN = words(
    "script style noscript template svg math head iframe object embed select textarea input canvas audio video map "
    "datalist progress meter"
)
_INLINE = {"a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em"}
_STRUCTURE = words("ul ol li table tr td th blockquote figure figcaption")
_ZONES = words("nav header footer aside form article main button h1 h2 h3 h4 h5 h6")
#: Tags that mean anything to a walk; of all others only the words count.
_TOLD = _BREAKING | _ZONES | _STRUCTURE | _INLINE.keys() | words("img br")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALPHANUMERIC = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?:;…»”\"]\s*$")
#: A <br> after a whole sentence this long parts paragraphs; after less it is a line of an address or a verse.
_BR_SENTENCE = 80
#: No article's page has more blocks; the rest is not looked at.
_MOST = 12_000
#: Stands for a <br> among the pieces of a run; never in a page (dom.parse removes control characters).
_BREAK = "\x1e"

#: Text and the inline tags around it: (name, href as written or "").
Piece = tuple[str, tuple[tuple[str, str], ...]]
Path = tuple[tuple[str, HtmlElement], ...]


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
    return "".join(_ALPHANUMERIC.findall(text.casefold()))


def line_hash(text: str) -> str:
    """Return the hash two lines share when they are the same but for case, spaces and punctuation."""
    return _hash(fold(text) or text.strip())


def _hash(key: str) -> str:
    return blake2b(key.encode("utf-8", "replace"), digest_size=6).hexdigest()


class _Run:
    """Text between two block boundaries, with the inline tags around each piece."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.length = 0
        self.last = ""  #: the last piece that is not blank; `_BREAK` after a line break

    def add(self, text: str, inline: Sequence[tuple[str, str]]) -> None:
        self.pieces.append((text, tuple(inline)))
        if text == _BREAK or not text.isspace():
            self.length += len(text)
            self.last = text

    def folded(self) -> list[Piece]:
        """Return the pieces with white space folded across their borders; `_BREAK` is a line break."""
        pieces: list[Piece] = []
        spaced = True  # no space at the start
        for raw, inline in self.pieces:
            text = (_BREAK if pieces else "") if raw == _BREAK else characters.line(f"|{raw}|")[1:-1]
            kept = text.lstrip() if spaced else text
            if kept:
                if kept == _BREAK and pieces[-1][0].endswith(" "):
                    pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
                pieces.append((kept, inline))
                spaced = kept[-1] in f" {_BREAK}"
        while pieces and not pieces[-1][0].strip():
            pieces.pop()
        if pieces:
            pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
        return pieces


def blocks_of(root: HtmlElement, base: str) -> list[Block]:
    """Return every visible block below root, in document order; root may be a part of the page."""
    walk = _Walk(base)
    walk.enter(reversed(list(root.iterancestors())))
    return walk.run(root)


class _Walk:
    """One pass over the tree; no recursion, so that no nesting can exhaust the stack."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.found: list[Block] = []
        self.current = _Run()
        self.holders: list[HtmlElement] = []
        self.inline: list[tuple[str, str]] = []
        self.path: list[tuple[str, HtmlElement]] = []
        self.zones: list[str] = []

    def enter(self, ancestors: Iterable[HtmlElement]) -> None:
        """Know what stands around the part that is walked; its words are not read."""
        for element in ancestors:
            self.step_into(element)

    def run(self, root: HtmlElement) -> list[Block]:
        skipped: HtmlElement | None = None
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if not isinstance(tag, str):
                    continue
                if _unseen(element) or len(self.found) > _MOST:
                    walker.skip_subtree()
                    skipped = element
                    continue
                if tag in _TOLD:
                    self.open(element)
                words = element.text
            elif element is root:  # what follows it is not below it
                continue
            else:
                if tag in _TOLD and element is not skipped:
                    self.close(element)
                words = element.tail
            if words:
                self.current.add(words, self.inline)
        self.flush()
        return self.found

    def step_into(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BREAKING:
            if self.current.pieces:
                self.flush()
            self.holders.append(element)
        if tag in _ZONES:
            self.zones.append(tag)
        if tag in _STRUCTURE and (tag not in ("table", "tr", "td", "th") or _tabular(element, self.path)):
            self.path.append((tag, element))
        if tag in _INLINE:
            self.inline.append(self.inline_tag(element))

    def open(self, element: HtmlElement) -> None:
        self.step_into(element)
        if element.tag == "img":
            self.picture(element)
        elif element.tag == "br":
            self.line_break()

    def close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _INLINE:
            self.inline.pop()
        if tag in _BREAKING:
            if self.current.pieces:
                self.flush()
            self.holders.pop()
        if self.path and self.path[-1][1] is element:
            self.path.pop()
        if tag in _ZONES:
            self.zones.pop()

    def inline_tag(self, element: HtmlElement) -> tuple[str, str]:
        name = _INLINE[element.tag]
        if name != "a":
            return name, ""
        return name, element.get("href") or ""

    def line_break(self) -> None:
        run = self.current
        if run.last == _BREAK:
            self.flush()  # two in a row part paragraphs
        elif run.length >= _BR_SENTENCE and _SENTENCE_END.search(run.last[-20:]):
            self.flush()
        elif run.last:
            run.add(_BREAK, self.inline)

    def picture(self, element: HtmlElement) -> None:
        image = images.of_element(element, self.base)
        if image is not None and self.holders:
            self.found.append(Block("", (), element, tuple(self.path), frozenset(self.zones), image=image))

    def flush(self) -> None:
        run, self.current = self.current, _Run()
        if not run.last:
            return
        pieces = run.folded()
        text = "".join(piece for piece, _ in pieces).replace(_BREAK, " ")
        if not text or not self.holders:
            return
        linked = sum(len(piece) for piece, inline in pieces if any(name == "a" for name, _ in inline))
        zones = frozenset(self.zones)
        self.found.append(Block(text, tuple(pieces), self.holders[-1], tuple(self.path), zones, linked))


def _unseen(element: HtmlElement) -> bool:
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))


def _tabular(element: HtmlElement, path: list[tuple[str, HtmlElement]]) -> bool:
    """Whether a table (or a part of one) holds data rather than the page's layout."""
    if element.tag != "table":
        return any(tag == "table" for tag, _ in path)
    rows = element.findall(".//tr")
    if len(rows) < 2 or element.find(".//table") is not None or element.find(".//h1") is not None:
        return False
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    return len(cells) > len(rows) and all(len(cell.findall(".//p")) < 3 for cell in cells)


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
        out.append("<br>" if text == _BREAK else escape(text, quote=False))
    out.extend(f"</{name}>" for name, _ in reversed(opened))
    return "".join(out)


def _wanted(inline: tuple[tuple[str, str], ...], base: str) -> list[tuple[str, str]]:
    """Return the tags to write around a piece: each once, links only where they lead somewhere."""
    tags: list[tuple[str, str]] = []
    for name, href in inline:
        resolved = address.resolve(base, href) if name == "a" else ""
        if resolved is not None and all(name != other for other, _ in tags):
            tags.append((name, resolved))
    return tags
