"""Taking lines and pictures out of a finished article: from its text and from its HTML alike."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from lxml import html
from lxml.html import HtmlElement

from pipeline import characters
from pipeline.extract import render
from pipeline.model import Article

_HOLDERS = ("p", "h2", "h3", "h4", "li", "td", "th", "blockquote")
_EMPTY = ("li", "ul", "ol", "tr", "tbody", "table", "blockquote")


def without_lines(article: Article, unwanted: AbstractSet[str]) -> Article:
    """Return article without the lines of text in unwanted; they stand in `dropped`."""
    lines = article.text.split("\n")
    kept = [line for line in lines if line not in unwanted]
    if not kept or len(kept) == len(lines):
        return article
    dropped = tuple(dict.fromkeys((*article.dropped, *(line for line in lines if line in unwanted))))
    return replace(article, text="\n".join(kept), html=_html_without(article.html, unwanted), dropped=dropped)


def html_without_pictures(source: str, unwanted: AbstractSet[str]) -> str:
    """Return clean HTML without the pictures at these addresses, and without figures that are left empty."""
    root = html.fragment_fromstring(source, create_parent="div")
    for element in list(root.iter("img")):
        if element.get("src") in unwanted:
            figure = next(element.iterancestors("figure"), None)
            element.drop_tree()
            if figure is not None and figure.find(".//img") is None:
                figure.drop_tree()
    return render.sanitise("".join(_serialise(root)))


def _html_without(source: str, unwanted: AbstractSet[str]) -> str:
    root = html.fragment_fromstring(source, create_parent="div")
    for element in list(root.iter(*_HOLDERS)):
        if element.getparent() is None:
            continue
        if element.tag in ("li", "td", "th") and element.find("br") is not None:
            _drop_parts(element, unwanted)
        elif not _holds_blocks(element) and line_of(element) in unwanted:
            _remove(element)
    return render.sanitise("".join(_serialise(root)))


def _holds_blocks(element: HtmlElement) -> bool:
    return any(child.tag in (*_HOLDERS, "ul", "ol", "table") for child in element.iterdescendants())


def line_of(element: HtmlElement) -> str:
    """Return the words of an element as one line, line breaks as spaces."""
    return characters.line("".join(part if part is not None else " " for part in _words(element)))


def _words(element: HtmlElement) -> list[str | None]:
    words: list[str | None] = [element.text or ""]
    for child in element:
        if child.tag == "br":
            words.append(None)
        else:
            words.extend(_words(child))
        words.append(child.tail or "")
    return words


def _remove(element: HtmlElement) -> None:
    if element.tag in ("td", "th"):
        row = element.getparent()
        element.clear()  # a row keeps its shape
        if "".join(row.itertext()).strip() or row.find(".//img") is not None:
            return
        element = row
    parent = element.getparent()
    element.drop_tree()
    while parent is not None and parent.tag in _EMPTY and not len(parent) and not (parent.text or "").strip():
        above = parent.getparent()
        parent.drop_tree()
        parent = above


def _drop_parts(cell: HtmlElement, unwanted: AbstractSet[str]) -> None:
    """Take lines parted by <br> out of a list item or cell."""
    parts = html.tostring(cell, encoding="unicode", with_tail=False).split("<br>")
    opening = parts[0][: parts[0].index(">") + 1]
    parts[0] = parts[0][len(opening) :]
    parts[-1] = parts[-1].removesuffix(f"</{cell.tag}>")
    kept = [part for part in parts if line_of(html.fragment_fromstring(part, create_parent="div")) not in unwanted]
    if len(kept) == len(parts):
        return
    fresh = html.fragment_fromstring("<br>".join(kept), create_parent=cell.tag)
    fresh.tail = cell.tail
    cell.getparent().replace(cell, fresh)


def _serialise(root: HtmlElement) -> list[str]:
    return [root.text or "", *(html.tostring(child, encoding="unicode") for child in root)]
