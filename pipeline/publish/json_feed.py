"""Entries as a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/).

Besides what every reader knows, `_nevawire` says how a date and a pair are known: the
evidence is data here, not prose.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from pipeline.model import Attachment, FeedEntry, Publisher, Translated
from pipeline.publish import clean, marks, translated, words
from pipeline.publish.channels import Channel
from pipeline.publish.once import once


def render(
    channel: Channel, entries: Sequence[FeedEntry], publisher: Publisher, self_links: Mapping[str, str], hub: str = ""
) -> bytes:
    """Return the document, entries in the order given; UTF-8, one entry a line."""
    language, pictures = channel.languages[0], marks.of(publisher)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": self_links["html"],
        "feed_url": self_links["json"],
        "icon": pictures.icon,
        "favicon": pictures.favicon,
        "description": " / ".join(words.say("about", language) for language in channel.languages),
        "language": language,
        "authors": [{"name": words.name_of(publisher.title, language, channel.title)}],
        **({"hubs": [{"type": "WebSub", "url": hub}]} if hub else {}),
    }
    if said := translated.credit(entries, language):
        feed["_nevawire"] = {"credit": said}
    head = json.dumps(feed, ensure_ascii=False, indent=1).removesuffix("\n}")
    items = b",\n".join(map(_dumped, entries))  # an indent would cost ten times as much
    return b'%s,\n "items": [\n%s\n ]\n}\n' % (head.encode(), items)


def line(entry: FeedEntry) -> bytes:
    """Return an entry as one line of a file of data."""
    return _dumped(entry) + b"\n"


@once
def _dumped(entry: FeedEntry) -> bytes:
    # As json.dumps does, but for fractions below 0.0001, which none has; a text of ten thousand letters in a sixth of the time.
    return to_json(_item(entry))


def _item(entry: FeedEntry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": next(link.href for link in entry.links if link.rel == "alternate"),
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "image": entry.images[0].url if entry.images else None,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": list(entry.categories),
        "language": entry.language,
        "attachments": [_attachment(one) for one in entry.attachments],
        "_nevawire": _evidence(entry),
    }
    return {key: value for key, value in item.items() if value not in (None, [])}


def _attachment(attachment: Attachment) -> dict[str, Any]:
    values = {
        "url": attachment.url, "mime_type": attachment.type or "application/octet-stream", "title": attachment.title,
        "size_in_bytes": attachment.size,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value}


def _translation(made: Translated) -> dict[str, Any]:
    """Return how a machine's text came to be; never who edited it."""
    values = {
        "engine": "+".join(translated.engines(made)), "model": made.model, "version": made.version,
        "date": made.at.isoformat(), "scope": made.scope, "sentences": made.segments, "untranslated": made.failed,
        "edited": made.edited.isoformat() if made.edited else "", "credit": made.credit,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value}


def _evidence(entry: FeedEntry) -> dict[str, Any]:
    known: dict[str, Any] = {
        "origin": entry.origin,
        "languages": list(entry.languages),
        "source": {"id": entry.source_id, "title": entry.source_title, "url": entry.source_url},
        "date": {"precision": entry.precision, "evidence": entry.evidence}
        | ({"created": entry.created.isoformat()} if entry.created else {}),
        "links": [
            {key: value for key, value in (("rel", link.rel), ("url", link.href), ("language", link.hreflang)) if value}
            for link in entry.links
            if link.rel != "alternate"
        ],
    }
    if entry.translation is not None:
        known["translation"] = _translation(entry.translation)
    if entry.edited:
        known["edited"] = [
            {"field": field, "language": language, "at": at.isoformat()} for field, language, at in entry.edited
        ]
    if entry.gone:
        known["gone"] = [{"url": url, "since": since.isoformat()} for url, since in entry.gone]
    if entry.match is not None:
        known["pair"] = {
            "probability": round(entry.match.probability, 4),
            "reasons": list(entry.match.reasons),
        }
    if entry.related:
        known["related"] = [
            {"id": one.story, "url": one.url, "title": clean.text(one.title), "language": one.language,
             "probability": round(one.probability, 4)}
            for one in entry.related
        ]  # fmt: skip
    if entry.thread:
        known["thread"] = entry.thread
    return known
