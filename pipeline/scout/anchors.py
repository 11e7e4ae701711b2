"""A selector for a listing's links, learned from articles that are known to stand on it; pure, run in a child."""

from __future__ import annotations

from collections.abc import Collection

from bs4 import Tag

from pipeline import address
from pipeline.collect import markup, shapes
from pipeline.model import FetchedPage
from pipeline.record import dataclass
from pipeline.scout import selectors


@dataclass(frozen=True, slots=True)
class Match:
    """What a selector of links picks."""

    selector: str
    known: int  #: addresses that are known articles
    others: int  #: further addresses of the same shape as those: articles not seen yet
    strange: int  #: anything else


def learn(page: FetchedPage, keys: Collection[str]) -> Match | None:
    """Return the selector that picks most of the known articles and nothing strange; None where there is none.

    keys: `address.key` of articles.
    """
    soup = markup.read(page)
    base = markup.base_of(soup, page)
    anchors = [
        (tag, url) for tag in soup.find_all("a", href=True) if (url := markup.link(base, markup.attribute(tag, "href")))
    ]
    known = [tag for tag, url in anchors if address.key(url) in keys]
    if not known:
        return None
    where = {id(tag): url for tag, url in anchors}
    usual = {shapes.shape(where[id(tag)]).exact for tag in known}
    tried = dict.fromkeys(selector for tag in (*known[:3], known[-1]) for selector in selectors.of(tag))
    matches = [_match(selector, soup.select(selector), where, keys, usual) for selector in list(tried)[:80]]
    wanted = len({address.key(where[id(tag)]) for tag in known})
    good = [one for one in matches if one.known * 5 >= wanted * 4 and one.strange * 5 <= one.known + one.others]
    return min(good, key=lambda one: (-one.known, one.strange, matches.index(one)), default=None)


def _match(
    selector: str, picked: Collection[Tag], where: dict[int, str], keys: Collection[str], usual: Collection[str]
) -> Match:
    urls = {address.key(where[id(tag)]): where[id(tag)] for tag in picked if id(tag) in where}
    known = sum(key in keys for key in urls)
    others = sum(key not in keys and shapes.shape(url).exact in usual for key, url in urls.items())
    nameless = sum(id(tag) not in where for tag in picked)
    return Match(selector, known, others, len(urls) - known - others + nameless)
