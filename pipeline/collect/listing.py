"""A listing page (HTML) → the articles it announces; pure.

With the source's `links` selector exactly what it selects; without one, what the finder
chooses among the page's links. Feeds and sitemaps are not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bs4 import BeautifulSoup, Tag

from pipeline import address
from pipeline.collect import candidates, finder, markup, teaser
from pipeline.collect.reading import MAX_LINKS, Reading
from pipeline.model import FetchedPage, Link, Listing, Profile
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class _Found:
    url: str
    key: str
    anchors: tuple[Tag, ...]


def read_listing(page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    """Read the articles a listing page announces, in its order, at most MAX_LINKS."""
    soup = markup.read(page, listing.encoding)
    base = markup.base_of(soup, page)
    if listing.links:
        found, group, drifted = _selected(soup, listing, base), "", False
    else:
        remembered = profile.link_groups.get(listing.url, "")
        chosen, group, drifted = finder.choose(candidates.find(soup, base, page.url), remembered)
        found = [_Found(c.url, c.key, tuple(c.anchors)) for c in chosen]
    links = _links(found[:MAX_LINKS], base, listing)
    return Reading(links, next_page(soup, listing, base), group, drifted=drifted)


def next_page(soup: BeautifulSoup, listing: Listing, base: str) -> str | None:
    """Return where the page itself says the listing goes on; a "{n}" pattern is the walk's business."""
    if listing.next and "{n}" in listing.next:
        return None
    selector = "a[rel~=next], link[rel~=next]" if listing.next in (None, "", "rel=next") else listing.next
    for tag in soup.select(selector or ""):
        anchor = tag if tag.get("href") else tag.find("a", href=True)
        url = markup.link(base, markup.attribute(anchor, "href")) if isinstance(anchor, Tag) else None
        if url:
            return url
    return None


def _selected(soup: BeautifulSoup, listing: Listing, base: str) -> list[_Found]:
    found: dict[str, list[tuple[str, Tag]]] = {}
    for tag in soup.select(listing.links or "", limit=candidates.MAX_ANCHORS):
        for anchor in _anchors(tag):
            url = markup.link(base, markup.attribute(anchor, "href"))
            if url:
                found.setdefault(address.key(url), []).append((url, anchor))
    return [_Found(pairs[0][0], key, tuple(anchor for _, anchor in pairs)) for key, pairs in found.items()]


def _anchors(tag: Tag) -> Iterable[Tag]:
    """Return the link a selected element is, stands in, or holds (then its first: a teaser names its article first)."""
    if tag.name == "a":
        return [tag]
    outer = tag.find_parent("a", href=True)
    inner = tag.find("a", href=True)
    return [anchor for anchor in (outer or inner,) if isinstance(anchor, Tag)]


def _links(found: Sequence[_Found], base: str, listing: Listing) -> tuple[Link, ...]:
    blocks = teaser.Blocks()
    for each in found:
        blocks.add(each.key, each.anchors)
    links = []
    for place, each in enumerate(found):
        around = [blocks.around(anchor) for anchor in each.anchors[:4]]
        block = max(around, key=lambda tag: len(teaser.words(tag)))
        beside = teaser.read(each.anchors, block, base)
        links.append(
            Link(
                url=each.url,
                title=beside.title,
                date_text=beside.date,
                image=beside.image,
                teaser=beside.text,
                language=listing.language,
                place=place,
                listing=listing.url,
            )
        )
    return tuple(links)
