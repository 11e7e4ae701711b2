"""What pairing keeps of each article, and what of it a pass needs: rows of the window, words of a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, bindparam, false, or_, select, update

from pipeline.model import Item, Shelved
from pipeline.record import dataclass
from pipeline.store import questions, shelved
from pipeline.store.articles import OWN, item
from pipeline.store.engine import reading, writing
from pipeline.store.tables import articles, counters, features, stories, text_items, texts

#: Database parameters in one question at most.
_PART = 5_000
#: A window of more articles (a first pass, a backfill) is not kept in memory for the next pass: some 100 MB.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a window, by id, and the ids of its articles of which nothing of this version is kept."""

    rows: list[InWindow]
    stale: tuple[str, ...]


class InWindow(NamedTuple):
    """What is read of every article of a window; tens of thousands are made at once, so a tuple."""

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
        #: What was read of the last window, with the article's row and the version it was read from: most of it is as
        #: it was in the next. And the highest stamp until which that is so.
        self._seen: dict[str, _Read] = {}
        self._stamp = -1

    def fresh(self) -> tuple[str, ...]:
        """Return the ids of the articles that are new, changed or freed since pairing last saw them, the oldest first."""
        query = select(articles.c.id).where(OWN, (articles.c.paired == 0)).order_by(articles.c.dated, articles.c.id)
        with reading(self._engine) as connection:
            return tuple(connection.scalars(query))

    def items(self, ids: Iterable[str]) -> tuple[Item, ...]:
        """Return the articles of these ids, by id."""
        with reading(self._engine) as connection:
            found = [
                item(row)
                for part in _parts(sorted(set(ids)))
                for row in connection.execute(questions.ARTICLES, {"keys": part})
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

    def keep(self, rows: Sequence[Shelved]) -> None:
        """Keep what was made of articles."""
        with writing(self._engine) as connection:
            shelved.put(connection, rows)

    def keep_hubs(self, hubs: Mapping[str, float]) -> None:
        """Keep how near these articles' neighbours were."""
        measured = [{"measured": article, "hub": hubs[article]} for article in sorted(hubs)]
        if measured:
            with writing(self._engine) as connection:
                stamp = shelved.next_stamp(connection)
                row = update(features).where(features.c.article == bindparam("measured"))
                connection.execute(row.values(hub=bindparam("hub"), stamp=stamp), measured)
            self._remember_hubs(hubs, stamp)

    def _remember_hubs(self, hubs: Mapping[str, float], stamp: int) -> None:
        """Change what was read of the last window likewise, unless others wrote since: what a pass measured is not read again."""
        if stamp == self._stamp + 1:
            self._stamp = stamp
            for article, hub in hubs.items():
                if (known := self._seen.get(article)) is not None:
                    self._seen[article] = known._replace(seen=known.seen._replace(hub=hub))

    def window(self, dates: Sequence[datetime], margin: timedelta, version: str, also: Iterable[str] = ()) -> Seen:
        """Return what is kept of all articles in Russian or English dated within margin of these dates, and of `also`.

        Of a text that several articles carry only the leading one is there, and what is fresh.
        """
        alone = or_(text_items.c.rank.is_(None), text_items.c.rank == 0, (articles.c.paired == 0))
        wanted = [and_(alone, _in_window(_merged(dates, margin)))]
        wanted += [articles.c.id.in_(part) for part in _parts(sorted(set(also)))]
        with reading(self._engine) as connection:
            self._forget_changed(connection)
            if self._seen:
                here = {row[0]: row for one in wanted for row in _fetched(connection, _ARTICLES.where(one))}
                # In the order of the last window, which is nearly that of the ids: sorting takes a look at each then.
                found = {one: known for one, known in self._seen.items() if here.get(one) == known.row}
                kept = [
                    row
                    for part in _parts(sorted(here.keys() - found.keys()))
                    for row in _fetched(connection, _FEATURES.where(features.c.article.in_(part)))
                ]
            else:
                both = [row for one in wanted for row in _fetched(connection, _BOTH.where(one))]
                here, found = {row[0]: row[:_TOLD] for row in both}, {}
                kept = [row[_TOLD:] for row in both if row[_TOLD] is not None]
        for row in kept:
            found[row[0]] = _read(here[row[0]], row, self._seen.get(row[0]))
        found = {one: found[one] for one in sorted(found)}
        self._seen = found if len(found) <= _MOST else {}
        stale = [one for one in here if one not in found or found[one].version != version]
        return Seen([one.seen for one in found.values()], tuple(sorted(stale)))

    def _forget_changed(self, connection: Connection) -> None:
        """Find out which of the rows that are known were written since; what else was read of them stays at hand."""
        last = self._stamp
        self._stamp = connection.scalar(select(counters.c.value).where(counters.c.name == features.name)) or 0
        if self._seen and last != self._stamp:
            for (article,) in _fetched(connection, select(features.c.article).where(features.c.stamp > last)):
                if (known := self._seen.get(article)) is not None:
                    self._seen[article] = known._replace(row=())

    def told(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Yield what content each of these articles has, its features, and its sketch."""
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(ids))):
                query = select(features.c.made_of, features.c.told, features.c.sketch)
                for row in connection.execute(query.where(features.c.article.in_(part))):
                    yield row.made_of, row.told, row.sketch

    def current(self, ids: Iterable[str], version: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return, of these articles that have a row of this version, the name of the content it was made of, and the claims."""
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        with reading(self._engine) as connection:
            for part in _parts(sorted(set(ids))):
                columns = select(features.c.article, features.c.made_of, features.c.claims)
                query = columns.where(features.c.version == version, features.c.article.in_(part))
                found |= {key: (made_of, tuple(claims.split())) for key, made_of, claims in connection.execute(query)}
        return found


class _Read(NamedTuple):
    row: Sequence[Any]  #: of the article
    version: str
    seen: InWindow


#: What tells an article of the window, all out of one index, and what is kept of it.
_ARTICLES = (
    select(
        articles.c.id, articles.c.language, articles.c.source, articles.c.published, articles.c.published_evidence
    )
    .select_from(articles.outerjoin(text_items, text_items.c.article == articles.c.id))
    .where(OWN, articles.c.language.in_(("ru", "en")))
)  # fmt: skip
_FEATURES = select(
    features.c.article, features.c.version, features.c.url, features.c.hub, features.c.claims, features.c.pictures,
    features.c.sketch,
)  # fmt: skip
#: Of a window of which nothing is known yet: the columns of the one, then those of the other.
_TOLD = len(_ARTICLES.selected_columns)
_BOTH = _ARTICLES.add_columns(*_FEATURES.selected_columns).outerjoin(features, features.c.article == articles.c.id)


def _fetched(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """Return what the driver gives: of tens of thousands of rows, without a type's work for each value of each."""
    told = connection.execute(query).cursor
    return told.fetchall() if told is not None else ()


def _read(article: Sequence[Any], kept: Sequence[Any], before: _Read | None) -> _Read:
    """Return what the driver's values say; a sketch that is as it was is the very same one."""
    one, language, source, published, evidence = article
    _, version, url, hub, claims, pictures, sketch = kept
    sketch = before.seen.sketch if before is not None and before.seen.sketch == sketch else bytes(sketch)
    at = datetime.fromisoformat(published) if published else None
    claimed, named = tuple(claims.split()) if claims else (), tuple(pictures.split("/")) if pictures else ()
    return _Read(article, version, InWindow(one, language, source, url, at, evidence, hub, claimed, named, sketch))


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
