"""The walk over a page's tree that makes its blocks: what breaks text into blocks, what is not seen, what stands around.

What is not here: what a block is (blocks.py); pictures that are the site's (images.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract import images
from pipeline.extract.blocks import BREAK, Block, Inline, Path, Piece, words
from pipeline.record import dataclass

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
_TABULAR = words("table tr td th")
_ZONES = words("nav header footer aside form article main button h1 h2 h3 h4 h5 h6")
#: All at once: to ask each element for two attributes takes three times as long.
_HIDING = etree.XPath("descendant-or-self::*/@hidden | descendant-or-self::*/@style")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;…»”\"]\s*$")
#: A <br> after a whole sentence this long parts paragraphs; after less it is a line of an address or a verse.
_BR_SENTENCE = 80
#: No article's page has more blocks; the rest is not looked at.
_MOST = 12_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What a tag tells a walk."""

    breaks: bool
    is_zone: bool
    is_structure: bool
    is_tabular: bool
    inline: str  #: what it is written as, or ""
    marks: bool  #: whether what stands in it knows of it: all but what only breaks


def _told(tag: str) -> _Told:
    area, structure, inline = tag in _ZONES, tag in _STRUCTURE, _INLINE.get(tag, "")
    return _Told(tag in _BREAKING, area, structure, tag in _TABULAR, inline, area or structure or bool(inline))


#: Tags that mean anything to what stands in them; of all others but <img> and <br> only the words count.
_TOLD = {tag: _told(tag) for tag in _BREAKING | _ZONES | _STRUCTURE | _INLINE.keys()}


def blocks_of(root: HtmlElement, base: str) -> list[Block]:
    """Return every visible block below root, in document order; root may be a part of the page."""
    walk = _Walk(base)
    walk.enter(reversed(list(root.iterancestors())))
    return walk.run(root)


class _Walk:
    """One pass over the tree; no recursion, so that no nesting can exhaust the stack.

    What stands around is kept in values that never change, so that all blocks there share them.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.found: list[Block] = []
        self.current = _Run()
        self.holders: list[HtmlElement] = []
        self.inline: Inline = ()
        self.path: Path = ()
        self.zones: list[frozenset[str]] = [frozenset()]  #: the last are those around, the others those further out

    def enter(self, ancestors: Iterable[HtmlElement]) -> None:
        """Know what stands around the part that is walked; its words are not read."""
        for element in ancestors:
            if (told := _TOLD.get(element.tag)) is not None:
                self.step_into(element, told)

    def run(self, root: HtmlElement) -> list[Block]:
        current, found, hidden = self.current, self.found, _hidden(root)
        opened: list[_Told | None] = []  # to ask an element for its tag once, not at its end as well
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                tag = element.tag
                if tag in _UNSEEN or element in hidden or len(found) > _MOST:
                    walker.skip_subtree()
                    opened.append(None)
                    continue
                told = _TOLD.get(tag)
                opened.append(told)
                if told is not None:
                    self.step_into(element, told)
                elif tag == "img":
                    self.picture(element)
                elif tag == "br":
                    self.line_break()
                words = element.text
            else:
                told = opened.pop()
                if element is root:  # what follows it is not below it
                    continue
                if told is not None:
                    self.step_out_of(element, told)
                words = element.tail
            if words and (current.pieces or not words.isspace()):  # most is the page's own indentation
                current.add(words, self.inline)
        self.flush()
        return found

    def step_into(self, element: HtmlElement, told: _Told) -> None:
        if told.breaks:
            if self.current.pieces:
                self.flush()
            self.holders.append(element)
            if not told.marks:
                return
        if told.is_zone:
            self.zones.append(self.zones[-1] | {element.tag})
        if told.is_structure and (not told.is_tabular or _tabular(element, self.path)):
            self.path = (*self.path, (element.tag, element))
        if told.inline:
            href = (element.get("href") or "") if told.inline == "a" else ""
            self.inline = (*self.inline, (told.inline, href))

    def step_out_of(self, element: HtmlElement, told: _Told) -> None:
        if told.inline:
            self.inline = self.inline[:-1]
        if told.breaks:
            if self.current.pieces:
                self.flush()
            self.holders.pop()
            if not told.marks:
                return
        if told.is_structure and self.path and self.path[-1][1] is element:
            self.path = self.path[:-1]
        if told.is_zone:
            self.zones.pop()

    def line_break(self) -> None:
        run = self.current
        if run.last == BREAK:
            self.flush()  # two in a row part paragraphs
        elif run.length >= _BR_SENTENCE and _SENTENCE_END.search(run.last[-20:]):
            self.flush()
        elif run.last:
            run.add(BREAK, self.inline)

    def picture(self, element: HtmlElement) -> None:
        image = images.of_element(element, self.base)
        if image is not None and self.holders:
            self.found.append(Block("", (), element, self.path, self.zones[-1], image=image))

    def flush(self) -> None:
        pieces = self.current.taken()
        if not pieces or not self.holders:
            return
        if len(pieces) == 1:
            text, inline = pieces[0]
            linked = len(text) if inline and "a" in dict(inline) else 0
        else:
            text = "".join([piece for piece, _ in pieces]).replace(BREAK, " ")
            linked = sum([len(piece) for piece, inline in pieces if inline and "a" in dict(inline)])
        self.found.append(Block(text, tuple(pieces), self.holders[-1], self.path, self.zones[-1], linked))


def _hidden(root: HtmlElement) -> set[HtmlElement]:
    """Return root and what stands below it, as far as it is not shown."""
    return {one.getparent() for one in _HIDING(root) if one.attrname == "hidden" or _HIDDEN.search(one)}


def _tabular(element: HtmlElement, path: Path) -> bool:
    """Whether a table (or a part of one) holds data rather than the page's layout."""
    if element.tag != "table":
        return any(tag == "table" for tag, _ in path)
    rows = element.findall(".//tr")
    if len(rows) < 2 or element.find(".//table") is not None or element.find(".//h1") is not None:
        return False
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    return len(cells) > len(rows) and all(len(cell.findall(".//p")) < 3 for cell in cells)


class _Run:
    """Text between two block boundaries, with the inline tags around each piece."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.pieces: list[Piece] = []
        self.length = 0
        self.last = ""  #: the last piece that is not blank; `BREAK` after a line break

    def add(self, text: str, inline: Inline) -> None:
        if text == BREAK or not text.isspace():
            self.length += len(text)
            self.last = text
        elif not self.pieces:
            return  # no space at the start
        self.pieces.append((text, inline))

    def taken(self) -> list[Piece]:
        """Return the pieces with white space folded across their borders, and begin anew; `BREAK` is a line break."""
        raw = self.pieces
        self.clear()
        while raw and raw[-1][0].isspace():
            raw.pop()
        if len(raw) != 1:
            return _folded(raw) if raw else raw
        piece, inline = raw[0]
        text = characters.line(piece)
        return [(text, inline)] if text else []


def _folded(raw: Iterable[Piece]) -> list[Piece]:
    pieces: list[Piece] = []
    spaced = True  # no space at the start
    for piece, inline in raw:
        text = (BREAK if pieces else "") if piece == BREAK else characters.line(f"|{piece}|")[1:-1]
        kept = text.lstrip() if spaced else text
        if kept:
            if kept == BREAK and pieces[-1][0].endswith(" "):
                pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
            pieces.append((kept, inline))
            spaced = kept[-1] in f" {BREAK}"
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    return pieces
