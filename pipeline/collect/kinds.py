"""Which kind of source page this is: told by the bytes, then by the content-type; pure."""

from __future__ import annotations

import re

from pipeline.model import FetchedPage, Listing

# The first element, past a byte order mark, white space, the XML declaration, comments and a doctype.
_ROOT = re.compile(
    rb"(?:\s|<\?[^>]{0,500}>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}>)*<([A-Za-z][\w.:-]{0,60})", re.DOTALL
)
_ROOTS = {
    b"rss": "feed", b"feed": "feed", b"rdf": "feed", b"channel": "feed",
    b"urlset": "sitemap", b"sitemapindex": "sitemap",
}  # fmt: skip
_JSON_FEED = re.compile(rb"https?:\\?/\\?/jsonfeed\.org\\?/version")
_GZIP = b"\x1f\x8b"
_SEEN = 8 * 1024


def kind_of(page: FetchedPage, listing: Listing) -> str:
    """Return "html", "feed", "sitemap" or "api": what the listing declares, else what the page looks like."""
    if listing.kind:
        return listing.kind
    start = page.body[:_SEEN].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_GZIP):
        return "sitemap"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: enough of it is ASCII to recognise a root element
        start = start[2:].replace(b"\x00", b"")
    return _by_root(start) or _by_text(start, page.headers.get("content-type", ""))


def _by_root(start: bytes) -> str:
    found = _ROOT.match(start)
    name = found[1].lower() if found else b""
    prefix, _, local = name.rpartition(b":")
    return _ROOTS.get(prefix if local == b"rdf" else local, "")


def _by_text(start: bytes, content_type: str) -> str:
    stripped = start.lstrip()
    if stripped.startswith(b"{") and _JSON_FEED.search(start):
        return "feed"
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in ("application/rss+xml", "application/atom+xml", "application/feed+json"):
        return "feed"
    if media_type == "application/json" and stripped.startswith((b"{", b"[")):
        return "api"
    # sitemaps.org allows a plain list of addresses, one a line.
    if media_type == "text/plain" and re.match(rb"https?://\S+\s", stripped + b"\n"):
        return "sitemap"
    return "html"
