"""A batch of pages on its way into the store: what each becomes, as one after the other, in few statements.

What is known of all of them is asked at once, and what becomes of them is written at once at the end; but whatever
depends on what was decided within the batch is asked after that was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from pipeline import address
from pipeline.characters import legal
from pipeline.model import Article, Language, Refusal, Shelved, Source
from pipeline.record import dataclass
from pipeline.store import questions, swift
from pipeline.store.asking import next_check
from pipeline.store.collected import Waiting
from pipeline.store.inserts import upsert_all
from pipeline.store.tables import addresses, articles, captures
from pipeline.store.types import plain

_DATE = ("published", "zone", "precision", "published_evidence")
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

    @property
    def asked(self) -> str:
        """The key of the address that was asked for."""
        return address.key(self.waiting.link.url)


class Recording:
    """What becomes of the pages of one source, within one transaction; `end` writes what is left of it.

    anew: better code read pages that were read before.
    """

    def __init__(
        self, connection: Connection, source: Source, outcomes: Sequence[Outcome], now: datetime, *, anew: bool
    ) -> None:
        self._connection = connection
        self._source = source
        self._now = now
        self._anew = anew
        self._seen = {row.key: row for row in self._found(questions.ADDRESSES, {one.asked for one in outcomes})}
        told = {address.article_id(one.result.url) for one in outcomes if isinstance(one.result, Article)}
        self._told: dict[str, Row[Any] | None] = dict.fromkeys(told)
        self._told |= {row.id: row for row in self._found(questions.ARTICLES, told)}
        self._settled: list[dict[str, Any]] = []
        self._refused: list[dict[str, Any]] = []
        self._new: list[dict[str, Any]] = []
        self._revised: list[dict[str, Any]] = []

    def take(self, outcome: Outcome) -> str:
        """Return what an outcome comes to: "new", "changed", "same" or "refused"."""
        row = self._address(outcome.asked)
        due = row.due if self._anew else next_check(self._source, row.first_seen, self._now)
        result = outcome.result
        if isinstance(result, Refusal):
            self._refuse(row, outcome, result.kind, due)
            return "refused"
        assert outcome.language is not None
        reached = address.article_id(result.url)
        if not address.is_part(result.url):
            lent = self._lent(outcome, address.key(result.url))
            self._settle(row, outcome, result.url, reached, due, lent=lent)
            if lent:
                return "same"  # the page at that address tells the article; this one only leads there
        elif self._connection.scalar(questions.PURGED, {"own": reached}):
            return "same"  # its page is still asked for, for the sake of the other
        return self._save(row, outcome, reached)

    def end(self) -> None:
        """Write what was decided and is not yet written, each kind in the order it came."""
        for query, rows in (
            (questions.CHANGE_ADDRESS, self._settled), (questions.CHANGE_ADDRESS, self._refused),
            (questions.ADD_ARTICLE, self._new), (questions.ADD_REVISION, self._revised),
        ):  # fmt: skip
            if rows:
                swift.say(self._connection, query, *rows)
                rows.clear()

    def _found(self, query: Any, wanted: Iterable[str]) -> Sequence[Row[Any]]:
        keys = sorted(wanted)
        return self._connection.execute(query, {"keys": keys}).all() if keys else ()

    def _address(self, key: str) -> Row[Any]:
        """Return the row of an address; what is known of it serves once, as it changes then."""
        known = self._seen.pop(key, None)
        if known is None:
            self.end()
            known = self._connection.execute(questions.ADDRESS, {"own": key}).one()
        return known

    def _article(self, key: str) -> Row[Any] | None:
        """Return the row of an article, None where there is none; likewise."""
        if key in self._told:
            return self._told.pop(key)
        self.end()
        return self._connection.execute(questions.ARTICLE, {"own": key}).first()

    def _lent(self, outcome: Outcome, reached: str) -> bool:
        """Whether a page's article goes by an address it was not reached at, whose own page told it already."""
        if address.key(outcome.waiting.page.url) == reached:
            return False
        self.end()
        known = select(addresses.c.article).where(addresses.c.key == reached, addresses.c.state == "article")
        return self._connection.scalar(known) is not None

    def _refuse(self, row: Row[Any], outcome: Outcome, kind: str, due: datetime | None) -> None:
        """Mark an address whose page is no article; one that was an article once keeps it."""
        state = "article" if row.article else "refused"
        values = {"own": row.key, "state": state, "last_kind": kind, "due": due, "read_by": outcome.version}
        if kind != "replaced":
            self._refused.append(values)
            return
        self.end()  # a replay goes by the page that told the article
        told = select(articles.c.digest).where(articles.c.id == row.article).scalar_subquery()
        own = self._connection.scalar(select(func.max(captures.c.id)).where(captures.c.digest == told))
        self._connection.execute(questions.CHANGE_ADDRESS, values | ({"capture": own} if own else {}))

    def _settle(
        self, row: Row[Any], outcome: Outcome, url: str, article: str, due: datetime | None, *, lent: bool
    ) -> None:
        reached = address.key(url)
        state = "article" if reached == row.key else "alias"
        self._settled.append({
            "own": row.key, "state": state, "article": article, "due": due if state == "article" else None,
            "read_by": outcome.version,
        })  # fmt: skip
        if state == "alias" and not lent:
            self._seen.pop(reached, None)
            self.end()
            target = row._asdict() | {
                "key": reached, "url": url, "state": "article", "article": article, "due": due,
                "capture": outcome.waiting.capture, "read_by": outcome.version,
            }  # fmt: skip
            upsert_all(self._connection, addresses, [target])

    def _save(self, seen: Row[Any], outcome: Outcome, key: str) -> str:
        """Insert a new article, or update a known one where its visible text changed."""
        assert isinstance(outcome.result, Article)
        old = self._article(key)
        values = values_of(outcome.result, outcome.language or Language("other", 0.0), outcome.version)
        if old is None:
            # A version that was guessed before it was there was first seen when it came.
            late = seen.by == "version" and seen.checks > 0
            first = self._now if late else seen.first_seen
            dated = values["published"] or first
            values |= {"id": key, "first_seen": first, "updated": dated, "dated": dated, "paired": False}
            values |= {"place": seen.link["place"], "history": seen.history and not late}
            self._new.append(values)
            self._revise(key, values)
            return "new"
        return self._change(old, key, values)

    def _change(self, old: Row[Any], key: str, values: dict[str, Any]) -> str:
        # The first date stands: entry dates do not move under subscribers.
        if old.published is not None and not self._anew:
            values |= {name: getattr(old, name) for name in _DATE}
        changed = (old.title, old.text) != (legal(values["title"]), legal(values["text"]))
        values |= {"dated": values["published"] or old.first_seen}
        if changed:
            values["updated"] = self._now
        if changed or (self._anew and any(getattr(old, name) != values[name] for name in _SHOWN)):
            values["paired"] = False
            self._revise(key, values)
        self.end()
        self._connection.execute(articles.update().where(articles.c.id == key).values(**values))
        return "changed" if changed else "same"

    def _revise(self, key: str, values: dict[str, Any]) -> None:
        self._revised.append({"article": key, "at": self._now, **{name: values[name] for name in _REVISED}})


def values_of(article: Article, language: Language, version: str) -> dict[str, Any]:
    """Return the columns that an article fills."""
    dated = article.published
    return {
        "source": article.source, "url": article.url, "title": article.title, "text": article.text,
        "html": article.html, "language": language.code, "confidence": language.confidence,
        "language_evidence": list(language.evidence), "published": dated.at if dated else None,
        "zone": dated.zone if dated else "", "precision": dated.precision if dated else "",
        "published_evidence": dated.evidence if dated else "",
        "images": [plain(image) for image in article.images],
        "alternates": [plain(alternate) for alternate in article.alternates],
        "declared": dict(article.declared), "authors": list(article.authors), "digest": article.digest,
        "made_by": article.made_by, "dropped": list(article.dropped), "robots": list(article.robots),
        "version": version, "event_date": article.event_date, "modified": article.modified,
        "sections": list(article.sections), "attachments": [plain(one) for one in article.attachments],
    }  # fmt: skip
