"""An entry's links as they are written in RSS and Atom: as text, with no element of lxml's for each.

There may be twenty for stories that tell of the same event, and their elements took longer than all the rest of an entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.model import EntryLink, FeedEntry
from pipeline.publish.once import once

# A text that a reader may take for HTML, by the W3C validator's own measure.
_LIKE_HTML = re.compile(r"</\w+>|&#?\w+")
# What an attribute must not have, and how lxml writes it.
_AWKWARD = re.compile('[&<>"\t\n\r]')
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


@once
def written(entry: FeedEntry) -> Sequence[tuple[str, str]]:
    """Return what each of an entry's links is, and those to stories that tell of the same event, with its attributes."""
    related = (EntryLink("related", one.url, one.language, title=one.title) for one in entry.related)
    return [(link.rel, attributes(link)) for link in (*entry.links, *related)]


def attributes(link: EntryLink) -> str:
    """Return a link's attributes; without a title that a reader may take for HTML."""
    title = "" if like_html(link.title) else link.title
    values = (
        ("href", link.href),
        ("rel", link.rel),
        ("type", link.type),
        ("hreflang", link.hreflang),
        ("title", title),
    )
    return " ".join([f'{name}="{attribute(value)}"' for name, value in values if value])


def attribute(value: str) -> str:
    """Return the value of an attribute as lxml writes it."""
    return _AWKWARD.sub(_harmless, value)


def like_html(text: str) -> bool:
    """Return whether a reader may take a text for HTML."""
    return ("&" in text or "<" in text) and _LIKE_HTML.search(text) is not None


def _harmless(match: re.Match[str]) -> str:
    return _WRITTEN[match[0]]
