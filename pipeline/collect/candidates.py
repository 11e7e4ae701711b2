"""Every link of a listing page that could be an article, with what speaks for and against it; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline import address
from pipeline.collect import markup, shapes, teaser
from pipeline.collect.shapes import Shape

#: Anchors looked at; a page with more has gone wrong or means harm.
MAX_ANCHORS = 5_000
_BLOCK_LEVELS = 7
_REGION_LEVELS = 12
# Words in class and id attributes of elements that hold navigation.
_MENU_WORDS = frozenset(
    "nav navbar navigation menu submenu megamenu topmenu mainmenu breadcrumb breadcrumbs crumbs pagination pager paginator "
    "pagenav pages footer bottom topbar toolbar tags tagcloud taglist share sharing social socials login signin userbar "
    "lang language langs languages switcher copyright cookie cookies banner adv ads sitemap subscribe author authors "
    "categories rubrics partners sponsors counters".split()
)
_SIDE_WORDS = frozenset("sidebar side aside widget related recommended also popular top hot comments recentcomments".split())
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SWITCH = re.compile(r"^(ru|rus|en|eng|рус|англ|русский|english|russian|ru/en|en/ru|русская версия|english version)$", re.IGNORECASE)
_PAGER = re.compile(
    r"^\W*(\d{1,4}|вперед|вперёд|назад|след\w*|пред\w*|next|prev\w*|first|last|в?\s*(начало|конец)|перв\w+|последн\w+|"
    r"(next|previous|older|newer)\s+(page|posts|entries)|еще|ещё|показать еще|load more|все|all)?\W*$",
    re.IGNORECASE,
)


@dataclass
class Candidate:
    """One address the page links to, and what its anchors tell."""

    url: str
    key: str
    shape: Shape
    anchors: list[Tag] = field(default_factory=list)
    region: str = "menu"  #: the best of its anchors': body | side | menu
    score: float = 0.0


def find(soup: BeautifulSoup, base: str, listing: str) -> list[Candidate]:
    """Return the candidates of a page in document order, scored."""
    found: dict[str, Candidate] = {}
    for anchor, url in _links(soup, base, listing):
        key = address.key(url)
        candidate = found.setdefault(key, Candidate(url, key, shapes.shape(url)))
        candidate.anchors.append(anchor)
        candidate.region = _better(candidate.region, region(anchor))
    neighbours = _neighbours(found.values())
    for candidate in found.values():
        candidate.score = _score(candidate, neighbours, listing)
    return list(found.values())


def same_site(url: str, listing: str) -> bool:
    """Tell whether two addresses are of one host, "www." folded."""
    return _host(url) == _host(listing)


def block_of(anchor: Tag, alone: Iterable[str], base: str) -> Tag:
    """Return the largest element around an anchor without a link to another key of `alone`."""
    others = set(alone)
    block = anchor
    for parent, _ in zip(anchor.parents, range(_BLOCK_LEVELS), strict=False):
        if parent.name in ("body", "html", "[document]", "main") or not others.isdisjoint(_keys(parent, base)):
            break
        block = parent
    return block


def region(anchor: Tag) -> str:
    """Return which part of a page an anchor stands in: "body", "side" or "menu"."""
    found = "body"
    for parent, _ in zip(anchor.parents, range(_REGION_LEVELS), strict=False):
        if parent.name in ("article", "main"):
            return found
        if parent.name in ("body", "html"):
            return found
        words = _words(parent)
        if parent.name in ("nav", "footer") or words & _MENU_WORDS:
            return "menu"
        if parent.name == "header" and not parent.find("h1"):
            return "menu"
        if parent.name == "aside" or words & _SIDE_WORDS:
            found = "side"
    return found


def _links(soup: BeautifulSoup, base: str, listing: str) -> Iterator[tuple[Tag, str]]:
    own = {address.key(listing), address.key(address.origin(listing))}
    for anchor in soup.find_all("a", limit=MAX_ANCHORS):
        href = markup.attribute(anchor, "href")
        if not href or href.startswith(("#", "javascript:")):
            href = markup.attribute(anchor, "data-href")
        url = markup.link(base, href)
        if url is None or not same_site(url, listing) or address.key(url) in own:
            continue
        text = teaser.text_of(anchor)
        furniture = shapes.is_furniture(url, listing) or "tag" in markup.attribute(anchor, "rel").split()
        if not furniture and not _SWITCH.match(text) and not (text and _PAGER.match(text)):
            yield anchor, url


def _keys(tag: Tag, base: str) -> Iterator[str]:
    for anchor in tag.find_all("a", limit=MAX_ANCHORS):
        url = markup.link(base, markup.attribute(anchor, "href"))
        if url:
            yield address.key(url)


def _neighbours(found: Iterable[Candidate]) -> dict[int, dict[str, set[str]]]:
    """Return, for every element around a candidate, shape → keys it holds."""
    held: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for candidate in found:
        for anchor in candidate.anchors:
            for parent, _ in zip(anchor.parents, range(_BLOCK_LEVELS), strict=False):
                held[id(parent)][candidate.shape.exact].add(candidate.key)
    return held


def _score(candidate: Candidate, neighbours: dict[int, dict[str, set[str]]], listing: str) -> float:
    """Return how much a candidate looks like an announced article: about −1…2, above 0.3 rather yes."""
    title, block_chars, dated, pictured, headed = "", 0, False, False, False
    for anchor in candidate.anchors[:4]:
        block = anchor
        for parent, _ in zip(anchor.parents, range(_BLOCK_LEVELS), strict=False):
            if parent.name in ("body", "html", "main") or len(neighbours[id(parent)][candidate.shape.exact]) > 1:
                break
            block = parent
        text = block.get_text(" ", strip=True)[:3000]
        name = teaser.title_of([anchor], block)
        title = max(title, name, key=len) if len(name) <= 250 else title or name
        block_chars = max(block_chars, len(text) - len(name))
        dated = dated or teaser.has_date(text)
        pictured = pictured or block.find("img") is not None
        headed = headed or anchor.find_parent(["h1", "h2", "h3", "h4"]) is not None or anchor.find(["h2", "h3", "h4"]) is not None
    words = len(re.findall(r"\w{2,}", title))
    points = shapes.looks(candidate.url, listing) * 0.6
    points += max(0.0, min(1.0, (len(title) - 12) / 40)) * 0.6 if words >= 2 else -0.2
    points += 0.25 * dated + 0.15 * pictured + 0.2 * headed + 0.15 * (block_chars > 60)
    return points + {"body": 0.0, "side": -0.2, "menu": -0.8}[candidate.region]


def _words(tag: Tag) -> set[str]:
    named = f"{markup.attribute(tag, 'class')} {markup.attribute(tag, 'id')}"
    return {word.lower() for word in _WORDS.findall(named)}


def _better(one: str, other: str) -> str:
    return min(one, other, key=("body", "side", "menu").index)


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
