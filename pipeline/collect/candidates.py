"""Every link of a listing page that could be an article, with what speaks for and against it; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline import address
from pipeline.collect import markup, shapes, teaser
from pipeline.collect.shapes import Shape
from pipeline.record import dataclass

#: Anchors looked at; a page with more has gone wrong or means harm.
MAX_ANCHORS = 5_000
_ANCHORS_READ = 4  # of each address; a fifth link to it tells nothing new
_REGION_LEVELS = 12
_NAMED = re.compile(r"\w{2,}")
# Words in class and id attributes of elements that hold navigation.
_MENU_WORDS = shapes.vocabulary(
    "nav navbar navigation menu submenu megamenu topmenu mainmenu breadcrumb breadcrumbs crumbs pagination pager paginator "
    "pagenav pages footer bottom topbar toolbar tags tagcloud taglist share sharing social socials login signin userbar "
    "lang language langs languages switcher copyright cookie cookies banner adv ads sitemap subscribe author authors "
    "categories rubrics partners sponsors counters"
)
_SIDE_WORDS = shapes.vocabulary(
    "sidebar side aside widget related recommended also popular top hot comments recentcomments"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_\d]+")
_SWITCH = re.compile(
    r"^(ru|rus|en|eng|рус|англ|русский|english|russian|ru/en|en/ru|русская версия|english version)$", re.IGNORECASE
)
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
    dated: bool = False  #: a date stands beside it
    score: float = 0.0


def find(soup: BeautifulSoup, base: str, listing: str) -> list[Candidate]:
    """Return the candidates of a page in document order, scored."""
    found: dict[str, Candidate] = {}
    for anchor, url in _links(soup, base, listing):
        key = address.key(url)
        candidate = found.setdefault(key, Candidate(url, key, shapes.shape(url)))
        candidate.anchors.append(anchor)
        candidate.region = _better(candidate.region, region(anchor))
    blocks = teaser.Blocks()
    for candidate in found.values():
        blocks.add(candidate.key, candidate.anchors, candidate.shape.exact)
    for candidate in found.values():
        candidate.score = _score(candidate, blocks, listing)
    _mistrust_undated(list(found.values()))
    return list(found.values())


def same_site(url: str, listing: str) -> bool:
    """Tell whether two addresses are of one host, "www." folded."""
    return _host(url) == _host(listing)


def region(anchor: Tag) -> str:
    """Return which part of a page an anchor stands in: "body", "side" or "menu"."""
    found = "body"
    for parent, _ in zip(anchor.parents, range(_REGION_LEVELS), strict=False):
        if parent.name in ("article", "main"):
            return found
        if parent.name in ("body", "html"):
            return found
        words = _words(parent)
        if "hentry" in words:  # the hAtom microformat's word for an article, in most WordPress themes
            return found
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


def _score(candidate: Candidate, blocks: teaser.Blocks, listing: str) -> float:
    """Return how much a candidate looks like an announced article: about −1…2, above 0.3 rather yes."""
    title, beside, dated, pictured, headed = "", 0, False, False, False
    for anchor in candidate.anchors[:_ANCHORS_READ]:
        block = blocks.around(anchor, candidate.shape.exact)
        text = teaser.words(block)
        name = teaser.title_of([anchor], block)
        title = max(title, name, key=len) if len(name) <= teaser.TITLE_CHARS else title or name
        beside = max(beside, len(text) - len(name))
        dated = dated or teaser.has_date(text)
        pictured = pictured or block.find("img") is not None
        headed = headed or teaser.is_headed(anchor)
    points = 0.6 * shapes.looks(candidate.url, listing)
    points += 0.6 * max(0.0, min(1.0, (len(title) - 12) / 40)) if len(_NAMED.findall(title)) >= 2 else -0.2
    candidate.dated = dated
    points += 0.25 * dated + 0.15 * pictured + 0.2 * headed + 0.15 * (beside > 60)
    return points + {"body": 0.0, "side": -0.2, "menu": -0.8}[candidate.region]


def _mistrust_undated(found: list[Candidate]) -> None:
    """Mark down the shapes without a single date on a page that dates its news: services, products, people.

    Two dated links speak against the shapes of their own family, three against all others.
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in found:
        groups[candidate.shape.exact].append(candidate)
    dated = [g for g in groups.values() if len(g) >= 2 and sum(c.dated for c in g) >= 0.7 * len(g)]
    for group in groups.values():
        against = any(len(g) >= 3 or g[0].shape.family == group[0].shape.family for g in dated)
        if against and len(group) >= 3 and not any(c.dated for c in group):
            for candidate in group:
                candidate.score -= 0.25


def _words(tag: Tag) -> set[str]:
    """Return the first and the last word of each class and id: "post-share-2" is a post, "main-menu" a menu."""
    words: set[str] = set()
    for name in f"{markup.attribute(tag, 'class')} {markup.attribute(tag, 'id')}".split():
        parts = [part.lower() for part in _CAMEL.split(name) if part]
        words.update(parts[:1] + parts[-1:])
    return words


def _better(one: str, other: str) -> str:
    return min(one, other, key=("body", "side", "menu").index)


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
