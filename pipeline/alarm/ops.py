"""What is wrong, as an Atom feed for the operator: an entry for each alarm, changed when its state does.

For whoever serves it behind a login; it is never a file among the feeds for readers. The same
alarms give the same bytes: nothing here is dated by the moment of asking.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from lxml import etree

from pipeline import characters
from pipeline.alarm.words import told
from pipeline.model import Alarm, Config, Source

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: `updated` of a feed in which nothing is wrong: no date is invalid, and the moment of asking would be a lie.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_WORDS = {
    "ru": {"title": "состояние источников", "open": "Открыта", "closed": "Снята", "pages": "Страница источника"},
    "en": {"title": "state of the sources", "open": "Open since", "closed": "Over since", "pages": "The source's page"},
}


def atom(alarms: Sequence[Alarm], config: Config, address: str) -> bytes:
    """Return the Atom document of alarms, those of the latest change first, in the language of notices.

    address: where the document is served; its self link.
    """
    language = config.notify.language
    entries = sorted(alarms, key=lambda one: (_changed(one), one.id), reverse=True)
    updated = max(map(_instant, entries), default=_NEVER)
    publisher = _name(config.publisher.title, language, "Nevawire")
    feed = etree.Element(f"{{{_ATOM}}}feed", {_LANG: language}, nsmap={None: _ATOM})
    _add(feed, "id", _urn(config.publisher.home, "ops"))
    _add(feed, "title", f"{publisher}: {_WORDS[language]['title']}")
    _add(feed, "updated", updated.isoformat())
    _add(_add(feed, "author"), "name", publisher)
    _add(feed, "generator", "Nevawire")
    _add(feed, "link", href=address, rel="self", type="application/atom+xml")
    sources = config.by_id
    for alarm in entries:
        _entry(feed, alarm, sources.get(alarm.source), config, language)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _entry(feed: etree._Element, alarm: Alarm, source: Source | None, config: Config, language: str) -> None:
    over, state = alarm.closed is not None, "closed" if alarm.closed else "open"
    zone = source.timezone if source else "Europe/Moscow"
    name = _name(source.name, language, alarm.source) if source else alarm.source
    line = told(alarm, name, language, zone, over=over)
    page = source.listings[0].url if source and source.listings else config.publisher.home
    since = f"{_WORDS[language][state]} {(alarm.closed or alarm.since):%Y-%m-%d %H:%M} UTC"
    link = f'<p><a href="{escape(page)}">{_WORDS[language]["pages"]}</a></p>' if source else ""
    entry = _add(feed, "entry", lang=language)
    _add(entry, "id", _urn(config.publisher.home, f"alarm {alarm.source} {alarm.kind} {alarm.since.isoformat()}"))
    _add(entry, "title", line, lang=language)
    _add(entry, "published", alarm.since.isoformat())
    _add(entry, "updated", _instant(alarm).isoformat())
    _add(_add(entry, "author"), "name", "Nevawire")
    if page:
        _add(entry, "link", href=page, rel="alternate", type="text/html")
    for term in (alarm.kind, state):
        _add(entry, "category", term=term)
    said = escape(characters.line(line), quote=False)
    _add(entry, "summary", said, lang=language, type="html")
    html = f"<p>{said}</p><p>{since}</p>{link}"
    _add(entry, "content", html, lang=language, type="html")


def _add(parent: etree._Element, tag: str, text: str = "", *, lang: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    if lang:
        element.set(_LANG, lang)
    if text:
        element.text = characters.line(text)
    return element


def _changed(alarm: Alarm) -> datetime:
    return alarm.closed or alarm.since


def _instant(alarm: Alarm) -> datetime:
    """Return when an alarm changed, told apart below the second: validators warn of entries with one `updated`."""
    name = f"{alarm.source} {alarm.kind} {alarm.since.isoformat()}"
    fraction = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % 999_000 + 1
    return _changed(alarm).replace(microsecond=fraction)


def _urn(home: str, name: str) -> str:
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, home), name).urn


def _name(names: Mapping[str, str], language: str, otherwise: str) -> str:
    return names.get(language) or next((names[key] for key in sorted(names) if names[key]), otherwise)
