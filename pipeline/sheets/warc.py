"""Pages as they were fetched, as a WARC (ISO 28500): for archives, and for whoever must show what a page said.

The body is what was archived, so headers that speak of its packing on the way are left out.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.record import dataclass

MEDIA = "application/warc"
_OF_THE_WAY = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_SPACE = uuid.UUID("5b8c7c1e-3f0a-4a53-9e7c-0d3a2f1f6b10")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One archived page."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    at: datetime
    digest: str
    body: bytes


def written(pages: Iterable[Fetched], software: str) -> Iterator[bytes]:
    """Write a record for each page, each packed by gzip on its own; equal pages give equal bytes."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    about = f"software: {software}\r\nformat: WARC File Format 1.0\r\n".encode()
    yield _record(writer, out, "", "warcinfo", about, datetime(1970, 1, 1, tzinfo=UTC), software)
    for page in pages:
        yield _record(
            writer, out, page.url, "response", page.body, page.at, f"{page.url} {page.digest}", _headers(page)
        )


def _record(
    writer: Any, out: io.BytesIO, url: str, kind: str, body: bytes, at: datetime, name: str, headers: Any = None
) -> bytes:  # fmt: skip
    own = {
        "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(_SPACE, f'{name} {at.isoformat()}')}>",
    }
    more = {} if headers else {"warc_content_type": "application/warc-fields"}
    writer.write_record(writer.create_warc_record(
        url, kind, payload=io.BytesIO(body), length=len(body), http_headers=headers, warc_headers_dict=own, **more
    ))  # fmt: skip
    data = out.getvalue()
    out.seek(0)
    out.truncate()
    return data


def _headers(page: Fetched) -> StatusAndHeaders:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    kept = [(name, value) for name, value in page.headers if name.lower() not in _OF_THE_WAY]
    return StatusAndHeaders(
        f"{page.status} {phrase}".strip(), [*kept, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1"
    )
