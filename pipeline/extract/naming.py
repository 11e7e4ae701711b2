"""What the elements of a page are named, and which selections by name can find nothing there.

A dozen selections walk over a page's elements, and most pages have no name that most of them ask for. One walk collects
the names; a selection one of whose words has to be among them, and is not, need not walk. What is not here: what a
selection asks (selection.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lxml.html import HtmlElement

#: What names an element.
ATTRIBUTES = frozenset({"class", "id", "itemprop", "role"})
#: What may be asked of this way, and all tags that trafilatura turns into one of these: lists, tables, forms …
_MADE_OF = {
    "article": ("article",), "aside": ("aside",), "main": ("main",), "p": ("p",), "section": ("section",), "span": ("span",),
    "div": ("div", "details", "figure", "form", "table"), "item": ("item", "li", "dd", "dt"), "list": ("list", "ul", "ol", "dl"),
    "ul": ("ul",), "ol": ("ol",), "details": ("details",),
}  # fmt: skip
_LOOKED_AT = sorted({tag for tags in _MADE_OF.values() for tag in tags})
#: A part of a pattern that may be absent, or be one of several signs.
_VARIED = re.compile(r"\[[^\]]*\]\??|\(\?![^()]*\)|\(\?:[^()]*\)\?|[\w-]\?")
_GROUP = re.compile(r"\(\?:([^()]*)\)")
_PLAIN = re.compile(r"\n?[A-Za-z0-9_ -]+")
#: More characters than names have: they would have to be searched for each word.
_MOST = 50_000
#: Shorter words are in the names of every page.
_LETTERS = 3

#: The names of the page that is read, a line each, among others that do no harm, with an empty line first and last; "" where
#: they are not known.
names: ContextVar[str] = ContextVar("names", default="")


@contextmanager
def of_page(root: HtmlElement) -> Iterator[None]:
    """Know the names of a page while selections are made in it, in parts of it and in what was made of it."""
    before = names.set(_names(root))
    try:
        yield
    finally:
        names.reset(before)


def _names(root: HtmlElement) -> str:
    # All values of an element come faster than these few of them; now and then one is a page of data.
    said = {value for element in root.iter(*_LOOKED_AT) for value in element.values()}
    if sum(map(len, said)) > _MOST:
        said = {element.get(name, "") for element in root.iter(*_LOOKED_AT) for name in ATTRIBUTES}
    return "\n".join(["", *said, ""]).casefold()


def knows(tags: frozenset[str]) -> bool:
    """Whether the names of all elements with these tags are collected."""
    return bool(tags) and tags <= _MADE_OF.keys()


def words_of(function: str, what: str) -> frozenset[str]:
    """Return words of which one stands among the names of a page where an attribute meets the condition; none: not known."""
    what = what.casefold()
    if function == "re:test":
        return _of_pattern(what)
    word = {"contains": what, "starts-with": f"\n{what}"}.get(function, f"\n{what}\n")
    return frozenset({word}) if len(what) >= _LETTERS else frozenset()


def _of_pattern(pattern: str) -> frozenset[str]:
    if re.search(r"[*+{}\\]", pattern):
        return frozenset()
    found = [_of_one(alternative) for alternative in _alternatives(pattern)]
    return frozenset[str]().union(*found) if all(found) else frozenset()


def _of_one(pattern: str) -> frozenset[str]:
    """Return a word that stands in all that a pattern without alternatives matches, or what its group is made of."""
    sure = _VARIED.sub("\x00", "\n" + pattern[1:] if pattern.startswith("^") else pattern)
    bare = _GROUP.sub("\x00", sure)
    if "(" in bare:  # groups of another kind, or in each other
        return frozenset()
    plain = max(_PLAIN.findall(bare), key=len, default="")
    if len(plain.strip("\n")) >= _LETTERS:
        return frozenset({plain})
    group = _GROUP.search(sure)
    return _of_pattern(group[1]) if group else frozenset()


def _alternatives(pattern: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, sign in enumerate(pattern):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and not depth:
            yield pattern[start:place]
            start = place + 1
    yield pattern[start:]
