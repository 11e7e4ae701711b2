"""Small makers of what goes into a store."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from pipeline.model import Article, Fetch, FetchedPage, Language, Link, Listing, Published, Source

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOURCE = Source(
    id="bureau", name={"ru": "Бюро"}, kind="bureau", listings=(Listing(url="http://127.0.0.1:1/news/"),),
    recheck=(timedelta(hours=6), timedelta(days=1)),
)  # fmt: skip
#: The tables SQLite makes for its full-text index are no business of migrations.
OURS = {"include_name": lambda name, kind, _parents: kind != "table" or not name.startswith("fulltext")}
LISTING = SOURCE.listings[0].url


def link(number, **more):
    return Link(url=f"http://127.0.0.1:1/news/{number}/", title=f"Новость {number}", place=number, **more)


def page(url, body="<p>Ёлка</p>", **headers):
    data = body.encode()
    return FetchedPage(
        source=SOURCE.id, asked=url, url=url, status=200, headers=headers, body=data, fetched_at=NOW,
        digest=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def fetch(url, kind="ok", answer=None, **more):
    got = answer or (page(url) if kind == "ok" else None)
    return Fetch(source=SOURCE.id, url=url, kind=kind, at=NOW, page=got, **more)


def article(number=1, *, url="", title="Форум открылся", text="Первый абзац.\nВторой абзац.", at=None):
    published = Published(at, "Europe/Moscow", "day", "rule") if at else None
    return Article(
        source=SOURCE.id, url=url or link(number).url, title=title, text=text, html=f"<p>{text}</p>",
        published=published,
    )  # fmt: skip


RUSSIAN = Language("ru", 0.99, ("script:1.00 Cyrillic",))
