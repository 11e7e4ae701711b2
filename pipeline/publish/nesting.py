"""Sources' elements put where HTML lets them stand, so that pages are valid and can be read aloud.

Works on what nh3 has written: well-nested, lower case, every value quoted. Only tags change, never text:
a tag is left out or becomes another. Which elements may leave the program at all is clean.py's.
"""

from __future__ import annotations

import re
from dataclasses import field

from pipeline.record import dataclass

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+(?:="[^"]*")?)*)>')
_VOID = frozenset({"br", "img"})
_HEADINGS = frozenset({"h2", "h3", "h4"})
#: May hold text and what is part of it, no blocks.
_PHRASING = frozenset({"a", "strong", "em", "b", "i", "p"}) | _HEADINGS
_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "blockquote", "table", "figure", "figcaption", "section", "caption", "thead", "tbody", "tfoot",
    "tr", "th", "td",
}) | _HEADINGS  # fmt: skip
_LISTS = frozenset({"ul", "ol"})


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    tag: int  #: number of its start tag
    parent: _Open | None
    filled: bool = False  #: holds text or a picture
    captioned: bool = False
    loose: bool = False  #: a list with something between its items
    items: list[tuple[int, int]] = field(default_factory=list)  #: start and end tag of each list item


def settled(html: str) -> str:
    """Return a fragment of nh3's HTML with its elements where HTML lets them stand."""
    parts = _Parts(html)
    parts.read()
    return parts.text()


class _Parts:
    """The fragment as its tags and the texts between them, and what becomes of each tag."""

    def __init__(self, html: str) -> None:
        self._tags = list(_TAG.finditer(html))
        self._html = html
        self._written: dict[int, str] = {}
        self._open: _Open | None = None
        self._level = 2  # a title of this level stands above

    def read(self) -> None:
        """Walk through the fragment and decide."""
        end = 0
        for number, tag in enumerate(self._tags):
            self._text(self._html[end : tag.start()])
            end = tag.end()
            if tag[1]:
                self._close(number, tag[2])
            else:
                self._begin(number, tag[2], tag[3])
        self._text(self._html[end:])

    def text(self) -> str:
        """Return the fragment with the tags as decided."""
        if not self._written:  # as nearly always
            return self._html
        pieces, end = [], 0
        for number, tag in enumerate(self._tags):
            pieces += [self._html[end : tag.start()], self._written.get(number, tag[0])]
            end = tag.end()
        return "".join([*pieces, self._html[end:]])

    def _text(self, text: str) -> None:
        if text and not text.isspace() and text.replace("&nbsp;", "").strip():
            self._fill()
            if self._open is not None and self._open.name in _LISTS:
                self._open.loose = True

    def _fill(self) -> None:
        one = self._open
        while one is not None and not one.filled:
            one.filled, one = True, one.parent

    def _begin(self, number: int, name: str, attributes: str) -> None:
        around = self._open
        if around is not None and around.name in _LISTS and name != "li":
            around.loose = True
        if name in _BLOCKS:
            self._free_of_phrasing(around)
        if name == "img":
            self._fill()
            if ' alt="' not in attributes:
                self._written[number] = f'<img{attributes} alt="">'
        if name in _VOID:
            return
        self._open = _Open(name, number, around)
        if name == "a" and ' href="' not in attributes:
            self._written[number] = ""
        elif name == "figcaption":
            self._caption(number, around)
        elif name == "li" and (around is None or around.name not in _LISTS):
            self._written[number] = "<div>"

    def _caption(self, number: int, around: _Open | None) -> None:
        if around is None or around.name != "figure" or around.captioned:
            self._written[number] = "<div>"
        else:
            around.captioned = True

    def _free_of_phrasing(self, around: _Open | None) -> None:
        """Leave out what may not stand around a block, up to the nearest element that may."""
        while around is not None and around.name in _PHRASING:
            self._written[around.tag] = ""
            around = around.parent

    def _close(self, number: int, name: str) -> None:
        one = self._open
        if one is None or one.name != name:  # no tag of nh3's; left as it is
            return
        self._open = one.parent
        if name in ("a", *_HEADINGS) and not one.filled:
            self._written[one.tag] = ""
        if one.tag in self._written:
            self._written[number] = "</div>" if self._written[one.tag] == "<div>" else self._written[one.tag]
        elif name in _HEADINGS:
            self._heading(one.tag, number, int(name[1]))
        elif name == "li" and one.parent is not None:
            one.parent.items.append((one.tag, number))
        elif name in _LISTS and one.loose:
            for start, end in [(one.tag, number), *one.items]:
                self._written[start], self._written[end] = "<div>", "</div>"

    def _heading(self, start: int, end: int, level: int) -> None:
        """No level is left out on the way down."""
        self._level = min(level, self._level + 1)
        if self._level != level:
            self._written[start], self._written[end] = f"<h{self._level}>", f"</h{self._level}>"
