"""Links of entries are written as text, as lxml would have written them."""

from __future__ import annotations

import random

from lxml import etree

from pipeline.model import EntryLink
from pipeline.publish import links

SIGNS = "abЖ é&<>\"'\t\n\r;#/= \u00a0\u2028\U0001f600%]"


def test_attributes_are_written_as_lxml_writes_them():
    chance = random.Random(20261122)
    for _ in range(3000):
        href, kind, language, title = ("".join(chance.choices(SIGNS, k=chance.randrange(9))) for _ in range(4))
        link = EntryLink("via", href, language, kind, title)
        values = {"href": href, "rel": "via", "type": kind, "hreflang": language}
        values["title"] = "" if links.like_html(title) else title
        element = etree.Element("link", {name: value for name, value in values.items() if value})
        feed = etree.Element("feed")
        feed.append(element)
        assert etree.tostring(feed, encoding="UTF-8").decode() == (f"<feed><link {links.attributes(link)}/></feed>")


def test_what_a_reader_may_take_for_html():
    told = {"a & b": False, "R&D": True, "&#8212;": True, "1 < 2": False, "</b>": True, "<b>": False, "plain": False}
    assert {text: links.like_html(text) for text in told} == told
