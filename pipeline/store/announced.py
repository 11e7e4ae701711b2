"""Addresses that are announced, by a listing, another page or a person: the new ones are noted, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pipeline import address
from pipeline.model import Link
from pipeline.store import questions, swift
from pipeline.store.types import plain

#: Addresses asked for in one question.
_PART = 500
#: What a guess became that came to nothing.
_NOTHING = frozenset({"failed", "refused"})


def note(connection: Connection, source: str, links: Iterable[Link], now: datetime, *, history: bool) -> int:
    """Note addresses, and return how many are new; a listing that announces what was only guessed before makes it new."""
    found = [(address.key(link.url), link) for link in links]
    known = _known(connection, list(dict.fromkeys(key for key, _ in found)))
    fresh: dict[str, dict[str, Any]] = {}
    changed = 0
    for key, link in found:
        old = known.get(key)
        if old is None:
            fresh.setdefault(key, _row(key, source, link, now, history=history))
        elif link.by == "listing" and old.by == "version" and old.state in _NOTHING:
            values = _row(key, source, link, now, history=history)
            changed += connection.execute(questions.CHANGE_GUESS, {"own": key, **values}).rowcount
    if fresh:
        swift.say(connection, questions.ADD_ADDRESS, *fresh.values())
    return len(fresh) + changed


def _known(connection: Connection, keys: Sequence[str]) -> dict[str, Any]:
    parts = (keys[start : start + _PART] for start in range(0, len(keys), _PART))
    return {row.key: row for part in parts for row in connection.execute(questions.KNOWN, {"keys": part})}


def _row(key: str, source: str, link: Link, now: datetime, *, history: bool) -> dict[str, Any]:
    return {
        "key": key, "url": link.url, "source": source, "state": "new", "link": plain(link),
        "first_seen": now, "history": history, "attempts": 0, "checks": 0, "due": None, "last_kind": "",
        "etag": "", "last_modified": "", "digest": "", "capture": None, "article": None, "by": link.by,
    }  # fmt: skip
