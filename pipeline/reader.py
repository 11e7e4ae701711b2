"""What a child does with a page: it reads it, tells the languages of what stands there, and what pairing keeps of it.

Most articles stay what they are when they are compared with their siblings, so that nobody has to be asked for any of
it again. What is not here: sending pages to children, and what becomes of a child's answer (reading.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime

from pipeline import address, extract, language
from pipeline.model import Article, FetchedPage, Item, Language, Layout, Link, Shelved, Source
from pipeline.record import dataclass

#: When an article that is just read was first seen is not known, and nothing of what is made here asks for it.
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read."""

    page: extract.PageReading
    languages: tuple[Language, ...] = ()  #: of its articles, in their order
    shelved: tuple[Shelved, ...] = ()  #: what pairing keeps of them, in their order; of none where nobody asked for it

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles of the page."""
        return () if self.page.article is None else (self.page.article, *self.page.also)


def read(
    page: FetchedPage, source: Source, link: Link | None, layouts: Sequence[Layout] = (), *,
    learn: bool = False, common: AbstractSet[str] = frozenset(), shelve: bool = False,
) -> Read:  # fmt: skip
    """Return what a page gives (`extract.read`), with the language of each of its articles, and what pairing keeps of them."""
    made = told(extract.read(page, source, link, layouts, learn=learn, common=common))
    return replace(made, shelved=tuple(map(_shelved, made.articles, made.languages))) if shelve else made


def told(made: extract.PageReading) -> Read:
    """Return a page that was read with the languages of its articles."""
    read = Read(made)
    return replace(read, languages=tuple(map(language.identify, read.articles)))


def retold(article: Article, *, shelve: bool = False) -> tuple[Language, Shelved | None]:
    """Return the language of an article that is not what was read any more, and what pairing keeps of it."""
    own = language.identify(article)
    return own, _shelved(article, own) if shelve else None


def _shelved(article: Article, own: Language) -> Shelved:
    from pipeline import pairing  # whoever only has pages read begins sooner without

    item = Item(address.article_id(article.url), article, own, _NEVER, _NEVER)
    return pairing.shelved(item, pairing.shipped_lexicon())
