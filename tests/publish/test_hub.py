"""WebSub: links in the documents, and word to the hub when there is news."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from lxml import etree

from pipeline import collect, mailroom
from tests.publish import validity
from tests.publish.press import HOME, START, Press, configured

GUARD = collect.Guard([collect.parse_allowance("127.0.0.0/8:*")])


@pytest.fixture
def hub():
    class Hub(BaseHTTPRequestHandler):
        heard: list = []  # noqa: RUF012 - one hub a test
        status = 204

        def do_POST(self):
            self.heard.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(self.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Hub.address = f"http://127.0.0.1:{server.server_port}/"
    yield Hub
    server.shutdown()
    thread.join()
    server.server_close()


def with_hub(address):
    config = configured()
    return replace(config, publish=replace(config.publish, hub=address))


def tell(config, written):
    return asyncio.run(mailroom.tell_hub(config, GUARD, written))


def test_every_feed_names_the_hub(tmp_path):
    press = Press(tmp_path, with_hub("https://hub.example.org/"))
    press.go()
    for feed in ("all", "ru", "newsletter-en"):
        for ext, faults in (
            ("atom", validity.atom_faults),
            ("rss", validity.rss_faults),
            ("json", validity.json_faults),
        ):
            document = (press.feeds / f"{feed}.{ext}").read_bytes()
            assert faults(document, f"{HOME}{feed}.{ext}") == []
            assert b"https://hub.example.org/" in document
    rss = etree.parse(press.feeds / "all.rss")
    assert rss.findtext("channel/link") == f"{HOME}all.html"
    press.close()


def test_the_hub_is_told_of_news(hub):
    assert tell(with_hub(hub.address), ["newsletter-ru.rss", "ru.atom", "ru.html", "archive/ru-0001.atom"]) == ""
    (heard,) = hub.heard
    assert heard == {"hub.mode": ["publish"], "hub.url": [f"{HOME}newsletter-ru.rss", f"{HOME}ru.atom"]}


def test_history_is_no_news(tmp_path):
    press = Press(tmp_path)
    press.history("bureau", 3)
    press.go()
    assert not mailroom.has_news(press.store, START)
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки.")
    press.go()
    assert mailroom.has_news(press.store, press.now)
    press.go()
    assert not mailroom.has_news(press.store, press.now)
    press.close()


def test_without_a_hub_or_without_a_change_nobody_is_told(hub):
    assert tell(with_hub(hub.address), []) == tell(configured(), ["ru.rss"]) == ""
    assert hub.heard == []


def test_a_failing_hub_is_only_told_of(hub):
    hub.status = 500
    assert tell(with_hub(hub.address), ["newsletter-ru.rss"]) == f"{hub.address} answered with status 500"
    assert "refused" in tell(with_hub("http://127.0.0.1:9/"), ["newsletter-ru.rss"])
