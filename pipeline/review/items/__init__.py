"""Items: everything that was collected, searched, narrowed by facets, saved and taken along.

asking    what is asked for, as it stands in an address (pure)
listing   the list, its page and its JSON
rows      a story as the list shows it
snippets  where the words stand (pure)
misread   what is wrong with a search that cannot be read
labels    what facets and values are called
exporting the list as a file
saving    the list as a feed
"""

from __future__ import annotations

from fastapi import APIRouter

from pipeline.review.items import exporting, listing, saving
from pipeline.review.items.listing import warm

__all__ = ["api", "pages", "warm"]

pages = APIRouter()
api = APIRouter()
for _area in (exporting, saving, listing):
    pages.include_router(_area.pages)
    api.include_router(_area.api)
