"""A feed a source publishes (RSS 0.9x–2.0, Atom, JSON Feed) → links; pure.

Whatever text the feed carries is only a teaser here: articles are read from their pages.
feedparser is given a byte stream, never bytes or a string: those it would try to open
as an address or a file name.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import Any

from pipeline import address, characters, charset
from pipeline.collect import markup
from pipeline.collect.reading import MAX_LINKS, TEASER_CHARS, Reading
from pipeline.errors import ListingError
from pipeline.model import FetchedPage, Link, Listing

# What feedparser has been seen to raise over hostile feeds; it promises to raise nothing.
_STUMBLES = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError)


def read_feed(page: FetchedPage, listing: Listing) -> Reading:
    """Read a feed's links in its own order; raises ListingError("parse")."""
    import feedparser  # where feeds are read: in children
    from feedparser import encodings

    vars(encodings).update(lazy_chardet_encoding=_guessed)
    if page.body.lstrip()[:1] == b"{":
        return _read_json(page, listing)
    # "application/xml": the XML declaration decides the charset; text/xml would mean ASCII (RFC 3023).
    headers = {"content-location": page.url, "content-type": "application/xml"}
    try:
        feed = feedparser.parse(io.BytesIO(page.body), response_headers=headers)
        rows = [_row(entry) for entry in feed.entries[:MAX_LINKS]]
        language = str(feed.feed.get("language", ""))
        following = [link.get("href", "") for link in feed.feed.get("links", ()) if link.get("rel") == "next"]
    except _STUMBLES as error:
        raise ListingError("parse", page.url, f"the feed cannot be read: {type(error).__name__}: {error}") from error
    if not rows and feed.bozo:
        raise ListingError("parse", page.url, f"the feed cannot be read: {feed.bozo_exception}")
    after = address.resolve(page.url, following[0]) if following else None
    return Reading(links=_links(rows, language, page, listing), next=after)


def _guessed(body: bytes) -> str:
    """Return the charset of a feed that says none and may not be in UTF-8, as feedparser guesses it.

    By itself feedparser guesses only where chardet was there as it was imported, and many a process hides that (frugal.py).
    """
    return import_module("chardet").detect(body)["encoding"] or ""


def _read_json(page: FetchedPage, listing: Listing) -> Reading:
    try:
        feed = json.loads(charset.decode(page.body, page.headers.get("content-type", ""), listing.encoding))
    except (ValueError, RecursionError) as error:
        raise ListingError("parse", page.url, f"not readable as JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ListingError("parse", page.url, "JSON without a list of items is no JSON Feed")
    rows = [_json_row(item) for item in items[:MAX_LINKS] if isinstance(item, dict)]
    return Reading(
        links=_links(rows, _text(feed, "language"), page, listing),
        next=address.resolve(page.url, _text(feed, "next_url")) if _text(feed, "next_url") else None,
    )


def _row(entry: Any) -> dict[str, str]:
    """Return an entry's values by our names for them."""
    html = entry.get("summary") or next((part.get("value") for part in entry.get("content", ())), "")
    # feedburner:origLink is the article itself, the link a counter in front of it.
    url = entry.get("feedburner_origlink") or entry.get("link") or entry.get("id")
    return {
        "url": str(url or ""),
        "title": markup.plain(str(entry.get("title") or "")),
        "date": _date(entry),
        "image": _picture(entry),
        "teaser": markup.plain(str(html or "")),
    }


def _json_row(item: Mapping[str, Any]) -> dict[str, str]:
    teaser = _text(item, "summary") or _text(item, "content_text") or markup.plain(_text(item, "content_html"))
    return {
        "url": _text(item, "url") or _text(item, "external_url") or _text(item, "id"),
        "title": characters.line(_text(item, "title")),
        "date": _text(item, "date_published"),
        "image": _text(item, "image") or _text(item, "banner_image"),
        "teaser": characters.line(teaser),
    }


def _links(rows: list[dict[str, str]], language: str, page: FetchedPage, listing: Listing) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for row in rows:
        url = address.resolve(page.url, row["url"]) if row["url"] else None
        if url is None:
            continue
        link = Link(
            url=url,
            title=row["title"],
            date_text=row["date"],
            image=address.resolve(page.url, row["image"]) or "" if row["image"] else "",
            teaser=row["teaser"][:TEASER_CHARS],
            language=listing.language or language.lower().replace("_", "-").partition("-")[0] or None,
            place=len(links),
            listing=listing.url,
        )
        links.setdefault(address.key(url), link)
    return tuple(links.values())


def _date(entry: Any) -> str:
    """Return an entry's date in ISO form with its own offset, or as it stands where it is neither RSS nor Atom."""
    text = str(entry.get("published") or entry.get("created") or entry.get("updated") or "").strip()
    try:
        return parsedate_to_datetime(text).isoformat()
    except (TypeError, ValueError):
        pass  # not RFC 822; Atom's dates are ISO
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        return characters.line(text)


def _picture(entry: Any) -> str:
    found = [*entry.get("media_content", ()), *entry.get("media_thumbnail", ()), *entry.get("enclosures", ())]
    for media in found:
        kind = str(media.get("type") or media.get("medium") or "image")
        if kind.startswith("image") and (media.get("url") or media.get("href")):
            return str(media.get("url") or media.get("href"))
    return ""


def _text(mapping: Mapping[str, Any], name: str) -> str:
    value = mapping.get(name)
    return value.strip() if isinstance(value, str) else ""
