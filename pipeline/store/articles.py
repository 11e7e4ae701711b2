"""What was read: articles with their language, their revisions, and what each source taught us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from pipeline import address
from pipeline.characters import legal
from pipeline.model import (
    Alternate,
    Article,
    Attachment,
    Image,
    Item,
    Language,
    Layout,
    Profile,
    Published,
    Refusal,
    Revision,
    Shelved,
    Source,
)  # fmt: skip
from pipeline.store import questions, shelved
from pipeline.store.asking import next_check
from pipeline.store.collected import Waiting
from pipeline.store.engine import reading, streamed, writing
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import addresses, articles, captures, profiles, revisions

_DATE = ("published", "zone", "precision", "published_evidence")
#: Publishers' own articles: text that a machine wrote is kept among them, and is nobody's news.
OWN = articles.c.machine == 0
#: What besides title and text shows in feeds, or decides about pairs.
_SHOWN = ("html", "language", "published", "alternates", "attachments")
_REVISED = ("digest", "title", "text", "html", "version", "published", "published_evidence", "language")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one archived page."""

    waiting: Waiting
    result: Article | Refusal
    language: Language | None
    version: str = ""  #: of the stages that made it
    shelved: Shelved | None = None  #: what pairing keeps of it, where that is known already


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many articles of a batch are new, how many changed, how many pages were none."""

    new: int = 0
    changed: int = 0
    refused: int = 0


class Articles:
    """Reads and writes of articles."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(
        self, source: Source, outcomes: Sequence[Outcome], also: Sequence[Outcome], profile: Profile, now: datetime,
        *, anew: bool = False,
    ) -> Recorded:  # fmt: skip
        """Keep what a batch of pages of one source became, and its profile, as one transaction.

        `also` are further addresses that led to a page of the batch. anew: better code read pages that were
        read before: what it says of dates goes.
        """
        tally = {"new": 0, "changed": 0, "same": 0, "refused": 0}
        with writing(self._engine) as connection:
            fresh = []
            for outcome in outcomes:
                became = _record(connection, source, outcome, now, anew=anew)
                tally[became] += 1
                if outcome.shelved and became in ("new", "changed"):
                    fresh.append(outcome.shelved)
            shelved.put(connection, fresh)
            for outcome in also:
                _record(connection, source, outcome, now, anew=anew)
            values = {"source": source.id, "profile": _profile_values(profile)}
            upsert_all(connection, profiles, [values])
        return Recorded(tally["new"], tally["changed"], tally["refused"])

    def profile(self, source: str) -> Profile:
        """Return what a source has taught us; an empty profile for a new one."""
        with reading(self._engine) as connection:
            kept = connection.execute(select(profiles.c.profile).where(profiles.c.source == source)).scalar()
        if kept is None:
            return Profile(source=source)
        # Pairs, since their order tells which pages are newest; older rows hold a mapping.
        pages = {key: tuple(lines) for key, lines in dict(kept["pages"]).items()}
        return Profile(**(kept | {"pages": pages, "layouts": tuple(_layout(one) for one in kept.get("layouts", ()))}))

    def save_profile(self, profile: Profile) -> None:
        """Keep what a source has taught us."""
        with writing(self._engine) as connection:
            upsert_all(connection, profiles, [{"source": profile.source, "profile": _profile_values(profile)}])

    def newest(self, source: str, count: int) -> tuple[Item, ...]:
        """Return the newest items of a source, by date."""
        query = (
            select(articles).where(OWN, articles.c.source == source).order_by(articles.c.dated.desc(), articles.c.id)
        )
        with reading(self._engine) as connection:
            return tuple(item(row) for row in connection.execute(query.limit(count)))

    def each(self) -> Iterator[Item]:
        """Yield every item, oldest first, without holding them all."""
        query = select(articles).where(OWN).order_by(articles.c.first_seen, articles.c.id)
        for row in streamed(self._engine, query, 200):
            yield item(row)

    def revisions(self) -> Iterator[dict[str, Any]]:
        """Yield every wording an article has had, with where it stands, oldest first."""
        query = (
            select(revisions, articles.c.source, articles.c.url)
            .select_from(revisions.join(articles, articles.c.id == revisions.c.article))
            .order_by(revisions.c.id)
        )
        for row in streamed(self._engine, query, 200):
            yield dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it

    def history(self, article: str) -> tuple[Revision, ...]:
        """Return every wording an article has had, oldest first; none where it is unknown."""
        query = select(revisions).where(revisions.c.article == article).order_by(revisions.c.id)
        with reading(self._engine) as connection:
            return tuple(
                Revision(
                    row.at, row.title, row.text, row.html, row.published, row.published_evidence, row.language,
                    row.digest, row.version,
                )
                for row in connection.execute(query)
            )  # fmt: skip


