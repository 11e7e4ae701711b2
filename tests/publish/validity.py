"""What the W3C feed validator reports, as far as our documents could meet it: errors and warnings alike.

The validator's own rules stand in w3c.py; here, what the specifications (RSS 2.0 and its profile, RFC 4287,
RFC 5005, Media RSS, JSON Feed 1.1, OPML 2.0) and our own promises ask beyond them.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from lxml import etree

from tests.publish import w3c
from tests.publish.specified import json_faults, opml_faults

__all__ = ["atom_faults", "etree", "html_faults", "json", "json_faults", "opml_faults", "rss_faults", "text_of"]

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "c": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "m": "http://search.yahoo.com/mrss/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
URI = re.compile(r"https?://[0-9A-Za-z.\-\[\]:]+(/[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*)")
UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d [+-]\d\d[03]0"
)
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
LINKS = ("self", "alternate", "hub", "prev-archive", "next-archive", "current", "via", "related")
UNFIT = re.compile("[\x80-\x9f\ufffd]")
TAGS = frozenset(
    [
        "p",
        "div",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "blockquote",
        "a",
        "strong",
        "em",
        "b",
        "i",
        "br",
        "img",
        "figure",
        "figcaption",
        "section",
    ]
)
ATTRIBUTES = frozenset(["href", "rel", "title", "src", "alt", "width", "height", "colspan", "rowspan", "start", "lang"])


class Html(HTMLParser):
    """Reads a fragment and notes what must not be in a feed."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.faults.append(f"element {tag}")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"attribute {name} of {tag}")
            if name in ("href", "src") and not URI.fullmatch(value or ""):
                self.faults.append(f"address {value!r}")
        if tag == "img" and "src" not in dict(attrs):
            self.faults.append("img without src")

    def handle_comment(self, data):
        self.faults.append("comment")

    def handle_data(self, data):
        self.text.append(data)


def html_faults(fragment: str) -> list[str]:
    return Html(fragment).faults


def text_of(fragment: str) -> str:
    return "".join(Html(fragment).text)


def rss_faults(document: bytes, address: str) -> list[str]:
    root = etree.fromstring(document)
    channel = root.find("channel")
    faults = [*w3c.messages(document, address), *_common(document)]
    links = channel.findall("a:link[@rel='self']", NS)
    if [link.get("href") for link in links] != [address]:
        faults.append("self link is not the address")
    faults += [
        f"two {tag} in channel"
        for (tag, _), n in Counter((c.tag, c.get("rel")) for c in channel if c.tag != "item").items()
        if n > 1
    ]
    faults += [f"channel without {tag}" for tag in ("title", "link", "description") if not channel.findtext(tag)]
    faults += _plain(document, channel.findtext("title"), b"title")
    faults += [f"not RFC 822: {e.text}" for e in channel.iter("pubDate", "lastBuildDate") if not _rfc822(e.text)]
    faults += [
        f"language {e.text}"
        for e in channel.iter("language", f"{{{NS['dc']}}}language")
        if not LANGUAGE.fullmatch(e.text)
    ]
    tags = [child.tag for child in channel]
    if "item" in tags and tags[tags.index("item") :] != ["item"] * (len(tags) - tags.index("item")):
        faults.append("metadata after items")
    faults += [f"guid {g.text} stands twice" for g in _repeated(channel.findall("item/guid"))]
    for item in channel.findall("item"):
        faults += _item(document, item)
    if channel.find("managingEditor") is not None or channel.find("webMaster") is not None:
        faults.append("e-mail elements need an address and a name")
    return faults


def _item(document: bytes, item) -> list[str]:
    faults = []
    names = [child.tag for child in item]
    faults += [
        f"two {tag} in item"
        for tag, n in Counter(names).items()
        if n > 1 and not tag.endswith(("link", "content", "category"))
    ]
    faults += [
        f"item without {tag}" for tag in ("title", "link", "guid", "pubDate", "description") if not item.findtext(tag)
    ]
    encoded = f"{{{NS['c']}}}encoded"
    if encoded not in names or names.index("description") > names.index(encoded):
        faults.append("description must stand before content:encoded")
    if item.find("author") is not None:
        faults.append("author beside dc:creator")
    guid = item.find("guid")
    if guid.get("isPermaLink") != "false" or not UUID.fullmatch(guid.text):
        faults.append(f"guid {guid.text}")
    if item.findall("a:link[@rel='alternate']", NS):
        faults.append("an alternate atom:link overrules <link>")
    if len(text_of(item.findtext("description"))) > 300:
        faults.append("description longer than 300 characters")
    for address in [
        item.findtext("link"),
        item.find("source").get("url"),
        *(x.get("href") for x in item.findall("a:link", NS)),
    ]:
        if not URI.fullmatch(address):
            faults.append(f"address {address!r}")
    for media in item.findall("m:content", NS):
        if not URI.fullmatch(media.get("url")) or not MIME.fullmatch(media.get("type", "image/x")):
            faults.append("media:content")
        faults += [f"media {k}" for k in ("width", "height") if not media.get(k, "1").isdigit() or media.get(k) == "0"]
    faults += html_faults(item.findtext("description")) + html_faults(item.findtext(encoded))
    return faults


