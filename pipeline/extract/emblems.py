"""Pictures that are the site's, not the article's: told by standing in many of its articles.

A logo, a banner, the picture a template shares where an article has none. A photograph may serve two or
three articles about one event, and an article's own picture stands beside its teaser on other pages; so only pictures
that those pages show as their own count, and several must. What is not here: pictures told by their
names and sizes (images.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from pipeline.extract import cleaned
from pipeline.extract.blocks import line_hash
from pipeline.model import Article, Image

#: So many other articles, and this share of those known, must show a picture before it is the site's.
_FEWEST, _SHARE = 3, 0.2


def marks(images: Iterable[Image]) -> tuple[str, ...]:
    """Return what a page's profile remembers of the pictures it shows, beside its lines."""
    return tuple(dict.fromkeys(_mark(image) for image in images))


def without(article: Article, shown_by: Callable[[str], int], others: int) -> Article:
    """Return article without the site's pictures.

    shown_by: mark → how many of the `others` known articles show that picture as theirs.
    """
    least = max(_FEWEST, _SHARE * others)
    common = {image.url for image in article.images if shown_by(_mark(image)) >= least}
    if not common:
        return article
    kept = tuple(image for image in article.images if image.url not in common)
    return replace(article, images=kept, html=cleaned.html_without_pictures(article.html, common))


def _mark(image: Image) -> str:
    return line_hash(f"picture {image.url.partition('://')[2]}")
