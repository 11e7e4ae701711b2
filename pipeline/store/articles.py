"""What was read: articles with their language, their revisions, and what each source taught us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select

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
    Revision,
    Source,
)  # fmt: skip
from pipeline.record import dataclass
from pipeline.store import questions, shelved, swift
from pipeline.store.engine import reading, streamed, writing
from pipeline.store.inserts import upsert_all
from pipeline.store.recording import Outcome, Recording
from pipeline.store.tables import articles, profiles, revisions

#: Publishers' own articles: text that a machine wrote is kept among them, and is nobody's news.
OWN = articles.c.machine == 0


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
            recording = Recording(connection, source, outcomes, now, anew=anew)
            fresh = []
            for outcome in outcomes:
                became = recording.take(outcome)
                tally[became] += 1
                if outcome.shelved and became in ("new", "changed"):
                    fresh.append(outcome.shelved)
            shelved.put(connection, fresh)
            for outcome in also:
                recording.take(outcome)
            recording.end()
            values = {"source": source.id, "profile": _profile_values(profile)}
            upsert_all(connection, profiles, [values])
        return Recorded(tally["new"], tally["changed"], tally["refused"])

    def profile(self, source: str) -> Profile:
        """Return what a source has taught us; an empty profile for a new one."""
        with reading(self._engine) as connection:
            row = swift.ask(connection, questions.PROFILE, {"source": source})
        if row is None:
            return Profile(source=source)
        kept = row.profile
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
