"""An entry as it stands in any RSS or Atom document, written as text.

What goes around the entries is feedgen's to write, a few elements a document. An element for each value of each entry took
six times as long as its text; the bytes are those that feedgen and lxml write.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape

from pipeline.model import FeedEntry, Image
from pipeline.publish import clean, links
from pipeline.publish.once import once

_IMAGE_TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "svg": "image/svg+xml",
}  # fmt: skip


@once
def atom(entry: FeedEntry) -> tuple[bytes, bytes]:
    """Return an entry as it stands in Atom: what comes before its `updated`, which documents differ in, and what after."""
    own = links.attribute(entry.language)
    title = f">{plain(entry.title)}"
    if links.like_html(entry.title):
        title = f' type="html">{_text(escape(entry.title, quote=False))}'
    before = (
        f'  <entry xml:lang="{own}">\n    <id>{_text(entry.id)}</id>\n    <title xml:lang="{own}"{title}</title>\n    '
    )
    body, summary = _bodies(entry)
    pages = "".join(f"    <link {attributes}/>\n" for _, attributes in links.written(entry))
    topics = "".join(f'    <category term="{links.attribute(one)}"/>\n' for one in entry.categories)
    home = entry.source_url
    after = (
        f"\n    <author>\n      <name>{plain(entry.author)}</name>\n    </author>\n"
        f'    <content type="html" xml:lang="{own}">{body}</content>\n{pages}'
        f'    <summary type="html" xml:lang="{own}">{summary}</summary>\n{topics}'
        f"    <published>{entry.published.isoformat()}</published>\n"
        f"    <source>\n      <id>{_text(clean.canonical(home))}</id>\n      <title>{plain(entry.source_title)}</title>\n"
        f"      <updated>{entry.updated.isoformat()}</updated>\n"
        f'      <link href="{links.attribute(home)}" rel="alternate" type="text/html"/>\n    </source>\n'
        f"{_created('    ', entry.created)}  </entry>\n"
    )
    return before.encode(), after.encode()


@once
def rss(entry: FeedEntry) -> bytes:
    """Return an entry as it stands in RSS, with what feedgen lacks: people, language, source, pictures, other pages."""
    body, summary = _bodies(entry)
    topics = "".join(f"      <category>{plain(one)}</category>\n" for one in entry.categories)
    language = entry.language.partition("-t-")[0]
    # RSS readers know ISO 639-1 and nothing else.
    spoken = f"      <dc:language>{_text(language)}</dc:language>\n" if len(language) == 2 else ""
    # An alternate one would overrule <link> in many readers.
    others = (attributes for rel, attributes in links.written(entry) if rel != "alternate")
    pages = "".join(f"      <atom:link {attributes}/>\n" for attributes in others)
    item = (
        f"    <item>\n      <title>{plain(entry.title)}</title>\n      <link>{_text(_alternate(entry))}</link>\n"
        f"      <description>{summary}</description>\n      <content:encoded>{body}</content:encoded>\n"
        f'      <guid isPermaLink="false">{_text(entry.id)}</guid>\n{topics}'
        f"      <pubDate>{format_datetime(entry.published)}</pubDate>\n"
        f'      <source url="{links.attribute(entry.source_url)}">{plain(entry.source_title)}</source>\n'
        f"      <dc:creator>{_text(entry.author)}</dc:creator>\n{spoken}{pages}"
        f"{_created('      ', entry.created)}{''.join(map(_picture, entry.images))}    </item>\n"
    )
    return item.encode()


def plain(text: str) -> str:
    """Write & and < of plain text as the RSS profile advises, so that no reader takes the text for HTML.

    The W3C validator heeds it in Atom, too.
    """
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&gt;").replace("\r", "&#13;")


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


@once
def _bodies(entry: FeedEntry) -> tuple[str, str]:
    """Return an entry's HTML and summary as they stand in either format; readers take RSS's description for HTML, too."""
    return _text(entry.content), _text(escape(entry.summary, quote=False))


def _created(indent: str, at: datetime | None) -> str:
    return f"{indent}<dcterms:created>{at.isoformat()}</dcterms:created>\n" if at else ""


def _alternate(entry: FeedEntry) -> str:
    return next(link.href for link in entry.links if link.rel == "alternate")


def _picture(image: Image) -> str:
    kind = image.type or _IMAGE_TYPES.get(image.url.partition("?")[0].rpartition(".")[2].lower(), "")
    pairs = (
        ("url", image.url), ("medium", "image"), ("type", kind if kind.startswith("image/") else ""),
        ("width", str(image.width or "")), ("height", str(image.height or "")),
    )  # fmt: skip
    said = " ".join(f'{name}="{links.attribute(value)}"' for name, value in pairs if value)
    return f"      <media:content {said}/>\n"
