"""What an address becomes after it was asked: its state, and when it is asked again; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from pipeline.model import Fetch, Source

#: How often an address that failed for now is asked again before it is given up.
ATTEMPTS = 5
#: Ends of a fetch after which asking again may help.
FOR_NOW = frozenset(
    {"dns", "refused", "reset", "timeout", "truncated", "protocol", "robots", "status-408", "status-425", "challenge",
     "proxy", "render"}
)  # fmt: skip
#: What reading a page may say of it instead of an article.
JUDGED = frozenset({"replaced", "not-article", "no-text", "no-title", "too-short", "parse"})


def passing(kind: str) -> bool:
    """Return whether a failed fetch of this kind may succeed later."""
    return kind in FOR_NOW or kind == "status-429" or kind.startswith("status-5")


def after(row: Row[Any], source: Source, fetch: Fetch, now: datetime) -> dict[str, Any]:
    """Say what an address becomes after a fetch: its state and when it is due again."""
    values: dict[str, Any] = {"last_kind": fetch.kind}
    if row.state != "new":
        values |= {"checks": row.checks + 1, "due": next_check(source, row.first_seen, now)}
        if fetch.good and row.last_kind in JUDGED and fetch.kind != "ok":
            values["last_kind"] = row.last_kind  # unchanged: what was read on it last time still holds
    if fetch.kind == "ok" and fetch.page is not None:
        headers = fetch.page.headers
        values |= {"state": "fetched", "digest": fetch.page.digest, "attempts": 0}
        values |= {"etag": headers.get("etag", ""), "last_modified": headers.get("last-modified", "")}
    elif not fetch.good and row.state == "new":
        attempts = row.attempts + 1
        over = attempts >= ATTEMPTS or not passing(fetch.kind)
        values |= {"attempts": attempts, "state": "failed" if over else "new"}
        if over and row.by == "version":  # it may be published yet: asked again when an article would be
            values |= {"state": "refused", "due": next_check(source, row.first_seen, now)}
        if fetch.retry_after:  # it is this address the server wants to be left alone, across runs too
            values["due"] = now + timedelta(seconds=fetch.retry_after)
    return values


def next_check(source: Source, first_seen: datetime, now: datetime) -> datetime | None:
    """Return when an address first seen then should be asked for corrections after now; None: never again."""
    return min((first_seen + gap for gap in source.recheck if first_seen + gap > now), default=None)
