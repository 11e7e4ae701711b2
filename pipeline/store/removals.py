"""What must not be shown any more, and what must not be kept: withdrawals and purges.

A withdrawn article stays in the store and leaves the feeds. A purged one leaves both: what remains is
its id, the digest of its page, when and why. purged.jsonl beside the database repeats that, so that
purges can be applied again to a backup from before them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, or_, select, union, update

from pipeline import address
from pipeline.model import LANGUAGES
from pipeline.record import dataclass
from pipeline.store import editions, fulltext
from pipeline.store.archive import Archive
from pipeline.store.burials import bury, with_translations
from pipeline.store.desk_tables import edits, errands, ignored, notes, selection_moves, selections, stars, tags
from pipeline.store.engine import reading, writing
from pipeline.store.inserts import upsert
from pipeline.store.tables import (
    addresses,
    aliases,
    articles,
    captures,
    features,
    labelled,
    labels,
    learned,
    meanings,
    missing,
    private_documents,
    profiles,
    proposals,
    purges,
    relations,
    revisions,
    rewordings,
    segments,
    stories,
    text_items,
    texts,
    threads,
    translations,
    withdrawals,
)

_ARTICLE = re.compile("a[0-9a-f]{15}")
#: Tables with rows of their own for an article, which go with it.
_OF_ARTICLE = (
    text_items, labels, labelled, features, meanings, segments, rewordings, translations, edits, ignored,
)  # fmt: skip
_KEPT_OF_A_LINK = ("url", "place", "listing", "language", "by")


@dataclass(frozen=True, slots=True)
class Removed:
    """What a withdrawal or purge did away with."""

    articles: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()  #: ids of texts and stories that have nothing left to show


class Removals:
    """Reads and writes of withdrawals and purges."""

    def __init__(self, engine: Engine, archive: Archive, folder: Path) -> None:
        self._engine = engine
        self._archive = archive
        self._list = folder / "purged.jsonl"

    def find(self, what: str) -> tuple[str, ...]:
        """Return the articles meant by an address, an article's id, or the id of an entry; none where unknown."""
        with reading(self._engine) as connection:
            if what.startswith("urn:uuid:"):
                alias = connection.scalar(select(aliases.c.story).where(aliases.c.id == what))
                sides = select(texts.c.id).where(or_(texts.c.id == what, texts.c.story.in_([what, alias or what])))
                query = select(text_items.c.article).where(text_items.c.text.in_(sides))
            elif _ARTICLE.fullmatch(what):
                query = select(articles.c.id).where(articles.c.id == what)
            else:
                try:
                    key = address.key(what)
                except ValueError:
                    return ()
                query = select(addresses.c.article).where(addresses.c.key == key, addresses.c.article.is_not(None))
            found = set(connection.scalars(query))
            if "://" in what:  # a page may hold two
                halves = [address.article_id(address.of_part(what, language)) for language in LANGUAGES]
                found |= set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(halves))))
            return tuple(sorted(found))

    def withdraw(self, ids: Sequence[str], reason: str, now: datetime) -> Removed:
        """Take articles out of every feed from now on."""
        with writing(self._engine) as connection:
            ids = with_translations(connection, ids)
            for one in ids:
                if connection.scalar(select(withdrawals.c.article).where(withdrawals.c.article == one)) is None:
                    connection.execute(withdrawals.insert().values(article=one, at=now, reason=reason))
            return Removed(tuple(ids), bury(connection, ids, now))

    def purge(self, ids: Sequence[str], reason: str, now: datetime) -> Removed:
        """Remove articles for good, their raw pages and earlier wordings with them."""
        with writing(self._engine) as connection:
            ids = with_translations(connection, ids)
            lines = [_record(connection, one, reason, now) for one in ids]
            self._write_down([line for line in lines if line])
            for one in ids:
                connection.execute(upsert(withdrawals, {"article": one, "at": now, "reason": reason}))
            buried = bury(connection, ids, now)
            _unlearn(connection, ids)
            unused = {digest for one in ids for digest in _forget(connection, one)}
            for digest in sorted(
                unused
            ):  # before it is settled: where one cannot be removed, all can be asked for again
                self._archive.remove(digest)
        self._scrub()
        return Removed(tuple(ids), buried)

    def again(self, now: datetime) -> Removed:
        """Apply the purges anew that a restored database does not know."""
        if not self._list.exists():
            return Removed()
        rows = [json.loads(line) for line in self._list.read_text(encoding="utf-8").splitlines() if line]
        listed = {row["article"]: row["reason"] for row in rows}
        with reading(self._engine) as connection:
            back = sorted(set(connection.scalars(select(articles.c.id))) & set(listed))
        done = [self.purge([one], listed[one], now) for one in back]
        return Removed(tuple(back), tuple(entry for one in done for entry in one.entries))

    def _write_down(self, lines: Iterable[str]) -> None:
        with self._list.open("a", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())

    def _scrub(self) -> None:
        """Make the database forget: SQLite leaves deleted rows' bytes in its files until they are rewritten."""
        if self._engine.dialect.name != "sqlite":
            return
        with writing(self._engine) as index:
            fulltext.settle(index)
        connection = self._engine.raw_connection()
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(statement)
        finally:
            connection.close()


