"""Real pages, served on loopback as one source: each arrives with its body, and Russian bodies with nothing else.

The pages are kept outside the project; without them these tests are skipped.
"""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.end_to_end.conftest import Installation

SOURCES = """
publisher: {{title: {{en: Real pages}}, home: https://news.example.org/, contact: news@example.org}}
defaults: {{pause: 0s, rights: {{publish: full}}}}
sources:
  real:
    name: {{en: Real pages}}
    kind: press
    listings: [{{url: "{base}/", links: "a.article"}}]
"""


@contextmanager
def served(pages: dict[str, bytes]) -> Iterator[str]:
    """Serve path → body as HTML of unknown charset; yield the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def gold(shared):
    """Eight Russian pages and twenty others: path → (body of the page, text of its article)."""
    rows = [json.loads(line) for line in (shared / "bench/extraction/gold.jsonl").read_text("utf-8").splitlines()]
    russian = [row for row in rows if row["page"].startswith("pages/ru-")]
    others = [row for row in rows if row["page"].startswith("pages/fundus-")][:20]
    assert len(russian) == 8
    return {
        "/" + row["page"].removeprefix("pages/").removesuffix(".gz"): (
            gzip.decompress((shared / "bench/extraction" / row["page"]).read_bytes()), row["body"] or "",
        )
        for row in russian + others
    }  # fmt: skip


@pytest.fixture(scope="module")
def articles(gold, tmp_path_factory):
    pages = {path: page for path, (page, _) in gold.items()}
    pages["/"] = "".join(f'<p><a class="article" href="{path}">Страница {path}</a></p>' for path in pages).encode()
    folder = tmp_path_factory.mktemp("real")
    with served(pages) as base:
        (folder / "sources.yaml").write_text(SOURCES.format(base=base), encoding="utf-8")
        installation = Installation(folder, sites=None)
        installation.run()
        yield {row["url"].removeprefix(base): row for row in installation.rows("articles")}


def words(text):
    return re.findall(r"\w+", text.casefold())


def test_every_page_arrives_with_its_body(gold, articles):
    assert set(articles) == set(gold)
    assert all(len(row["text"]) > 200 and row["title"] for row in articles.values())


def test_the_words_of_russian_pages_are_their_articles(gold, articles):
    for path in sorted(path for path in gold if path.startswith("/ru-")):
        true, got = set(words(gold[path][1])), words(articles[path]["text"])
        share = sum(word in true for word in got) / len(got)
        assert share >= 0.95, f"{path}: {share:.3f}"
