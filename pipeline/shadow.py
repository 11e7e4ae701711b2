"""Shadows of articles: their words as the desk's search looks for them, and the names that stand in them.

Made of title and text alone, so that they can be made anywhere; who keeps them is the store's business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from itertools import chain

from pipeline import names, stems
from pipeline.record import dataclass

#: Of the code that makes shadows: raised when the same article would now get another one.
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Shadow:
    """What is searched of one article: stems of its title and of its text, and words that differ from their stem."""

    made_of: str  #: `digest` of title and text
    title: str
    text: str
    forms: str
    names: str  #: ids, with a blank between


def version() -> str:
    """Return the version of everything but title and text that shadows are made of."""
    return f"{VERSION}-{names.shipped_digest()}"


def digest(title: str, text: str) -> str:
    """Return what the shadow of such a title and text goes by."""
    return hashlib.sha256(f"{version()}\n{title}\n{text}".encode()).hexdigest()[:16]


def cast(title: str, text: str) -> Shadow:
    """Return the shadow of an article."""
    head, body = stems.words(title), stems.words(text)
    rows = [stems.stemmed(part) for part in (head, body)]
    forms = sorted({word for word, stem in chain(*map(zip, (head, body), rows)) if stem != word})
    known = names.shipped()
    named = " ".join(sorted({*known.found(head, rows[0]), *known.found(body, rows[1])}))
    return Shadow(digest(title, text), " ".join(rows[0]), " ".join(rows[1]), " ".join(forms), named)


def cast_all(articles: Iterable[tuple[str, str]]) -> Mapping[str, Shadow]:
    """Return the shadows of such titles and texts by what they go by."""
    return {one.made_of: one for one in (cast(title, text) for title, text in articles)}
