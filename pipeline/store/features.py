"""What pairing keeps of each article, and what of it a pass needs: rows of the window, words of a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, bindparam, false, null, or_, select, update

from pipeline.model import Item
from pipeline.store.articles import OWN, item
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import articles, features, stories, text_items, texts

#: Database parameters in one question at most.
_PART = 5_000
_LANGUAGES = ("ru", "en")
#: A window of more articles (a first pass, a backfill) is not kept in memory for the next pass: some 100 MB.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Kept:
    """One article's row: `made_of` names the content and `version` the code that it was made by."""

    article: str
    made_of: str
    version: str
    url: str
    claims: tuple[str, ...]
    pictures: tuple[str, ...]
    sketch: bytes
    told: str


@dataclass(frozen=True, slots=True)
class InWindow:
    """What is read of every article of a window."""

    id: str
    language: str
    source: str
    url: str
    published: datetime | None
    evidence: str
    hub: float | None
    claims: tuple[str, ...]
    pictures: tuple[str, ...]
    sketch: bytes


class Features:
    """Reads and writes of what pairing keeps."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        #: What was read of the last window, with what it was read from: most of it is as it was in the next.
        self._seen: dict[str, tuple[Sequence[Any], InWindow]] = {}

    def fresh(self) -> tuple[Item, ...]:
        """Return the articles that are new, changed or freed since pairing last saw them, by id."""
        query = select(articles).where(OWN, (articles.c.paired == 0)).order_by(articles.c.id)
        with reading(self._engine) as connection:
            return tuple(item(row) for row in connection.execute(query))

    def items(self, ids: Iterable[str]) -> tuple[Item, ...]:
        """Return the articles of these ids, by id."""
        with reading(self._engine) as connection:
            found = [
                item(row)
                for part in _parts(sorted(set(ids)))
                for row in connection.execute(select(articles).where(articles.c.id.in_(part)))
            ]
        return tuple(sorted(found, key=lambda one: one.id))

    def free(self, ids: Iterable[str]) -> None:
        """Let the next pairing look at these articles as if they were new."""
        with writing(self._engine) as connection:
            for part in _parts(sorted(set(ids))):
                connection.execute(update(articles).where(articles.c.id.in_(part)).values(paired=False))

    def free_open(self, since: datetime) -> None:
        """Let the next pairing look anew at articles of stories without a certain counterpart, dated since then."""
        open_ = select(text_items.c.article).join(texts, texts.c.id == text_items.c.text)
        open_ = open_.join(stories, stories.c.id == texts.c.story).where(stories.c.state != "linked")
        with writing(self._engine) as connection:
            wanted = and_(articles.c.dated >= since, articles.c.id.in_(open_))
            connection.execute(update(articles).where(wanted).values(paired=False))

    def outdated(self, dates: Sequence[datetime], margin: timedelta, version: str, size: int) -> tuple[Item, ...]:
        """Return up to size articles dated within margin of these dates that have no row of this version."""
        with reading(self._engine) as connection:
            wanted = and_(OWN, _in_window(_merged(dates, margin)), features.c.article.is_(None))
            here = articles.outerjoin(
                features, and_(features.c.article == articles.c.id, features.c.version == version)
            )
            rows = connection.execute(
                select(articles).select_from(here).where(wanted).order_by(articles.c.id).limit(size)
            ).all()
        return tuple(item(row) for row in rows)

    def keep(self, rows: Iterable[Kept]) -> None:
        """Keep what was made of articles; a mean measured on another content or by other code is forgotten."""
        values = [
            {
                "article": row.article, "made_of": row.made_of, "version": row.version, "url": row.url, "hub": None,
                "claims": " ".join(row.claims), "pictures": "/".join(row.pictures), "sketch": row.sketch,
                "told": row.told,
            }
            for row in rows
        ]  # fmt: skip
        with writing(self._engine) as connection:
            upsert_all(connection, features, values)

    def keep_hubs(self, hubs: Mapping[str, float]) -> None:
        """Keep how near these articles' neighbours were."""
        measured = [{"measured": article, "hub": hubs[article]} for article in sorted(hubs)]
        if measured:
            with writing(self._engine) as connection:
                row = update(features).where(features.c.article == bindparam("measured"))
                connection.execute(row.values(hub=bindparam("hub")), measured)

    def window(self, dates: Sequence[datetime], margin: timedelta, also: Iterable[str] = ()) -> list[InWindow]:
        """Return what is kept of all articles dated within margin of these dates, and of `also`.

        Of a text that several articles carry only the leading one is there, and what is fresh.
        """
        alone = or_(text_items.c.rank.is_(None), text_items.c.rank == 0, (articles.c.paired == 0))
        wanted = [and_(alone, _in_window(_merged(dates, margin)))]
        wanted += [articles.c.id.in_(part) for part in _parts(sorted(set(also)))]
        found: dict[str, tuple[Sequence[Any], InWindow]] = {}
        missing: dict[str, Sequence[Any]] = {}
        with reading(self._engine) as connection:
            sketch = null() if self._seen else features.c.sketch  # most are known, or none is
            query = select(*_SEEN, sketch).select_from(_HERE)
            for *row, read in (row for one in wanted for row in _fetched(connection, query, one)):
                known = self._seen.get(row[0])
                if known is not None and known[0] == row:
                    found[row[0]] = known
                elif read is None:
                    missing[row[0]] = row
                else:
                    found[row[0]] = (row, _in_window_row(row, read))
            for part in _parts(sorted(missing)):
                sketches = select(features.c.article, features.c.sketch)
                for article, read in _fetched(connection, sketches, features.c.article.in_(part)):
                    found[article] = (missing[article], _in_window_row(missing[article], read))
        self._seen = found if len(found) <= _MOST else {}
        return [found[one][1] for one in sorted(found)]

    def told(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Yield what content each of these articles has, its features, and its sketch."""
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(ids))):
                query = select(features.c.made_of, features.c.told, features.c.sketch)
                for row in connection.execute(query.where(features.c.article.in_(part))):
                    yield row.made_of, row.told, row.sketch

    def current(self, ids: Iterable[str], version: str) -> dict[str, str]:
        """Return, of these articles that have a row of this version, the name of the content it was made of."""
        found: dict[str, str] = {}
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(ids))):
                query = select(features.c.article, features.c.made_of).where(features.c.version == version)
                found.update({row[0]: row[1] for row in connection.execute(query.where(features.c.article.in_(part)))})
        return found


#: What tells a row of the window; any change of its sketch is a change of one of these.
_SEEN = (
    articles.c.id, articles.c.language, articles.c.source, features.c.url, articles.c.published,
    articles.c.published_evidence, features.c.hub, features.c.claims, features.c.pictures, features.c.made_of,
    features.c.version,
)  # fmt: skip
_HERE = articles.join(features, features.c.article == articles.c.id).outerjoin(
    text_items, text_items.c.article == articles.c.id
)


def _fetched(connection: Connection, query: Select[Any], where: ColumnElement[bool]) -> Sequence[Sequence[Any]]:
    """Return what the driver gives: of tens of thousands of rows, without a type's work for each value of each."""
    told = connection.execute(query.where(where)).cursor
    return told.fetchall() if told is not None else ()


def _in_window_row(row: Sequence[Any], sketch: bytes) -> InWindow:
    """Return what the driver's values of a row of the window say."""
    article, language, source, url, published, evidence, hub, claims, pictures, *_ = row
    return InWindow(
        article, language, source, url, datetime.fromisoformat(published) if published else None, evidence, hub,
        tuple(claims.split()) if claims else (), tuple(pictures.split("/")) if pictures else (), bytes(sketch),
    )  # fmt: skip


def _in_window(ranges: Sequence[tuple[datetime, datetime]]) -> ColumnElement[bool]:
    near = [articles.c.dated.between(start, end) for start, end in ranges]
    return or_(false(), *near)


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _PART):
        yield ids[start : start + _PART]


def _merged(dates: Iterable[datetime], margin: timedelta) -> list[tuple[datetime, datetime]]:
    """Return the ranges of dates within margin of these, those that touch as one."""
    found: list[tuple[datetime, datetime]] = []
    for dated in sorted(set(dates)):
        if found and dated - margin <= found[-1][1]:
            found[-1] = (found[-1][0], dated + margin)
        else:
            found.append((dated - margin, dated + margin))
    # Hundreds of islands would make a query no database likes: one span over all of them then.
    return found if len(found) <= 100 else [(found[0][0], found[-1][1])]
