"""How the installation does, in numbers, as the store knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from pipeline.record import dataclass
from pipeline.store.articles import OWN
from pipeline.store.engine import reading
from pipeline.store.jobs import counts
from pipeline.store.spending import Spent, in_all
from pipeline.store.tables import addresses, alarms, articles, fetches, published_states, runs, sources, stories
from pipeline.store.tables_translate import quotas, translations

_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """How one source does."""

    id: str
    last_success: datetime | None
    last_new: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be counted."""

    articles: int
    stories: Mapping[str, int]  #: state → stories; "linked" are pairs
    waiting: int  #: pages archived and not yet read
    sources: tuple[SourceFigures, ...]
    requests: Mapping[tuple[str, str], int]  #: (source, how it ended) → requests of the last day
    alarms: Mapping[str, int]  #: kind → open ones
    files: Mapping[str, int]  #: document under feeds/ → bytes
    last_pass: datetime | None  #: when the last finished pass ended
    summary: Mapping[str, Any]  #: what it said of itself
    translated: tuple[Spent, ...] = ()  #: what each translating engine did since the beginning
    sides: Mapping[str, int] = field(default_factory=dict)  #: state → sides of stories that machines wrote or were to
    quotas: tuple[str, ...] = ()  #: engines whose quota is spent
    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)  #: (queue, state) → jobs of workers


def figures(engine: Engine, now: datetime) -> Figures:
    """Count, in one consistent view."""
    with reading(engine) as connection:
        done = runs.c.finished.is_not(None) & runs.c.verb.in_(("run", "watch"))
        last = connection.execute(select(runs).where(done).order_by(runs.c.finished.desc()).limit(1)).first()
        lately = select(fetches.c.source, fetches.c.kind).where(fetches.c.at > now - _LATELY)
        standing = select(alarms.c.kind, func.count().label("n")).where(alarms.c.closed.is_(None))
        about = connection.scalar(select(published_states.c.about).where(published_states.c.name == "feeds"))
        fetched = select(func.count()).where(addresses.c.state == "fetched")
        rows = connection.execute(select(sources).order_by(sources.c.id))
        return Figures(
            articles=connection.scalar(select(func.count(articles.c.id)).where(OWN)) or 0,
            stories={r.state: r.n for r in connection.execute(select(stories.c.state, func.count().label("n")).group_by(stories.c.state))},
            waiting=connection.scalar(fetched) or 0,
            sources=tuple(SourceFigures(row.id, row.last_success, row.last_new, row.failures) for row in rows),
            # Counted here: to have them in groups a database would read every request there ever was.
            requests=Counter((row.source, row.kind) for row in connection.execute(lately)),
            alarms={row.kind: row.n for row in connection.execute(standing.group_by(alarms.c.kind))},
            files=dict((about or {}).get("files", {})),
            last_pass=last.finished if last else None,
            summary=last.summary if last else {},
            translated=in_all(connection),
            sides={r.state: r.n for r in connection.execute(select(translations.c.state, func.count().label("n")).group_by(translations.c.state))},
            quotas=tuple(connection.scalars(select(quotas.c.engine).where(quotas.c.until > now).order_by(quotas.c.engine))),
            jobs=counts(connection),
        )  # fmt: skip
