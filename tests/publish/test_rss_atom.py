from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.model import FeedEntry
from pipeline.publish import clean, entries, rss_atom
from pipeline.publish.channels import addresses, select
from pipeline.publish.roster import channels
from tests.publish import newsroom, validity

CONFIG = newsroom.config()
CHANNELS = channels(CONFIG)
LINKS = addresses(CHANNELS[0], CONFIG.publisher)
FAULTS = {"rss": validity.rss_faults, "atom": validity.atom_faults}


def render(rows: list[FeedEntry], channel=CHANNELS[0]):
    return rss_atom.render(channel, rows, CONFIG.publisher, addresses(channel, CONFIG.publisher))


def rows(channel):
    chosen = select(channel, newsroom.stories(), newsroom.NOW, CONFIG.publish)
    return [entries.entry(story, channel, CONFIG) for story in chosen]


def row(**fields) -> FeedEntry:
    return replace(rows(CHANNELS[0])[0], **fields)


@pytest.mark.parametrize("ext", ["rss", "atom"])
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_a_validator_finds_no_fault(channel, ext):
    address = addresses(channel, CONFIG.publisher)[ext]

    assert FAULTS[ext](render(rows(channel), channel)[ext], address) == []


@pytest.mark.parametrize("ext", ["rss", "atom"])
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_feedparser_reads_back_what_was_meant(channel, ext):
    meant = rows(channel)
    assert meant or channel.newsletter  # nothing was offered yet
    feed = feedparser.parse(render(meant, channel)[ext])

    assert not feed.bozo
    assert feed.feed.language == channel.languages[0]
    assert feed.feed.link == addresses(channel, CONFIG.publisher)["html"]
    for found, entry in zip(feed.entries, meant, strict=True):
        title = unescape(found.title) if found.title_detail.type == "text/html" and ext == "atom" else found.title
        assert (found.id, title, found.author) == (entry.id, entry.title, entry.author)
        assert found.link == entry.links[0].href
        assert [(x.rel, x.href) for x in found.links] == [(x.rel, x.href) for x in entry.links]
        assert [x.hreflang for x in found.links[1:]] == [x.hreflang for x in entry.links[1:]]
        assert found.published_parsed[:6] == entry.published.utctimetuple()[:6]
        assert unescape(found.summary) == entry.summary
        assert found.source.title == entry.source_title
        if ext == "atom":
            assert found.updated_parsed[:6] == entry.updated.utctimetuple()[:6]
            assert found.content[0].language == found.title_detail.language == entry.language
        else:
            assert found.language == entry.language
            assert found.guidislink is False


@pytest.mark.parametrize("ext", ["rss", "atom"])
def test_no_clock_is_read(ext):
    assert render(rows(CHANNELS[0])) == render(rows(CHANNELS[0]))
    updated = etree.fromstring(render(rows(CHANNELS[0]))[ext]).xpath(
        "//*[local-name()='updated' or name()='lastBuildDate']"
    )[0]
    assert updated.text.startswith(("2026-05-19T10:00:00", "Tue, 19 May 2026 10:00:00"))


@pytest.mark.parametrize("ext", ["rss", "atom"])
def test_an_empty_feed_is_valid(ext):
    document = render([])[ext]

    assert FAULTS[ext](document, LINKS[ext]) == []
    assert feedparser.parse(document).feed.updated_parsed[0] == 2000


def test_a_day_reads_as_that_day():
    entry = next(entry for entry in rows(CHANNELS[0]) if entry.precision == "day" and len(entry.languages) == 2)
    documents = render([entry])

    assert b"<pubDate>Mon, 18 May 2026 00:00:00 +0300</pubDate>" in documents["rss"]
    assert b"<published>2026-05-18T00:00:00+03:00</published>" in documents["atom"]


@pytest.mark.parametrize("ext", ["rss", "atom"])
def test_a_document_is_written_as_if_it_were_one_tree(ext):
    some = [*rows(CHANNELS[0]), row(id=newsroom.urn("x"), created=newsroom.NOW, title="Порт\n<updated/> & больше")]
    document = render(some)[ext]
    tree = etree.fromstring(document, etree.XMLParser(remove_blank_text=True))
    whole = etree.tostring(tree, pretty_print=True, encoding="UTF-8", xml_declaration=True)

    assert document.replace(b"&#x3C;", b"&lt;").replace(b"&#x26;", b"&amp;") == whole
    assert tree.nsmap["dcterms"]
    assert document.count(b"xmlns") == document[: document.index(b">", 60)].count(b"xmlns")


