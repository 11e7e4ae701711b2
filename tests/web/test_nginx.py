"""deploy/nginx.conf and `serve`, side by side over one folder: the same answers."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.web.servers import ask, nginx, serving

ALIKE = (
    "content-type", "content-encoding", "content-length", "last-modified", "cache-control", "vary",
    "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers",
    "access-control-max-age", "content-security-policy", "referrer-policy", "x-content-type-options", "allow",
)  # fmt: skip
STRONG = re.compile(r'"[^"]+"')
GZIP = {"Accept-Encoding": "gzip"}
PATHS = (
    "/", "/index.html", "/all.rss", "/all.atom", "/all.json", "/all.html", "/feeds.opml", "/archive/all-0001.atom",
    "/data/2026-05-20.jsonl", "/digest/ru-2026-05-20.txt", "/digest/ru-2026-05-20.md",
    "/digest/ru-2026-05-20.campaign.json", "/favicon.ico", "/icon.svg", "/icon.png", "/logo.png",
)  # fmt: skip
MISSING = (
    "/nothing.rss", "/archive/", "/archive", "/all", "/.secret.rss", "/.all.rss.tmp", "/all.rss.gz", "/notes.bin",
    "/README.md", "/404.html", "/all.rss/", "/ALL.RSS",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(folder, tmp_path_factory):
    """The two servers; each is a function that asks it."""
    if shutil.which("nginx") is None:
        pytest.skip("needs nginx (Debian: nginx-light)")
    scratch = tmp_path_factory.mktemp("nginx")
    scratch.chmod(0o755)
    with serving(folder) as ours, nginx(folder, scratch) as theirs:
        yield lambda *request: (ask(ours, *request), ask(theirs, *request))


def alike(ours, theirs, *, but=()):
    assert ours.status == theirs.status
    for name in set(ALIKE) - set(but):
        assert ours.headers.get(name) == theirs.headers.get(name), name


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("packed", [{}, GZIP], ids=["plain", "gzip"])
def test_documents(both, path, packed):
    for method in ("GET", "HEAD"):
        ours, theirs = both(method, path, packed)
        assert ours.status == 200
        alike(ours, theirs)
        assert ours.body == theirs.body
        assert STRONG.fullmatch(ours.headers["etag"])
        assert STRONG.fullmatch(theirs.headers["etag"])


@pytest.mark.parametrize("packed", [{}, GZIP], ids=["plain", "gzip"])
@pytest.mark.parametrize("path", ["/", "/all.rss", "/all.json", "/icon.png"])
def test_conditions(both, path, packed):
    first = both("GET", path, packed)
    date = first[0].headers["last-modified"]
    for which, answer in enumerate(first):
        tag = answer.headers["etag"]
        for asked in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = both("GET", path, {**packed, "If-None-Match": asked})
            assert again[which].status == 304, asked
            assert again[which].headers["etag"] == tag
            assert again[which].headers["cache-control"] == "max-age=900"
            assert again[which].body == b""
    for since, status in ((date, 304), ("Sun, 01 Jan 2090 00:00:00 GMT", 304), ("Sun, 01 Jan 2012 00:00:00 GMT", 200)):
        ours, theirs = both("GET", path, {**packed, "If-Modified-Since": since})
        assert ours.status == theirs.status == status, since
        alike(ours, theirs)
    ours, theirs = both("GET", path, {**packed, "If-None-Match": '"x"', "If-Modified-Since": date})
    assert ours.status == theirs.status == 200


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there(both, path):
    ours, theirs = both("GET", path)
    assert ours.status == 404
    alike(ours, theirs, but=("last-modified", "vary"))
    assert ours.body == theirs.body


@pytest.mark.parametrize("path", ["/%2e%2e/secret.rss", "/archive/..%2f..%2fsecret.rss", "/../secret.rss"])
def test_nothing_beside_the_folder_is_given(both, path):
    for answer in both("GET", path):  # nginx refuses to understand such a path
        assert answer.status in (400, 404)
        assert b"outside" not in answer.body


def test_other_methods(both):
    for method in ("POST", "DELETE", "PUT"):
        ours, theirs = both(method, "/all.rss", {"Content-Length": "0"})
        assert ours.status == 405
        alike(ours, theirs, but=("content-length", "content-type"))
    ours, theirs = both("OPTIONS", "/all.json")
    assert ours.status == 204
    alike(ours, theirs)


def test_behind_a_proxy_documents_are_packed_too(both):
    ours, theirs = both("GET", "/all.rss", {**GZIP, "Via": "1.1 cache"})
    assert ours.headers["content-encoding"] == theirs.headers["content-encoding"] == "gzip"
