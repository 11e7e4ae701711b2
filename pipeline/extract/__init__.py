"""FetchedPage → Article. Pure: bytes and arguments in, values out; run in killable child processes.

read    one page by itself: decode, parse, choose blocks, title, date, pictures, versions
parts   one page's articles: two where it says everything in two languages
learned  where a source's articles stand, after some more of its pages: `read` then goes there directly
repeated  the lines that tell what of a page is not its article's own, while that is learned
finish  all pages of one source together: what they share is no article's
replaced  whether a known article's page tells something else now
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from pipeline.extract.boilerplate import finish
from pipeline.extract.given import PageReading, parts
from pipeline.extract.layout import learned, repeated
from pipeline.extract.replaced import replaced, same_text
from pipeline.model import FetchedPage, Layout, Link, Source

__all__ = ["VERSION", "PageReading", "finish", "learned", "parts", "read", "repeated", "replaced", "same_text"]

#: Raised when the same page gives another article; rows made by an older one can be redone.
VERSION = 5


def read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout] = (), *,
    learn: bool = False, common: AbstractSet[str] = frozenset(),
) -> PageReading:  # fmt: skip
    """Return the article a page holds, or why it holds none (`reading.read`)."""
    from pipeline.extract import reading  # whoever only has pages read begins sooner without

    return reading.read(page, source, link, layouts, learn=learn, common=common)
