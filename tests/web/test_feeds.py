"""What readers are answered: media types, validators, packing, and nothing that is not for them."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading

import pytest

from pipeline import publish
from pipeline.web.shelf import Shelf
from tests.web.servers import ask, serving

RSS = b"<rss><channel><title>t</title><link>x</link><description>%s</description></channel></rss>"


@pytest.fixture(scope="module")
def client(folder):
    with serving(folder) as port:
        yield lambda path, method="GET", **headers: ask(
            port, method, path, {name.replace("_", "-"): value for name, value in headers.items()}
        )


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/all.rss", "application/rss+xml; charset=utf-8"),
        ("/all.atom", "application/atom+xml; charset=utf-8"),
        ("/archive/all-0001.atom", "application/atom+xml; charset=utf-8"),
        ("/all.json", "application/feed+json; charset=utf-8"),
        ("/all.html", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/data/2026-05-20.jsonl", "application/jsonl; charset=utf-8"),
        ("/digest/ru-2026-05-20.txt", "text/plain; charset=utf-8"),
        ("/digest/ru-2026-05-20.md", "text/markdown; charset=utf-8"),
        ("/digest/ru-2026-05-20.campaign.json", "application/json; charset=utf-8"),
    ],
)
def test_media_types_and_headers(client, folder, path, media):
    answer = client(path)

    assert answer.status == 200
    assert answer.headers["content-type"] == media
    assert answer.body == (folder / (path[1:] or "index.html")).read_bytes()
    assert answer.headers["cache-control"] == "max-age=900"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert ("content-security-policy" in answer.headers) == media.startswith("text/html")
    assert answer.headers["etag"].startswith('"')
    head = client(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert {**head.headers, "date": ""} == {**answer.headers, "date": ""}


def test_either_validator_brings_304_and_the_tag_beats_the_date(client):
    first = client("/all.rss")
    tag, date = first.headers["etag"], first.headers["last-modified"]

    for asked in ({"if_none_match": f'"x", W/{tag}'}, {"if_modified_since": date}, {"if_none_match": "*"}):
        again = client("/all.rss", **asked)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["last-modified"] == date
        assert again.headers["cache-control"] == "max-age=900"
    assert client("/all.rss", if_none_match='"x"', if_modified_since=date).status == 200


def test_packed_answers_have_a_tag_of_their_own(client, folder):
    plain = client("/all.atom")
    packed = client("/all.atom", accept_encoding="br, gzip")

    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert int(packed.headers["content-length"]) == (folder / "all.atom.gz").stat().st_size
    assert packed.headers["etag"] != plain.headers["etag"]
    assert client("/all.atom", accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.rss", "/archive/", "/archive", "/digest/", "/all", "/all.rss/", "/.secret.rss", "/.all.rss.tmp",
        "/all.rss.gz", "/notes.bin", "/README.md", "/404.html", "/../secret.rss", "/%2e%2e/secret.rss",
        "/archive/%2e%2e/%2e%2e/secret.rss", "/..%2fsecret.rss", "/archive/..%5c..%5csecret.rss", "//all.rss", "/all.rss%00",
        "/all.rss%0a", "/%D0%B2%D1%81%D0%B5.rss", "/data/x/all.rss", "/ALL.RSS",
    ],
)  # fmt: skip
def test_nothing_else_is_there(client, path):
    for method in ("GET", "HEAD"):
        answer = client(path, method)
        assert answer.status == 404
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "etag" not in answer.headers
    assert b"outside" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client, method):
    answer = client("/all.rss", method, content_length="0")

    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_browsers_may_ask_from_anywhere(client):
    answer = client("/all.json", "OPTIONS", origin="https://x.example", access_control_request_method="GET")

    assert answer.status == 204
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]


def test_a_query_changes_nothing(client):
    assert client("/all.rss?utm_source=x").body == client("/all.rss").body


def test_a_file_that_is_replaced_is_served_whole_under_a_new_tag(tmp_path):
    shelf, seen = Shelf(tmp_path), {}
    for n in range(30):
        text = RSS % (b"%d " % n * 5000)
        publish.write(tmp_path, {"all.rss": text})
        for packed in (False, True):
            found = shelf.get("all.rss", packed=packed)
            assert (gzip.decompress(found.body) if found.packed else found.body) == text
            seen[found.etag] = found.modified
    assert len(seen) == 60
    assert len(set(seen.values())) == 30, "two states never share a second"


def test_no_answer_is_torn_while_files_are_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    publish.write(tmp_path, {"all.rss": RSS % b"begin"})
    over = threading.Event()

    def write_on():
        for n in range(150):
            publish.write(tmp_path, {"all.rss": RSS % (b"%d " % n * 20_000)})
        over.set()

    writer, shelf, tags = threading.Thread(target=write_on), Shelf(tmp_path), set()
    writer.start()
    while not over.is_set():
        for packed in (False, True):
            found = shelf.get("all.rss", packed=packed)
            plain = gzip.decompress(found.body) if found.packed else found.body
            assert found.etag.strip('"').removesuffix("-gzip") == hashlib.sha256(plain).hexdigest()[:32]
            tags.add(found.etag)
    writer.join()
    assert len(tags) > 10


def test_a_twin_of_another_state_is_not_served(tmp_path):
    publish.write(tmp_path, {"all.rss": RSS % b"old"})
    stale = (tmp_path / "all.rss.gz").read_bytes()
    publish.write(tmp_path, {"all.rss": RSS % b"new"})
    (tmp_path / "all.rss.gz").write_bytes(stale)

    found = Shelf(tmp_path).get("all.rss", packed=True)

    assert (found.packed, found.body) == (False, RSS % b"new")


def test_an_unchanged_file_is_hashed_once(tmp_path, monkeypatch):
    publish.write(tmp_path, {"all.rss": RSS % b"x"})
    shelf, hashed = Shelf(tmp_path), []
    real = __import__("hashlib").sha256
    monkeypatch.setattr("pipeline.web.shelf.hashlib.sha256", lambda data: hashed.append(data) or real(data))

    assert shelf.get("all.rss").etag == shelf.get("all.rss").etag
    assert len(hashed) == 1


def test_the_twin_is_as_old_as_its_document(tmp_path):
    publish.write(tmp_path, {"all.rss": RSS % b"x"})
    (tmp_path / "all.rss.gz").unlink()
    os.utime(tmp_path / "all.rss", (1, 1_600_000_000))
    publish.write(tmp_path, {"all.rss": RSS % b"x"})

    assert int((tmp_path / "all.rss.gz").stat().st_mtime) == 1_600_000_000
