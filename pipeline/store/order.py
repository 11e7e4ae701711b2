"""Which stories belong to a feed, in its order: asked in SQL as it stands.

A feed asks for this in one of many ways. To put SQLAlchemy's question together and compile it takes longer, the first time,
than the answer; and a pass asks each once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, text
from sqlalchemy.types import TypeEngine

from pipeline.record import dataclass
from pipeline.store.types import Clean, Instant


@dataclass(frozen=True, slots=True)
class Wanted:
    """What belongs to a feed, as far as a database can tell."""

    feed: str
    language: str = ""  #: one entry a text of this language; "": one entry a story
    sources: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None  #: one of these
    query: str = ""  #: and this one
    machine: bool = False  #: machine text counts as well


#: A question, and the values it goes by.
_Asked = tuple[Executable, Mapping[str, Any]]
_JOINED = """stories JOIN texts ON texts.story = stories.id JOIN text_items ON text_items.text = texts.id
    JOIN articles ON articles.id = text_items.article"""
_UNDATED = "min(CASE WHEN articles.published IS NULL AND articles.history = 1 THEN 1 ELSE 0 END)"
#: What a bilingual feed need not hold any more.
_FREE = """(stories.state = 'linked' OR articles.history = 1 OR stories.state = 'single' AND stories.first_seen <= :since
    OR stories.first_seen <= :since_doubtful OR stories.id IN (SELECT entry FROM publications WHERE feed = :feed))"""
_ARCHIVED = "(SELECT entry, max(updated) AS updated FROM archive_items WHERE feed = :feed GROUP BY entry) AS held"
_LISTS = ("sources", "labels")
_TYPES: Mapping[str, type[TypeEngine[Any]]] = {
    **dict.fromkeys(("feed", "language", "query", *_LISTS), Clean), **dict.fromkeys(("since", "since_doubtful"), Instant),
}  # fmt: skip


def newest(wanted: Wanted, size: int) -> _Asked:
    """Return the question for a feed's newest stories (id), newest first; undated history last."""
    entry, _, order = _entry(wanted)
    words = f"""SELECT stories.id FROM {_JOINED} WHERE {" AND ".join(_belongs(wanted))} GROUP BY stories.id, {entry}
        ORDER BY {_UNDATED}, max({order}) DESC, stories.id LIMIT :size"""  # noqa: S608 - names of columns of ours
    return _asked(words, wanted, size=size)


def unarchived(wanted: Wanted, since: datetime, since_doubtful: datetime) -> _Asked:
    """Return the question for what stands in no archive document of a feed (id, entry, at), oldest first."""
    entry, updated, order = _entry(wanted)
    free = () if wanted.language else (_FREE,)
    left = f"(held.entry IS NULL OR held.updated < {updated})"
    words = f"""SELECT stories.id, {entry} AS entry, max({updated}) AS at
        FROM {_JOINED} LEFT OUTER JOIN {_ARCHIVED} ON held.entry = {entry}
        WHERE {" AND ".join((*_belongs(wanted), *free, left))} GROUP BY stories.id, {entry}
        ORDER BY {_UNDATED} DESC, max({order}), stories.id"""  # noqa: S608 - names of columns of ours
    return _asked(words, wanted, since=since, since_doubtful=since_doubtful)


def _entry(wanted: Wanted) -> tuple[str, str, str]:
    """Return the columns of an entry's id, of when it changed, and of what a feed is ordered by."""
    if wanted.language:
        return "texts.id", "articles.updated", "articles.dated"
    return "stories.id", "stories.updated", "stories.updated"


def _belongs(wanted: Wanted) -> Iterator[str]:
    yield "articles.id NOT IN (SELECT article FROM withdrawals)"
    if wanted.language:
        yield "texts.language = :language"
    if not wanted.machine:
        yield "texts.origin = 'publisher'"
    if wanted.sources is not None:
        yield "articles.source IN :sources"
    if wanted.labels is not None:
        yield "articles.id IN (SELECT article FROM labels WHERE label IN :labels)"
    if wanted.query:
        yield "articles.id IN (SELECT article FROM labels WHERE label = :query)"


def _asked(words: str, wanted: Wanted, **also: object) -> _Asked:
    known = {name: getattr(wanted, name) for name in ("feed", "language", "sources", "labels", "query")} | also
    used = {name: value for name, value in known.items() if f":{name}" in words}
    own = (bindparam(name, type_=_TYPES[name], expanding=name in _LISTS) for name in used if name in _TYPES)
    return text(words).bindparams(*own).columns(at=Instant), used
