"""What it would say of an RSS document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.publish.w3c.html import html_messages
from tests.publish.w3c.values import (
    ATOM,
    LANGUAGE,
    MIME,
    UUID,
    address_of,
    children,
    filled,
    link_of,
    named,
    plain,
    rfc822,
    rfc3339,
)

# Elements and attributes of the formats, as far as we use any.
CHANNEL = frozenset([
    "title", "link", "description", "language", "generator", "docs", "lastBuildDate", "pubDate", "image", "item",
    "category", "copyright", "ttl", "atom:link", "dc:creator", "dc:language",
])  # fmt: skip
ITEM = frozenset([
    "title", "link", "description", "guid", "pubDate", "source", "category", "enclosure", "comments",
    "content:encoded", "atom:link", "dc:creator", "dc:language", "dcterms:created", "media:content",
    "media:thumbnail",
])  # fmt: skip


def rss(root, text: str, address: str) -> Iterator[str]:
    channel = root.find("channel")
    yield from children(channel, CHANNEL)
    names = [named(child) for child in channel]
    if "item" in names and names[names.index("item") :].count("item") != len(names) - names.index("item"):
        yield "MisplacedItem"
    yield from (
        f"MissingElement: {name}" for name in ("title", "link", "description", "language") if not channel.findtext(name)
    )
    if not any(one.get("rel") == "self" for one in channel.findall(f"{{{ATOM}}}link")):
        yield "MissingAtomSelfLink"
    yield from address_of(channel.findtext("link"))
    for name in ("title", "description"):
        yield from plain(text, channel.find(name))
    for dated in channel.iter("pubDate", "lastBuildDate"):
        yield from rfc822(dated.text or "")
    if channel.find("image") is not None:
        yield from _image(channel, channel.find("image"))
    for link in channel.iter(f"{{{ATOM}}}link"):
        yield from link_of(text, link, address)
    guids = [item.findtext("guid") for item in channel.findall("item")]
    yield from (f"DuplicateValue: guid {one}" for one in set(guids) if guids.count(one) > 1)
    for item in channel.findall("item"):
        yield from _item(text, item)


def _image(channel, image) -> Iterator[str]:
    yield from (f"MissingElement: {name} in image" for name in ("url", "title", "link") if not image.findtext(name))
    if image.findtext("title") != channel.findtext("title"):
        yield "ImageTitleDoesntMatch"
    if image.findtext("link") != channel.findtext("link"):
        yield "ImageLinkDoesntMatch"
    if not re.search(r"\.(jpe?g|gif|png)$", image.findtext("url", ""), re.IGNORECASE):
        yield "ImageUrlFormat"
    for name, most in (("width", 144), ("height", 400)):
        if not 0 < int(image.findtext(name, "1")) <= most:
            yield f"Invalid{name.title()}"


def _item(text: str, item) -> Iterator[str]:
    yield from children(item, ITEM)
    names = [named(child) for child in item]
    if "guid" not in names:
        yield "MissingGuid"
    if "content:encoded" in names and names.index("content:encoded") < names.index("description"):
        yield "NeedDescriptionBeforeContent"
    if "author" in names and "dc:creator" in names:
        yield "DuplicateItemSemantics: author"
    for child in item:
        yield from _PARTS.get(named(child), lambda _text, _child: ())(text, child)


def _media(_text: str, media) -> Iterator[str]:
    yield from address_of(media.get("url"))
    for side in ("width", "height"):
        if not re.fullmatch(r"[1-9]\d*", media.get(side, "1")):
            yield f"InvalidPositiveInteger: {media.get(side)}"
    if not MIME.fullmatch(media.get("type", "image/x")) or media.get("medium", "image") != "image":
        yield f"InvalidMIMEAttribute: {media.attrib}"


def _enclosure(_text: str, enclosure) -> Iterator[str]:
    yield from address_of(enclosure.get("url"))
    if not enclosure.get("length", "").isdigit() or not MIME.fullmatch(enclosure.get("type", "")):
        yield f"InvalidIntegerAttribute: {enclosure.attrib}"


def _guid(_text: str, guid) -> Iterator[str]:
    if guid.get("isPermaLink") != "false" or not UUID.fullmatch(guid.text or ""):
        yield f"InvalidHttpGUID: {guid.text}"


def _spoken(_text: str, language) -> Iterator[str]:
    if not LANGUAGE.fullmatch(language.text or ""):
        yield f"InvalidLanguage: {language.text}"


_PARTS = {
    "title": lambda text, one: (*plain(text, one), *filled(one)),
    "category": lambda text, one: (*plain(text, one), *filled(one)),
    "source": lambda text, one: (*plain(text, one), *address_of(one.get("url"))),
    "description": lambda _text, one: (*filled(one), *html_messages(one.text or "")),
    "content:encoded": lambda _text, one: html_messages(one.text or ""),
    "link": lambda _text, one: address_of(one.text),
    "dcterms:created": lambda _text, one: rfc3339(one.text or ""),
    "media:content": _media,
    "enclosure": _enclosure,
    "guid": _guid,
    "dc:language": _spoken,
}
