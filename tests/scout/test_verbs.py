"""The verbs as an operator meets them: what they show, what they ask, what they write."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, datetime

import pytest

from pipeline.errors import ConfigError
from pipeline.store import open_store


def lines_of(desk):
    return desk.file.read_text("utf-8").splitlines()


# ── add ─────────────────────────────────────────────────────────────────────────────────────
def test_add_shows_what_it_found_and_writes_after_a_yes(desk, sites):
    before = lines_of(desk)
    url = sites.addresses["bureau"] + "/"
    refused = desk.call("add", url, answer="n\n")
    assert refused.exit_code == 0, refused.output
    assert lines_of(desk) == before
    for shown in (
        "robots.txt: found",
        "called news",
        "13 links, ru",
        "Versions of one article",
        "Neva Convention Bureau",
        "(listing)",
    ):
        assert shown in refused.output
    done = desk.call("add", url, "--id", "neva", "--kind", "bureau", answer="y\n")
    assert done.exit_code == 0, done.output
    assert lines_of(desk)[: len(before)] == before
    source = desk.source("neva")
    assert source.enabled
    assert source.kind == "bureau"
    assert [listing.language for listing in source.listings] == ["ru", "en"]


def test_add_says_yes_by_itself_and_says_no_where_nobody_answers(desk, sites):
    url = sites.addresses["cluster-blog"] + "/posts"
    alone = desk.call("add", url)
    assert "--yes writes without asking" in alone.output
    assert len(desk.config.sources) == 1
    assert desk.call("add", url, "--yes").exit_code == 0
    assert desk.config.sources[1].listings[0].next == "rel=next"


def test_add_takes_no_id_twice(desk):
    done = desk.call("add", "http://127.0.0.1:9/", "--id", "old")
    assert isinstance(done.exception, ConfigError)
    assert "old" in str(done.exception)


def test_add_says_where_no_news_is(desk, sites):
    sites.break_site("bureau", how="busy")
    done = desk.call("add", sites.addresses["bureau"] + "/", "--yes")
    assert done.exit_code == 3
    assert "No listing of articles was found" in done.output
    assert len(desk.config.sources) == 1


@pytest.mark.parametrize(
    "words", [("add", "https://192.0.2.7/"), ("probe", "https://192.0.2.7/"), ("probe", "far"), ("check", "--live")]
)
def test_nobody_beyond_this_machine_is_asked_by_nobody(desk, words):
    text = desk.file.read_text("utf-8").replace("nevaport.ru", "example.org")
    far = "  far: {name: {en: Far}, kind: club, listings: [{url: 'https://192.0.2.7/news/'}]}\n"
    desk.file.write_text(text + far, encoding="utf-8")
    done = desk.call(*words)
    assert isinstance(done.exception, ConfigError)
    assert "publisher.home and publisher.contact must be filled in" in str(done.exception)


@pytest.mark.parametrize(
    ("words", "key", "told"),
    [
        (words, key, told)
        for words in (("probe", "far"), ("probe", "https://192.0.2.7/x"), ("check", "--live"), ("doctor", "far"),
                      ("fetch", "https://192.0.2.7/x", "--source", "far"), ("run",))
        for key, told in (("render: browser", "sources.far.render"), ("proxy: NEVAWIRE_NO_PROXY", "sources.far.proxy"))
    ],
)  # fmt: skip
def test_what_a_source_needs_and_is_not_there_is_said_before_anything_is_asked(desk, monkeypatch, words, key, told):
    with desk.file.open("a", encoding="utf-8") as file:
        file.write(f"  far: {{name: {{en: Far}}, kind: a, listings: [{{url: https://192.0.2.7/}}], {key}}}\n")
    with closing(open_store(desk.folder / "store")) as store:
        store.ledger.event("look", "", "", datetime(2026, 11, 20, tzinfo=UTC))  # on a server an empty one is none
    monkeypatch.setattr("pipeline.collect.browser.find", _no_browser)
    done = desk.call(*words)
    assert isinstance(done.exception, ConfigError), done.output
    assert told in str(done.exception)


def _no_browser(_environment):
    raise ConfigError("render: needs a browser; install nevawire[browser]")


# ── check --live ────────────────────────────────────────────────────────────────────────────
def unverified(desk, sites):
    """The sample sites as sources nobody has looked at yet; one of them is down."""
    text = sites.sources_yaml()
    text = re.sub(
        r"(\n  ([a-z-]+):\n    name: .*\n    kind: \w+\n)",
        r"\1    enabled: false\n    reason: nobody has looked\n",
        text,
    )
    text = re.sub(r"(- [{]url: .*[}])", r"\1 # unverified", text)
    desk.file.write_text(text.replace('"/news/"] # the same', '"/news/"] # unverified: the same'), encoding="utf-8")
    sites.break_site("cluster-blog", how="down")


def test_check_live_enables_what_passed(desk, sites):
    unverified(desk, sites)
    assert not any(source.enabled for source in desk.config.sources)
    done = desk.call("check", "--live", "--yes")
    assert done.exit_code == 3, done.output
    enabled = {source.id for source in desk.config.sources if source.enabled}
    assert enabled == {"bureau", "instruments", "science-park"}
    text = desk.file.read_text("utf-8")
    assert text.count("# unverified") == 1  # of the site that is down
    assert '- swap: ["/en/news/", "/news/"] # the same id in both languages' in text
    for shown in ("cluster-blog: failed", "refused", "bureau: passed", "6 links", "the other version: http", ", ru,"):
        assert shown in done.output


def test_check_live_asks_each_listing_and_one_article_once(desk, sites):
    unverified(desk, sites)
    before = desk.file.read_bytes()
    done = desk.call("check", "--live", "--source", "bureau", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)["sources"][0]
    assert (told["source"], told["passed"], told["article"]["language"]) == ("bureau", True, "ru")
    assert told["article"]["published_evidence"] == "rule"
    asked = [request.path for request in sites.requests]
    assert asked[:3] == ["/robots.txt", "/news/", "/en/news/"]
    assert len(asked) == 4
    assert desk.file.read_bytes() == before


def test_check_live_fails_a_source_in_another_language_than_declared(desk, sites):
    unverified(desk, sites)
    text = desk.file.read_text("utf-8").replace("novosti.html, language: ru", "novosti.html, language: en")
    desk.file.write_text(text, encoding="utf-8")
    done = desk.call("check", "--live", "--source", "instruments", "--yes")
    assert done.exit_code == 3
    assert "is in ru, its listing is declared as en" in done.output
    assert not desk.source("instruments").enabled


# ── fetch, opml ─────────────────────────────────────────────────────────────────────────────
def test_fetch_adds_one_article_by_hand(desk, sites):
    desk.file.write_text(sites.sources_yaml(), encoding="utf-8")
    article = next(each for each in sites.articles("bureau") if each.language == "ru")
    done = desk.call("fetch", sites.url(article), "--source", "bureau", "--json")
    assert done.exit_code == 0, done.output
    summary = json.loads(done.output)
    assert (summary["articles"], summary["sources"]["bureau"]["new"]) == (1, 1)
    assert [request.path for request in sites.requests] == ["/robots.txt", f"/news/{article.name}/"]
    assert article.title in (desk.folder / "feeds" / "ru.rss").read_text("utf-8")
    store = open_store(desk.folder / "store")
    (item,) = store.articles.each()
    (due,) = store.collected.recheckable(desk.source("bureau"), item.first_seen)
    store.close()
    assert (item.article.title, item.history, due.link.by) == (article.title, False, "hand")
    again = desk.call("fetch", sites.url(article), "--source", "bureau")
    assert again.exit_code == 0
    assert "0 new" in again.output


def test_fetch_says_what_did_not_come(desk, sites):
    desk.file.write_text(sites.sources_yaml(), encoding="utf-8")
    done = desk.call("fetch", sites.addresses["bureau"] + "/news/999999/", "--source", "bureau")
    assert done.exit_code == 3
    unknown = desk.call("fetch", sites.addresses["bureau"], "--source", "nobody")
    assert isinstance(unknown.exception, ConfigError)


OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>x</title></head><body><outline text="Кластеры">
<outline type="rss" text="Парк: новости" xmlUrl="{base}/rss.php?lang=l1" language="ru"/>
<outline type="rss" text="Park: News" xmlUrl="{base}/rss.php?lang=l2" language="en"/>
<outline type="rss" text="Чужой" xmlUrl="javascript:alert(1)"/>
<outline type="rss" text="Далеко" xmlUrl="https://далеко.рф/rss"/>
</outline></body></opml>
"""


