"""How a JSON answer may be read as a listing, and where a page's scripts may have theirs from; pure, run in a child.

Only guessed here, likeliest first: whether a guess announces articles is found out by reading it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline import charset
from pipeline.model import Api, FetchedPage

#: Guesses worth trying, lists looked at, and how deep they stand.
_GUESSES, _LISTS, _DEEP = 4, 50, 6
_URL = ("url", "link", "href", "permalink", "detail_page_url", "path", "uri", "alias_url")
_TITLE = ("title", "name", "header", "headline", "heading", "caption")
_DATE = ("date", "published_at", "published", "publish_date", "pub_date", "pubdate", "publishedat", "active_from", "created_at",
         "created", "datetime", "timestamp")  # fmt: skip
_HTML = (
    "excerpt",
    "preview_text",
    "preview",
    "description",
    "announce",
    "summary",
    "teaser",
    "html",
    "content",
    "text",
)
#: Under a key a text may stand one level further down, as in WordPress.
_INNER = ("rendered", "ru", "en", "value")
_ADDRESS = re.compile(r"(?:https?://|/)[^\s<>\"']+")
_LINK = re.compile(r"<a\s[^>]*href", re.IGNORECASE)
_NAME = re.compile(r"[^\s.\[\]'\"$*{}]+")
_SCRIPTED = re.compile(r"[\"'`](/[\w/.-]*(?:api|ajax|json|rest)[\w/.-]*(?:\?[\w=&%.-]*)?)[\"'`]", re.IGNORECASE)


def guesses(page: FetchedPage) -> tuple[Api, ...]:
    """Return ways to read a JSON answer, the likeliest first; none where it is no JSON or holds no articles."""
    try:
        answer = json.loads(charset.decode(page.body, page.headers.get("content-type", "")))
    except (ValueError, RecursionError):
        return ()
    lists = sorted(_lists(answer), key=lambda one: -len(one[1]))[:_LISTS]
    found = [api for path, items in lists if (api := _of_items(path, items))]
    found.sort(key=lambda api: -sum(map(bool, (api.title, api.date, api.html))))
    found += [Api(html=path) for path, text in _texts(answer, "", 0) if len(_LINK.findall(text)) > 1]
    return tuple(found[:_GUESSES])


def scripted(html: str) -> tuple[str, ...]:
    """Return the addresses in a page's scripts that look like those of an interface, each once."""
    return tuple(dict.fromkeys(_SCRIPTED.findall(html[:500_000])))


def _of_items(path: str, items: Sequence[Mapping[str, Any]]) -> Api | None:
    """Return how the items of a list are read; None where most hold no address of their own."""
    url = _key(items, _URL, lambda text: bool(_ADDRESS.fullmatch(text)))
    if not url or len({_at(item, url) for item in items}) * 2 <= len(items):
        return None
    title = _key(items, _TITLE, lambda text: len(text) > 5)
    date = _key(items, _DATE, lambda text: bool(re.search(r"\d{2}", text)))
    return Api(items=path or "$", url=url, title=title, date=date, html=_key(items, _HTML, lambda text: len(text) > 20))


def _key(items: Sequence[Mapping[str, Any]], names: Sequence[str], fits: Any) -> str:
    """Return the path, by one of these names, at which most items hold what fits; "" for none."""
    for name in names:
        for real in (key for key in items[0] if key.lower() == name):
            for path in (real, *(f"{real}.{inner}" for inner in _INNER)):
                if 2 * sum(fits(_at(item, path)) for item in items) > len(items):
                    return path
    return ""


def _at(item: Mapping[str, Any], path: str) -> str:
    value: Any = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _lists(value: Any, path: str = "", deep: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every list of objects in an answer with its path."""
    if isinstance(value, list):
        items = [item for item in value[:200] if isinstance(item, dict) and item]
        if len(items) > 1:
            yield path, items
    elif isinstance(value, dict) and deep < _DEEP:
        for name, inner in list(value.items())[:100]:
            yield from _lists(inner, _joined(path, name), deep + 1)


def _texts(value: Any, path: str, deep: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and path:
        yield path, value
    elif isinstance(value, dict) and deep < _DEEP:
        for name, inner in list(value.items())[:100]:
            yield from _texts(inner, _joined(path, name), deep + 1)


def _joined(path: str, name: str) -> str:
    if _NAME.fullmatch(name):
        return f"{path}.{name}" if path else name
    return f"{path or '$'}['{name}']"
