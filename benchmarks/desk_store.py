"""A store full of made-up news for benchmarks of the desk, written straight into its tables.

Of ten pieces of news six are pairs, one is a pair in doubt, the others stand in one language. Only the
newest have what a story page tells of them besides: fetches, pages, wordings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import desk_repeat
import desk_texts
from sqlalchemy import Table

from pipeline import address
from pipeline.store import open_store
from pipeline.store.engine import database_of, open_engine, writing
from pipeline.store.tables import articles, captures, labels, revisions, stories, text_items, texts

SOURCES = 40
TOPICS = ("port", "science", "tourism", "transport")
#: So many of the newest articles have a history.
TOLD = 2_000
_BATCH = 5_000
#: More articles than these are the same again (desk_repeat).
_BY_HAND = 100_000
_EMPTY = dict.fromkeys(("digest", "made_by", "version"), "")
_LISTS: dict[str, list[str]] = {
    name: [] for name in ("language_evidence", "images", "alternates", "authors", "dropped", "robots")
}


def fill(folder: Path, count: int) -> None:
    """Make a store of so many articles in folder, searchable; one that holds them already stays as it is."""
    done = folder / f"filled-{count}"
    store = open_store(folder)
    if done.exists():
        store.search.catch_up()  # of another version of the code
        store.close()
        return
    times = max(count // _BY_HAND, 1)
    if count % times:
        raise SystemExit(f"--articles {count}: more than {_BY_HAND:,} should be a multiple of that")
    engine = open_engine(database_of(folder))
    made = _rows(count // times)
    while part := list(islice(made, _BATCH)):
        with writing(engine) as connection:
            for table, rows in _by_table(part):
                connection.execute(table.insert(), rows)
    engine.dispose()
    store.search.catch_up()
    store.close()
    desk_repeat.repeat(folder, times)
    done.touch()


def sources_file() -> str:
    """Return a sources.yaml that knows the made-up sources and topics."""
    lines = ['publisher: {title: {en: Bench, ru: Стенд}, home: "https://bench.example/"}', "topics:"]
    lines += [f"  {one}: {{name: {{en: {one}}}, words: [{one}]}}" for one in TOPICS]
    lines.append("sources:")
    for number in range(SOURCES):
        listing = f'[{{url: "https://source-{number}.example/"}}]'
        kind = ("bureau", "cluster", "venue")[number % 3]
        lines.append(f"  source-{number}: {{name: {{en: Source {number}}}, kind: {kind}, listings: {listing}}}")
    return "\n".join(lines) + "\n"


def _by_table(part: Iterable[tuple[Table, dict[str, Any]]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    found: dict[Table, list[dict[str, Any]]] = {}
    for table, row in part:
        found.setdefault(table, []).append(row)
    yield from found.items()


def _rows(count: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    written, number = 0, 0
    while written < count:
        one = desk_texts.one(number)
        kind = number % 10
        sides = ("ru", "en") if kind < 7 else (("ru",) if kind < 9 else ("en",))
        ids = {code: address.article_id(_url(one, code)) for code in sides}
        match = {"match_ru": ids.get("ru", ""), "match_en": ids.get("en", "")} if kind < 7 else {}
        for code in sides:
            yield from _article(one, code, ids[code], recent=written < TOLD)
            story = _name(number, "story" if kind < 6 else code)
            if kind >= 6 or code == "ru":
                yield stories, _story(one, story, kind, match)
            text = _name(number, f"text {code}")
            yield texts, {"id": text, "story": story, "language": code, "origin": "publisher"}
            yield text_items, {"article": ids[code], "text": text, "rank": 0}
            written += 1
        number += 1


def _story(one: desk_texts.Made, story: str, kind: int, match: dict[str, str]) -> dict[str, Any]:
    state = "linked" if kind < 6 else "review" if kind == 6 else "single"
    sure = {"linked": 0.97, "review": 0.2 + (one.number % 60) / 100}.get(state)
    return {
        "id": story, "state": state, "first_seen": one.at, "updated": one.at, "match_ru": "", "match_en": "",
        "probability": sure, "doubt": None if sure is None else abs(sure - 0.5), "reasons": [] if sure is None else ["numbers +2.1", "names +1.4"], **match,
    }  # fmt: skip


def _article(one: desk_texts.Made, code: str, id_: str, *, recent: bool) -> Iterator[tuple[Table, dict[str, Any]]]:
    title, text, url = one.title[code], one.text[code], _url(one, code)
    html = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    at = one.at + timedelta(hours=2 if code == "en" else 0)
    source = f"source-{one.number % SOURCES}"
    yield articles, {
        "id": id_, "source": source, "url": url, "title": title, "text": text, "html": html, "language": code,
        "confidence": 1.0, "published": at, "zone": "Europe/Moscow", "precision": "minute",
        "published_evidence": "rule", "declared": {}, "first_seen": at, "updated": at, "dated": at, "place": 0,
        "history": False, "paired": True, **_EMPTY, **_LISTS,
    }  # fmt: skip
    if one.number % 3 == 0:
        yield labels, {"article": id_, "label": f"topic:{TOPICS[one.number % len(TOPICS)]}"}
    if recent:
        digest = hashlib.sha256(html.encode()).hexdigest()
        yield captures, {
            "source": source, "asked": url, "url": url, "status": 200, "headers": {}, "digest": digest, "fetched_at": at,
        }  # fmt: skip
        yield revisions, {
            "article": id_, "at": at, "digest": digest, "title": title, "text": text, "html": html, "version": "1",
            "published": at, "published_evidence": "rule", "language": code,
        }  # fmt: skip


def _url(one: desk_texts.Made, code: str) -> str:
    return f"https://source-{one.number % SOURCES}.example/{code}/{one.number}"


def _name(number: int, what: str) -> str:
    digest = hashlib.sha256(f"{number} {what}".encode()).hexdigest()
    return f"urn:uuid:{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
