"""The list of all feeds as OPML 2.0, for readers that take many subscriptions at once."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from pipeline.model import LANGUAGES, Publisher
from pipeline.publish import words
from pipeline.publish.channels import Channel, addresses


def render(channels: Iterable[Channel], publisher: Publisher) -> bytes:
    """Return the document: one outline a feed, with its language and category."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    names = [words.name_of(publisher.title, language, "Nevawire") for language in LANGUAGES]
    etree.SubElement(head, "title").text = " / ".join(dict.fromkeys(names))
    body = etree.SubElement(root, "body")
    for channel in channels:
        where = addresses(channel, publisher)
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=channel.title,
            title=channel.title,
            xmlUrl=where["rss"],
            htmlUrl=where["html"],
            version="RSS2",
            language=channel.languages[0],
            category=_category(channel),
        )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _category(channel: Channel) -> str:
    """Return where the feed belongs, as OPML writes it: "/kind/cluster"."""
    if channel.kind is not None:
        return f"/kind/{channel.kind}"
    if channel.topic is not None:
        return f"/topic/{channel.topic}"
    if channel.newsletter:
        return f"/newsletter/{channel.language}"
    if channel.source is not None:
        return f"/source/{channel.source}"
    return f"/language/{channel.language or '+'.join(channel.title_order)}"