def item(row: Row[Any]) -> Item:
    """Return the item a row of `articles` holds."""
    published = None
    if row.published is not None:
        published = Published(row.published, row.zone, row.precision, row.published_evidence)
    article = Article(
        source=row.source, url=row.url, title=row.title, text=row.text, html=row.html, published=published,
        images=tuple(Image(**image) for image in row.images),
        alternates=tuple(Alternate(**alternate) for alternate in row.alternates),
        declared=row.declared, authors=tuple(row.authors), digest=row.digest, made_by=row.made_by,
        dropped=tuple(row.dropped), robots=tuple(row.robots), event_date=row.event_date, modified=row.modified,
        sections=tuple(row.sections), attachments=tuple(Attachment(**one) for one in row.attachments),
    )  # fmt: skip
    language = Language(row.language, row.confidence, tuple(row.language_evidence))
    return Item(row.id, article, language, row.first_seen, row.updated, row.place, row.history)


def _record(connection: Connection, source: Source, outcome: Outcome, now: datetime, *, anew: bool) -> str:
    waiting, result = outcome.waiting, outcome.result
    asked = address.key(waiting.link.url)
    row = connection.execute(questions.ADDRESS, {"own": asked}).one()
    due = row.due if anew else next_check(source, row.first_seen, now)
    if isinstance(result, Refusal):
        _refuse(connection, row, outcome, result.kind, due)
        return "refused"
    assert outcome.language is not None
    reached = address.article_id(result.url)
    if not address.is_part(result.url):
        lent = _lent(connection, outcome)
        _settle_address(connection, row, outcome, result.url, reached, due, lent=lent)
        if lent:
            return "same"  # the page at that address tells the article; this one only leads there
    elif connection.scalar(questions.PURGED, {"own": reached}):
        return "same"  # its page is still asked for, for the sake of the other
    return _save(connection, row, outcome, reached, now, anew=anew)


def _lent(connection: Connection, outcome: Outcome) -> bool:
    """Whether a page's article goes by an address it was not reached at, whose own page told it already."""
    assert isinstance(outcome.result, Article)
    reached = address.key(outcome.result.url)
    if address.key(outcome.waiting.page.url) == reached:
        return False
    known = select(addresses.c.article).where(addresses.c.key == reached, addresses.c.state == "article")
    return connection.scalar(known) is not None


def _refuse(connection: Connection, row: Row[Any], outcome: Outcome, kind: str, due: datetime | None) -> None:
    """Mark an address whose page is no article; one that was an article once keeps it."""
    state = "article" if row.article else "refused"
    values = {"state": state, "last_kind": kind, "due": due, "read_by": outcome.version}
    if kind == "replaced":  # a replay goes by the page that told the article
        told = select(articles.c.digest).where(articles.c.id == row.article).scalar_subquery()
        own = connection.scalar(select(func.max(captures.c.id)).where(captures.c.digest == told))
        values |= {"capture": own} if own else {}
    connection.execute(questions.CHANGE_ADDRESS, {"own": row.key, **values})


