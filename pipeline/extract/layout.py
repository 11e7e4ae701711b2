"""Where articles stand in a source's pages: learned from pages read as a whole, then gone to directly.

taught      what one page, read as a whole, tells of its layout
located     the elements a layout names in another page
chosen      the lines there that are the text; None where there is any doubt
learned     the layouts of a source after some more of its pages
repeated    the lines its pages have in common, while it is to be learned where its articles stand

A layout serves only after it gave, field by field, the same article as the whole reading on enough pages. On
any doubt (a place that is not there, or twice; a path never seen; a text unlike the others in length or links;
lines of the last texts) the page is read as a whole. What is not here: that reading (reading.py).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipeline.extract import dom
from pipeline.extract.blocks import Block
from pipeline.model import Layout
from pipeline.record import dataclass

#: Pages a layout must have proven itself on before it serves.
PROOF = 8
#: One page in so many is read as a whole although its layout is known.
_SAMPLE = 256
#: Layouts kept of a source: a few templates, each in two languages.
_MOST = 6
#: A layout no page has had for so many is an old one.
_OLD = 100
#: A layout that serves and had none of the latest pages may have had its last.
_GONE = 3
#: A line on so many pages is no article's own.
_SEVERAL = 3
#: Steps in the name of a place.
_STEPS = 3
#: Lines shorter than this are in many texts, and prove nothing about two of them.
_LINE = 40
#: Hashes of the latest texts' lines that are kept.
_LINES = 200
#: More of a text's long lines than this in the latest texts, and it is one of them again.
_AGAIN = 0.3
#: How far a text's share of links may pass the greatest seen.
_LINKED = 0.1
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Located:
    """A layout and its elements in one page."""

    layout: Layout
    region: HtmlElement
    body: HtmlElement


def serves(layout: Layout) -> bool:
    """Return whether a layout has proven itself."""
    return layout.pages >= PROOF and layout.failed * 10 <= layout.pages


def is_sample(url: str) -> bool:
    """Return whether the page at an address is read as a whole in any case, so that a layout gone wrong is noticed."""
    return zlib.crc32(url.encode()) % _SAMPLE == 0


def taught(
    blocks: Sequence[Block],
    places: Sequence[int],
    title_at: int | None,
    revised: Callable[[Sequence[int]], Sequence[int]],
    common: AbstractSet[str] = frozenset(),
) -> Layout | None:
    """Return the layout a page would have by itself: where its title and its text stand; None where it has no place.

    revised: gives of places in a text those left once furniture is out of it, which is told by the lines themselves.
    common: hashes of lines that other pages carry too; wherever they stand, the article's place is around its own.
    """
    own = [blocks[place].element for place in places if not common or blocks[place].hash() not in common]
    if not own:
        return None
    body = dom.around(own)
    head = [body] if title_at is None else [body, blocks[title_at].element]
    region = dom.around(head) if body is not None and len(head) > 1 else body
    if body is None or region is None:
        return None
    paths = {
        place: path
        for place, block in enumerate(blocks)
        if block.text and (path := _path(block.element, body)) is not None
    }
    foreign = {*revised(sorted(paths))} - {*places}
    dropped = {paths[place] for place in foreign}
    kept = {path for place, path in paths.items() if place not in foreign}
    text = [blocks[place] for place in places if place in paths]
    size = sum(len(block.text) for block in text)
    return Layout(
        _place(region), _place(body), tuple(sorted(kept)), tuple(sorted(dropped)), 1, shortest=size, longest=size,
        linked=_linked(text), lines=tuple(_lines(text)),
    )  # fmt: skip


def located(root: HtmlElement, layout: Layout) -> Located | None:
    """Return the elements a layout names; None unless each is there just once."""
    region = _only(root, layout.region)
    body = region if region is None or layout.body == layout.region else _only(region, layout.body)
    return None if region is None or body is None else Located(layout, region, body)


def chosen(where: Located, blocks: Sequence[Block]) -> list[int] | None:
    """Return the indices of the blocks that make the text; None where something stands among them that is not known."""
    kept, dropped = set(where.layout.kept), set(where.layout.dropped)
    places = []
    for place, block in enumerate(blocks):
        path = _path(block.element, where.body) if block.text else None
        if path is None:
            continue
        if (path in kept) == (path in dropped):
            return None  # never seen; or sometimes a text's, sometimes not
        if path in kept:
            places.append(place)
    return places


def is_likely(layout: Layout, text: Sequence[Block]) -> bool:
    """Return whether a text is like the others of its layout, and not one of them again."""
    size = sum(len(block.text) for block in text)
    if not layout.shortest <= 2 * size or size > 3 * layout.longest or _linked(text) > layout.linked + _LINKED:
        return False
    lines, known = list(_lines(text)), set(layout.lines)
    return sum(line in known for line in lines) <= _AGAIN * len(lines)


# ── learning ────────────────────────────────────────────────────────────────────────────────
def learned(layouts: Sequence[Layout], pages: Iterable[tuple[Layout | None, Layout | None]]) -> tuple[Layout, ...]:
    """Return a source's layouts after some more pages, the most proven first.

    pages: of each page the layout that served it, and the one it taught when read as a whole, whose `pages`
    or `failed` tells whether both readings gave the same.
    """
    known = {(one.region, one.body): one for one in layouts}
    for served, lesson in pages:
        used = served or lesson
        if used is None:
            continue
        key = (used.region, used.body)
        known = {name: replace(one, idle=0 if name == key else one.idle + 1) for name, one in known.items()}
        if lesson is not None:
            known[key] = _joined(known[key], lesson) if key in known else lesson
    best = sorted(known.values(), key=lambda one: (-one.pages, one.idle, one.region, one.body))
    return tuple([one for one in best if one.idle < _OLD and one.failed <= max(3, one.pages // 4)][:_MOST])


def repeated(layouts: Iterable[Layout], pages: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return the lines that several of a source's latest pages carry; none while its layouts serve them.

    pages: hashes of the lines of each. Where a text is taken with a banner above and a box below it, they tell what
    of it is the article's own.
    """
    if any(serves(one) and one.idle < _GONE for one in layouts):
        return frozenset()
    times = Counter(line for lines in pages for line in set(lines))
    return frozenset(line for line, count in times.items() if count >= _SEVERAL)


