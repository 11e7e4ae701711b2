"""Where a listing goes on, told from its pager: rel=next, a pattern of addresses, or the link called "next"; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline import address, characters
from pipeline.collect import markup
from pipeline.record import dataclass
from pipeline.scout import selectors

_NEXT = re.compile(
    r"^\W*(next( page)?|older( posts| news| entries)?|earlier|вперед|вперёд|дальше|далее|след\w*( страница)?|раньше|"
    r"показать ещ[её]|load more|more news|ещ[её] новости|→|»|>)\W*$",
    re.IGNORECASE,
)
_PAGER_CHARS = 200
#: Beyond this a number beside others is a year, or anything but a page.
_MOST = 999


@dataclass(frozen=True, slots=True)
class Pages:
    """How a listing goes on."""

    next: str | None = None  #: for Listing.next: "rel=next", a pattern with {n}, or a selector
    second: str = ""  #: address of its second page
    count: int = 1  #: the highest page number shown


def find(soup: BeautifulSoup, base: str, url: str) -> Pages:
    """Return how the listing at url goes on, as its page tells; Pages() where it tells nothing."""
    numbers = dict(_numbered(soup, base, url))
    count = max(numbers, default=1)
    stated = soup.select_one("a[rel~=next], link[rel~=next]")
    second = markup.link(base, markup.attribute(stated, "href")) if stated else None
    if second and _onward(second, url):
        return Pages("rel=next", second, max(count, 2))
    if 2 in numbers and (pattern := _pattern(numbers, url)):
        return Pages(pattern, numbers[2], count)
    for anchor in soup.find_all("a", href=True, limit=2000):
        target = markup.link(base, markup.attribute(anchor, "href"))
        if target and _onward(target, url) and _NEXT.match(characters.line(anchor.get_text(" ", strip=True))):
            selector = next(selectors.of_link(anchor, soup), "")
            if selector:
                return Pages(selector, target, max(count, 2))
    return Pages(count=1)


def _onward(target: str, url: str) -> bool:
    return address.origin(target) == address.origin(url) and target != url


def _numbered(soup: BeautifulSoup, base: str, url: str) -> Iterator[tuple[int, str]]:
    """Yield the pager's pages: links called by a number that stands in their address, too."""
    for anchor in soup.find_all("a", href=True, limit=2000):
        text = anchor.get_text(" ", strip=True).strip("[]() ")
        target = markup.link(base, markup.attribute(anchor, "href"))
        if (
            not (text.isascii() and text.isdigit() and 2 <= int(text) <= _MOST)
            or not target
            or not _onward(target, url)
        ):
            continue
        if _hole(target, int(text)) is not None and _pager(anchor):
            yield int(text), target


def _pager(anchor: Tag) -> bool:
    """Tell whether a link called by a number is one of a pager's: others like it, or the page's own number, beside it."""
    around = anchor.parent
    for _ in range(3):
        words = [word.strip("[](){}|·•.,:;…«»<>←→") for word in _short(around).split()] if around is not None else []
        numbers = sum(word.isdigit() and len(word) <= 3 for word in words)
        if not numbers or sum(bool(word) and not word.isdigit() for word in words) > numbers + 1:
            return False
        if len(words) > 1:
            return True
        around = around.parent if around is not None else None
    return False


def _short(tag: Tag) -> str:
    """Return an element's words, or "" where it has more than a pager has."""
    size, pieces = 0, []
    for piece in tag.stripped_strings:
        size += len(piece) + 1
        if size > _PAGER_CHARS:
            return ""
        pieces.append(piece)
    return " ".join(pieces)


def _hole(target: str, number: int) -> tuple[int, int] | None:
    """Return where in an address the page's number stands: the last place after its host."""
    after = len(address.origin(target))
    places = [match.span() for match in re.finditer(rf"(?<!\d){number}(?!\d)", target) if match.start() >= after]
    return places[-1] if places else None


def _pattern(numbers: dict[int, str], url: str) -> str | None:
    """Return the pattern all numbered pages share, as short as it can be written for a listing at url."""
    patterns = []
    for number, target in sorted(numbers.items()):
        start, end = _hole(target, number) or (0, 0)
        patterns.append(f"{target[:start]}{{n}}{target[end:]}")
    if len(set(patterns)) > 1:
        return None
    whole = patterns[0]
    one, two = urlsplit(url), urlsplit(whole)
    short = f"?{two.query}" if one.path == two.path and "{n}" in two.query else whole[len(address.origin(url)) :]
    return short if address.resolve(url, short.replace("{n}", "2")) == numbers[2] else whole
