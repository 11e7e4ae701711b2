"""What every pass asks and says of every source, made once: to build such a question costs more than to answer it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, exists, func, or_, select

from pipeline.store.inserts import meeting_insert
from pipeline.store.tables import (
    absent_pages,
    addresses,
    articles,
    captures,
    fetches,
    listings,
    missing,
    profiles,
    purges,
    revisions,
    sources,
    visits,
)  # fmt: skip
from pipeline.store.types import Instant

_NOW = bindparam("now", type_=Instant)
_OF_SOURCE = addresses.c.source == bindparam("source")
_IS_DUE = or_(
    (addresses.c.state == "new") & or_(addresses.c.due.is_(None), addresses.c.due <= _NOW),
    addresses.c.state.in_(("article", "refused")) & (addresses.c.due <= _NOW),
)
#: The row of a listing, by `url`.
LISTING = select(listings).where(listings.c.url == bindparam("url"))
#: The addresses of a `source` to ask `now`.
DUE = select(addresses).where(_OF_SOURCE, _IS_DUE)
_IS_WAITING = addresses.c.state == "fetched"
_PENDING = or_(_IS_WAITING, _IS_DUE)
#: One of a `source` whose page is not yet read.
WAITING = select(addresses.c.key).where(_OF_SOURCE, _IS_WAITING).limit(1)
#: One of both.
PENDING = select(addresses.c.key).where(_OF_SOURCE, _PENDING).limit(1)
#: How many of both there are.
COMING = select(func.count()).select_from(addresses).where(_OF_SOURCE, _PENDING)
#: A new address; one that is known stays.
ADD_ADDRESS = meeting_insert(addresses).on_conflict_do_nothing()
#: The row of the address `own`.
ADDRESS = select(addresses).where(addresses.c.key == bindparam("own"))
#: What of it decides what becomes of it, and whether its page is missing, or this `page` not in the archive: few are.
_DECIDES = ("key", "state", "first_seen", "checks", "attempts", "last_kind", "by", "article", "history")
ASKED: Select[Any] = select(
    *(addresses.c[name] for name in _DECIDES),
    exists().where(missing.c.key == addresses.c.key).label("is_missing"),
    exists().where(absent_pages.c.digest == bindparam("page")).label("is_absent"),
).where(addresses.c.key == bindparam("own"))
_OF_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
#: The rows of the addresses, and of the articles, `keys`.
ADDRESSES = select(addresses).where(addresses.c.key.in_(_OF_KEYS))
ARTICLES = select(articles).where(articles.c.id.in_(_OF_KEYS))
#: What is known of the addresses `keys`.
KNOWN = select(addresses.c.key, addresses.c.state, addresses.c.by).where(addresses.c.key.in_(_OF_KEYS))
#: The row of the article `own`.
ARTICLE = select(articles).where(articles.c.id == bindparam("own"))
#: Whether the article `own` was purged.
PURGED = select(purges.c.article).where(purges.c.article == bindparam("own"))
#: The page of the address `own` is not missing.
THERE = delete(missing).where(missing.c.key == bindparam("own"))
#: The page of this `digest` is in the archive.
HELD = delete(absent_pages).where(absent_pages.c.digest == bindparam("digest"))
#: Each of the addresses `keys` that led to an article, with that.
ARTICLES_AT = (
    select(addresses.c.key, articles)
    .select_from(addresses.join(articles, articles.c.id == addresses.c.article)).where(addresses.c.key.in_(_OF_KEYS))
)  # fmt: skip
#: The pages of a `source` that are archived and not yet read.
UNREAD = (
    select(addresses.c.link, addresses.c.key, addresses.c.history, captures)
    .select_from(addresses.join(captures, addresses.c.capture == captures.c.id)).where(_OF_SOURCE, _IS_WAITING)
)  # fmt: skip
#: Whether a page that is to be read is not in the archive.
IS_LOST = _IS_WAITING & addresses.c.capture.in_(
    select(captures.c.id).where(captures.c.digest.in_(select(absent_pages.c.digest)))
)
#: One of a `source` of which that is so.
LOST = select(addresses.c.key).where(_OF_SOURCE, IS_LOST).limit(1)
#: What a `source` has taught.
PROFILE = select(profiles.c.profile).where(profiles.c.source == bindparam("source"))
#: How it fares.
HEALTH = select(sources).where(sources.c.id == bindparam("source"))
#: New rows.
ADD_ARTICLE, ADD_CAPTURE, ADD_FETCH, ADD_REVISION, ADD_VISIT = (
    articles.insert(), captures.insert(), fetches.insert(), revisions.insert(), visits.insert()
)  # fmt: skip
#: What changes in the row of the address `own`.
CHANGE_ADDRESS = addresses.update().where(addresses.c.key == bindparam("own"))
#: The same of one that was a guess, and came to nothing.
CHANGE_GUESS = CHANGE_ADDRESS.where(addresses.c.by == "version", addresses.c.state.in_(("failed", "refused")))
#: That all is well with a source that is known, `of` it: what nearly every pass says of nearly every one.
WELL = (
    sources.update().where(sources.c.id == bindparam("of"))
    .values(
        last_pass=_NOW, last_success=_NOW, last_new=func.coalesce(bindparam("new", type_=Instant), sources.c.last_new),
        failures=0, kind="", detail="", trouble=0.0,
    )
)  # fmt: skip