def _settle_address(
    connection: Connection, row: Row[Any], outcome: Outcome, url: str, article: str, due: datetime | None, *, lent: bool
) -> None:
    reached = address.key(url)
    state = "article" if reached == row.key else "alias"
    values = {
        "state": state, "article": article, "due": due if state == "article" else None, "read_by": outcome.version,
    }  # fmt: skip
    connection.execute(questions.CHANGE_ADDRESS, {"own": row.key, **values})
    if state == "alias" and not lent:
        target = row._asdict() | {
            "key": reached, "url": url, "state": "article", "article": article, "due": due,
            "capture": outcome.waiting.capture, "read_by": outcome.version,
        }  # fmt: skip
        upsert_all(connection, addresses, [target])


def _save(
    connection: Connection, seen: Row[Any], outcome: Outcome, key: str, now: datetime, *, anew: bool
) -> str:  # fmt: skip
    """Insert a new article, or update a known one where its visible text changed."""
    assert isinstance(outcome.result, Article)
    old = connection.execute(questions.ARTICLE, {"own": key}).first()
    values = _values(outcome)
    if old is None:
        # A version that was guessed before it was there was first seen when it came.
        late = seen.by == "version" and seen.checks > 0
        first = now if late else seen.first_seen
        dated = values["published"] or first
        values |= {"id": key, "first_seen": first, "updated": dated, "dated": dated, "paired": False}
        values |= {"place": seen.link["place"], "history": seen.history and not late}
        connection.execute(questions.ADD_ARTICLE, values)
        _add_revision(connection, key, values, now)
        return "new"
    if old.published is not None and not anew:  # the first date stands: entry dates do not move under subscribers
        values |= {name: getattr(old, name) for name in _DATE}
    changed = (old.title, old.text) != (legal(values["title"]), legal(values["text"]))
    values |= {"dated": values["published"] or old.first_seen}
    if changed:
        values["updated"] = now
    if changed or (anew and any(getattr(old, name) != values[name] for name in _SHOWN)):
        values["paired"] = False
        _add_revision(connection, key, values, now)
    connection.execute(articles.update().where(articles.c.id == key).values(**values))
    return "changed" if changed else "same"


def _add_revision(connection: Connection, key: str, values: dict[str, Any], now: datetime) -> None:
    kept = {name: values[name] for name in _REVISED}
    connection.execute(questions.ADD_REVISION, {"article": key, "at": now, **kept})


def _values(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome.result, Article)
    return values_of(outcome.result, outcome.language or Language("other", 0.0), outcome.version)


def values_of(article: Article, language: Language, version: str) -> dict[str, Any]:
    """Return the columns that an article fills."""
    dated = article.published
    return {
        "source": article.source, "url": article.url, "title": article.title, "text": article.text,
        "html": article.html, "language": language.code, "confidence": language.confidence,
        "language_evidence": list(language.evidence), "published": dated.at if dated else None,
        "zone": dated.zone if dated else "", "precision": dated.precision if dated else "",
        "published_evidence": dated.evidence if dated else "",
        "images": [asdict(image) for image in article.images],
        "alternates": [asdict(alternate) for alternate in article.alternates],
        "declared": dict(article.declared), "authors": list(article.authors), "digest": article.digest,
        "made_by": article.made_by, "dropped": list(article.dropped), "robots": list(article.robots),
        "version": version, "event_date": article.event_date, "modified": article.modified,
        "sections": list(article.sections), "attachments": [asdict(one) for one in article.attachments],
    }  # fmt: skip


def _profile_values(profile: Profile) -> dict[str, Any]:
    return {
        "source": profile.source, "link_groups": dict(profile.link_groups),
        "pages": [[key, list(lines)] for key, lines in profile.pages.items()],
        "title_suffix": dict(profile.title_suffix), "version": profile.version,
        "layouts": [asdict(one) for one in profile.layouts],
    }  # fmt: skip


def _layout(kept: Mapping[str, Any]) -> Layout:
    lists = {name: tuple(kept[name]) for name in ("kept", "dropped", "lines")}
    return Layout(**{**kept, **lists})
