"""WebSub: links in the documents, and word to the hub when there is news."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from lxml import etree
from sqlalchemy import select

from pipeline import collect, cycle, mailroom
from pipeline.children import Children
from pipeline.clock import frozen
from pipeline.store.engine import reading
from pipeline.store.tables import events
from tests.publish import validity
from tests.publish.press import HOME, START, Press, configured

GUARD = collect.Guard([collect.parse_allowance("127.0.0.0/8:*")])


@pytest.fixture
def hub():
    class Hub(BaseHTTPRequestHandler):
        heard: list = []  # noqa: RUF012 - one hub a test
        status = 204
        asked = staticmethod(lambda: None)  # what it does when it is told

        def do_POST(self):
            self.heard.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.asked()
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


def one_pass(press, monkeypatch):
    """Make a whole pass of an installation none of whose sources is due."""

    async def look_over(_room, report, _sources, _start):
        return report

    async def rest():
        rested.append(True)

    rested = []
    monkeypatch.setattr(cycle, "look_over", look_over)
    press.now += timedelta(minutes=5)
    room = SimpleNamespace(
        last=False,
        config=press.config, store=press.store, feeds=press.feeds, secret="", clock=frozen(press.now),
        fetcher=SimpleNamespace(robots_files={}, take_robots_fetches=list, rest=rest), notifier=SimpleNamespace(guard=GUARD),
        children=Children(),
    )  # fmt: skip
    report = asyncio.run(cycle.run(room, []))
    assert rested, "what was held open for a next request is closed when the last one is answered"
    return report


def test_the_hub_is_told_when_the_files_are_in_place_of_the_changed_ones_alone(tmp_path, hub, monkeypatch):
    press = Press(tmp_path, with_hub(hub.address))
    one_pass(press, monkeypatch)
    assert hub.heard == [], "nothing is no news"
    found = []
    hub.asked = staticmethod(lambda: found.append((press.feeds / "newsletter-ru.rss").read_text()))
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки.")

    report = one_pass(press, monkeypatch)

    assert "Порт открылся" in found[0], "a hub asks for the feed at once"
    (heard,) = hub.heard
    told = {one.removeprefix(HOME) for one in heard["hub.url"]}
    assert {"all.atom", "ru.rss", "newsletter-ru.json"} <= told <= set(report.written)
    assert not {"en.rss", "newsletter-en.atom"} & told
    assert all("/" not in name and not name.endswith(".html") for name in told)
    press.close()


def test_a_hub_that_fails_changes_nothing_of_a_pass(tmp_path, monkeypatch):
    press = Press(tmp_path, with_hub("http://127.0.0.1:9/"))
    one_pass(press, monkeypatch)
    press.arrive("https://bureau.example.com/news/1", "Порт открылся", "Новый порт открылся у реки.")

    report = one_pass(press, monkeypatch)

    assert report.exit_code == 0
    assert [one["title"] for one in press.items("ru")] == ["Порт открылся"]
    with reading(press.store._engine) as connection:
        rows = connection.execute(select(events).where(events.c.kind == "hub")).all()
    assert len(rows) == 1
    press.close()
