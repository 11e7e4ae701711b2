"""A JSON answer → links, by the paths of the listing's `api` key; pure.

Two shapes: a list of items, each with its address (or what an address is made of); or HTML in a
text of the answer, which is then read like any listing page. A server that answers the whole
page instead of that JSON is taken at its word. JSON Feed is not here: it needs no telling.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bs4 import BeautifulSoup, Tag

from pipeline import address, characters, charset, jsonpath
from pipeline.collect import markup
from pipeline.collect.listing import read_listing
from pipeline.collect.reading import MAX_LINKS, TEASER_CHARS, Reading
from pipeline.errors import ListingError
from pipeline.model import Api, FetchedPage, Link, Listing, Profile

# Seconds or milliseconds since 1970, alone or as ASP.NET writes them: /Date(1757937600000)/
_EPOCH = re.compile(r"(?:/Date\()?(\d{10})(\d{3})?(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?")


def read_api(page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    """Read a JSON answer's links in its order, at most MAX_LINKS.

    Raises ListingError: "parse" where it is no JSON, "drift" where nothing stands at a path.
    """
    api = listing.api
    if api is None:
        raise ListingError("parse", page.url, "the answer is JSON; say with the key `api` where its articles stand")
    text = charset.decode(page.body, page.headers.get("content-type", ""), listing.encoding)
    if not api.url and text.lstrip().startswith("<"):
        return read_listing(page, listing, profile)
    answer = _parsed(text, page.url)
    return _from_items(answer, api, page, listing) if api.url else _from_html(answer, api, page, listing, profile)


def _parsed(text: str, url: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListingError("parse", url, f"not readable as JSON: {str(error)[:200]}") from error


def _from_html(answer: Any, api: Api, page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    holders = _items(answer, api, page.url) if api.items else [answer]
    found = [part for holder in holders for part in jsonpath.find(holder, api.html)]
    if holders and not found:
        raise ListingError("drift", page.url, f"nothing stands at {api.html!r} of the answer")
    html = "\n".join(part for part in found if isinstance(part, str))
    headers = {"content-type": "text/html; charset=utf-8"}
    fragment = replace(page, body=html.encode("utf-8", errors="replace"), headers=headers)
    return read_listing(fragment, replace(listing, encoding=None), profile)


def _from_items(answer: Any, api: Api, page: FetchedPage, listing: Listing) -> Reading:
    links: dict[str, Link] = {}
    items = _items(answer, api, page.url)
    for item in items[:MAX_LINKS]:
        url = _address(item, api, page.url)
        if url is None:
            continue
        html = jsonpath.text_of(item, api.html) if api.html else ""
        link = Link(
            url=url,
            title=markup.plain(jsonpath.text_of(item, api.title)) if api.title else "",
            date_text=_date(jsonpath.text_of(item, api.date)) if api.date else "",
            image=_picture(html, page.url),
            teaser=markup.plain(html)[:TEASER_CHARS],
            language=listing.language,
            place=len(links),
            listing=listing.url,
        )
        links.setdefault(address.key(url), link)
    if items and not links:
        raise ListingError("drift", page.url, f"none of {len(items)} items holds an address at {api.url!r}")
    return Reading(links=tuple(links.values()))


def _items(answer: Any, api: Api, url: str) -> list[Any]:
    """Return the items: what stands at the path, lists opened, whether it ends in [*] or not."""
    found = jsonpath.find(answer, api.items)
    if not found and not api.items.rstrip("]").endswith("*"):  # an empty list is no drift: the walk is told of it
        raise ListingError("drift", url, f"nothing stands at {api.items!r} of the answer")
    return [item for one in found for item in (one if isinstance(one, list) else [one])]


def _address(item: Any, api: Api, base: str) -> str | None:
    href = jsonpath.fill(api.url, item) if jsonpath.holes(api.url) else jsonpath.text_of(item, api.url)
    return address.resolve(base, href) if href else None


def _date(text: str) -> str:
    """Return a date as it stands, or in ISO form where it counts seconds."""
    epoch = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat() if epoch else characters.line(text)


def _picture(html: str, base: str) -> str:
    if "<img" not in html:
        return ""
    picture = BeautifulSoup(html, "lxml").find("img")
    source = (
        markup.attribute(picture, "data-src") or markup.attribute(picture, "src") if isinstance(picture, Tag) else ""
    )
    return "" if source.startswith("data:") else markup.link(base, source) or ""
