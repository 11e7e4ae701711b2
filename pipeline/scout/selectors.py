"""CSS selectors for an element, the most lasting first; pure.

Only what both readers of pages understand: tags, ids, classes, child and descendant. Names with long
numbers in them belong to one page and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bs4 import BeautifulSoup, Tag

from pipeline.collect import markup

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}")
_OF_ONE_PAGE = re.compile(
    r"\d{3,}|[0-9a-f]{8,}|^(active|current|first|last|odd|even|selected|hover|clearfix|row|col)$", re.IGNORECASE
)
#: Ancestors whose names may take part.
_UP = 4
#: Names of one element that are tried.
_NAMES = 6


def of(tag: Tag) -> Iterator[str]:
    """Yield selectors of an element, each wider or longer than the last: its own names, then with those around it."""
    own = list(_own(tag))
    yield from own
    above = [list(_own(parent)) for parent in _around(tag)]
    for names in above:
        for outer in names:
            for inner in (tag.name, *own[:2]):
                yield f"{outer} {inner}"
    if above and tag.parent is not None:
        yield f"{tag.parent.name} > {tag.name}"
    yield tag.name


def of_link(anchor: Tag, soup: BeautifulSoup) -> Iterator[str]:
    """Yield selectors whose first match on the page is this link."""
    for selector in dict.fromkeys(of(anchor)):
        if soup.select_one(selector) is anchor:
            yield selector


def shared(targets: Sequence[tuple[BeautifulSoup, Sequence[Tag]]], share: float = 1.0) -> list[str]:
    """Return the selectors whose first match is one of the targets on (nearly) every page, best first.

    targets: page and the elements any of which would do, best first.
    """
    tried: dict[str, None] = {}
    for _, tags in targets[:2]:
        for tag in tags[:3]:
            tried.update(dict.fromkeys(of(tag)))
    needed = share * len(targets)
    kept = []
    for selector in islice(tried, 120):
        right = sum(any(soup.select_one(selector) is tag for tag in tags) for soup, tags in targets)
        if right and right >= needed:
            kept.append(selector)
    return kept


def _own(tag: Tag) -> Iterator[str]:
    """Yield an element's own names: #id, tag.class for each class, and all classes together."""
    name = markup.attribute(tag, "id")
    if _lasting([name]):
        yield f"#{name}"
    classes = _lasting(markup.attribute(tag, "class").split())
    yield from (f"{tag.name}.{one}" for one in classes)
    if len(classes) > 1:
        yield f"{tag.name}." + ".".join(classes)
    if tag.name in ("h1", "article", "main", "time"):
        yield tag.name


def _lasting(names: Iterable[str]) -> list[str]:
    return [name for name in names if _NAME.fullmatch(name) and not _OF_ONE_PAGE.search(name)][:_NAMES]


def _around(tag: Tag) -> Iterator[Tag]:
    for parent, _ in zip(tag.parents, range(_UP), strict=False):
        if parent.name in ("body", "html", "[document]"):
            return
        yield parent
