"""Whether a reader has a document already, and how it wants it packed (RFC 9110, sections 12.5.3 and 13).

Text in, an answer out: no request and no file is known here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def not_modified(none_match: str | None, since: str | None, etag: str, modified: int) -> bool:
    """Return whether the reader's copy is the present one.

    none_match, since: the headers If-None-Match and If-Modified-Since, None where absent; the first
    beats the second. etag: strong, with its quotes; modified: seconds since 1970.
    """
    if none_match is not None:
        return none_match.strip() == "*" or etag in _tags(none_match)
    asked = None if since is None else http_date(since)
    return asked is not None and modified <= asked


def takes_gzip(accepted: str) -> bool:
    """Return whether the header Accept-Encoding allows an answer packed by gzip."""
    weights = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = min((_weight(one) for one in parameters), default=1.0)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def http_date(text: str) -> int | None:
    """Return a date of HTTP as seconds since 1970; None where it is none, which a server passes over."""
    try:
        at = parsedate_to_datetime(text)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def as_http_date(seconds: int) -> str:
    """Return seconds since 1970 as HTTP writes a date."""
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


def _tags(header: str) -> frozenset[str]:
    """Return the entity tags of a list, weak ones without their mark: for a GET they count alike (RFC 9110, 13.1.2)."""
    found, at = set(), 0
    while tag := _TAG.match(header, at):
        found.add(tag[1])
        at = tag.end()
        if at == len(header):
            break
    return frozenset(found)


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
