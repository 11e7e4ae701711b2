"""What a page gave: all that whoever does not read pages knows of reading them."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Article, Layout, Refusal
from pipeline.record import dataclass


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one page gave by itself; `finish` turns a source's readings into articles."""

    article: Article | None
    refusal: Refusal | None
    #: Hashes of the page's distinct lines, in order of place, then of its article's pictures.
    lines: tuple[str, ...] = ()
    suffix: str = ""  #: what may be the site's name at the end of the title
    also: tuple[Article, ...] = ()  #: the page's second article, in the other language
    attached: tuple[tuple[str, str], ...] = ()  #: address of each attachment → hash of the line it stands in
    canonical: str = ""  #: another address of the same origin that the page calls its own
    listing: str = ""  #: where the page was announced; "" where no listing did
    place: int = 0
    layout: Layout | None = None  #: what it was read by, where it was not read as a whole
    lesson: Layout | None = None  #: what it taught, where it was asked to (layout.learned)


def parts(reading: PageReading) -> tuple[PageReading, ...]:
    """Return a reading for each article of a page; only the first carries the page's lines."""
    one = replace(reading, also=())
    return (one, *(replace(one, article=article, lines=(), suffix="") for article in reading.also))