def test_opml_becomes_sources_that_check_live_enables(desk, sites):
    file = desk.folder / "feeds.opml"
    file.write_text(OPML.format(base=sites.addresses["science-park"]), encoding="utf-8")
    done = desk.call("opml", str(file), "--yes")
    assert done.exit_code == 0, done.output
    assert sites.requests == []
    _, park, far = desk.config.sources
    assert [(each.kind, each.language) for each in park.listings] == [("feed", "ru"), ("feed", "en")]
    assert dict(park.name) == {"ru": "Парк: новости", "en": "Park: News"}
    assert (park.enabled, far.listings[0].url) == (False, "https://xn--80aheudu.xn--p1ai/rss")
    assert desk.call("check", "--live", "--source", park.id, "--yes").exit_code == 0
    assert desk.source(park.id).enabled
    assert "no feed in it that is not there already" in desk.call("opml", str(file), "--yes").output


@pytest.mark.parametrize("text", ["", "<html></html>", '<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;', "not xml"])
def test_what_is_no_opml_is_told(desk, text):
    file = desk.folder / "feeds.opml"
    file.write_text(text, encoding="utf-8")
    done = desk.call("opml", str(file), "--yes")
    assert isinstance(done.exception, ConfigError)
    assert str(file) in str(done.exception)


