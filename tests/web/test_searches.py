"""Saved searches: found by stem in either language, public as files, the others behind a token."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from lxml import etree
from typer.testing import CliRunner

from pipeline import access, query
from pipeline.cli import app
from pipeline.model import Article, Config, Publisher, PublishRules, Search
from pipeline.publish import topics
from pipeline.web import searches
from pipeline.web.shelf import Shelf
from tests.publish.press import HOME, Press, configured, source
from tests.web.servers import ask, serving

SOURCES = f"""
publisher: {{title: {{ru: Вестник, en: Herald}}, home: {HOME}, contact: desk@example.org}}
publish: {{hold: 0s, hold_doubtful: 0s}}
searches:
  port: {{query: морской порт, public: true, title: {{ru: Порт, en: The port}}}}
  bridge: {{query: мост}}
sources:
  bureau: {{name: {{ru: Бюро}}, kind: bureau, listings: [{{url: "https://bureau.example.com/news/"}}], rights: {{publish: full}}}}
"""
BRIDGE = Search("bridge", query.parse("мост"))
PORT = Search("port", query.parse("морской порт"), {"ru": "Порт", "en": "The port"}, public=True)


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("порт", True), ("порты", True), ("ports ship", True), ("ports -ship", False), ('"морские порты"', True),
        ('"порт морской"', False), ("порт -баржа", False), ("порт -паром", True), ("source:bureau", True),
        ("source:expo", False), ("-source:expo порт", True), ("kind:bureau -source:bureau", False),
        ("kind:bureau kind:venue", True), ("language:ru", True), ("language:en порт", False), ("порт -language:en", True),
        ("река", False), ("port", True), ("tag:grants", True), ('tag:"long one" порт', True), ("tag:grant", False),
        ("-tag:grants порт", False), ("порт -tag:other", True),
    ],
)  # fmt: skip
def test_what_a_search_finds(asked, finds):
    config = Config(
        Publisher({}, "", ""), PublishRules(), (source(), source("expo", kind="venue")),
        searches=(Search("x", query.parse(asked)),),
    )  # fmt: skip
    article = Article("bureau", "https://x.example/1", "Баржа в морском порту", "A ship came to the port.", "", None)

    assert (topics.labels(article, config, "ru", {"grants", "long one"}) == ("query:search-x",)) is finds


def test_a_search_for_a_tag_follows_what_analysts_do(tmp_path):
    search = Search("mine", query.parse('tag:"for the mayor"'), public=True)
    press = Press(tmp_path, configured(source(), searches=(search,)))
    for number in (1, 2):
        press.arrive(f"https://bureau.example.com/{number}", f"Новость {number}", f"Текст о событии номер {number}.")
    press.go()
    first, second = sorted(press.store.stories.each(), key=lambda story: story.texts["ru"].lead.article.url)

    def shown():
        press.go(seconds=600)
        return [one["id"] for one in press.items("search-mine")]

    assert shown() == []
    press.store.marks.tag(first.id, "for the mayor", "anna", press.now)
    assert shown() == [first.id]
    press.store.marks.tag(second.id, "another", "anna", press.now)
    assert shown() == [first.id]
    press.store.marks.untag(first.id, "for the mayor", "anna", press.now)
    press.store.marks.tag(second.id, "for the mayor", "anna", press.now)
    assert shown() == [second.id]
    press.close()


@pytest.fixture
def press(tmp_path):
    opened = Press(tmp_path, configured(source(), searches=(PORT, BRIDGE)))
    opened.arrive("https://bureau.example.com/1", "Баржа пришла", "В морском порту встретили баржу.")
    opened.arrive("https://bureau.example.com/2", "Мост построен", "Через реку построили новый мост.")
    opened.go()
    yield opened
    opened.close()


def token(press, name="search-bridge"):
    return access.token(press.store.private.secret(press.now), name)


@pytest.fixture
def asked(press):
    part = searches.part(press.store.private.get, lambda: press.store.private.secret(press.now), Shelf(press.feeds))
    with serving(press.feeds, [part]) as port:
        yield lambda path, method="GET", **headers: ask(
            port, method, path, {name.replace("_", "-"): value for name, value in headers.items()}
        )


def test_a_public_search_is_a_feed_like_any_other(press, asked):
    assert [one["title"] for one in press.items("search-port")] == ["Баржа пришла"]
    assert 'href="search-port.html"' in (press.feeds / "index.html").read_text()
    assert f"{HOME}search-port.rss" in (press.feeds / "feeds.opml").read_text()
    answer = asked("/search-port.rss")
    assert (answer.status, answer.body) == (200, (press.feeds / "search-port.rss").read_bytes())
    assert answer.headers["cache-control"] == "max-age=900"


def test_a_private_search_is_nowhere_under_feeds(press):
    assert not list(press.feeds.rglob("*bridge*"))
    for path in press.feeds.rglob("*"):
        assert not path.is_file() or b"search-bridge" not in path.read_bytes(), path.name


def test_a_private_search_is_given_to_whoever_has_its_token(press, asked):
    where = f"/search-bridge.json?token={token(press)}"
    answer = asked(where)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=900"
    feed = json.loads(answer.body)
    assert [one["title"] for one in feed["items"]] == ["Мост построен"]
    assert feed["feed_url"] == f"{HOME}search-bridge.json?token={token(press)}"
    assert asked(where, if_none_match=answer.headers["etag"]).status == 304
    assert asked(where, if_modified_since=answer.headers["last-modified"]).status == 304
    assert asked(where, "HEAD").body == b""
    assert asked(where, accept_encoding="gzip").headers["content-encoding"] == "gzip"
    for ext in ("rss", "atom"):
        etree.fromstring(asked(f"/search-bridge.{ext}?token={token(press)}").body)
    page = asked(f"/search-bridge.html?token={token(press)}").body.decode()
    assert f'href="search-bridge.atom?token={token(press)}"' in page


def test_to_others_it_is_not_there(press, asked):
    own, other = token(press), token(press, "search-port")
    nothing = asked("/nothing.rss")
    for path in (
        "/search-bridge.rss", "/search-bridge.rss?token=", "/search-bridge.rss?token=wrong", "/search-bridge.rss?token=%F0",
        "/search-nothing.rss", f"/search-bridge.rss?token={other}", f"/search-bridge?token={own}",
        f"/search-bridge.rss.gz?token={own}",
    ):  # fmt: skip
        answer = asked(path)
        assert (answer.status, answer.body) == (404, nothing.body), path


def test_what_was_public_goes_when_it_is_made_private(press, asked):
    press.config = replace(press.config, searches=(replace(PORT, public=False), BRIDGE))
    press.go()

    assert not list(press.feeds.glob("search-port*"))
    assert "search-port" not in (press.feeds / "index.html").read_text()
    assert asked("/search-port.rss").status == 404
    assert asked(f"/search-port.rss?token={token(press, 'search-port')}").status == 200


def test_a_new_secret_changes_every_address(press, asked):
    old = token(press)
    press.store.private.renew(press.now)
    press.go()

    assert asked(f"/search-bridge.rss?token={old}").status == 404
    answer = asked(f"/search-bridge.rss?token={token(press)}")
    assert answer.status == 200
    assert old.encode() not in answer.body


def test_what_is_withdrawn_or_purged_leaves_it(press, asked):
    where = f"/search-bridge.atom?token={token(press)}"
    found = press.store.removals.find("https://bureau.example.com/2")
    press.store.removals.purge(found, "x", press.now)
    assert press.store.private.names() == frozenset()
    press.go()

    answer = asked(where)
    assert answer.status == 200
    assert "Мост построен".encode() not in answer.body
    assert b"deleted-entry" in answer.body


def test_it_stays_the_same_document_while_nothing_changes(press):
    before = press.store.private.get("search-bridge.rss")
    press.go(days=2)
    press.arrive("https://bureau.example.com/3", "Музей открыт", "Новый музей открыл двери.")
    press.go()

    assert press.store.private.get("search-bridge.rss") == before


def test_the_verb_lists_addresses(tmp_path, press, monkeypatch):
    (tmp_path / "sources.yaml").write_text(SOURCES)
    for name, value in (("SOURCES", "sources.yaml"), ("STORE", "store"), ("FEEDS", "feeds")):
        monkeypatch.setenv(f"NEVAWIRE_{name}", str(tmp_path / value))
    own = token(press)

    shown = CliRunner().invoke(app, ["searches"]).output
    assert f"  {HOME}search-port.rss\n" in shown
    assert f"bridge (private)\n  {HOME}search-bridge.rss?token={own}\n" in shown
    renewed = json.loads(CliRunner().invoke(app, ["searches", "--renew", "--json"]).output)
    (bridge,) = [one for one in renewed if one["id"] == "bridge"]
    assert own not in bridge["addresses"]["rss"]
    assert token(press) == urlsplit(bridge["addresses"]["rss"]).query.removeprefix("token=")

    monkeypatch.setenv("NEVAWIRE_SECRET", "kept elsewhere")
    shown = CliRunner().invoke(app, ["searches"]).output
    assert access.token("kept elsewhere", "search-bridge") in shown
    assert "NEVAWIRE_SECRET" in str(CliRunner().invoke(app, ["searches", "--renew"]).exception)