def test_equal_updates_are_told_apart_below_the_second_and_keep_apart():
    some = [row(id=newsroom.urn(str(n)), updated=newsroom.NOW) for n in range(40)]
    both, half = (dict(_updates(render(part)["atom"])) for part in (some, some[::2]))

    assert len(set(both.values())) == 40
    assert all(value.startswith("2026-05-20T09:00:00.") for value in both.values())
    assert half.items() <= both.items()


def _updates(document):
    for entry in etree.fromstring(document).iterfind("a:entry", validity.NS):
        yield entry.findtext("a:id", None, validity.NS), entry.findtext("a:updated", None, validity.NS)


def test_pictures_stand_outside_groups_and_without_invented_lengths():
    document = render([entry for entry in rows(CHANNELS[0]) if entry.images])["rss"]

    assert (
        b'<media:content url="https://bureau.example.com/i/118.jpg" medium="image" type="image/jpeg" width="800" height="450"/>'
        in document
    )
    assert b"media:group" not in document
    assert b"<enclosure" not in document


def test_categories_stand_in_both():
    for document in render([row(categories=("Вода & свет",))]).values():
        assert [tag.term for tag in feedparser.parse(document).entries[0].tags] == ["Вода & свет"]


def test_plain_text_is_written_so_that_no_reader_takes_it_for_html():
    documents = render([row(title="5 < 6 & <b>7</b>", summary="<img src=x onerror=alert(1)>")])

    assert b"<title>5 &#x3C; 6 &#x26; &#x3C;b&gt;7&#x3C;/b&gt;</title>" in documents["rss"]
    assert b"<description>&amp;lt;img src=x" in documents["rss"]
    assert b'type="html">5 &amp;lt; 6 &amp;amp; &amp;lt;b&amp;gt;7' in documents["atom"]


TEXT = st.text(min_size=1).map(clean.text).filter(bool)


@settings(max_examples=60)
@given(title=TEXT, summary=TEXT, author=TEXT, name=TEXT)
def test_any_text_comes_back_the_same(title, summary, author, name):
    documents = render([row(title=title, summary=summary, author=author, source_title=name, content=f"<p>{name}</p>")])

    item = etree.fromstring(documents["rss"]).find("channel/item")
    assert item.findtext("title") == title
    assert unescape(item.findtext("description")) == summary
    assert item.findtext("dc:creator", None, validity.NS) == author
    assert item.findtext("source") == name
    entry = etree.fromstring(documents["atom"]).find("a:entry", validity.NS)
    element = entry.find("a:title", validity.NS)
    assert (unescape(element.text) if element.get("type") == "html" else element.text) == title
    assert unescape(entry.findtext("a:summary", None, validity.NS)) == summary
    assert entry.findtext("a:author/a:name", None, validity.NS) == author
    assert entry.findtext("a:source/a:title", None, validity.NS) == name


@settings(max_examples=60)
@given(title=st.text(), text=st.text(), author=st.text(), html=st.text(), query=st.text())
def test_whatever_a_source_says_the_feed_is_valid(title, text, author, html, query):
    url = clean.web_address("https://bureau.example.com/?" + query)
    article = {
        "url": url,
        "title": title,
        "text": text,
        "html": html,
        "authors": [author],
        "images": [{"url": url, "alt": title}],
    }
    entry = entries.entry(newsroom.story("a", {"ru": [article]}), CHANNELS[0], CONFIG)

    for ext, document in render([entry]).items():
        assert FAULTS[ext](document, LINKS[ext]) == []


def test_known_payloads_in_every_field_do_not_run(shared):
    payloads = json.loads((shared / "corpora" / "xss_payloads.json").read_text())["payloads"]
    for start in range(0, len(payloads), 40):
        stories = [
            newsroom.story(
                str(n),
                {
                    "ru": [
                        {
                            "url": f"https://bureau.example.com/{n}",
                            "authors": [p["html"]],
                            "title": p["html"],
                            "text": p["html"],
                            "html": p["html"],
                        }
                    ]
                },
            )
            for n, p in enumerate(payloads[start : start + 40])
        ]
        rendered = render([entries.entry(story, CHANNELS[0], CONFIG) for story in stories])
        assert FAULTS["rss"](rendered["rss"], LINKS["rss"]) == []
        # The validator's remaining doubt, titles that hold markup as text, is answered by type="html".
        assert FAULTS["atom"](rendered["atom"], LINKS["atom"]) == []
