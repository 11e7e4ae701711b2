"""The feeds of an OPML file as sources: one for each site, its feeds as listings; pure.

They come disabled: nobody has looked at them yet, which is what `check --live` is for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from pipeline import address, characters
from pipeline.errors import ConfigError
from pipeline.model import LANGUAGES
from pipeline.scout import propose

#: An OPML file with more feeds was not written for one newsroom.
MAX_FEEDS = 1_000
REASON = "from an OPML file; `nevawire check --live` enables it"


def sources_of(
    data: bytes, file: str, *, kind: str, taken: Collection[str], known: Collection[str]
) -> dict[str, Mapping[str, Any]]:
    """Return id → source for the feeds in an OPML file.

    taken: ids in use; known: `address.key` of listings there are already, which are left out.
    Raises ConfigError where the file is no OPML, or has too many feeds.
    """
    groups: dict[str, list[tuple[str, str, str]]] = {}
    seen = set(known)
    for url, title, language in _feeds(data, file):
        if address.key(url) not in seen:
            seen.add(address.key(url))
            groups.setdefault((urlsplit(url).hostname or "").removeprefix("www."), []).append((url, title, language))
    found: dict[str, Mapping[str, Any]] = {}
    for feeds in groups.values():
        names = _names(feeds)
        listings = [{"url": url, **({"language": code} if code else {}), "kind": "feed"} for url, _, code in feeds]
        id_ = propose.free(propose.id_of(feeds[0][0], names), {*taken, *found})
        found[id_] = {"name": names, "kind": kind, "enabled": False, "reason": REASON, "listings": listings}
    return found


def _feeds(data: bytes, file: str) -> list[tuple[str, str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"{file}: no OPML ({error}); export your subscriptions once more") from error
    if etree.QName(root).localname.lower() != "opml":
        raise ConfigError(f"{file}: begins with <{root.tag}>, not with <opml>; export your subscriptions as OPML")
    found = [feed for outline in root.iter("{*}outline") if (feed := _feed(outline))]
    if len(found) > MAX_FEEDS:
        raise ConfigError(f"{file}: has {len(found)} feeds; {MAX_FEEDS} is the most that is taken")
    return found


def _feed(outline: etree._Element) -> tuple[str, str, str] | None:
    values = {name.lower(): characters.line(value) for name, value in outline.attrib.items()}
    url = address.resolve("", values.get("xmlurl", "")) if values.get("xmlurl") else None
    if url is None:
        return None
    code = values.get("language", "").lower()[:2]
    title = values.get("title") or values.get("text") or (urlsplit(url).hostname or "")
    return url, title, code if code in LANGUAGES else ""


def _names(feeds: list[tuple[str, str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for _, title, _ in feeds:
        names.setdefault("ru" if re.search("[а-яё]", title, re.IGNORECASE) else "en", title)
    return {language: names[language] for language in LANGUAGES if language in names}
