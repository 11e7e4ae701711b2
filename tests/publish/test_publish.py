"""The stage as a whole. Golden documents: `python -m tests.publish.test_publish` writes them anew, for review."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from pipeline import publish
from pipeline.publish import gate
from tests.publish import newsroom, validity

CONFIG = newsroom.config()
HOME = CONFIG.publisher.home
MARKS = ("favicon.ico", "icon.png", "icon.svg", "logo.png")
GOLDEN = ("all.rss", "all.atom", "all.json", "all.html", "en.rss", "ru.atom", "feeds.opml", "index.html")


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(edition, name):
    assert edition.documents[name].decode() == (newsroom.DATA / "golden" / name).read_text()


def test_every_feed_in_every_format(edition):
    feeds = (
        "all",
        "ru",
        "en",
        "newsletter-ru",
        "newsletter-en",
        *("all-mt", "en-mt", "newsletter-en-mt"),  # one story of the newsroom has machine text
        "kind-bureau",
        "kind-cluster",
        "kind-venue",
        "source-bureau",
        "source-cluster",
        "source-expo",
    )
    expected = {f"{feed}.{ext}" for feed in feeds for ext in ("rss", "atom", "json", "html")}

    assert set(edition.documents) == expected | {"feeds.opml", "index.html", "404.html", *MARKS}
    assert set(edition.entries) == set(feeds)


def test_every_document_passes_the_gate(edition):
    for name, document in edition.documents.items():
        gate.check(name, document)


def test_json_and_opml_keep_to_their_specifications(edition):
    for name in edition.documents:
        if name.endswith(".json"):
            assert validity.json_faults(edition.documents[name], HOME + name) == []
    assert validity.opml_faults(edition.documents["feeds.opml"]) == []


def test_the_evidence_is_data(edition):
    items = {item["id"]: item for item in json.loads(edition.documents["all.json"])["items"]}
    pair = items[newsroom.urn("story congress")]["_nevawire"]

    assert pair["pair"] == {"probability": 0.97, "reasons": ["same id in both addresses", "3 numbers in common"]}
    assert pair["date"] == {"precision": "day", "evidence": "rule"}
    assert pair["languages"] == ["ru", "en"]


def test_the_same_stories_give_the_same_bytes_in_any_order_and_at_any_hour(edition):
    for seed in range(3):
        stories = newsroom.stories()
        random.Random(seed).shuffle(stories)
        again = publish.publish(stories, CONFIG, newsroom.NOW + timedelta(hours=seed))
        assert again == edition


def test_bytes_do_not_depend_on_the_process(edition, root):
    code = (
        "import sys; from pipeline import publish; from tests.publish import newsroom as n; "
        "d = publish.publish(n.stories(), n.config(), n.NOW).documents; "
        "sys.stdout.buffer.write(b''.join(d[k] for k in sorted(d)))"
    )
    here = b"".join(edition.documents[name] for name in sorted(edition.documents))

    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        )
        assert there.stdout == here


def test_a_held_story_stays_once_it_was_shown(edition):
    held = newsroom.urn("story held")
    assert held not in edition.entries["all"]
    late = publish.publish(newsroom.stories(), CONFIG, newsroom.NOW + timedelta(days=1))
    assert held in late.entries["all"]

    again = publish.publish(newsroom.stories(), CONFIG, newsroom.NOW, publish.Past(shown=late.entries))

    assert again.entries == late.entries
    assert again.documents == late.documents


def test_no_document_is_above_the_limit_and_the_newest_keep_their_bodies():
    body = "<p>" + "Длинное предложение о порте и реке. " * 500 + "</p>"
    stories = [
        newsroom.story(
            str(n),
            {
                "ru": [
                    {
                        "url": f"https://bureau.example.com/{n}",
                        "title": str(n),
                        "text": "Кратко.",
                        "html": body,
                        "published": [f"2026-05-17T10:{n:02}:00Z", "UTC", "minute", "meta"],
                    }
                ]
            },
        )
        for n in range(50)
    ]
    edition = publish.publish(stories, CONFIG, newsroom.NOW)

    assert all(len(document) <= gate.LIMIT for document in edition.documents.values())
    lengths = [len(item["content_html"]) for item in json.loads(edition.documents["all.json"])["items"]]
    assert len(lengths) == 50
    assert lengths[0] > 15_000 > 1000 > lengths[-1]
    assert lengths == sorted(lengths, reverse=True)
    assert max(len(edition.documents[f"all.{ext}"]) for ext in ("rss", "atom")) > 0.9 * gate.LIMIT


def test_a_source_s_wish_narrows_every_document():
    stories = newsroom.stories()
    edition = publish.publish(
        stories, newsroom.config(bureau={"publish": "link"}, cluster={"publish": "link"}), newsroom.NOW
    )

    for name, document in edition.documents.items():
        assert "1200 участников из 14 стран".encode() not in document, name
        assert b"118.jpg" not in document, name


def test_pages_ask_nothing_of_others_and_run_nothing(edition):
    for name, document in edition.documents.items():
        if name.endswith(".html"):
            page = document.decode()
            assert "default-src 'none'" in page
            assert '<meta name="robots" content="noindex">' in page
            assert "desk@example.org" in page
            assert "<script" not in page
            assert not re.search(r"\son\w+=", page)


def test_pages_may_be_indexed_where_the_publisher_says_so():
    config = replace(CONFIG, publisher=replace(CONFIG.publisher, index=True))

    assert b"noindex" not in publish.publish(newsroom.stories(), config, newsroom.NOW).documents["all.html"]


def test_pages_lead_to_every_feed(edition):
    index = edition.documents["index.html"].decode()

    for feed in edition.entries:
        assert f'href="{feed}.html"' in index
        assert f'type="application/atom+xml" hreflang="{"en" if feed == "en" else "ru"}"' in index
        twin = edition.documents[f"{feed}.html"].decode()
        for ext in ("rss", "atom", "json"):
            assert f'href="{HOME}{feed}.{ext}"' in twin


def test_pages_and_feeds_bear_the_mark(edition):
    documents = edition.documents
    for feed in edition.entries:
        assert '<link rel="icon" href="icon.svg" type="image/svg+xml">' in documents[f"{feed}.html"].decode()
        data = json.loads(documents[f"{feed}.json"])
        assert (data["icon"], data["favicon"]) == (f"{HOME}icon.png", f"{HOME}favicon.ico")
        atom = etree.fromstring(documents[f"{feed}.atom"])
        assert atom.findtext("{http://www.w3.org/2005/Atom}icon") == f"{HOME}icon.png"
        assert atom.findtext("{http://www.w3.org/2005/Atom}logo") == f"{HOME}logo.png"
        channel = etree.fromstring(documents[f"{feed}.rss"]).find("channel")
        image = {one.tag: one.text for one in channel.find("image")}
        own = {"title": channel.findtext("title"), "link": channel.findtext("link")}
        assert image == {"url": f"{HOME}logo.png", "width": "144", "height": "72", **own}


def test_the_page_for_what_is_not_there_stands_at_any_address(edition):
    page = edition.documents["404.html"].decode()

    assert re.findall('href="([^"]*)"', page)
    assert all(href.startswith(HOME) for href in re.findall('href="([^"]*)"', page))
    assert "There is no such page" in page
    assert "Такой страницы нет" in page


if __name__ == "__main__":
    made = publish.publish(newsroom.stories(), CONFIG, newsroom.NOW).documents
    for golden in GOLDEN:
        (newsroom.DATA / "golden" / golden).write_bytes(made[golden])