def atom_faults(document: bytes, address: str) -> list[str]:
    feed = etree.fromstring(document)
    faults = [*w3c.messages(document, address), *_common(document)]
    if [link.get("href") for link in feed.findall("a:link[@rel='self']", NS)] != [address]:
        faults.append("self link is not the address")
    if feed.get(LANG) is None:
        faults.append("feed without xml:lang")
    faults += [f"feed without {tag}" for tag in ("id", "title", "updated") if not feed.findtext(f"a:{tag}", None, NS)]
    for path in ("a:entry/a:id", "a:entry/a:updated"):
        faults += [f"{path} {e.text} stands twice" for e in _repeated(feed.findall(path, NS))]
    for element in feed.iter(*(f"{{{NS['a']}}}{tag}" for tag in ("updated", "published"))):
        if not RFC3339.fullmatch(element.text) or datetime.fromisoformat(element.text).year < 1990:
            faults.append(f"not RFC 3339: {element.text}")
    for link in feed.iter(f"{{{NS['a']}}}link"):
        allowed = LINKS if link.getparent() is feed else ("alternate", "related", "via")
        if not URI.fullmatch(link.get("href")) or link.get("rel") not in allowed:
            faults.append(f"link {link.attrib}")
        if not LANGUAGE.fullmatch(link.get("hreflang", "ru")) or not MIME.fullmatch(link.get("type", "text/html")):
            faults.append(f"link {link.attrib}")
    for entry in feed.findall("a:entry", NS):
        faults += _entry(entry)
    return faults


def _entry(entry) -> list[str]:
    faults = [
        f"entry without {tag}"
        for tag in ("id", "title", "updated", "published", "author/a:name", "summary", "content")
        if not (entry.findtext(f"a:{tag}", None, NS) or "").strip()
    ]
    if not UUID.fullmatch(entry.findtext("a:id", None, NS)):
        faults.append("id")
    faults += [
        f"no xml:lang on {e.tag}"
        for e in (
            entry,
            *entry.findall("a:title", NS),
            *entry.findall("a:summary", NS),
            *entry.findall("a:content", NS),
        )
        if e.get(LANG) is None
    ]
    if len(entry.findall("a:link[@rel='alternate']", NS)) != 1:
        faults.append("not exactly one alternate link")
    combinations = Counter((x.get("rel"), x.get("href"), x.get("hreflang")) for x in entry.findall("a:link", NS))
    faults += [f"link twice: {c}" for c, n in combinations.items() if n > 1]
    faults += [
        f"source without {tag}"
        for tag in ("id", "title", "updated")
        if not entry.findtext(f"a:source/a:{tag}", None, NS)
    ]
    title = entry.find("a:title", NS)
    if title.get("type", "text") == "text" and re.search(r"</\w+>", title.text):
        faults.append("a text title with HTML in it")
    for part in ("summary", "content"):
        element = entry.find(f"a:{part}", NS)
        if element.get("type") != "html":
            faults.append(f"{part} is {element.get('type')}")
        faults += html_faults(element.text)
    return faults


def _common(document: bytes) -> list[str]:
    faults = []
    if not document.startswith(b"<?xml") or document.startswith(b"\xef\xbb\xbf"):
        faults.append("no XML declaration, or a BOM")
    if b"<![CDATA[" in document or b"<!DOCTYPE" in document:
        faults.append("CDATA or DOCTYPE")
    if UNFIT.search(document.decode()):
        faults.append("bad characters")
    return faults


def _plain(document: bytes, text: str, tag: bytes) -> list[str]:
    """The profile wants & and < of plain text as hexadecimal references."""
    inside = b"".join(re.findall(rb"<%s>(.*?)</%s>" % (tag, tag), document, re.DOTALL))
    return ["& or < of a title not hexadecimal"] if b"&amp;" in inside or b"&lt;" in inside else []


def _repeated(elements) -> list:
    seen: set[str] = set()
    return [e for e in elements if e.text in seen or seen.add(e.text)]


def _rfc822(text: str) -> bool:
    if not RFC822.fullmatch(text):
        return False
    at = parsedate_to_datetime(text)
    return at.year >= 1990 and at.strftime("%a") == text[:3]
