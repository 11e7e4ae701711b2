"""feeds/ as any static server gives it: a strong ETag, Last-Modified, 304 on either. Counts what it was asked.

`serving(folder)` is all a test uses, so that another server takes its place by another function of that form.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TYPES = {
    ".rss": "application/rss+xml", ".atom": "application/atom+xml", ".json": "application/feed+json",
    ".html": "text/html; charset=utf-8", ".opml": "text/x-opml",
}  # fmt: skip


@dataclass
class Served:
    """A server: where it is, and what it answered."""

    home: str
    answers: list[tuple[str, int]] = field(default_factory=list)

    def take(self) -> list[tuple[str, int]]:
        """Return the (name, status) of the answers since the last call."""
        taken, self.answers[:] = list(self.answers), []
        return taken


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(
        self, folder: Path, answers: list[tuple[str, int]], changes: dict[str, tuple[str, int]], *rest: object
    ) -> None:
        self.folder, self.answers, self.changes = folder, answers, changes
        super().__init__(*rest)

    def do_GET(self) -> None:
        name = self.path.lstrip("/").partition("?")[0]
        path = self.folder / name
        if ".." in name or not path.is_file():
            self._answer(name, 404, b"", {})
            return
        body = path.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        changed = formatdate(self._changed(name, tag, int(path.stat().st_mtime)), usegmt=True)
        asked = self.headers.get("If-None-Match")
        same = tag in asked if asked else self.headers.get("If-Modified-Since") == changed
        headers = {"ETag": tag, "Last-Modified": changed, "Content-Type": TYPES.get(path.suffix, "text/plain")}
        self._answer(name, 304 if same else 200, b"" if same else body, headers)

    def _changed(self, name: str, tag: str, at: int) -> int:
        """Return when a document last changed, in seconds that grow with every change: curl goes by them alone."""
        known, before = self.changes.get(name, (tag, at - 1))
        if known != tag or name not in self.changes:
            self.changes[name] = (tag, max(at, before + 1))
        return self.changes[name][1]

    do_HEAD = do_GET  # noqa: N815 - the name http.server looks for

    def _answer(self, name: str, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.answers.append((name, status))
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve the folder on a free port of this machine."""
    answers: list[tuple[str, int]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answering, folder, answers, {}))
    server.daemon_threads = True
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}/", answers)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