# ── probe ───────────────────────────────────────────────────────────────────────────────────
def test_probe_shows_what_a_pass_would_take_and_stores_nothing(desk, sites):
    desk.file.write_text(sites.sources_yaml(), encoding="utf-8")
    preview = desk.folder / "preview.html"
    done = desk.call("probe", "bureau", "--html", str(preview))
    assert done.exit_code == 0, done.output
    for shown in (
        "the selector a.event-image",
        "the group /en/news/#",
        "(rule)",
        "nothing stored",
        "robots.txt: found",
    ):
        assert shown in done.output
    assert list(desk.at_work(everything)) == []
    page = preview.read_text("utf-8")
    assert page.count('<iframe sandbox=""') == 6
    assert "<script" not in page
    assert "default-src 'none'" in page


async def everything(room):
    return [item.id for item in room.store.articles.each()]


def test_probe_reads_any_address_by_the_rules_of_its_host(desk, sites):
    desk.file.write_text(sites.sources_yaml(), encoding="utf-8")
    article = next(each for each in sites.articles("bureau") if each.language == "ru")
    told = json.loads(desk.call("probe", sites.url(article), "--json").output)
    assert [each["title"] for each in told["articles"]] == [article.title]
    assert told["articles"][0]["published_evidence"] == "rule"
    assert told["requests"] == 1
    unknown = desk.call("probe", "nobody")
    assert isinstance(unknown.exception, ConfigError)
    assert "bureau" in str(unknown.exception)


def test_probe_fails_where_a_listing_shows_nothing(desk, sites):
    text = sites.sources_yaml().replace("a.event-image", "a.not-there")
    desk.file.write_text(text, encoding="utf-8")
    done = desk.call("probe", "bureau")
    assert done.exit_code == 3
    assert "no-links" in done.output
