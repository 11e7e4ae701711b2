"""Two articles face to face, for a reader of both: paragraphs that say the same side by side, what they share marked.

Which paragraphs say the same, and what counts as shared, is the pairing stage's business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

from pipeline import address, pairing
from pipeline.model import Item
from pipeline.pairing import Run
from pipeline.record import dataclass

_HREF = re.compile(r"""<a\b[^>]*?\bhref="([^"]+)\"""")
Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that say the same; one side is empty where the other leaves something out."""

    ru: tuple[Line, ...]
    en: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a text links to."""

    url: str
    shared: bool  #: whether the other text links to it too


@dataclass(frozen=True)
class Facing:
    """Both articles, row by row."""

    titles: Row
    rows: tuple[Row, ...]
    links: tuple[tuple[Link, ...], tuple[Link, ...]]  #: of the Russian text, of the English one


def face(ru: Item, en: Item) -> Facing:
    """Put two articles beside each other."""
    first, second = ru.article, en.article
    return _faced(first.title, first.text, first.html, second.title, second.text, second.html)


@lru_cache(maxsize=256)
def _faced(ru_title: str, ru_text: str, ru_html: str, en_title: str, en_text: str, en_html: str) -> Facing:
    lexicon = pairing.shipped_lexicon()
    ru, en = paragraphs(ru_title, ru_text), paragraphs(en_title, en_text)
    mine = pairing.marked([ru_title, *ru], [en_title, *en], "ru", lexicon)
    theirs = pairing.marked([en_title, *en], [ru_title, *ru], "en", lexicon)
    rows, one, other = [], 1, 1
    for segment in pairing.aligned(ru, en, lexicon):
        after, after_other = one + len(segment.ru), other + len(segment.en)
        rows.append(Row(tuple(mine[one:after]), tuple(theirs[other:after_other])))
        one, other = after, after_other
    rows += [Row((line,), ()) for line in mine[one:]] + [Row((), (line,)) for line in theirs[other:]]
    return Facing(Row((mine[0],), (theirs[0],)), tuple(rows), _links(ru_html, en_html))


def paragraphs(title: str, text: str) -> list[str]:
    """Return the paragraphs of a text, without a title repeated on top."""
    lines = [line for line in text.split("\n") if line]
    return lines[1:] if lines[:1] == [title] else lines


def _links(ru: str, en: str) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    sides = [list(dict.fromkeys(unescape(url) for url in _HREF.findall(html))) for html in (ru, en)]
    keys = [{_key(url) for url in side} for side in sides]
    mine, theirs = (_marked(side, keys[1 - place]) for place, side in enumerate(sides))
    return mine, theirs


def _marked(urls: Sequence[str], there: set[str]) -> tuple[Link, ...]:
    return tuple(Link(url, _key(url) in there) for url in urls)


def _key(url: str) -> str:
    try:
        return address.key(url)
    except ValueError:
        return url
