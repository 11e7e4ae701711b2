"""Pictures of a page: lazy ones found, counters and logos left out, sizes where declared.

What is not here: fetching a picture; whether it may be shown (rights).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline import address, characters
from pipeline.model import Image

#: Where lazy pages keep the true address, best first.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-full", "data-image", "data-url", "data-echo")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
# These patterns are looked for in small letters and behind a slash: where they begin with what they can begin with, and
# need not mind capitals, a search passes over the rest five times as fast.
_PLACEHOLDER = re.compile(r"[/_-](?:blank|spacer|placeholder|pixel|1x1|empty|transparent|loading|lazy)[._-]")
#: Not pictures of an article: site furniture …
_FURNITURE = re.compile(
    r"[/_.-](?:logo\w*|sprites?|icons?|icos?|favicon\w*|avatars?|counter|captcha|emoji|smil\w+|badges?|banners?|btn|button)(?:[/_.-]|\d|$)"
)
#: … and counters.
_COUNTER = re.compile(
    r"mc\.yandex\.|counter\.yadro\.|top-fwz\d*\.mail\.|//top\.mail\.|hotlog\.|rambler\.ru/top|google-analytics|"
    r"facebook\.com/tr|doubleclick|/ads?/|gravatar\.com"
)
_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
          "avif": "image/avif"}  # fmt: skip
_SIZE = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*")
#: Smaller than this on one side (declared) is an icon.
_SMALLEST = 32
#: Classes that are longer than this are not remembered.
_USUAL = 200


def of_element(element: HtmlElement, base: str) -> Image | None:
    """Return the picture an <img> shows, or None where it shows none of the article's."""
    width, height = _size(element.get("width")), _size(element.get("height"))
    if any(side is not None and side < _SMALLEST for side in (width, height)):
        return None
    source = _source(element)
    url = address.resolve(base, source) if source else None
    if url is None or _is_furniture(url, element):
        return None
    return Image(url, characters.line(element.get("alt") or ""), width, height, _told_type(url))


def of_meta(url: str, base: str, width: str = "", height: str = "", alt: str = "") -> Image | None:
    """Return the picture a page names as its own (og:image), or None where it is furniture."""
    resolved = address.resolve(base, url) if url.strip() else None
    if resolved is None or _is_named_furniture(urlsplit(resolved).path) or resolved.endswith(".svg"):
        return None
    return Image(resolved, characters.line(alt), _size(width), _size(height), _told_type(resolved))


def distinct(images: Iterable[Image]) -> tuple[Image, ...]:
    """Return images without repetitions; what a later mention adds (sizes, alt) is kept."""
    kept: dict[str, Image] = {}
    for image in images:
        old = kept.get(image.url)
        if old is None:
            kept[image.url] = image
        else:
            kept[image.url] = Image(
                old.url, old.alt or image.alt, old.width or image.width, old.height or image.height, old.type
            )
    return tuple(kept.values())


def media_type(url: str) -> str:
    """Return the media type an address tells by its ending, or ""; as a page has it, it need be none."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return _TYPES.get(path.rpartition(".")[2].lower(), "")


def _told_type(clean: str) -> str:
    """Return what `media_type` does, of a cleaned address: it has a path, and nothing behind it but a query."""
    return _TYPES.get(clean.partition("?")[0].rpartition(".")[2].lower(), "")


def _source(element: HtmlElement) -> str:
    for name in _LAZY:
        value: str | None = element.get(name)  # most have none of these
        if value and (value := value.strip()) and not _is_placeholder(value):
            return value
    plain = (element.get("src") or "").strip()
    if plain and not _is_placeholder(plain):
        return plain
    candidates = [element.get(name) or "" for name in _SETS]
    # The parser knows no <source>: what follows it stands inside.
    around = next((parent for parent in element.iterancestors() if parent.tag != "source"), None)
    if around is not None and around.tag == "picture":
        candidates += [source.get(name) or "" for source in around.iter("source") for name in _SETS]
    return next((largest for value in candidates if (largest := _largest(value))), "")


def _largest(srcset: str) -> str:
    best, best_size = "", -1.0
    for part in re.split(r",\s+|,(?=https?:|/)", srcset.strip()):
        words = part.strip(", \t\n").split()
        if not words or _is_placeholder(words[0]) or re.fullmatch(r"[\d.]+[wxh]", words[0]):
            continue
        size = re.fullmatch(r"([\d.]{1,9})[wx]", words[1]) if len(words) > 1 else None
        try:
            value = float(size[1]) if size else 0.0
        except ValueError:
            value = 0.0
        if value > best_size:
            best, best_size = words[0], value
    return best


def _is_furniture(url: str, element: HtmlElement) -> bool:
    if url.endswith(".svg") or _is_named_furniture(url.partition("://")[2]):
        return True
    classes, id_ = element.get("class"), element.get("id")
    if not classes and not id_:
        return False
    names = f"{classes or ''}/{id_ or ''}".replace(" ", "/")
    return (_is_usual_furniture if len(names) < _USUAL else _is_named_furniture)(names)


def _is_named_furniture(name: str) -> bool:
    small = name.lower()
    return _FURNITURE.search(f"/{small}") is not None or _COUNTER.search(small) is not None


#: Pictures of a site share a few names; a page may give them any length.
_is_usual_furniture = lru_cache(maxsize=1024)(_is_named_furniture)


def _is_placeholder(address: str) -> bool:
    small = address.lower()
    return small.startswith("data:") or _PLACEHOLDER.search(f"/{small}") is not None


def _size(value: str | None) -> int | None:
    match = _SIZE.fullmatch(value) if value else None
    return (int(match[1]) or None) if match else None
