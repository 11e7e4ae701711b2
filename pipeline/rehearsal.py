"""A page in each language read before there are any: what is made at the first page is made once, not in each child.

Selections of the extractors, of listings' links, patterns, profiles of languages, which children then share. Imported for what the
import does, by the server that children are forked from, where it has the time (`cradle.warm_up`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline import collect, frugal, reader
from pipeline.model import FetchedPage, Listing, Profile, Source

#: Little text among much else, so that whatever looks for text is asked for it.
_PAGE = (
    "<html><head><title>{title}</title><meta property='article:published_time' content='2026-05-12T10:00:00+03:00'></head>"
    "<body><div>{menu}</div><div><h1>{title}</h1><p>12.05.2026</p><p>{text}</p><img src='/port.jpg'></div></body></html>"
)
_WORDS = (
    ("The port took its first ferry", "Port news and more. ", "The port has taken its first ferry, and it was said that more of them will come in May."),
    ("Порт принял первый паром", "Новости порта и города. ", "Порт принял первый паром, и до конца мая, как сообщили в порту, их будет больше."),
)  # fmt: skip
#: A selector of each sort that sources.yaml has.
_LINKS = "div > a, li a.item"


def rehearse() -> None:
    """Read a page in each language, as a listing and as an article."""
    source, now = Source("rehearsal", {}, "news", ()), datetime(2026, 5, 12, tzinfo=UTC)
    for title, menu, text in _WORDS:
        body = _PAGE.format(title=title, menu=f"<a href='/'>{menu}</a>" * 40, text=text * 2).encode()
        url = "https://news.example.org/news/port"
        page = FetchedPage(source.id, url, url, 200, {"content-type": "text/html"}, body, now, "")
        collect.read_page(page, Listing(url, links=_LINKS), Profile(source.id))
        reader.read(page, source, None, shelve=True)


with frugal.unsearched():
    rehearse()
