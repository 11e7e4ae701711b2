"""Any text in any field comes back the same from every format, once the illegal, the invisible and NFC are seen to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from pipeline import publish
from pipeline.model import Feed, Topic
from pipeline.publish import clean, json_feed, topics
from tests.publish import newsroom, validity

#: What people write, and what breaks formats.
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["<b>", "</b>", "&amp;", "&", "<", ">", '"', "'", "]]>", "<!--", "\\", "`", "*", "_", "{{", "}}", "%7B", "\u0338", "é",
                         "e\u0301", "\u200f", "🚢", "\x00", "\x85", "\ud800", "\ufffe", "\r\n", "\u2028", "\t", "слово ", "&#x41;", "|", "#"]),
        max_size=12,
    ).map("".join),
)  # fmt: skip


def shown(value: str) -> str:
    """What may be shown of a text: `clean.text`, which is idempotent."""
    assert clean.text(clean.text(value)) == clean.text(value)
    return clean.text(value)


def make(title: str, text: str, author: str, topic: str, source: str, caption: str):
    config = newsroom.config(bureau={"publish": "full", "images": "link"})
    named = {"ru": source, "en": source}
    sources = tuple(replace(one, name=named) if one.id == "bureau" else one for one in config.sources)
    config = replace(
        config,
        sources=sources,
        topics=(Topic("t", {"ru": topic, "en": topic}),),
        feeds=(Feed("own", title={"ru": source or "x"}),),
    )
    picture = {"url": "https://bureau.example.com/i.png", "alt": caption, "width": 10, "height": 10}
    article = {
        "url": "https://bureau.example.com/1",
        "title": title,
        "text": text,
        "html": "",
        "authors": [author],
        "images": [picture],
    }
    story = newsroom.story("one", {"ru": [article]})
    labels = {item.id: (topics.topic("t"),) for side in story.texts.values() for item in side.items}
    past = publish.Past(labels=labels)
    every = publish.channels(config, {"bureau"})
    (entry,) = publish.entries_of(every[0], [story], config, past).values()
    return config, story, past, entry


@settings(max_examples=40)
@given(title=TEXT, text=TEXT, author=TEXT, topic=TEXT, source=TEXT, caption=TEXT)
def test_every_format_gives_back_what_was_said(title, text, author, topic, source, caption):
    config, story, past, entry = make(title, text, author, topic, source, caption)
    if shown(title):
        assert entry.title == shown(title)
    if shown(author):
        assert entry.author == shown(author)
    expected = {
        "title": entry.title, "author": entry.author, "categories": list(entry.categories), "source": entry.source_title,
        "summary": entry.summary,
    }  # fmt: skip
    documents = publish.publish([story], config, newsroom.NOW, past).documents

    assert from_rss(documents["all.rss"]) == expected
    assert from_atom(documents["all.atom"]) == expected
    assert from_json(json.loads(documents["all.json"])["items"][0]) == expected
    line = json_feed.line(entry)
    assert from_json(json.loads(line)) == expected
    # Subscribers have what Python's own writer made: another one must not make every document new.
    assert line.decode() == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")) + "\n"
    assert body_of(documents) == {" ".join(validity.text_of(entry.content).split())}
    page = lxml_html.document_fromstring(documents["all.html"].decode())
    assert page.xpath("string(//article/h2)") == entry.title
    assert page.xpath("string(//p[@class='meta'])").endswith(f" · {entry.source_title}")
    if caption and shown(caption):
        assert page.xpath("//article//img/@alt") == [shown(caption)]
    outlines = {one.get("xmlUrl"): one.get("text") for one in etree.fromstring(documents["feeds.opml"]).iter("outline")}
    own = next(one for one in publish.channels(config, {"bureau"}) if one.name == "own")
    assert outlines[f"{config.publisher.home}own.rss"] == own.title


def body_of(documents) -> set[str]:
    """What a body says, in each format that carries it: the same."""
    rss = etree.fromstring(documents["all.rss"]).findtext("channel/item/c:encoded", None, validity.NS)
    atom = etree.fromstring(documents["all.atom"]).findtext("a:entry/a:content", None, validity.NS)
    item = json.loads(documents["all.json"])["items"][0]["content_html"]
    assert rss == atom == item
    page = lxml_html.document_fromstring(documents["all.html"].decode()).xpath("string(//div[@class='body'])")
    assert "".join(page.split()) == "".join(validity.text_of(item).split())
    assert feedparser.parse(documents["all.atom"]).entries[0].id
    return {" ".join(validity.text_of(one).split()) for one in (rss, atom, item)}


def from_rss(document: bytes) -> dict:
    item = etree.fromstring(document).find("channel/item")
    return {
        "title": item.findtext("title"), "author": item.findtext("dc:creator", None, validity.NS),
        "categories": [one.text for one in item.findall("category")], "source": item.findtext("source"),
        "summary": unescape(item.findtext("description")),
    }  # fmt: skip


def from_atom(document: bytes) -> dict:
    entry = etree.fromstring(document).find("a:entry", validity.NS)
    title = entry.find("a:title", validity.NS)
    return {
        "title": unescape(title.text) if title.get("type") == "html" else title.text,
        "author": entry.findtext("a:author/a:name", None, validity.NS),
        "categories": [one.get("term") for one in entry.findall("a:category", validity.NS)],
        "source": entry.findtext("a:source/a:title", None, validity.NS),
        "summary": unescape(entry.findtext("a:summary", None, validity.NS)),
    }  # fmt: skip


def from_json(item: dict) -> dict:
    return {
        "title": item["title"], "author": item["authors"][0]["name"], "categories": item.get("tags", []),
        "source": item["_nevawire"]["source"]["title"], "summary": item["summary"],
    }  # fmt: skip


@settings(max_examples=25)
@given(title=TEXT, text=TEXT, topic=TEXT, source=TEXT)
def test_a_digest_says_the_same_in_every_form(title, text, topic, source):
    config, _, _, entry = make(title, text, "", topic, source, "")
    digest = publish.Digest("urn:x", "ru-x", "Дайджест", "ru", newsroom.NOW, publish.arranged([entry]))
    made = publish.digest_documents(digest, config.publisher, publish.home(config.publisher))

    page = lxml_html.document_fromstring(made["digest/ru-x.html"].decode())
    assert bare(page.xpath("string(//h3)")) == bare(entry.title)
    assert bare(entry.title) in {bare(line) for line in made["digest/ru-x.txt"].decode().split("\n")}
    heading = re.search(r"^### \[(.*)\]\(https://bureau", made["digest/ru-x.md"].decode(), re.MULTILINE)
    assert bare(re.sub(r"\\(.)", r"\1", heading[1])) == bare(entry.title)
    campaign = json.loads(made["digest/ru-x.campaign.json"])
    assert bare(lxml_html.document_fromstring(campaign["body"]).xpath("string(//h3)")) == bare(entry.title)


def bare(text: str) -> str:
    """A title without what keeps a sender from taking a part of it for a tag of its own."""
    return re.sub(r"[\s\u200b]", "", text)
