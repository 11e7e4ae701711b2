"""What `add` proposes of a site's ways: JSON listings, pages that scripts fill, a wrong charset, another time zone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from demo.answers import Server, of_page, plain
from demo.pages import Page
from pipeline import charset, jsonpath
from pipeline.errors import ConfigError
from pipeline.model import FetchedPage
from pipeline.scout import apis
from tests.collect.hostile import NOW
from tests.scout.test_add import proposed

TITLES = [f"Кластер принял {word} компании на осеннем совете" for word in ("две", "три", "четыре", "пять", "шесть")]
PROSE = (
    "Совет кластера собрался в четверг и принял решение номер {0}, о котором сообщил на своей странице в тот же день."
)


def article(number: int, offset: str = "+05:00", head: str = "") -> str:
    stamp = f'<meta property="article:published_time" content="2026-11-1{number}T10:00:00{offset}">'
    prose = "".join(f"<p>{PROSE.format(number)} Часть {part}.</p>" for part in range(3))
    return f"<html lang=ru><head>{head}<title>{TITLES[number]}</title>{stamp}</head><body><h1>{TITLES[number]}</h1>{prose}</body></html>"


def listing(head: str = "") -> str:
    rows = "".join(f'<li><a href="/news/{n}00{n}/">{TITLES[n]}</a> <i>1{n}.11.2026</i></li>' for n in range(5))
    return f"<html lang=ru><head>{head}<title>Новости</title></head><body><h1>Новости</h1><ul>{rows}</ul></body></html>"


@contextmanager
def site(pages: Mapping[str, tuple[str, bytes]]) -> Iterator[str]:
    """Serve path → (content type, bytes) on loopback."""
    made = {path: Page(body, kind, datetime(2026, 11, 18, tzinfo=UTC)) for path, (kind, body) in pages.items()}

    def respond(_method, path, headers):
        return of_page(made[path], headers) if path in made else plain(404, "Not Found")

    server = Server(("127.0.0.1", 0), respond)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def html(text: str, encoding: str = "utf-8") -> tuple[str, bytes]:
    return "text/html", text.encode(encoding)


ARTICLES = {f"/news/{n}00{n}/": html(article(n)) for n in range(5)}
ITEMS = [
    {
        "id": n,
        "link": f"/news/{n}00{n}/",
        "title": {"rendered": TITLES[n]},
        "date": f"2026-11-1{n}T10:00:00",
        "tags": [1, 2],
    }
    for n in range(5)
]
JSON = ("application/json", json.dumps({"meta": {"pages": [{"n": 1}, {"n": 2}]}, "data": {"items": ITEMS}}).encode())
API = {"items": "data.items", "url": "link", "title": "title.rendered", "date": "date"}
EMPTY = "<html lang=ru><head><title>Кластер</title></head><body><div id=app></div><script>{}</script></body></html>"


def test_a_json_listing_is_proposed_with_its_paths(desk):
    with site({"/api/news": JSON, **ARTICLES}) as base:
        found = proposed(desk, base + "/api/news")
        assert [dict(one) for one in found.block["listings"]] == [
            {"url": base + "/api/news", "language": "ru", "api": API}
        ]
        assert len(desk.collected(found.id)) == 5


def test_the_interface_an_empty_page_asks_is_found_in_its_script(desk):
    shell = EMPTY.format('fetch("/api/news?page=1").then(show); track("/metrics/x")')
    with site({"/": html(shell), "/api/news?page=1": JSON, **ARTICLES}) as base:
        found = proposed(desk, base + "/")
        assert [one["url"] for one in found.block["listings"]] == [base + "/api/news?page=1"]
        assert len(desk.collected(found.id)) == 5


def test_html_in_a_json_answer_is_a_listing_too(desk):
    body = json.dumps({"ok": True, "news": listing()}).encode()
    with site({"/ajax/news": ("application/json", body), **ARTICLES}) as base:
        found = proposed(desk, base + "/ajax/news")
        assert found.block["listings"][0]["api"] == {"html": "news"}
        assert len(desk.collected(found.id)) == 5


def test_without_a_browser_an_empty_page_is_told_as_such(desk, monkeypatch):
    def missing(_environment):
        raise ConfigError("render: no browser; install it")

    monkeypatch.setattr("pipeline.collect.browser.find", missing)
    with site({"/": html(EMPTY.format("start()"))}) as base:
        done = desk.call("add", base + "/", "--yes")
    assert done.exit_code == 3
    assert "empty until scripts fill them" in done.output
    assert "render: no browser; install it" in done.output


def test_with_a_browser_it_is_proposed_to_be_shown(desk, monkeypatch):
    async def show(_self, page, _ask, _seconds, _pause):
        return listing() if page.url.endswith("/") and "news" not in page.url else page.body.decode()

    monkeypatch.setattr("pipeline.collect.browser.find", lambda _environment: "chromium")
    monkeypatch.setattr("pipeline.collect.browser.Browser.show", show)
    with site({"/": html(EMPTY.format("start()")), **ARTICLES}) as base:
        found = proposed(desk, base + "/")
        assert found.block["render"] == "browser"
        assert len(desk.collected(found.id)) == 5


@pytest.mark.parametrize(
    ("stated", "really", "wanted"),
    [("koi8-r", "windows-1251", "windows-1251"), ("windows-1252", "windows-1251", "windows-1251"),
     ("windows-1251", "koi8-r", "koi8-r"), ("windows-1251", "windows-1251", None), ("windows-1251", "utf-8", None)],
)  # fmt: skip
def test_a_wrongly_declared_charset_is_overruled(desk, stated, really, wanted):
    head = f'<meta charset="{stated}">'
    pages = {
        "/news/": html(listing(head), really),
        **{p: html(article(n, head=head), really) for n, p in enumerate(ARTICLES)},
    }
    with site(pages) as base:
        found = proposed(desk, base + "/news/")
        assert found.block.get("encoding") == wanted
        titles = {item.article.title for item in desk.collected(found.id).values()}
    assert titles == set(TITLES)


@pytest.mark.parametrize(("offset", "zone"), [("+05:00", "Asia/Yekaterinburg"), ("+03:00", None), ("+00:00", None)])
def test_the_zone_its_pages_state_is_proposed(desk, offset, zone):
    pages = {"/news/": html(listing()), **{path: html(article(n, offset)) for n, path in enumerate(ARTICLES)}}
    with site(pages) as base:
        assert proposed(desk, base + "/news/").block.get("timezone") == zone


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b"[1, 2]", b'[{"a": 1}, {"a": 2}]', b'[{"url": "/x"}, {"url": "/x"}, {"url": "/x"}]',
     b"[" * 100_000, json.dumps({"a b": {"c.d": [{"url": f"/{n}"} for n in range(3)]}}).encode()],
)  # fmt: skip
def test_no_answer_breaks_the_guessing(body):
    page = FetchedPage("a", "http://a/", "http://a/", 200, {}, body, NOW, "")
    for api in apis.guesses(page):
        assert jsonpath.find(json.loads(body), api.items)


def test_a_charset_is_only_doubted_where_another_reads_russian():
    text = PROSE * 3
    assert charset.undeclared(text.encode("windows-1251"), "text/html; charset=koi8-r") == "windows-1251"
    for right in ("windows-1251", "koi8-r", "cp866", "utf-8", "utf-16"):
        assert charset.undeclared(text.encode(right), f"text/html; charset={right}") == ""
    assert charset.undeclared("Ça, c’était à Besançon, déjà l’été. ".encode("windows-1252") * 9, "") == ""
