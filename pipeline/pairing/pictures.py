"""The names of an article's picture files: the same one under two articles tells of one story."""

from __future__ import annotations

import re

from pipeline.model import Item

_FILE = re.compile(r"([^/?#]{6,})\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)


def picture_files(item: Item) -> tuple[str, ...]:
    """Return the names of item's picture files, without a doubled one."""
    found = (match.group(1).lower() for image in item.article.images if (match := _FILE.search(image.url)))
    return tuple(dict.fromkeys(found))
