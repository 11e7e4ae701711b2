"""What a child does with a page: it reads it, and tells the languages of what stands there.

Most articles stay what they are when they are compared with their siblings, so that nobody has to be asked for their
language again. What is not here: sending pages to children, and what becomes of a child's answer (reading.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline import extract, language
from pipeline.model import FetchedPage, Language, Layout, Link, Source


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read."""

    page: extract.PageReading
    languages: tuple[Language, ...] = ()  #: of its articles, in their order


def read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout] = (), *,
    learn: bool = False, common: AbstractSet[str] = frozenset(),
) -> Read:  # fmt: skip
    """Return what a page gives (`extract.read`), with the language of each of its articles."""
    return told(extract.read(page, source, link, layouts, learn=learn, common=common))


def told(made: extract.PageReading) -> Read:
    """Return a page that was read with the languages of its articles."""
    articles = () if made.article is None else (made.article, *made.also)
    return Read(made, tuple(language.identify(article) for article in articles))
