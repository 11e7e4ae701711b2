"""What JSON Feed 1.1 (jsonfeed.org/version/1.1) and OPML 2.0 (opml.org/spec2.opml) ask of a document, each rule a check."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from tests.publish import w3c

URL = re.compile(r"https?://[0-9A-Za-z.\-\[\]:]+(/[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*)?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
VERSION = "https://jsonfeed.org/version/1.1"
#: Key → type of its value; top level, then items, authors, attachments, hubs. `author` went with version 1.0.
FEED = {
    "version": str, "title": str, "home_page_url": "url", "feed_url": "url", "description": str, "user_comment": str,
    "next_url": "url", "icon": "url", "favicon": "url", "authors": list, "language": "language", "expired": bool,
    "hubs": list, "items": list,
}  # fmt: skip
ITEM = {
    "id": str, "url": "url", "external_url": "url", "title": str, "content_html": str, "content_text": str,
    "summary": str, "image": "url", "banner_image": "url", "date_published": "date", "date_modified": "date",
    "authors": list, "tags": list, "language": "language", "attachments": list,
}  # fmt: skip
AUTHOR = {"name": str, "url": "url", "avatar": "url"}
ATTACHMENT = {"url": "url", "mime_type": str, "title": str, "size_in_bytes": int, "duration_in_seconds": int}
HUB = {"type": str, "url": "url"}


def json_faults(document: bytes, address: str) -> list[str]:
    """Return what breaks the specification, or our promise that texts are safe HTML and the address is right."""
    feed = json.loads(document, object_pairs_hook=_once)
    faults = [*_object("feed", feed, FEED, ("version", "title", "items"))]
    faults += [] if feed.get("version") == VERSION else [f"version {feed.get('version')!r}"]
    faults += [] if feed.get("feed_url") == address else [f"feed_url {feed.get('feed_url')!r}"]
    faults += [] if not document.startswith(b"\xef\xbb\xbf") else ["byte order mark"]
    for hub in feed.get("hubs", ()):
        faults += _object("hub", hub, HUB, ("type", "url"))
    ids = [item.get("id") for item in feed["items"]]
    faults += [f"id {one!r} stands twice" for one in set(ids) if ids.count(one) > 1]
    if feed.get("next_url") == address:
        faults.append("next_url leads nowhere")
    for item in (feed, *feed["items"]):
        faults += [fault for one in item.get("authors", ()) for fault in _author(one)]
    for item in feed["items"]:
        faults += _item(item)
    return faults


def _item(item: dict) -> list[str]:
    where = f"item {item.get('id')!r}"
    faults = _object(where, item, ITEM, ("id",))
    if not item.get("content_html") and not item.get("content_text"):
        faults.append(f"{where} has neither content_html nor content_text")
    faults += [f"{where}: tag {tag!r}" for tag in item.get("tags", ()) if not isinstance(tag, str) or not tag]
    for one in item.get("attachments", ()):
        faults += _object(f"attachment of {where}", one, ATTACHMENT, ("url", "mime_type"))
    return faults + w3c.html_messages(item.get("content_html", ""))


def _author(author: dict) -> list[str]:
    return [
        *_object("author", author, AUTHOR, ()),
        *([] if set(author) & set(AUTHOR) else ["an author without anything"]),
    ]


def _object(where: str, found: object, known: dict, needed: tuple[str, ...]) -> list[str]:
    if not isinstance(found, dict):
        return [f"{where} is no object"]
    faults = [f"{where} has no {key}" for key in needed if found.get(key) in (None, "")]
    for key, value in found.items():
        if key.startswith("_"):  # an extension: an object, whose name begins with a letter after the line
            if not re.match(r"_[A-Za-z]", key) or not isinstance(value, dict):
                faults.append(f"{where}: extension {key}")
        elif key not in known:
            faults.append(f"{where}: unknown key {key}")
        elif not _fits(value, known[key]):
            faults.append(f"{where}: {key} is {value!r}")
    return faults


def _fits(value: object, kind: object) -> bool:
    if isinstance(kind, type):
        return isinstance(value, kind)
    if not isinstance(value, str):
        return False
    if kind == "date":
        return w3c.RFC3339.fullmatch(value) is not None and datetime.fromisoformat(value).year >= 1990
    return (URL if kind == "url" else LANGUAGE).fullmatch(value) is not None


def _once(pairs: list[tuple[str, object]]) -> dict:
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key stands twice: {keys}"
    return dict(pairs)


HEAD = frozenset(["title", "dateCreated", "dateModified", "ownerName", "ownerEmail", "ownerId", "docs"])
OUTLINE = frozenset(
    [
        "text",
        "type",
        "isComment",
        "isBreakpoint",
        "created",
        "category",
        "xmlUrl",
        "description",
        "htmlUrl",
        "language",
        "title",
        "version",
        "url",
    ]
)


def opml_faults(document: bytes) -> list[str]:
    """Return what breaks the specification of subscription lists, or our promise that each names its feed whole."""
    root = etree.fromstring(document)
    faults = [] if root.tag == "opml" and root.get("version") == "2.0" else ["not OPML 2.0"]
    if not document.startswith(b"<?xml") or document.startswith(b"\xef\xbb\xbf"):
        faults.append("no XML declaration, or a byte order mark")
    if [child.tag for child in root] != ["head", "body"] or not root.findall("body/outline"):
        return [*faults, "head and body with outlines expected"]
    faults += [f"head: {child.tag}" for child in root[0] if child.tag not in HEAD or len(child)]
    faults += [
        f"head: {child.tag} {child.text!r}"
        for child in root[0]
        if "date" in child.tag and not parsedate_to_datetime(child.text)
    ]
    faults += [] if root[0].findtext("title") else ["head has no title"]
    addresses = [one.get("xmlUrl") for one in root[1].iter("outline")]
    faults += [f"{one} stands twice" for one in set(addresses) if addresses.count(one) > 1]
    for outline in root[1].iter():
        if outline is not root[1]:
            faults += _outline(outline)
    return faults


def _outline(outline) -> list[str]:
    faults = [f"<{outline.tag}>"] if outline.tag != "outline" else []
    faults += [f"outline: unknown attribute {name}" for name in set(outline.attrib) - OUTLINE]
    faults += [f"outline without {name}" for name in ("type", "text", "title", "xmlUrl") if not outline.get(name)]
    faults += [
        f"outline: {name}" for name in ("xmlUrl", "htmlUrl") if not URL.fullmatch(outline.get(name, "https://x/"))
    ]
    if outline.get("type") != "rss" or outline.get("version", "RSS2") not in ("RSS", "RSS1", "RSS2", "scriptingNews"):
        faults.append(f"outline: {outline.attrib}")
    if not LANGUAGE.fullmatch(outline.get("language", "ru")):
        faults.append(f"outline: language {outline.get('language')}")
    # Slash-delimited categories, comma-separated; one that begins with no slash is a tag.
    if not re.fullmatch(r"/?[^,/]+(/[^,/]+)*(,/?[^,/]+(/[^,/]+)*)*", outline.get("category", "/x")):
        faults.append(f"outline: category {outline.get('category')}")
    return faults