def _joined(old: Layout, new: Layout) -> Layout:
    if new.failed:
        return replace(old, failed=old.failed + new.failed)
    return Layout(
        old.region, old.body, tuple(sorted({*old.kept, *new.kept})), tuple(sorted({*old.dropped, *new.dropped})),
        old.pages + new.pages, old.failed, 0, min(old.shortest, new.shortest), max(old.longest, new.longest), max(old.linked, new.linked),
        tuple(dict.fromkeys((*new.lines, *old.lines)))[:_LINES],
    )  # fmt: skip


# ── naming elements ─────────────────────────────────────────────────────────────────────────
def _step(element: HtmlElement) -> str:
    return _named(element.tag, element.get("id") or "", element.get("class") or "")


@lru_cache(maxsize=4096)
def _named(tag: str, id_: str, classes: str) -> str:
    # Numbers count pages, posts and columns: what is the same about them is that they are numbers.
    name = tag + (f"#{id_}" if id_ else "") + "".join(f".{one}" for one in sorted(set(classes.split())))
    return _DIGITS.sub("0", name)


def _place(element: HtmlElement) -> str:
    steps = [_step(element)]
    for parent in element.iterancestors():
        if len(steps) == _STEPS:
            break
        steps.append(_step(parent))
    return ">".join(reversed(steps))


def _only(root: HtmlElement, place: str) -> HtmlElement | None:
    """Return the one element of this place below root, or root itself; None where there is none, or more."""
    name = place.rpartition(">")[2]
    found = [one for one in _likely(root, name) if _step(one) == name and _place(one) == place]
    return found[0] if len(found) == 1 else None


def _likely(root: HtmlElement, name: str) -> Iterable[HtmlElement]:
    """Return the elements that may bear this name: to name every division of a page costs as much as a fifth of parsing it."""
    tag, *marks = re.split(r"[#.]", name)
    telling = max((one for one in marks if "0" not in one), key=len, default="")
    found: Iterable[HtmlElement] = _marked(tag)(root, mark=telling) if telling and tag.isalnum() else root.iter(tag)
    return found


@lru_cache(maxsize=64)
def _marked(tag: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::{tag}[contains(concat(@id, ' ', @class), $mark)]")


def _path(element: HtmlElement, body: HtmlElement) -> str | None:
    """Return the steps from body to an element below it; None where it is not."""
    steps = []
    while element is not None and element is not body:
        steps.append(_step(element))
        element = element.getparent()
    return None if element is None else ">".join(reversed(steps))


def _linked(text: Sequence[Block]) -> float:
    size = sum(len(block.text) for block in text)
    return round(sum(block.linked for block in text) / size, 3) if size else 0.0


def _lines(text: Sequence[Block]) -> Iterator[str]:
    return (block.hash() for block in text if len(block.text) >= _LINE)
