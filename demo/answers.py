"""HTTP as small sites speak it: validators, 304, HEAD, gzip, keep-alive.

What is answered comes from a function handed in; this file knows no site.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from demo.pages import Page

_GZIP_FROM = 400  # bytes; below that it does not pay
_TEXT = ("text/", "application/rss+xml", "application/xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole response."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


#: (method, path with query, request headers) → answer; None closes the connection without a word.
Respond = Callable[[str, str, Mapping[str, str]], Answer | None]


def plain(status: int, text: str, **headers: str) -> Answer:
    """Return a short error page."""
    body = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{text}</h1></body></html>"
    return Answer(status, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode())


def of_page(page: Page, asked: Mapping[str, str]) -> Answer:
    """Return a page as asked for: whole, gzipped, or 304 where the asker has it already."""
    zipped = "gzip" in asked.get("Accept-Encoding", "") and page.type.startswith(_TEXT) and len(page.body) >= _GZIP_FROM
    digest = hashlib.sha256(page.body).hexdigest()[:20]
    tag = f'"{digest}-gz"' if zipped else f'"{digest}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(page.modified.astimezone(UTC), usegmt=True),
        "Vary": "Accept-Encoding",
        "Cache-Control": "no-cache",
    }
    if _known(asked, digest, page.modified):
        return Answer(304, headers)
    headers["Content-Type"] = page.type
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return Answer(200, headers, gzip.compress(page.body, 6, mtime=0) if zipped else page.body)


def _known(asked: Mapping[str, str], digest: str, modified: datetime) -> bool:
    """RFC 9110, 13.2.2: where If-None-Match is given, If-Modified-Since does not count."""
    tags = asked.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or digest in tags
    since = asked.get("If-Modified-Since")
    try:
        return since is not None and modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # an unreadable date is passed over
        return False


class Server(ThreadingHTTPServer):
    """One site's server, not yet running."""

    daemon_threads = True
    # Two demos side by side must not share a port in silence; a port just left may still be taken again.
    allow_reuse_address = True
    allow_reuse_port = False

    def __init__(self, address: tuple[str, int], respond: Respond) -> None:
        super().__init__(address, _Handler)
        self.respond = respond

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over an asker who went away in mid-answer; show anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "DemoSite/1.0"
    timeout = 10  # seconds a silent connection is kept
    # Head and body in one packet: sent apart, the second waits 40 ms for the first to be acknowledged.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        answer = self.server.respond(self.command, self.path, self.headers)  # type: ignore[arg-type]  # a Message reads like a Mapping
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815  # http.server's name

    def log_message(self, *_: object) -> None:
        """Keep quiet: `DemoSites.requests` is the log."""
