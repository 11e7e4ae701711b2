"""Whatever a source writes, nothing runs in what we publish, and nothing is asked of others: seen by a real browser."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

import pytest

from pipeline import extract, publish
from pipeline.model import Feed, FetchedPage, Link, Profile, Topic
from pipeline.publish import topics
from tests.publish import newsroom
from tests.publish.browser import chromium, show

pytestmark = pytest.mark.long

OWN = newsroom.cases("payloads.json")
#: Elements of our own page around an entry, which must run as little as the entries themselves.
BARE = "<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body>{}</body></html>"


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def pages_of(payloads: list[str]) -> list[dict]:
    """Articles as the extract stage reads them from pages that say the payload wherever a page can say something."""
    source = next(one for one in newsroom.config().sources if one.id == "bureau")
    readings = []
    for n, payload in enumerate(payloads):
        said = escape(payload)
        body = (
            f'<html lang="ru"><head><title>{said}</title><meta property="og:title" content="{said}">'
            f'<meta name="author" content="{said}"><meta property="og:image" content="https://bureau.example.com/{n}.jpg"></head><body>'
            f"<article><h1>Новость {n} {payload}</h1><p>В городе открыли причал номер {n}, его строили два года. {payload}</p>"
            f'<p>Гости увидели <a href="/news/{n}">{payload}</a> и <b>{payload}</b> с воды, сообщили в порту {n}.</p>'
            f'<figure><img src="/{n}.jpg" alt="{said}" width="640" height="480"><figcaption>{payload}</figcaption></figure>'
            f"<table><tr><td>{payload}</td></tr></table></article></body></html>"
        ).encode(errors="replace")  # fmt: skip
        url = f"https://bureau.example.com/news/{n}"
        page = FetchedPage("bureau", url, url, 200, {}, body, newsroom.NOW, str(n))
        readings += extract.parts(extract.read(page, source, Link(url, payload)))
    done, _ = extract.finish(readings, Profile("bureau"), source)
    found = [one for one in done if hasattr(one, "html")]
    assert len(found) > 0.6 * len(payloads)
    return [fields(one.url, one.title, one.text, one.html, one.authors) for one in found]


def fields(url: str, title: str, text: str, html: str, authors=()) -> dict:
    image = {"url": f"{url}.jpg", "alt": title, "width": 640, "height": 480}
    return {"url": url, "title": title, "text": text, "html": html, "authors": list(authors), "images": [image]}


def raw(payloads: list[str]) -> list[dict]:
    """Articles whose every field is the payload itself: as if extraction had let all of it through."""
    return [
        fields(f"https://bureau.example.com/raw/{n}", payload, f"{payload} {n}", f'<p title="{escape(payload)}">{n} {payload}', [payload])
        for n, payload in enumerate(payloads)
    ]  # fmt: skip


def published(articles: list[dict], *, images: str) -> dict[str, bytes]:
    """The pages and digests that these articles give, and the HTML of the feed's entries as a page of its own."""
    payload = OWN[1]
    config = newsroom.config(bureau={"publish": "full", "images": images, "attribution": payload, "licence": payload})
    topic = Topic("water", {"ru": payload, "en": payload}, ("причал",))
    every = publish.channels(replace(config, topics=(topic,)), {"bureau"})
    feeds = (
        Feed("all", size=200),
        *(Feed(one.name, enabled=False) for one in every if one.name not in ("all", "ru", "topic-water")),
    )
    config = replace(config, topics=(topic,), feeds=feeds)
    stories = [newsroom.story(str(n), {"ru": [article]}, state="linked", match=[0.9, [article["title"]]]) for n, article in enumerate(articles)]  # fmt: skip
    labels = {
        item.id: (topics.topic("water"),) for story in stories for text in story.texts.values() for item in text.items
    }
    past = publish.Past(labels=labels)
    edition = publish.publish(stories, config, newsroom.NOW, past)
    items = json.loads(edition.documents["all.json"])["items"]
    assert len(items) == len(stories)
    assert all("Получено" in item["content_html"] for item in items), "none was shortened"
    found = {name: edition.documents[name] for name in ("all.html", "index.html")}
    found["items.html"] = BARE.format("".join(item["content_html"] for item in items)).encode()
    entries = publish.entries_of(next(one for one in every if one.name == "ru"), stories, config, past)
    digest = publish.Digest("urn:x", "ru-x", payload, "ru", newsroom.NOW, {payload: list(entries.values())})
    made = publish.digest_documents(digest, config.publisher, publish.home(config.publisher))
    return found | {"mail.html": made["digest/ru-x.mail.html"]}


def without_policy(page: bytes) -> bytes:
    """The page without the policy that would hold the browser back: its HTML alone must be harmless."""
    return page.replace(b'http-equiv="Content-Security-Policy"', b'name="x"')


def test_the_payloads_run_where_nothing_holds_them(browser):
    """Otherwise the tests below could not fail."""
    ran, asked = set(), set()
    for payload in OWN[::2]:
        shown = show(browser, "x.html", {"x.html": BARE.format(payload).encode()})
        ran |= {payload} if shown.ran else set()
        asked |= {payload} if any("evil.example" in address for _, address in shown.asked) else set()

    assert len(ran) > 9
    assert len(asked) >= 4


@pytest.mark.parametrize("made", [raw, pages_of], ids=["as they are", "through extraction"])
def test_none_of_our_own_runs(browser, made):
    judge(browser, made(OWN))


@pytest.mark.parametrize("made", [raw, pages_of], ids=["as they are", "through extraction"])
def test_none_of_the_known_ones_runs(browser, shared, made):
    payloads = json.loads((shared / "corpora" / "xss_payloads.json").read_text())["payloads"]
    assert len(payloads) == 390
    judge(browser, made([one["html"] for one in payloads]))


#: The pages' own, beside a page and by its public address.
ICONS = {f"{where}icon.svg" for where in ("http://feeds.test/", publish.home(newsroom.config().publisher))}


def judge(browser, articles: list[dict]) -> None:
    for start in range(0, len(articles), 80):  # so many as one document holds whole
        some = articles[start : start + 80]
        documents = {name: without_policy(page) for name, page in published(some, images="link").items()}
        for name in documents if start == 0 else ("all.html", "items.html", "mail.html"):
            shown = show(browser, name, documents)
            assert shown.ran == [], name
            assert {kind for kind, _ in foreign(shown)} <= {"image"}, name
    documents = {name: without_policy(page) for name, page in published(articles[:80], images="none").items()}
    for name in documents:
        assert foreign(show(browser, name, documents)) == [], name


def foreign(shown) -> list[tuple[str, str]]:
    """Return what was asked for beyond the pages' own icon, which stands beside them."""
    return [(kind, address) for kind, address in shown.asked if address not in ICONS]
