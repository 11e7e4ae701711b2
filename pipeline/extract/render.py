"""Blocks → clean HTML: paragraphs, headings, lists, tables, quotes, links, pictures, nothing else.

nh3 has the last word, whatever came before. What is not here: which blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import nh3
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract.blocks import Block, Path, words
from pipeline.model import Image

TAGS = words("p h2 h3 h4 ul ol li table thead tbody tr td th blockquote a img figure figcaption strong em br")
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_CELLS = frozenset(("li", "td", "th", "figcaption"))


def sanitise(html: str) -> str:
    """Return html with nothing but the tags of a clean article; always the last step."""
    return nh3.clean(
        characters.legal(html),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )


def of_blocks(blocks: Iterable[Block], base: str) -> str:
    """Return the blocks as clean HTML, nested as they stood in the page."""
    writer = _Writer(base)
    for block in blocks:
        writer.write(block)
    writer.close(0)
    return sanitise("".join(writer.parts))


def of_lines(lines: Iterable[str]) -> str:
    """Return plain lines as clean HTML, a paragraph each."""
    return sanitise("\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines))


class _Writer:
    def __init__(self, base: str) -> None:
        self.base = base
        self.parts: list[str] = []
        self.opened: list[tuple[str, HtmlElement]] = []
        self.filled: HtmlElement | None = None  #: the cell the last text went into

    def write(self, block: Block) -> None:
        path = _nested(block.path, block.image is not None)
        shared = 0
        while shared < min(len(path), len(self.opened)) and path[shared] == self.opened[shared]:
            shared += 1
        self.close(shared)
        for tag, element in path[shared:]:
            self.parts.append(f"<{tag}>")
            self.opened.append((tag, element))
        self.parts.append(self.leaf(block))

    def close(self, depth: int) -> None:
        while len(self.opened) > depth:
            tag, _ = self.opened.pop()
            self.parts.append(f"</{tag}>" if tag in ("td", "th") else f"</{tag}>\n")

    def leaf(self, block: Block) -> str:
        within, element = self.opened[-1] if self.opened else ("", None)
        if block.image is not None:
            tag = picture(block.image)
            return tag if within in ("figure", "td", "th") else f"<figure>{tag}</figure>\n"
        markup = block.markup(self.base)
        if within in _CELLS:
            again = self.filled is element
            self.filled = element
            return f"<br>{markup}" if again else markup
        tag = _HEADINGS.get(block.element.tag, "p")
        return f"<{tag}>{markup}</{tag}>\n"


def picture(image: Image) -> str:
    """Return the <img> of a picture."""
    sizes = "".join(f' {name}="{value}"' for name, value in (("width", image.width), ("height", image.height)) if value)
    return f'<img src="{escape(image.url)}" alt="{escape(image.alt)}"{sizes}>'


def _nested(path: Path, is_image: bool) -> Sequence[tuple[str, HtmlElement]]:
    """Return path with what broken pages leave out put in, and what cannot hold a leaf taken off."""
    whole: list[tuple[str, HtmlElement]] = []
    for tag, element in path:
        above = whole[-1][0] if whole else ""
        if tag == "li" and above not in ("ul", "ol"):
            whole.append(("ul", element.getparent()))
        elif tag in ("td", "th") and above != "tr":
            whole.append(("tr", element.getparent()))
        elif tag == "figcaption" and above != "figure":
            continue
        whole.append((tag, element))
    while whole and (whole[-1][0] in ("ul", "ol", "table", "tr") or (whole[-1][0] == "figure" and not is_image)):
        whole.pop()
    return whole
