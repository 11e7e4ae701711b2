"""Entries as text: what feedgen and lxml would write of them, to the byte."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import feedgen.entry
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.publish import entries, links, printed
from pipeline.publish.roster import channels
from tests.publish import newsroom

CONFIG = newsroom.config()
ENTRY = entries.entry(newsroom.stories()[0], channels(CONFIG)[0], CONFIG)
WORDS = st.text(st.sampled_from("aж&<>\"'\t\n\r #;/x=𝒳\u0338\u2028"), min_size=1, max_size=30).map(
    lambda text: f"a{text}"
)


@settings(max_examples=200, deadline=None)
@given(WORDS.filter(lambda text: not links.like_html(text)), WORDS, WORDS, WORDS)
def test_an_entry_says_what_feedgen_writes(title, summary, content, author):
    entry = replace(ENTRY, title=title, summary=summary, content=content, author=author, categories=(title, author))
    row = feedgen.entry.FeedEntry()
    row.id(entry.id)
    row.title(entry.title)
    row.author({"name": entry.author})
    row.published(entry.published)
    row.updated(entry.updated)
    row.link(href=entry.links[0].href, rel="alternate")
    row.content(entry.content, type="html")
    row.summary(escape(entry.summary, quote=False), type="html")
    for one in entry.categories:
        row.category(term=one)

    for meant, found in (
        (row.atom_entry(), b"<updated/>".join(printed.atom(entry))),
        (row.rss_entry(), printed.rss(entry)),
    ):
        ours, theirs = said(parsed(found)), said(meant)
        assert {name: ours.get(name) for name in theirs} == theirs


def test_what_is_written_is_what_lxml_would_write():
    entry = replace(ENTRY, title="a > b", author="c", categories=("d e",), content="<p>&nbsp;\r\n</p>")

    for found in (b"<updated/>".join(printed.atom(entry)), printed.rss(entry)):
        whole = parsed(found).getparent()
        assert etree.tostring(whole, encoding="UTF-8").rpartition(b"</x>")[0] == START + found


START = (
    b'<x xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/"'
    b' xmlns:media="http://search.yahoo.com/mrss/">'
)


def parsed(entry: bytes):
    return etree.fromstring(START + entry + b"</x>")[0]


def said(element):
    """Return what an element's parts say, by name; without links, and dates that documents differ in."""
    parts = [one for one in element.iter() if one.tag != "updated" and "link" not in one.tag and not len(one)]
    of_entry = [one for one in parts if one.getparent().tag != "source"]
    return {
        name: [(one.text, one.get("type"), one.get("term")) for one in of_entry if one.tag == name]
        for name in {one.tag for one in of_entry}
    }
