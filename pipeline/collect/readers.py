"""A page of a listing → what it announces, by whichever reader it is for."""

from __future__ import annotations

from pipeline.collect.api import read_api
from pipeline.collect.kinds import kind_of
from pipeline.collect.listing import read_listing
from pipeline.collect.reading import Reading
from pipeline.collect.sitemap import read_sitemap
from pipeline.collect.syndication import read_feed
from pipeline.collect.telegram import is_preview, read_preview
from pipeline.model import FetchedPage, Listing, Profile


def read(page: FetchedPage, listing: Listing, profile: Profile) -> Reading:
    """Return what a page of a listing announces; raises ListingError where it cannot be read."""
    kind = kind_of(page, listing)
    if kind == "feed":
        return read_feed(page, listing)
    if kind == "sitemap":
        return read_sitemap(page, listing)
    if kind == "api":
        return read_api(page, listing, profile)
    if is_preview(page.url) and not listing.links:
        return read_preview(page, listing)
    return read_listing(page, listing, profile)
