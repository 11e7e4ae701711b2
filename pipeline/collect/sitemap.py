"""A sitemap → links: urlset, index, news sitemap, plain text, gzipped or not; pure.

`lastmod` only orders the links (newest first): it tells when a page was last touched, which on
many sites is today for all of them, so it is no evidence of a publication date. Choosing
articles among a site's other addresses goes by their shape alone (`shapes.is_furniture`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipeline import address, characters
from pipeline.collect import body
from pipeline.collect.reading import MAX_LINKS, Reading
from pipeline.collect.shapes import is_furniture
from pipeline.errors import FetchError, ListingError
from pipeline.model import FetchedPage, Link, Listing
from pipeline.record import dataclass

MAX_BYTES = 16 * 2**20
_GZIP = b"\x1f\x8b"
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    touched: str = ""
    title: str = ""
    published: str = ""
    language: str = ""
    image: str = ""


def read_sitemap(page: FetchedPage, listing: Listing) -> Reading:
    """Read a sitemap's links, newest first, at most MAX_LINKS; raises ListingError("parse")."""
    data = _unpacked(page)
    if not data.lstrip().startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        entries = [_Entry(line.strip()) for line in data.decode("utf-8", errors="replace").splitlines()]
        return Reading(links=_links(entries, page, listing))
    root = _parsed(data, page.url)
    if _local(root) == "sitemapindex":
        children = [_entry(node) for node in root if _local(node) == "sitemap"]
        return Reading(children=tuple(dict.fromkeys(_resolved(_newest_first(children), page.url))))
    entries = [_entry(node) for node in root if _local(node) == "url"]
    return Reading(links=_links(entries, page, listing))


def _unpacked(page: FetchedPage) -> bytes:
    if not page.body.startswith(_GZIP):
        return page.body
    try:
        return body.gunzip(page.body, page.url, MAX_BYTES)
    except FetchError as error:
        raise ListingError("parse", page.url, f"gzipped sitemap: {error.detail}") from error


def _parsed(data: bytes, url: str) -> etree._Element:
    # No entities, no network, libxml2's own limits on depth and size left on.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ListingError("parse", url, f"not readable as XML: {error}") from error
    if root is None or _local(root) not in ("urlset", "sitemapindex"):
        raise ListingError("parse", url, "neither <urlset> nor <sitemapindex>")
    return root


def _entry(node: etree._Element) -> _Entry:
    texts: dict[str, str] = {}
    for part in node.iter():
        if isinstance(part.tag, str) and part.text and part.text.strip():
            texts.setdefault(_qualified(part), characters.line(part.text))
    return _Entry(
        url=texts.get("loc", ""),
        touched=texts.get("lastmod", ""),
        title=texts.get("news:title", ""),
        published=texts.get("news:publication_date", ""),
        language=texts.get("news:language", "").lower()[:2],
        image=texts.get("image:loc", ""),
    )


def _links(entries: list[_Entry], page: FetchedPage, listing: Listing) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for entry in _newest_first(entries):
        url = address.resolve(page.url, entry.url) if entry.url else None
        if url is None or is_furniture(url) or len(links) >= MAX_LINKS:
            continue
        link = Link(
            url=url,
            title=entry.title,
            date_text=entry.published if _ISO_DAY.fullmatch(entry.published) else "",
            image=address.resolve(page.url, entry.image) or "" if entry.image else "",
            language=listing.language or entry.language or None,
            place=len(links),
            listing=listing.url,
        )
        links.setdefault(address.key(url), link)
    return tuple(links.values())


def _newest_first(entries: list[_Entry]) -> list[_Entry]:
    """Sort by date where entries carry one, which need not be all; otherwise as they stand."""
    return sorted(entries, key=lambda entry: entry.published or entry.touched, reverse=True)


def _resolved(entries: list[_Entry], base: str) -> Iterator[str]:
    for entry in entries[:MAX_LINKS]:
        url = address.resolve(base, entry.url) if entry.url else None
        if url:
            yield url


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _qualified(node: etree._Element) -> str:
    namespace = etree.QName(node).namespace or ""
    known = {"news": "/sitemap-news/", "image": "/sitemap-image/", "video": "/sitemap-video/"}
    prefix = next((name for name, part in known.items() if part in f"{namespace}/"), "")
    return f"{prefix}:{_local(node)}" if prefix else _local(node)