def _unlearn(connection: Connection, ids: Sequence[str]) -> None:
    """Drop what was learned from pairs of these articles, words and all, and their wait for being learned from."""
    gone = set(ids)
    for row in connection.execute(select(learned)).all():
        pairs = row.value.get("pairs")
        if not isinstance(pairs, list) or not any(gone & set(pair) for pair in pairs):
            continue
        if set(row.value) == {"pairs"}:
            value = {"pairs": [pair for pair in pairs if not gone & set(pair)]}
            connection.execute(upsert(learned, {"name": row.name, "at": row.at, "value": value}))
        else:
            connection.execute(delete(learned).where(learned.c.name == row.name))


def _record(connection: Connection, one: str, reason: str, now: datetime) -> str:
    """Keep that an article was purged, and return the line that says so; "" where it is not there."""
    digest = connection.scalar(select(articles.c.digest).where(articles.c.id == one))
    if digest is None:
        return ""
    row = {"article": one, "digest": digest, "at": now, "reason": reason}
    connection.execute(upsert(purges, row))
    return json.dumps(row | {"at": now.isoformat()}, ensure_ascii=False, sort_keys=True) + "\n"


def _forget(connection: Connection, one: str) -> set[str]:
    """Delete everything that holds words of an article; return the digests of pages nobody else needs."""
    known = connection.execute(select(addresses).where(addresses.c.article == one)).all()
    urls = {row.url for row in known} | set(connection.scalars(select(articles.c.url).where(articles.c.id == one)))
    for row in known:
        link = {name: value for name, value in row.link.items() if name in _KEPT_OF_A_LINK}
        values = {
            "state": "purged", "link": link, "capture": None, "due": None, "etag": "", "last_modified": "", "digest": "",
        }  # fmt: skip
        connection.execute(update(addresses).where(addresses.c.key == row.key).values(**values))
    connection.execute(delete(missing).where(missing.c.key.in_([row.key for row in known])))
    connection.execute(delete(private_documents))  # made anew by the next pass
    ours = or_(captures.c.url.in_(urls), captures.c.asked.in_(urls))
    digests = set(connection.scalars(select(captures.c.digest).where(ours)))
    of_pages = select(captures.c.id).where(ours)
    connection.execute(update(addresses).where(addresses.c.capture.in_(of_pages)).values(capture=None))
    connection.execute(delete(captures).where(ours))
    connection.execute(delete(revisions).where(revisions.c.article == one))
    connection.execute(delete(errands).where(errands.c.target.in_(urls)))
    for table in _OF_ARTICLE:
        connection.execute(delete(table).where(table.c.article == one))
    connection.execute(delete(relations).where(or_(relations.c.one == one, relations.c.other == one)))
    connection.execute(delete(proposals).where(or_(proposals.c.ru == one, proposals.c.en == one)))
    matched = or_(stories.c.match_ru == one, stories.c.match_en == one)
    alone: dict[str, object] = {"state": "single", "probability": None, "reasons": [], "match_ru": "", "match_en": ""}
    connection.execute(update(stories).where(matched).values(**alone))
    source = connection.scalar(select(articles.c.source).where(articles.c.id == one))
    connection.execute(delete(articles).where(articles.c.id == one))
    connection.execute(delete(texts).where(texts.c.id.not_in(select(text_items.c.text))))
    connection.execute(delete(translations).where(translations.c.original.not_in(select(texts.c.id))))
    connection.execute(delete(stories).where(stories.c.id.not_in(select(texts.c.story))))
    connection.execute(delete(threads).where(threads.c.story.not_in(select(stories.c.id))))
    alive = union(select(stories.c.id), select(aliases.c.id).where(aliases.c.story.in_(select(stories.c.id))))
    for told in (tags, stars, notes, selections, selection_moves):
        connection.execute(delete(told).where(told.c.story.not_in(alive)))
    _forget_lines(connection, source, {one, *map(address.article_id, urls)})
    editions.forget(connection, urls)
    return digests - set(connection.scalars(select(captures.c.digest).where(captures.c.digest.in_(digests))))


def _forget_lines(connection: Connection, source: str | None, keys: set[str]) -> None:
    """Delete what a source's profile remembers of the pages' lines; keys: ids of the articles that stand there."""
    kept = connection.scalar(select(profiles.c.profile).where(profiles.c.source == source))
    if kept:
        pages = [[key, lines] for key, lines in dict(kept["pages"]).items() if key not in keys]
        # A layout does not say whose lines it knows: it forgets them all, and learns others from the next texts.
        layouts = [one | {"lines": []} for one in kept.get("layouts", ())]
        left = kept | {"pages": pages, "layouts": layouts}
        connection.execute(update(profiles).where(profiles.c.source == source).values(profile=left))
